"""The engine on small forms: what is asked, going back, changing one answer, leaving and coming back."""

from __future__ import annotations

import pytest

from models.conversation import drafts_of
from tests.forms import AMOUNT, FILLED, FRUIT, NAME, NOTE, PRICE, asks, opened, trial
from tests.talk import Talk


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
