"""Words at an open question: greetings, questions, late ones, ones after a notice; and what an older release left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.dialogue import Step
from handlers.reading.answers import text
from handlers.said import Said
from messages import Message
from tests.forms import AMOUNT, CONFIRM, FILLED, FRUIT, NAME, NOTE, PRICE, asks, opened, trial
from tests.talk import Talk


def test_a_skipped_answer_can_be_given_later(talk: Talk) -> None:
    opened(talk, NAME, PRICE, FRUIT, AMOUNT, NOTE, **FILLED)
    talk.say("ubah")
    talk.tap("Note")
    talk.say("pedas sekali")
    assert asks(talk, "confirm") and talk.answers["note"] == "pedas sekali"


def test_words_are_completed_by_the_next_text(talk: Talk) -> None:
    opened(talk, PRICE, NAME)
    assert "untuk satu apa" in talk.say("25rb").text
    talk.say("bantuan")
    talk.say("per bungkus")
    assert talk.answers == {"price": {"amount": 25_000, "unit": "bungkus"}}


@pytest.mark.parametrize("way", ["Ini jawaban", "2", "ini jawaban", "jawaban", "bukan"])
def test_what_reads_like_a_question_is_asked_back_and_may_be_the_answer(talk: Talk, way: str) -> None:
    opened(talk, NAME, PRICE)
    assert "Ini pertanyaan" in talk.say("kapan mulai panen raya").text
    assert talk.labels() == ["Tanya petugas", "Ini jawaban"]
    talk.say(way)
    assert talk.answers == {"name": "kapan mulai panen raya"} and asks(talk, "price")


@pytest.mark.parametrize("way", ["Tanya petugas", "1", "ya", "pertanyaan"])
def test_what_reads_like_a_question_goes_to_the_officers(talk: Talk, way: str) -> None:
    talk.meet("petugas", office="64")
    opened(talk, NAME, PRICE)
    talk.say("kapan mulai panen raya")
    assert "sudah sampai ke petugas" in talk.say(way).text
    assert talk.answers == {} and asks(talk, "name")


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
