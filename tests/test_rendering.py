"""What is shown fits both platforms, in both languages: buttons, lists, details, bodies and captions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.whatsapp_sending import overlong
from handlers import topics
from messages import Message, Option, Rendered, Voice, day, decimal, joined, left, lines, moment, render, rupiah, say
from messages.rendering import Span
from tests.talk import Talk, photo
from tests.world import MORNING

LONGEST = (
    "Amplang ikan pipih asli Samarinda rasa original dan pedas kemasan standing pouch besar isi banyak untuk oleh-oleh dan rapat dinas"
)
ANSWERS: dict[str, Any] = {
    "photos": [photo(place).to_json() for place in range(5)],
    "name": LONGEST,
    "price": {"amount": 125_000_000, "unit": "bungkus"},
    "etalase": "mamin",
    "details": "Isi 250 gram. " * 130,
    "capacity": 1_000_000,
    "pirt": None,
    "place": {"region": "64.72", "district": "64.72.05", "street": "Jl. Gerilya Gang Haji Muhammad Yusuf Nomor 123 RT 45"},
    "business": "Koperasi Konsumen Syariah Amplang Bu Siti dan Keluarga Besar Sungai Pinang Luar Kota Samarinda Ilir",
    "owner": "Siti Aminah binti Haji Abdurrahman",
    "nib": "9120001234567",
    "phone": "+6281234567890",
}


def fits(rendered: Rendered) -> None:
    """The limits of platforms.md, of both platforms."""
    count = len(rendered.buttons)
    assert count <= 10, "a list has ten rows"
    assert not rendered.media or count <= 3, "a picture has three buttons"
    assert rendered.text.strip()
    assert len(rendered.text) <= (1024 if rendered.media or 0 < count <= 3 else 4096), len(rendered.text)
    assert overlong(rendered) == "", "nothing is cut on WhatsApp"
    for button in rendered.buttons:
        assert len(button.label) <= 64
        assert 0 < len(button.short) <= 20 and button.short.strip() and len(button.detail) <= 72 and len(button.press.encode()) <= 64, (
            button
        )
    assert len({button.press for button in rendered.buttons}) == count, "two buttons do the same"
    shorts = [button.short for button in rendered.buttons]
    assert len(set(shorts)) == count, f"two buttons read the same: {shorts}"


def both(message: Message) -> None:
    for locale in ("id", "en"):
        fits(render(message, Voice(locale, now=MORNING, you="Bu Siti Nurhaliza")))


@pytest.fixture
def talk() -> Iterator[Talk]:
    with Talk(check=both) as made:
        yield made


@pytest.mark.parametrize("locale", ["id", "en"])
def test_a_registration_fits_at_every_question_and_every_change(talk: Talk, locale: str) -> None:
    talk.meet(locale=locale)
    talk.begin("product", answers=ANSWERS)
    form = topics.FORMS["product"]
    for step in form.steps:
        talk.begin("product", answers={key: value for key, value in ANSWERS.items() if key != step.key})
        talk.begin("product", answers=ANSWERS)
        conversation = talk.current()
        assert conversation
        conversation.reopened = [step.key]
        talk.say("lanjut")
        talk.say("ubah")
        if "Lainnya" in talk.labels() or "More" in talk.labels():
            talk.say("lainnya")


def test_the_card_fits_below_what_is_said_in_between(talk: Talk) -> None:
    talk.begin("product", answers=ANSWERS)
    for words in ("bantuan", "halo", "apa itu nib?", "siapa ini", "pajaknya bagaimana?", "kalau ada pesanan bagaimana?", "asdf"):
        talk.say(words)


def test_everything_that_the_menus_lead_to_fits(talk: Talk) -> None:
    talk.meet("petugas", office="64")
    for name in ("siti", "petugas"):
        talk.meet(name)
        talk.say("menu", name)
        tapped: set[str] = set()
        for _ in range(40):
            presses = [one.press for shown in talk.shown[name] for one in shown.buttons if one.press not in tapped]
            if not presses:
                break
            tapped.add(presses[0])
            talk.press(presses[0], name)
            talk.say("menu", name)


def test_drafts_with_long_names_fit(talk: Talk) -> None:
    for place in range(5):
        talk.begin("product", answers={"name": f"{LONGEST} {place}"})
    talk.say("batal")
    talk.say("lanjut")
    talk.tap("Hapus 1")


def test_a_message_comes_back_from_json_as_it_was() -> None:
    message = Message(
        "drafts.card",
        {"title": say("common.left", n=3), "done": rupiah(25_000), "total": lines([day(MORNING.date()), moment(MORNING), decimal(1.5)])},
        (Option("more"), Option("x", "Label", "Short", "Detail", "c:x:0:0")),
        ("a.jpg",),
        request="contact",
        lead=Message("common.left", {"n": 3}),
    )
    assert Message.from_json(message.to_json()) == message


def test_emphasis_counts_in_our_texts_only() -> None:
    rendered = render(Message("drafts.sure", {"title": "*Amplang* {you}"}), Voice())
    assert Span("*Amplang* {you}", strong=True) in rendered.spans
    assert rendered.text == "Hapus *Amplang* {you}? Isinya tidak bisa kembali."


@pytest.mark.parametrize(
    ("value", "worded"),
    [
        (rupiah(125_000), "Rp125.000"),
        (decimal(1234.5), "1.234,5"),
        (joined(["a", rupiah(1)], ", "), "a, Rp1"),
        (left(MORNING.replace(hour=9)), "7 jam lagi"),
        (left(MORNING.replace(day=26)), "3 hari lagi"),
        (left(MORNING.replace(day=22)), "sudah lewat"),
    ],
)
def test_values_are_worded_when_they_are_sent(value: Any, worded: str) -> None:
    assert render(Message("drafts.deleted", {"title": value}), Voice(now=MORNING)).text == f"{worded} sudah dihapus."


def test_a_moment_is_told_in_the_listeners_zone() -> None:
    said = Message("drafts.deleted", {"title": moment(MORNING)})
    assert render(said, Voice(zone="Asia/Jakarta")).text == "23 November 2026, 09.00 WIB sudah dihapus."
    assert render(said, Voice(zone="Asia/Jayapura")).text == "23 November 2026, 11.00 WIT sudah dihapus."


def test_a_missing_parameter_is_a_bug_that_is_heard() -> None:
    with pytest.raises(KeyError):
        render(Message("drafts.deleted"), Voice())
