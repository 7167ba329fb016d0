"""A question on its way to the officers and the answer on its way back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from models.outbox import Outgoing
from models.question import Question, grouped
from tests.test_registration import register
from tests.vendors import add_vendor
from tests.world import World, text_of

QUESTION = "Apakah usaha rumahan boleh ikut?"


def ask(world: World, name: str = "siti", words: str = QUESTION) -> None:
    world.say(name, "menu")
    world.tap(name, "Tanya petugas")
    world.say(name, words)


def questions(session: Session) -> list[Question]:
    return list(session.exec(select(Question).order_by("id")))


def test_asked_and_answered(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("jauh", "64.03")
    world.write(lambda session: add_vendor(session, "siti"))
    world.say("siti", "menu")
    assert "Mau tanya apa, Bu Siti?" in text_of(world.tap("siti", "Tanya petugas"))
    assert "sampai ke petugas" in text_of(world.say("siti", "Apakah usaha rumahan boleh ikut?"))
    heard = text_of(world.hears("petugas"))
    assert 'Pertanyaan dari Bu Siti (Dapur Siti):\n"Apakah usaha rumahan boleh ikut?"' in heard
    assert world.hears("jauh") == []
    assert "Apakah usaha rumahan" in text_of(world.tap("petugas", "Jawab"))
    assert "sudah dikirim" in text_of(world.say("petugas", "Boleh, asal ada NIB."))
    answer = text_of(world.hears("siti"))
    assert 'Jawaban petugas untuk "Apakah usaha rumahan boleh ikut?":\n\nBoleh, asal ada NIB.' in answer
    assert "[Tanya petugas]" in answer


def test_the_first_answer_counts(world: World) -> None:
    world.officer("petugas")
    world.officer("lain")
    world.write(lambda session: add_vendor(session, "siti"))
    ask(world)
    for name in ("petugas", "lain"):
        world.hears(name)
        world.tap(name, "Jawab")
    world.say("petugas", "Boleh, asal ada NIB.")
    assert 'Pertanyaan itu sudah dijawab: "Boleh, asal ada NIB."' in text_of(world.say("lain", "Tidak boleh."))
    assert "sudah dijawab" in text_of(world.press("lain", "c:answer:1:0"))
    assert len(world.hears("siti")) == 1
    assert world.read(lambda session: [row.answer for row in questions(session)]) == ["Boleh, asal ada NIB."]


def test_the_inbox_turns_its_pages(small_world: World) -> None:
    small_world.officer("petugas")
    for name in ("siti", "rina"):
        small_world.write(lambda session, name=name: add_vendor(session, name))  # type: ignore[misc]
        ask(small_world, name, f"Kapan produk {name} diperiksa?")
    small_world.hears("petugas")
    first = text_of(small_world.say("petugas", "pertanyaan"))
    assert "2 pertanyaan menunggu. Yang ini dari Bu Siti (Dapur Siti), 23 November 2026" in first
    assert "Kapan produk rina diperiksa?" in text_of(small_world.tap("petugas", "Lainnya"))
    small_world.tap("petugas", "Jawab")
    small_world.say("petugas", "Besok pagi.")
    assert "Besok pagi." in text_of(small_world.hears("rina"))
    assert small_world.hears("siti") == []
    assert "1 pertanyaan menunggu" in text_of(small_world.tap("petugas", "Pertanyaan"))


def test_a_quoted_question_is_answered_by_quoting(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    ask(small_world)
    small_world.hears("petugas")

    def mark(session: Session) -> None:
        for row in session.exec(select(Outgoing).where(Outgoing.subject == "question:1")):
            row.external_id = f"q{row.person_id}"

    def newest() -> str:
        rows = select(Outgoing).where(Outgoing.subject == "question:1")
        return small_world.read(lambda session: f"q{session.exec(rows.order_by('id')).all()[-1].person_id}")

    small_world.write(mark)
    small_world.say("petugas", "Boleh, Bu.", quoted=newest())
    assert "Boleh, Bu." in text_of(small_world.hears("siti"))
    small_world.write(mark)
    assert "sampai ke petugas" in text_of(small_world.say("siti", "Kalau belum punya NIB?", quoted=newest()))
    assert small_world.read(lambda session: [row.text for row in questions(session)][-1]) == "Kalau belum punya NIB?"


def test_only_officers_of_the_place_may_look_and_answer(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: add_vendor(session, "tono", "64.03"))
    ask(small_world)
    small_world.officer("jauh", "64.03")
    for press in ("c:inbox:0:0", "c:answer:1:0", "c:answer_replies:1:9", "c:replies_read:1:9"):
        assert "hanya untuk petugas" in text_of(small_world.press("tono", press))
    assert "Tidak ada pertanyaan" in text_of(small_world.press("jauh", "c:inbox:0:0"))
    for press in ("c:answer:1:0", "c:answer:x:0"):
        assert "tidak ada di daerah" in text_of(small_world.press("jauh", press))
    small_world.press("jauh", "c:replies_read:1:9")
    assert small_world.read(lambda session: questions(session)[0].answered_at) is None


def test_a_question_out_of_the_blue_is_asked_back(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    words = "besok petugas datang jam berapa?"
    assert f'Mau saya tanyakan ke petugas?\n"{words}"' in text_of(small_world.say("siti", words))
    assert small_world.hears("petugas") == []
    press = small_world.button("siti", "Tanya petugas")
    assert "sampai ke petugas" in text_of(small_world.press("siti", press))
    assert "sampai ke petugas" in text_of(small_world.press("siti", press)), "a second tap asks once"
    heard = small_world.hears("petugas")
    assert len(heard) == 1 and words in text_of(heard)


@pytest.mark.parametrize(
    "words", ["saya belum dibayar dinas untuk pesanan kemarin", "bahan baku sekarang mahal sekali", "sudah bayar kurir tapi barang kembali"]
)
def test_a_complaint_goes_to_the_officers_and_gets_no_ready_answer(small_world: World, words: str) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    heard = text_of(small_world.say("siti", words))
    assert f'Mau saya tanyakan ke petugas?\n"{words}"' in heard and "Gratis" not in heard
    small_world.tap("siti", "Tanya petugas")
    assert words in text_of(small_world.hears("petugas"))


@pytest.mark.parametrize(("words", "free"), [("kapan saya dibayar dinas?", False), ("kok bahan mahal?", False), ("biayanya berapa?", True)])
def test_a_ready_answer_is_found_by_whole_words(small_world: World, words: str, free: bool) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    assert ("Gratis" in text_of(small_world.say("siti", words))) is free


def test_few_words_and_a_paper_that_is_not_there_get_the_ready_answer(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    assert "pajak" in text_of(small_world.say("siti", "soal pajak dong bu"))
    assert "oss.go.id" in text_of(small_world.say("siti", "saya belum punya nib bu"))


def test_replies_are_grouped_and_other_questions_are_not() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    abouts = ["campaign:1", "", "call:1", "campaign:2", "campaign:1", "", "call:1"]
    rows = [Question(id=n, person_id=1, text="x", about=about, asked_at=at) for n, about in enumerate(abouts)]
    assert [[row.id for row in group] for group in grouped(rows)] == [[0, 4], [1], [2], [3], [5], [6]]


def test_at_night_it_is_said_when_a_question_and_its_answer_arrive(small_world: World) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    world.write(lambda session: add_vendor(session, "siti"))
    world.later(hours=11)
    ask(world)
    assert "petugas membacanya mulai jam 07.00" in world.last["siti"].text
    assert world.hears("petugas") == []
    world.say("petugas", "pertanyaan")
    world.tap("petugas", "Jawab")
    assert "Sudah malam, jadi sampainya 07.00 WITA." in text_of(world.say("petugas", "Boleh, asal ada NIB."))
    assert world.hears("siti") == []
    world.later(hours=11)
    assert "Boleh, asal ada NIB." in text_of(world.hears("siti"))


def test_where_there_is_no_officer_yet_nobody_is_promised_a_quick_answer(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    ask(small_world)
    assert "Petugas daerah Bu Siti belum ada" in small_world.last["siti"].text
    small_world.officer("petugas", "64.72")
    assert "rumahan" in text_of(small_world.say("petugas", "pertanyaan"))


def test_the_wish_to_ask_is_not_the_question(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    small_world.write(lambda session: add_vendor(session, "siti"))
    assert "Mau tanya apa, Bu Siti?" in text_of(small_world.say("siti", "tanya petugas"))


def test_a_paper_that_is_not_there_may_be_what_is_asked_about(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.say("siti", "tanya petugas")
    assert "sudah sampai ke petugas" in text_of(small_world.say("siti", "NIB saya belum ada"))
    assert '"NIB saya belum ada"' in text_of(small_world.hears("petugas"))


def test_the_name_of_the_button_is_no_answer(small_world: World) -> None:
    small_world.officer("petugas")
    register(small_world)
    small_world.say("siti", "menu")
    small_world.say("siti", "parkirnya dimana?")
    small_world.say("siti", "tanya petugas")
    small_world.hears("petugas")
    assert "Jawabannya apa?" in text_of(small_world.say("petugas", "balas"))
    assert "Jawabannya apa?" in text_of(small_world.say("petugas", "jawab"))
    assert small_world.hears("siti") == []
    small_world.say("petugas", "Di belakang kantor, mau naik apa?")
    assert "Di belakang kantor" in text_of(small_world.hears("siti"))
