"""One person, several apps: a code joins them, drafts go on in either, and news comes once."""

from __future__ import annotations

import re

from sqlmodel import col, select

from models.contact import Address, Person
from models.conversation import Conversation
from models.inbox import Received
from models.outbox import Outgoing
from models.product import Product
from tests.calling import announce, notices
from tests.doors import TELEGRAM, WEB, WHATSAPP, Doors

SITI = (TELEGRAM, "11")
CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")
HERS = (WHATSAPP, "6281234567890")
WEBSITI = (WEB, "siti")


def begun(doors: Doors) -> None:
    """As far as the description, on Telegram."""
    for text in ("halo", "setuju", "Bu Siti"):
        doors.at(*SITI, text)
    doors.photo_at(*SITI, 1, "Amplang ikan tenggiri 25rb per bungkus")


def test_a_registration_begun_in_one_app_goes_on_in_two_others_and_the_call_comes_once(doors: Doors) -> None:
    begun(doors)
    code = doors.code(*SITI)
    sure = doors.at(*HERS, f"sambung {code}", phone="+6281234567890")
    assert "Gabungkan dengan Bu Siti di Telegram?" in sure
    assert "  [Ya, gabungkan]\n  [Bukan saya]" in sure
    joined = doors.tap_at(*HERS, "Ya, gabungkan")
    assert "Sudah tersambung, Bu Siti" in joined and "bahannya apa" in joined
    assert "WhatsApp baru saja disambungkan" in doors.heard(*SITI)
    doors.at(*HERS, "250 gram, ikan tenggiri, tahan 3 bulan")
    doors.at(*HERS, "200")
    assert "Sudah tersambung" in doors.link(SITI, WEBSITI)
    for text in ("belum punya", "Jl. Gerilya, Sungai Pinang, Samarinda", "Amplang Bu Siti", "Siti Aminah"):
        doors.at(*WEBSITI, text)
    assert "Nomor HP" not in (card := doors.at(*WEBSITI, "9120001234567")) and "081234567890" in card.replace("-", "")
    assert "sudah terkirim" in doors.tap_at(*WEBSITI, "Kirim ke petugas")
    doors.at(*WEBSITI, "kabari")
    assert len(doors.people()) == 1
    doors.officer("petugas", "64.72")
    announce(doors)
    [row] = doors.read(notices)
    assert row.account == f"{TELEGRAM}:1"
    for door in (SITI, HERS, WEBSITI):
        assert ("Konsumsi rapat" in doors.heard(*door)) == (door == SITI)


def test_the_whole_of_what_is_said_in_both_languages(small_doors: Doors) -> None:
    doors = small_doors
    begun(doors)
    said = doors.at(*SITI, "sambungkan")
    code = CODE.findall(said)[0]
    assert said.replace(code, "KRT2-M34N") == (
        "Buka Lapak di WhatsApp, lalu kirim di sana:\n*sambung KRT2-M34N*\n\n"
        "Berlaku 10 menit, sekali pakai. Jangan berikan ke orang lain: siapa yang mengirimnya ikut melihat isian Bu Siti."
    )
    assert doors.at(*HERS, code.replace("-", "")) == (
        "Kodenya cocok. Kalau digabung, isian dan produk di kedua aplikasi jadi satu, dan tidak bisa dipisah lagi. "
        "Lanjutkan hanya kalau dua-duanya milik Bapak/Ibu. Gabungkan dengan Bu Siti di Telegram?\n  [Ya, gabungkan]\n  [Bukan saya]"
    )
    assert doors.at(*HERS, "ya").startswith(
        "Sudah tersambung, Bu Siti. Isian dan produknya sekarang sama di Telegram, WhatsApp. "
        "Kabar dikirim lewat Telegram; mau diganti? Tulis *kabari lewat WhatsApp*.\n\n"
    )
    assert doors.heard(*SITI) == "WhatsApp baru saja disambungkan ke sini, Bu Siti. Kalau itu bukan Bu Siti, tulis *putuskan*."
    assert doors.at(*SITI, "putuskan") == (
        "Yang tersambung: Telegram, WhatsApp. Kabar dikirim lewat Telegram. Mau apa, Bu Siti?\n"
        "  [Lewat WhatsApp]\n  [Putuskan Telegram] yang sedang dipakai ini\n  [Putuskan WhatsApp] sejak 23 November 2026\n"
        "  [Sambungkan aplikasi]"
    )
    assert doors.tap_at(*SITI, "Putuskan WhatsApp") == (
        "Sesudah diputuskan, tulisan dari WhatsApp itu dianggap dari orang baru dan tidak melihat isian Bu Siti. "
        "Putuskan WhatsApp?\n  [Ya, putuskan]\n  [Jangan]"
    )
    assert doors.tap_at(*SITI, "Ya").startswith("WhatsApp sudah diputuskan, Bu Siti. Semua isian tetap ada di Telegram.")


