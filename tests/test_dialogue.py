"""The engine on small forms: whatever people do in whatever order, what they answered stays and they hear what is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.answers import choice, text
from handlers.dialogue import Step
from handlers.said import Said
from messages import Message
from messages.catalogue import texts
from models.conversation import drafts_of
from tests.forms import AMOUNT, COLOUR, CONFIRM, FRUIT, NAME, NOTE, PHOTOS, PRICE, SPICE, TEXTS, TRIAL, options, trial
from tests.talk import Talk


@pytest.fixture(autouse=True)
def _texts(monkeypatch: pytest.MonkeyPatch) -> None:
    for locale in ("id", "en"):
        for key, worded in TEXTS.items():
            monkeypatch.setitem(texts(locale), key, worded)


@pytest.fixture
def talk() -> Iterator[Talk]:
    with Talk(TRIAL) as made:
        yield made


def opened(talk: Talk, *steps: Step, **answers: object) -> Talk:
    """A conversation of these steps, with what is answered already."""
    form = trial(*steps, CONFIRM)
    talk.forms["trial"] = form
    talk.begin("trial", answers=answers)
    return talk


FILLED = {"name": "Amplang", "price": {"amount": 25_000, "unit": "bungkus"}, "fruit": "apel", "amount": 20, "note": None}


def asks(talk: Talk, key: str) -> bool:
    """Whether the question shown last is this one."""
    return talk.last["siti"].text.endswith(f"{key}?")


def test_it_asks_in_order_and_ends(talk: Talk) -> None:
    talk.begin("trial")
    assert asks(talk, "photos")
    talk.photo(1)
    talk.say("Amplang")
    assert asks(talk, "price")
    talk.say("25rb per bungkus")
    assert talk.last["siti"].text == "Rp25.000 per bungkus, siap.\n\nfruit?"
    talk.say("jeruk")
    talk.say("40")
    talk.say("lewati")
    assert asks(talk, "confirm")
    talk.tap("Kirim")
    assert talk.last["siti"].text == "Selesai, 7 jawaban."
    assert talk.current() is None


def test_three_to_go_is_said(talk: Talk) -> None:
    talk.begin("trial", answers={"price": FILLED["price"]})
    talk.photo(1)
    assert "Tinggal 3 lagi" in talk.say("Amplang").text


def test_back_goes_back_and_forward_again(talk: Talk) -> None:
    opened(talk, NAME, PRICE, FRUIT)
    talk.say("Amplang")
    talk.say("25rb per bungkus")
    talk.say("kembali")
    assert asks(talk, "price") and "Tetap Rp25.000 per bungkus" in talk.labels()
    talk.say("kembali")
    assert asks(talk, "name")
    assert "Ini pertanyaan pertama" in talk.say("kembali").text
    talk.tap("Tetap Amplang")
    assert asks(talk, "price")
    talk.say("30rb per bungkus")
    assert asks(talk, "fruit")
    assert talk.answers == {"name": "Amplang", "price": {"amount": 30_000, "unit": "bungkus"}}


def test_one_answer_is_changed_and_the_summary_comes_back(talk: Talk) -> None:
    opened(talk, NAME, PRICE, FRUIT, AMOUNT, NOTE, **FILLED)
    assert asks(talk, "confirm")
    talk.say("ubah")
    assert talk.labels() == ["Name", "Price", "Fruit", "Amount", "Note", "Kembali"]
    talk.say("2")
    assert asks(talk, "price")
    talk.say("tetap")
    assert asks(talk, "confirm")
    talk.say("ubah")
    talk.say("fruit")
    talk.tap("Jeruk")
    assert asks(talk, "confirm") and talk.answers["fruit"] == "jeruk"


@pytest.mark.parametrize("leave", ["kembali", "Kembali", "6"])
def test_the_list_of_changes_is_left_without_a_change(talk: Talk, leave: str) -> None:
    opened(talk, NAME, PRICE, FRUIT, AMOUNT, NOTE, **FILLED)
    talk.say("ubah")
    talk.say(leave)
    assert asks(talk, "confirm") and talk.answers == FILLED


def test_words_that_name_nothing_in_the_list_of_changes_show_it_again(talk: Talk) -> None:
    opened(talk, NAME, PRICE, FRUIT, AMOUNT, NOTE, **FILLED)
    talk.say("ubah")
    assert "Pilih salah satu" in talk.say("warna biru muda").text
    assert talk.labels()[-1] == "Kembali"


def test_a_change_in_the_middle_goes_on_where_it_was(talk: Talk) -> None:
    opened(talk, NAME, PRICE, FRUIT)
    talk.say("Amplang")
    talk.say("ubah")
    talk.tap("Name")
    talk.say("Kerupuk")
    assert asks(talk, "price") and talk.answers == {"name": "Kerupuk"}


@pytest.mark.parametrize("word", ["lewati", "skip", "gak ada", "belum ada", "tidak", "1"])
def test_an_optional_question_is_skipped(talk: Talk, word: str) -> None:
    opened(talk, NOTE, AMOUNT)
    talk.say(word)
    assert asks(talk, "amount") and talk.answers == {"note": None}


def test_a_skipped_answer_can_be_given_later(talk: Talk) -> None:
    opened(talk, NAME, PRICE, FRUIT, AMOUNT, NOTE, **FILLED)
    talk.say("ubah")
    talk.tap("Note")
    talk.say("pedas sekali")
    assert asks(talk, "confirm") and talk.answers["note"] == "pedas sekali"


def test_cancel_keeps_the_draft_and_go_on_takes_it_up(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    talk.say("Amplang")
    assert "Sudah tersimpan" in talk.say("batal").text
    assert talk.current() is None and "Lanjutkan" in talk.labels()
    talk.say("lanjut")
    assert asks(talk, "price") and talk.answers == {"name": "Amplang"}


def test_cancel_without_an_answer_leaves_no_draft(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    talk.say("batal")
    assert drafts_of(talk.session, talk.meet().id or 0) == []


def test_help_in_the_middle_shows_the_question_again(talk: Talk) -> None:
    opened(talk, AMOUNT, NAME)
    assert talk.say("bantuan").text == "Bantuan untuk jumlah.\n\namount?"
    talk.say("20")
    assert "kembali" in talk.say("tolong bu").text and asks(talk, "name")


def test_several_drafts_are_cards(talk: Talk) -> None:
    talk.forms["other"] = trial(NAME, PRICE, name="other")
    for name in ("Amplang", "Kerupuk", "Sambal", "Abon"):
        talk.begin("trial", answers={"name": name})
    talk.begin("other", answers={"name": "Madu"})
    talk.say("batal")
    cards = talk.say("lanjut")
    assert "5 isian belum selesai" in cards.text and "Abon - 1 dari 6 terisi" in cards.text
    assert talk.labels() == [f"{verb} {place}" for place in (1, 2, 3) for verb in ("Lanjutkan", "Ubah", "Hapus")] + ["Lainnya"]
    talk.tap("Lainnya")
    assert "Amplang" in talk.last["siti"].text
    talk.tap("Lanjutkan 2")
    assert talk.answers == {"name": "Amplang"}


def test_a_draft_is_deleted_only_after_a_second_word(talk: Talk) -> None:
    for name in ("Amplang", "Kerupuk"):
        talk.begin("trial", answers={"name": name})
    talk.say("batal")
    talk.say("lanjut")
    talk.tap("Hapus 1")
    assert "Hapus Kerupuk?" in talk.last["siti"].text
    assert len(drafts_of(talk.session, talk.meet().id or 0)) == 2
    talk.tap("Ya, hapus")
    assert [draft.answers["name"] for draft in drafts_of(talk.session, talk.meet().id or 0)] == ["Amplang"]


def test_another_conversation_sets_the_first_aside(talk: Talk) -> None:
    talk.forms["other"] = trial(NAME, PRICE, name="other")
    talk.begin("trial", answers={"photos": []})
    talk.photo(1)
    talk.begin("other")
    talk.say("Madu")
    draft = next(one for one in drafts_of(talk.session, talk.meet().id or 0) if one.form == "trial")
    assert not draft.current and talk.answers == {"name": "Madu"} and len(draft.answers["photos"]) == 1


def test_ticks_over_pages(talk: Talk) -> None:
    opened(talk, SPICE)
    talk.tap("bumbu 2")
    assert "✓ bumbu 2" in talk.labels()
    talk.tap("Lainnya")
    talk.tap("bumbu 9")
    assert "✓ bumbu 9" in talk.labels() and "Sebelumnya" in talk.labels()
    talk.say("sebelumnya")
    assert "✓ bumbu 2" in talk.labels()
    talk.tap("✓ bumbu 2")
    talk.say("bumbu 4")
    talk.say("lainnya")
    talk.say("selesai")
    assert talk.answers == {"spice": ["bumbu9", "bumbu4"]}


def test_numbers_tick_what_is_on_the_page(talk: Talk) -> None:
    opened(talk, SPICE)
    talk.tap("bumbu 3")
    talk.tap("Lainnya")
    talk.say("1, 3")
    assert talk.answers == {"spice": ["bumbu3", "bumbu8", "bumbu10"]}


def test_nothing_ticked_is_asked_again(talk: Talk) -> None:
    opened(talk, SPICE)
    talk.tap("Selesai")
    assert "Belum ada yang dipilih" in talk.last["siti"].text and asks(talk, "spice")


def test_ticks_survive_a_word_in_between(talk: Talk) -> None:
    opened(talk, SPICE)
    talk.tap("bumbu 1")
    talk.say("bantuan")
    assert "✓ bumbu 1" in talk.labels()


def test_pages_of_a_long_list_forth_and_back(talk: Talk) -> None:
    opened(talk, COLOUR)
    assert talk.labels() == [*(f"warna {n}" for n in range(1, 9)), "Lainnya"]
    talk.tap("Lainnya")
    talk.say("lagi")
    assert talk.labels() == [*(f"warna {n}" for n in range(17, 24)), "Sebelumnya"]
    talk.say("sebelumnya")
    talk.tap("Sebelumnya")
    assert talk.labels()[0] == "warna 1"
    talk.tap("Lainnya")
    talk.say("2")
    assert talk.answers == {"colour": "warna10"}


def test_pages_of_the_list_of_changes(talk: Talk) -> None:
    steps = [Step(f"n{place}", text(3, 50), texts="trial.note") for place in range(12)]
    opened(talk, *steps, **{step.key: "sudah" for step in steps})
    talk.say("ubah")
    talk.tap("Lainnya")
    assert talk.labels()[-2:] == ["Sebelumnya", "Kembali"]
    talk.tap("Sebelumnya")
    assert len(talk.labels()) == 9 and talk.labels()[-2:] == ["Lainnya", "Kembali"]
    assert talk.current() and "Bagian mana" in talk.last["siti"].text


@pytest.mark.parametrize("typed", ["2", "Jeruk", "jeruk", "JERUK!", "jerruk", "jeruk ya bu"])
def test_a_button_is_typed(talk: Talk, typed: str) -> None:
    opened(talk, FRUIT, NAME)
    talk.say(typed)
    assert talk.answers == {"fruit": "jeruk"}


def test_what_was_seen_counts_when_the_options_have_changed_since(talk: Talk) -> None:
    opened(talk, FRUIT, NAME)
    changed = Step("fruit", choice("jeruk", "apel"), options=options("jeruk", "apel"))
    talk.forms["trial"] = trial(changed, NAME, CONFIRM)
    talk.say("1")
    assert talk.answers == {"fruit": "apel"}


def test_one_is_a_quantity_where_a_number_is_asked(talk: Talk) -> None:
    opened(talk, Step("amount", AMOUNT.reader, optional=True), NAME)
    talk.say("1")
    assert talk.answers == {"amount": 1}


@pytest.mark.parametrize("take", ["Rp25.000", "rp25.000", "1"])
def test_an_offer_is_taken(talk: Talk, take: str) -> None:
    opened(talk, PRICE, NAME)
    heard = talk.say("25 per bungkus")
    assert "Maksudnya Rp25.000" in heard.text
    if take == "Rp25.000":
        talk.tap(take)
    else:
        talk.say(take)
    assert talk.answers == {"price": {"amount": 25_000, "unit": "bungkus"}}


def test_words_are_completed_by_the_next_text(talk: Talk) -> None:
    opened(talk, PRICE, NAME)
    assert "untuk satu apa" in talk.say("25rb").text
    talk.say("bantuan")
    talk.say("per bungkus")
    assert talk.answers == {"price": {"amount": 25_000, "unit": "bungkus"}}


def test_stale_taps_change_nothing(talk: Talk) -> None:
    opened(talk, FRUIT, NAME)
    old = talk.button("Apel")
    talk.say("jeruk")
    assert asks(talk, "name")
    heard = talk.press(old)
    assert heard and asks(talk, "name") and talk.answers == {"fruit": "jeruk"}
    for forged in (
        old.replace("apel", "nanas"),
        "a:1:0:fruit",
        "a:x:y:z:w",
        f"a:{10**30}:1:fruit:apel",
        "a::::",
        "zzz",
        "a:1:999:fruit:apel",
    ):
        assert talk.press(forged), forged
        assert talk.answers == {"fruit": "jeruk"}


def test_a_tap_twice_is_answered_once(talk: Talk) -> None:
    opened(talk, FRUIT, NAME)
    apple = talk.button("Apel")
    assert talk.press(apple) and asks(talk, "name")
    assert talk.press(apple) is None
    assert talk.answers == {"fruit": "apel"}


def test_a_tap_after_the_end_writes_nothing(talk: Talk) -> None:
    opened(talk, NAME, **FILLED)
    send = talk.button("Kirim")
    talk.press(send)
    heard = talk.press(send)
    assert heard and "pesan lama" in heard.text and talk.current() is None


def test_a_button_of_a_draft_takes_it_up(talk: Talk) -> None:
    opened(talk, FRUIT, NAME, amount=3)
    orange = talk.button("Jeruk")
    talk.say("batal")
    talk.press(orange)
    assert talk.answers == {"amount": 3, "fruit": "jeruk"} and asks(talk, "name")


def test_parts_of_an_album_join_after_the_question_moved_on(talk: Talk) -> None:
    talk.begin("trial")
    talk.photo(1, group="g")
    talk.say("Amplang")
    assert asks(talk, "price")
    talk.photo(2, group="g")
    assert asks(talk, "price")
    assert [part["name"] for part in talk.answers["photos"]] == ["1.jpg", "2.jpg"]


def test_a_late_part_joins_the_draft_it_was_sent_for(talk: Talk) -> None:
    talk.forms["other"] = TRIAL.__class__("other", TRIAL.steps, TRIAL.facts, TRIAL.finish, title=TRIAL.title)
    talk.begin("trial")
    talk.photo(1, caption="Amplang 25rb per bungkus", group="g")
    talk.begin("other")
    talk.photo(8, group="h")
    heard = talk.photo(2, group="g")
    assert "masuk ke Amplang" in heard.text and asks(talk, "name")
    assert [part["name"] for part in talk.answers["photos"]] == ["8.jpg"]
    first = drafts_of(talk.session, talk.meet().id or 0)
    assert sorted(len(one.answers["photos"]) for one in first) == [1, 2]


def test_a_part_that_comes_after_the_end_begins_nothing(talk: Talk) -> None:
    opened(talk, PHOTOS)
    talk.photo(1, group="g")
    talk.tap("Kirim")
    assert "setelah isiannya selesai" in talk.photo(2, group="g").text
    assert talk.current() is None


def test_a_photo_at_another_question_is_kept(talk: Talk) -> None:
    talk.begin("trial", answers={"photos": [], "name": "Amplang"})
    talk.photo(1)
    talk.photo(2)
    assert asks(talk, "price") and len(talk.answers["photos"]) == 2


def test_the_same_picture_and_a_sixth_are_not_kept(talk: Talk) -> None:
    talk.begin("trial")
    talk.photo(1)
    assert "sama dengan" in talk.photo(1).text
    talk.photo(2)
    talk.photo(3)
    assert "sudah penuh" in talk.photo(4).text
    assert len(talk.answers["photos"]) == 3


def test_photos_are_replaced_when_they_are_asked_again(talk: Talk) -> None:
    opened(talk, PHOTOS, NAME)
    talk.photo(1, group="g")
    talk.say("ubah")
    talk.tap("Photos")
    assert "Tetap 1 foto" in talk.labels()
    talk.photo(1, group="new", problem="too_small")
    talk.photo(5, group="new")
    talk.photo(6, group="new")
    assert [part["name"] for part in talk.answers["photos"]] == ["5.jpg", "6.jpg"]


def test_a_caption_answers_what_it_says_and_nothing_twice(talk: Talk) -> None:
    talk.begin("trial")
    talk.photo(1, caption="Amplang ikan tenggiri 25rb per bungkus")
    assert asks(talk, "fruit") and talk.answers["name"] == "Amplang ikan tenggiri"
    talk.photo(2, caption="Kerupuk udang 10rb per bungkus")
    assert talk.answers["name"] == "Amplang ikan tenggiri" and talk.answers["price"]["amount"] == 25_000


def test_the_photo_that_begins_a_product_was_sent_before_it_began(talk: Talk) -> None:
    talk.meet()
    talk.photo(1, group="g", sent_at=talk.now - timedelta(seconds=20))
    assert len(talk.answers["photos"]) == 1


def test_a_photo_sent_long_before_is_not_taken_for_this_product(talk: Talk) -> None:
    talk.begin("trial")
    assert "belum waktunya" in talk.photo(1, sent_at=talk.now - timedelta(minutes=5)).text
    assert "photos" not in talk.answers


@pytest.mark.parametrize("way", ["Ini jawaban", "2", "ini jawaban", "jawaban", "bukan"])
def test_what_reads_like_a_question_is_asked_back_and_may_be_the_answer(talk: Talk, way: str) -> None:
    opened(talk, NAME, PRICE)
    assert "Ini pertanyaan" in talk.say("kapan mulai panen raya").text
    assert talk.labels() == ["Tanya petugas", "Ini jawaban"]
    talk.say(way)
    assert talk.answers == {"name": "kapan mulai panen raya"} and asks(talk, "price")


@pytest.mark.parametrize("way", ["Tanya petugas", "1", "ya", "pertanyaan"])
def test_what_reads_like_a_question_goes_to_the_officers(talk: Talk, way: str) -> None:
    opened(talk, NAME, PRICE)
    talk.say("kapan mulai panen raya")
    assert "sudah sampai ke petugas" in talk.say(way).text
    assert talk.answers == {} and asks(talk, "name")


def test_a_tap_on_an_old_question_back_is_kind(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    talk.say("kapan mulai panen raya")
    press = talk.button("Ini jawaban")
    talk.press(press)
    heard = talk.press(press)
    assert heard and "pesan lama" in heard.text and asks(talk, "price")


def test_a_greeting_is_returned_and_what_follows_is_taken(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    assert talk.say("Assalamualaikum").text.startswith("Waalaikumsalam") and asks(talk, "name")
    talk.say("selamat pagi, Amplang")
    assert talk.answers == {"name": "Amplang"}


def test_a_late_text_is_answered_with_the_question(talk: Talk) -> None:
    opened(talk, NAME, NOTE, FRUIT)
    sent = talk.now
    talk.say("Amplang", sent_at=sent, sequence=2)
    talk.say("sangat pedas", sent_at=sent, sequence=1)
    assert asks(talk, "note") and talk.answers == {"name": "Amplang"}
    talk.say("sangat pedas", sent_at=sent + timedelta(seconds=1))
    assert talk.answers == {"name": "Amplang", "note": "sangat pedas"}


def test_a_text_sent_before_the_conversation_began_is_late_too(talk: Talk) -> None:
    talk.meet()
    talk.say("daftar", sent_at=talk.now)
    talk.photo(1)
    talk.say("tadi mau tulis ini", sent_at=talk.now - timedelta(seconds=30))
    assert "name" not in talk.answers


def test_a_clock_that_is_ahead_does_not_make_the_rest_late(talk: Talk) -> None:
    opened(talk, NAME, NOTE, FRUIT)
    talk.say("Amplang", sent_at=talk.now + timedelta(hours=3))
    talk.say("sangat pedas", sent_at=talk.now + timedelta(seconds=5))
    assert talk.answers == {"name": "Amplang", "note": "sangat pedas"}


def test_words_after_a_notice_wait_on_a_button(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    talk.notice(Message("drafts.nothing"))
    assert "masih terbuka" in talk.say("Amplang").text and talk.answers == {}
    talk.tap("Amplang")
    assert talk.answers == {"name": "Amplang"} and asks(talk, "price")


def test_a_button_after_a_notice_is_still_one(talk: Talk) -> None:
    opened(talk, FRUIT, NAME)
    talk.notice(Message("drafts.nothing"))
    talk.say("apel")
    assert talk.answers == {"fruit": "apel"}


def test_a_form_that_is_gone_ends_kindly(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    talk.say("Amplang")
    del talk.forms["trial"]
    assert "sudah tidak dipakai" in talk.say("25rb per bungkus").text
    assert talk.current() is None and talk.say("lanjut")


def test_a_step_that_is_gone_or_renamed_is_no_hindrance(talk: Talk) -> None:
    opened(talk, NAME, PRICE, FRUIT)
    talk.say("Amplang")
    old = talk.last["siti"]
    talk.forms["trial"] = trial(Step("renamed", text(3, 50)), FRUIT, CONFIRM)
    talk.say("kembali")
    assert asks(talk, "renamed")
    talk.say("Amplang baru")
    talk.say("apel")
    assert asks(talk, "confirm") and talk.answers["name"] == "Amplang"
    assert old.text


@pytest.mark.parametrize("old", [25_000, "25rb", {"amount": "25"}, [], {"amount": 25_000, "unit": 3}, True])
def test_a_value_of_an_old_shape_is_asked_again(talk: Talk, old: object) -> None:
    opened(talk, NAME, PRICE, FRUIT, name="Amplang", price=old)
    assert asks(talk, "price")
    talk.say("ubah")
    talk.say("kembali")
    talk.say("25rb per bungkus")
    assert asks(talk, "fruit")


def test_another_kind_of_message_is_answered_with_the_question(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    for said in (Said(kind="voice"), Said(kind="sticker"), Said(kind="location", location=(-0.5, 117.1)),
                 Said(kind="edited", text="Kerupuk nasi"), Said(kind="start"), Said(kind="contact", phone="0812")):  # fmt: skip
        assert talk.hand(said), said.kind
        assert asks(talk, "name") and talk.answers == {}
