"""Looking for open calls, and how somebody wants to hear of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.store import open_engine
from models.call import FOUND, NEW, CallNotice, note_found
from models.search import best_for, find_calls, stems_of, wanted
from models.taste import MOST, STEP, WEEKLY, Taste, choose_rhythm, level, shift, taste_of
from tests.databases import patient
from tests.packages import add_package
from tests.vendors import add_person, add_vendor
from tests.world import MORNING, World, text_of

SOON = MORNING + timedelta(days=3)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine, expire_on_commit=False) as made:
        yield made
    engine.dispose()


def fill(session: Session) -> None:
    add_package(session, "A", "Konsumsi rapat", MORNING, closes_at=SOON, region="64.72")
    add_package(session, "B", "Nasi kotak pelatihan", MORNING, closes_at=SOON + timedelta(days=9), region="64")
    add_package(session, "C", "Kertas HVS", MORNING, closes_at=SOON, region="64.74")
    add_package(session, "D", "Nasi kotak kemarin", MORNING, closes_at=MORNING - timedelta(days=1))
    add_package(session, "E", "Nasi kotak batal", MORNING, closes_at=SOON, status="cancelled")
    add_package(session, "F", "Nasi kotak selesai", MORNING, closes_at=SOON, status="complete")


@pytest.mark.parametrize(
    ("text", "region", "keys"),
    [
        ("nasi kotak", "", "BA"),
        ("nasikotak", "", "BA"),
        ("kertas", "", "C"),
        ("kertas", "64.72", ""),
        ("nasi kotak", "64.72", "BA"),
        ("nasi kotak", "64.74", "B"),
        ("100%_", "", "ACB"),
        ("pesawat", "", ""),
        ("", "", "ACB"),
        ("", "64.74", "CB"),
    ],
)
def test_what_is_open_and_fits_comes_nearest_first(session: Session, text: str, region: str, keys: str) -> None:
    fill(session)
    found = find_calls(session, wanted(text, region), MORNING)
    assert "".join(call.source_id for call in found) == keys


def test_only_what_closes_before(session: Session) -> None:
    fill(session)
    found = find_calls(session, wanted("", before=MORNING + timedelta(days=6)), MORNING)
    assert [call.source_id for call in found] == ["A", "C"]


def test_of_this_week_is_what_closes_in_it_and_what_was_announced_in_it_without_a_closing(world: World) -> None:
    siti = world.write(lambda session: add_vendor(session, "siti"))
    ago = world.now - timedelta(days=8)

    def announced(session: Session) -> None:
        add_package(session, "A", "Konsumsi rapat", world.now, closes_at=SOON)
        add_package(session, "B", "Nasi kotak baru", world.now, closes_at=None)
        add_package(session, "C", "Nasi kotak lama", ago, closes_at=None)
        add_package(session, "D", "Nasi kotak susulan", world.now, closes_at=None, opens_at=ago)
        add_package(session, "E", "Nasi kotak nanti", world.now, closes_at=SOON + timedelta(days=9))

    world.write(announced)
    assert siti and "Ada 2 peluang minggu ini" in (heard := text_of(world.say("siti", "peluang minggu ini")))
    assert "Konsumsi rapat\nSamarinda, tutup 26 November" in heard
    assert "Nasi kotak baru\nSamarinda, baru minggu ini, tutup belum disebut" in heard
    world.later(days=14)
    assert "Minggu ini belum ada peluang yang tutup" in text_of(world.say("siti", "peluang minggu ini"))


def test_what_the_own_products_fit_comes_first(session: Session) -> None:
    fill(session)
    calls = find_calls(session, wanted(""), MORNING)
    assert [call.source_id for call in best_for(calls, {"mamin"}, ["Nasi kuning"])] == ["B", "A", "C"]
    assert best_for(calls, (), ()) == calls


def test_small_words_are_not_looked_for() -> None:
    assert stems_of("peluang untuk nasi dan kotak") == stems_of("nasi kotak")
    assert stems_of("peluang baru apa saja") == frozenset()


def test_who_opened_a_call_can_answer_it_once(session: Session) -> None:
    fill(session)
    person, calls = add_person(session, "siti"), find_calls(session, wanted("nasi kotak"), MORNING)
    waits = CallNotice(call_id=calls[0].id or 0, person_id=person, kind=NEW, at=MORNING)
    session.add(waits)
    session.flush()
    assert note_found(session, calls[0].id or 0, person, MORNING) is waits and waits.told_at == MORNING
    opened = note_found(session, calls[1].id or 0, person, MORNING)
    assert (opened.kind, opened.told_at) == (FOUND, MORNING)
    session.flush()
    assert note_found(session, calls[1].id or 0, person, SOON) is opened and opened.told_at == MORNING


def test_wishes_move_the_threshold_as_far_as_they_may(session: Session) -> None:
    person, ends = add_person(session, "siti"), round(MOST / STEP)
    assert level(taste_of(session, person)) == 0 and session.get(Taste, person) is None
    assert [shift(session, person, 1) for _ in range(ends + 1)] == [True] * ends + [False]
    assert taste_of(session, person).threshold == MOST and level(taste_of(session, person)) == ends
    assert shift(session, person, -1) and level(taste_of(session, person)) == ends - 1
    choose_rhythm(session, person, WEEKLY)
    assert (taste_of(session, person).rhythm, level(taste_of(session, person))) == (WEEKLY, ends - 1)


def many(session: Session, n: int) -> None:
    for place in range(1, n + 1):
        add_package(session, f"M{place}", f"Nasi kotak acara {place}", MORNING, closes_at=SOON + timedelta(days=place), region="64.72")


def test_a_number_is_the_one_that_is_shown(world: World) -> None:
    world.write(lambda session: add_vendor(session, "siti"))
    world.write(lambda session: many(session, 8))
    assert "Ada 8 peluang" in text_of(world.say("siti", "cari nasi kotak"))
    world.tap("siti", "Lihat lainnya")
    assert "*Nasi kotak acara 7*" in text_of(world.say("siti", "7"))
    world.say("siti", "cari nasi kotak")
    world.tap("siti", "Lihat lainnya")
    assert "acara 6" not in text_of(world.say("siti", "1"))


def test_a_number_of_the_next_page_leads_there(world: World) -> None:
    world.write(lambda session: add_vendor(session, "siti"))
    world.write(lambda session: many(session, 8))
    world.say("siti", "cari nasi kotak")
    assert "7. Nasi kotak acara 7" in text_of(world.say("siti", "7"))
    assert "*Nasi kotak acara 7*" in text_of(world.say("siti", "7"))


@pytest.mark.parametrize("words", ["lainnya", "lagi", "berikutnya"])
def test_the_next_page_comes_at_a_word(small_world: World, words: str) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: many(session, 8))
    small_world.say("siti", "cari nasi kotak")
    assert "7. Nasi kotak acara 7" in text_of(small_world.say("siti", words))
    assert "*Nasi kotak acara 7*" in text_of(small_world.say("siti", "yang no 7 bu"))


def test_a_week_without_a_closing_leads_to_what_is_open(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: add_package(session, "A", "Nasi kotak", MORNING, closes_at=SOON + timedelta(days=9)))
    assert "Mau lihat semua yang terbuka?" in text_of(small_world.say("siti", "peluang minggu ini"))
    assert "Ada 1 peluang yang terbuka" in text_of(small_world.tap("siti", "Peluang terbuka"))