def test_the_same_in_english(small_doors: Doors) -> None:
    doors = small_doors
    begun(doors)
    doors.at(*SITI, "english")
    said = doors.at(*SITI, "connect")
    code = CODE.findall(said)[0]
    assert said.replace(code, "KRT2-M34N") == (
        "Open Lapak on WhatsApp and send this there:\n*connect KRT2-M34N*\n\n"
        "It works for 10 minutes, once. Give it to nobody else: whoever sends it sees all that is yours here."
    )
    assert doors.at(*HERS, f"connect {code.lower()}", locale="en") == (
        "The code fits. Joined, the drafts and products of both apps become one and cannot be parted again. "
        "Go on only if both are yours. Join with Bu Siti on Telegram?\n  [Yes, join them]\n  [Not me]"
    )
    assert doors.tap_at(*HERS, "Yes").startswith(
        "Connected, Bu Siti. Drafts and products are now the same on Telegram, WhatsApp. "
        "News goes to Telegram; to change that, write *news by WhatsApp*.\n\n"
    )
    assert doors.at(*HERS, "news by wa").startswith("All right, Bu Siti. News goes to WhatsApp.")
    doors.heard(*SITI)
    assert doors.at(*SITI, "disconnect").startswith(
        "Connected: Telegram, WhatsApp. News goes to WhatsApp. What would you like to do, Bu Siti?"
    )


def test_the_message_with_the_code_may_be_forwarded_whole(small_doors: Doors) -> None:
    begun(small_doors)
    shown = small_doors.at(*SITI, "sambungkan").replace("*", "")
    assert "Gabungkan dengan Bu Siti" in small_doors.at(*HERS, shown)


def test_a_code_in_the_middle_of_a_form_is_no_answer(small_doors: Doors) -> None:
    """Whichever question is open, the code is taken and the answers stay as they are."""
    doors = small_doors
    begun(doors)
    for text in ("halo", "setuju", "Bu Rani"):
        doors.at(*HERS, text)
    doors.photo_at(*HERS, 2)
    answers = ("Kerupuk udang", "15rb per bungkus", "200 gram, udang segar, tahan 2 bulan", "100", "belum punya", "Bontang", "Kerupuk Rani",
               "Rani Wulandari")  # fmt: skip
    for place, answer in enumerate(("", *answers)):
        if answer:
            doors.at(*HERS, answer)
        before = _answers(doors, *HERS)
        code = doors.code(*SITI)
        typed = (code, code.replace("-", "").lower(), f"sambung {code}", f"kode {code}")[place % 4]
        assert "Gabungkan dengan Bu Siti" in doors.at(*HERS, typed)
        doors.tap_at(*HERS, "Bukan saya")
        assert _answers(doors, *HERS) == before and len(before) >= place


def _answers(doors: Doors, channel: str, name: str) -> dict[str, object]:
    person = doors.owner_of(channel, name)
    rows = select(Conversation).where(Conversation.person_id == person, col(Conversation.closed_at).is_(None))
    return doors.read(lambda session: dict(session.exec(rows).one().answers))


def test_a_code_is_refused_where_it_was_shown_and_after_its_time_and_after_its_use(small_doors: Doors) -> None:
    doors = small_doors
    begun(doors)
    code = doors.code(*SITI)
    assert "dari aplikasi yang lain" in doors.at(*SITI, code)
    doors.later(minutes=11)
    assert "Minta kode baru" in doors.at(*HERS, f"sambung {code}")
    code = doors.code(*SITI)
    doors.at(*HERS, code)
    doors.at(*WEBSITI, code)
    doors.tap_at(*HERS, "Ya")
    assert "Minta kode baru" in doors.tap_at(*WEBSITI, "Ya")
    assert len(doors.people()) == 2


def test_who_is_not_meant_joins_nothing_and_the_code_is_over(small_doors: Doors) -> None:
    doors = small_doors
    begun(doors)
    code = doors.code(*SITI)
    doors.at(*HERS, code)
    assert "tidak ada yang digabung" in doors.tap_at(*HERS, "Bukan saya")
    assert "Minta kode baru" in doors.at(*HERS, f"sambung {code}")
    assert len(doors.people()) == 2


