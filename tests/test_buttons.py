"""Buttons of a question, tapped and typed: what was shown is what counts, and stale ones change nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.dialogue import Step
from handlers.reading.answers import choice, text
from tests.forms import AMOUNT, COLOUR, CONFIRM, FILLED, FRUIT, NAME, PRICE, SPICE, asks, opened, options, trial
from tests.talk import Talk


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
    assert talk.press(send) is None and talk.current() is None
    talk.now += timedelta(hours=1)
    heard = talk.press(send)
    assert heard and "sudah beres" in heard.text and talk.current() is None


def impatient(talk: Talk, label: str) -> None:
    """Taps a button twice at once, and once more an hour later."""
    press = talk.button(label)
    assert talk.press(press)
    before = talk.current()
    asked = before.asked if before else {}
    assert talk.press(press) is None
    after = talk.current()
    assert after and after.asked == asked
    talk.now += timedelta(hours=1)
    assert talk.press(press), "later it is a wish to see the question again"


def test_an_impatient_second_tap_on_skip_changes_and_says_nothing(talk: Talk) -> None:
    opened(talk, Step("amount", AMOUNT.reader, optional=True), NAME)
    impatient(talk, "Lewati")


def test_an_impatient_second_tap_on_change_changes_and_says_nothing(talk: Talk) -> None:
    opened(talk, NAME, **FILLED)
    impatient(talk, "Ubah")


def test_an_impatient_second_tap_on_an_offer_changes_and_says_nothing(talk: Talk) -> None:
    opened(talk, PRICE, NAME)
    talk.say("25 000")
    press = talk.button("Rp25.000")
    talk.press(press)
    assert talk.press(press) is None, "the first button of what followed is another"
    talk.tap("per buah")
    assert talk.answers == {"price": {"amount": 25_000, "unit": "buah"}}


def test_a_button_of_a_draft_takes_it_up(talk: Talk) -> None:
    opened(talk, FRUIT, NAME, amount=3)
    orange = talk.button("Jeruk")
    talk.say("batal")
    talk.press(orange)
    assert talk.answers == {"amount": 3, "fruit": "jeruk"} and asks(talk, "name")


def test_a_tap_on_an_old_question_back_is_kind(talk: Talk) -> None:
    opened(talk, NAME, PRICE)
    talk.say("kapan mulai panen raya")
    press = talk.button("Ini jawaban")
    talk.press(press)
    heard = talk.press(press)
    assert heard and "pesan lama" not in heard.text and asks(talk, "price")
