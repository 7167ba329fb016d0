"""The officers' list of open calls, and how they correct of which etalase one is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.alerts import finish, ranked
from bot.store import open_engine
from models.call import INTERESTED, NEW, ONCE, UNRELATED, Call, CallNotice
from models.correction import correct
from models.overview import PAGE, answers_to, count_open, open_page
from models.taste import Lesson
from tests.calling import announce
from tests.databases import patient
from tests.packages import add_package
from tests.vendors import add_person, add_vendor
from tests.world import MORNING, World, text_of


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine, expire_on_commit=False) as made:
        yield made
    engine.dispose()


def add_notice(session: Session, call: int, person: int, answer: str = "", told: datetime | None = MORNING) -> None:
    session.add(CallNotice(call_id=call, person_id=person, kind=NEW, answer=answer, at=MORNING, told_at=told))
    session.flush()


def test_what_was_answered_stands_first_then_what_closes_first(session: Session) -> None:
    days = {"A": 4, "B": 2, "C": 9, "D": 7, "E": 1}
    ids = {key: add_package(session, key, "Nasi kotak", MORNING, closes_at=MORNING + timedelta(days=n)) for key, n in days.items()}
    add_package(session, "F", "Nasi kotak", MORNING, closes_at=None)
    add_package(session, "G", "Nasi kotak", MORNING, closes_at=MORNING + timedelta(days=2), region="64.74")
    add_package(session, "H", "Nasi kotak", MORNING, closes_at=MORNING + timedelta(days=2), region="64")
    add_package(session, "I", "Nasi kotak", MORNING, closes_at=MORNING - timedelta(days=2))
    siti, tono = add_person(session, "siti"), add_person(session, "tono")
    add_notice(session, ids["C"], siti, INTERESTED)
    add_notice(session, ids["B"], siti)
    add_notice(session, ids["D"], tono, UNRELATED)

    def page(number: int, *offices: str) -> str:
        return "".join(call.source_id for call in open_page(session, offices, MORNING, number))

    assert (page(0, "64.72"), page(1, "64.72"), page(2, "64.72")) == ("DCEBA", "F", "")
    assert (count_open(session, ["64.72"], MORNING), count_open(session, ["64"], MORNING)) == (PAGE + 1, 8)
    assert page(0, "64.7") == "" and page(0, "64.74", "64.72") == "DCEBG"


def test_answers_are_counted_by_call(session: Session) -> None:
    one, other = (add_package(session, key, "Nasi kotak", MORNING, closes_at=MORNING + timedelta(days=3)) for key in "AB")
    for name, answer, told in (("a", INTERESTED, MORNING), ("b", ONCE, MORNING), ("c", "", MORNING), ("d", "", None)):
        add_notice(session, one, add_person(session, name), answer, told)
    assert answers_to(session, [one, other]) == {
        one: {"told": 3, INTERESTED: 1, UNRELATED: 1},
        other: {"told": 0, INTERESTED: 0, UNRELATED: 0},
    }


def kept(world: World) -> tuple[Call, list[Lesson]]:
    return world.read(lambda session: (session.exec(select(Call)).one(), list(session.exec(select(Lesson)))))


def test_a_corrected_call_teaches_and_is_told_to_whom_it_concerns_now(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("jauh", "64.74")
    for name in ("siti", "rina"):
        world.write(lambda session, name=name: add_vendor(session, name))  # type: ignore[misc]
    world.write(lambda session: add_vendor(session, "beni", product="Kertas HVS", etalase="atk"))
    announce(world, region="")
    assert "Konsumsi rapat" in text_of(world.hears("siti"))
    assert "tidak ada di daerah" in text_of(world.press("jauh", "c:call_regroup:1:0"))
    world.press("petugas", "c:call_interest:1:0")
    asked = text_of(world.tap("petugas", "Ubah kelompok"))
    assert "sekarang di kelompok: Makanan & Minuman" in asked and "✓ Makanan & Minuman" in asked
    world.say("petugas", "alat tulis kantor")
    world.tap("petugas", "✓ Makanan & Minuman")
    assert "sekarang: Alat Tulis Kantor. 1 orang dikabari" in text_of(world.tap("petugas", "Selesai"))
    call, lessons = kept(world)
    assert (call.etalase, call.told_at, call.history[-1]["etalase"]) == (["atk"], None, [["mamin"], ["atk"]])
    assert [(one.text, one.etalase, one.by, one.person_id) for one in lessons] == [(call.title, ["atk"], "officer", call.created_by)]
    world.later(minutes=2)
    world.steer()
    assert "Konsumsi rapat" in text_of(world.hears("beni"))
    assert world.hears("siti") == [] and kept(world)[0].told_at is not None
    assert world.hears("rina") == [], "what had not left yet is taken back"
    world.press("petugas", "c:call_regroup:1:0")
    assert "tetap: Alat Tulis Kantor" in text_of(world.tap("petugas", "Selesai"))
    assert len(kept(world)[1]) == 1


def test_more_of_the_list_may_be_typed_in_any_language(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    for n in range(PAGE + 1):
        small_world.write(lambda session, n=n: add_package(session, str(n), f"Nasi {n}", MORNING, closes_at=MORNING + timedelta(days=9)))  # type: ignore[misc]
    assert "6 peluang terbuka" in text_of(small_world.say("petugas", "peluang"))
    assert "6. Nasi 5" in text_of(small_world.say("petugas", "more"))
    assert "6. Nasi 5" not in text_of(small_world.say("petugas", "more")), "there are no more"
    assert "6. Nasi 5" in text_of(small_world.press("petugas", "c:calls:0:900")), "a page that is no more is the last one"


def test_who_waited_for_a_digest_is_looked_for_anew(session: Session) -> None:
    one = add_package(session, "A", "Bahan rapat", MORNING, closes_at=MORNING + timedelta(days=9), told_at=MORNING)
    people = [add_person(session, name) for name in ("siti", "tono", "officer")]
    add_notice(session, one, people[0], told=None)
    add_notice(session, one, people[1])
    call = session.get_one(Call, one)
    correct(session, call, ["atk"], people[2], MORNING)
    assert list(session.exec(select(col(CallNotice.person_id)))) == [people[1]]


def test_what_is_corrected_while_it_is_ranked_is_ranked_again(session: Session) -> None:
    one = add_package(session, "A", "Bahan rapat", MORNING, closes_at=MORNING + timedelta(days=9))
    officer = add_person(session, "officer")
    calls, _ = ranked(session, MORNING)
    correct(session, session.get_one(Call, one), ["atk"], officer, MORNING)
    finish(session, calls, MORNING)
    calls, _ = ranked(session, MORNING)
    assert calls == {one: 1}
    finish(session, calls, MORNING)
    assert ranked(session, MORNING)[0] == {}