def test_a_made_up_button_is_a_guess_like_any_other(small_doors: Doors) -> None:
    from bot.channels.channel import Inbound
    from handlers.said import Said

    doors = small_doors
    begun(doors)
    doors.code(*SITI)
    for number in range(5):
        said = Said(kind="tap", press=f"c:link_yes:ABCD234{number + 2}:0")
        assert "Minta kode baru" in doors.come(WHATSAPP, Inbound(f"forged{number}", "thief", said))
    assert "satu jam lagi" in doors.at(WHATSAPP, "thief", f"sambung {doors.code(*SITI)}")
    doors.later(minutes=61)
    assert "Gabungkan" in doors.at(WHATSAPP, "thief", f"sambung {doors.code(*SITI)}")


def test_an_officers_words_count_once_too(small_doors: Doors) -> None:
    doors = small_doors
    doors.at(TELEGRAM, "petugas", "halo", office="64.72")
    for number in range(5):
        assert "satu jam lagi" not in doors.at(TELEGRAM, "petugas", f"MEJA234{number + 2}")
    begun(doors)
    assert "satu jam lagi" in doors.at(TELEGRAM, "petugas", f"sambung {doors.code(*SITI)}")


def test_what_may_be_an_answer_stays_one(small_doors: Doors) -> None:
    """ "meja2345" fits the shape of a code, but nobody's."""
    begun(small_doors)
    small_doors.at(*SITI, "ubah")
    small_doors.tap_at(*SITI, "Nama")
    small_doors.at(*SITI, "meja2345")
    assert _answers(small_doors, *SITI)["name"] == "Meja2345"


def test_a_door_that_is_taken_away_belongs_to_somebody_new_who_sees_nothing(doors: Doors) -> None:
    begun(doors)
    doors.link(SITI, HERS)
    siti = doors.owner_of(*SITI)
    doors.at(*HERS, "putuskan")
    doors.tap_at(*HERS, "Putuskan WhatsApp")
    last = doors.tap_at(*HERS, "Ya")
    assert last == "WhatsApp sudah diputuskan, Bu Siti. Semua isian tetap ada di Telegram."
    heard = doors.at(*HERS, "lanjut")
    assert "Siti" not in heard and "Amplang" not in heard
    assert doors.owner_of(*HERS) != siti == doors.owner_of(*SITI)
    old = doors.read(lambda session: session.exec(select(Address).where(col(Address.until).is_not(None))).one())
    assert (old.person_id, old.address, old.reason) == (siti, HERS[1], "unlinked")
    assert doors.read(lambda session: session.exec(select(Received).where(Received.address_id == old.id)).all())
    assert "tidak bisa diputuskan" not in doors.at(*SITI, "putuskan") and "Baru Telegram" in doors.at(*SITI, "putuskan")


def test_news_goes_where_the_person_chose(small_doors: Doors) -> None:
    doors = small_doors
    begun(doors)
    assert "WhatsApp belum tersambung" in doors.at(*SITI, "kabari lewat whatsapp")
    doors.link(SITI, HERS)
    assert "Kabar dikirim lewat WhatsApp" in doors.at(*SITI, "kabari lewat wa ya bu".removesuffix(" ya bu"))
    assert {one.channel for one in doors.people()} == {"whatsapp"}
    doors.at(*SITI, "aplikasi saya")
    assert "Kabar dikirim lewat Telegram" in doors.tap_at(*SITI, "Lewat Telegram")


def test_the_help_shows_the_way(small_doors: Doors) -> None:
    begun(small_doors)
    small_doors.at(*SITI, "batal")
    assert "[Sambungkan aplikasi]" in small_doors.at(*SITI, "bantuan")
    small_doors.link(SITI, HERS)
    small_doors.at(*SITI, "batal")
    assert "[Aplikasi saya]" in small_doors.at(*SITI, "bantuan")


def test_two_businesses_under_two_names_become_one_owners(doors: Doors) -> None:
    begun(doors)
    for text in ("halo", "setuju", "Bu Siti"):
        doors.at(*HERS, text)
    doors.photo_at(*HERS, 3, "Kerupuk udang 15rb per bungkus")
    doors.link(SITI, HERS)
    rows = doors.read(lambda session: session.exec(select(Conversation).where(col(Conversation.closed_at).is_(None))).all())
    assert sorted((row.answers["name"], row.current) for row in rows) == [("Amplang ikan tenggiri", False), ("Kerupuk udang", True)]
    assert "2 isian" in doors.at(*SITI, "lanjut") or "Kerupuk" in doors.at(*SITI, "batal")


def test_nothing_refers_to_who_is_gone(doors: Doors) -> None:
    begun(doors)
    doors.link(SITI, HERS)
    assert len(doors.people()) == 1
    for table in (Address, Received, Outgoing, Conversation):
        assert doors.read(lambda session, table=table: {row.person_id for row in session.exec(select(table))}) == {  # type: ignore[misc]
            doors.people()[0].id
        }
    assert not doors.read(lambda session: session.exec(select(Product)).all())
    assert isinstance(doors.people()[0], Person)
