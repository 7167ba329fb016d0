"""Who hears of which calls, and when: the morning's digest, what leaves at once, and what is taken back."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import Session, select

from bot.alerts import clear_untold, match_calls
from bot.app import App
from bot.channels.terminal import Terminal
from handlers.calls.wording import why
from messages import Voice, worded
from models.alerts import FEWEST
from models.call import PLANNED, TYPED, Call
from models.product import Product
from models.shelf import LAG
from models.taste import INSTANT, WEEKLY
from tests.alerting import FAR, day, kept, package, small_day, taste, tended, vendor
from tests.calling import notices, type_call
from tests.packages import closing
from tests.vendors import add_vendor
from tests.world import World, text_of

__all__ = ["day", "small_day"]


def test_a_call_waits_for_the_morning_of_the_persons_own_clock(day: World) -> None:
    vendor(day, "siti")
    vendor(day, "jawa", zone="Asia/Jakarta")
    vendor(day, "papua", zone="Asia/Jayapura")
    package(day)
    for hours, who in ((20.5, []), (0.6, ["papua"]), (1, ["papua", "siti"]), (1, ["papua", "siti", "jawa"])):
        day.later(hours=hours)  # 06.30, 07.06, 08.06, 09.06 WITA
        tended(day)
        heard = day.read(lambda session: {row.person_id for row in notices(session)})
        assert len(heard) == len(who)
    assert "Berminat, Bu Siti?" in text_of(day.hears("siti"))
    assert day.read(lambda session: {row.expires_at for row in notices(session)}) == {FAR.astimezone(UTC)}


def test_two_processes_find_the_same_calls_and_tell_once(day: World) -> None:
    for n in range(5):
        vendor(day, f"v{n}")
    package(day, closes_at=closing("11-25"))
    other = App(day.app.settings, lambda: day.now, [Terminal()])

    async def both() -> None:
        await asyncio.gather(*(match_calls(app) for app in (day.app, other) * 2))

    day.do(both())
    assert len(day.read(notices)) == 5
    day.do(other.stop())


def test_on_a_day_of_thousands_of_calls_each_goes_to_those_it_fits_best(day: World) -> None:
    many = FEWEST + LAG
    day.write(lambda session: [add_vendor(session, f"v{n}", product="Kue basah") for n in range(many - 3)])
    best = day.write(lambda session: [add_vendor(session, f"best{n}") for n in range(3)])
    crowd(day, 5_000, "mamin")
    package(day, title="Belanja nasi kotak")
    assert day.do(match_calls(day.app)) == FEWEST
    assert {person for person, _, _ in day.read(kept)} >= set(best)
    package(day, key="B", title="Belanja nasi kotak", source=TYPED)
    assert day.do(match_calls(day.app)) == many  # it was promised
    day.later(days=2)
    package(day, key="C", title="Belanja nasi kotak")
    assert day.do(match_calls(day.app)) == many


def test_calls_that_concern_nobody_take_no_place(day: World) -> None:
    day.write(lambda session: [add_vendor(session, f"v{n}") for n in range(FEWEST + 3)])
    crowd(day, 5_000, "semen")
    package(day, title="Belanja nasi kotak")
    assert day.do(match_calls(day.app)) == FEWEST + 3


def crowd(world: World, calls: int, etalase: str) -> None:
    """Calls of today whose people were told already."""
    some = {"title": "Paket", "status": "active", "created_at": world.now, "told_at": world.now, "etalase": [etalase], "source": "test"}
    world.write(lambda session: session.execute(insert(Call), [some | {"source_id": str(n)} for n in range(calls)]))


def test_who_wants_to_hear_at_once_does_and_who_wants_mondays_waits(day: World) -> None:
    taste(day, vendor(day, "siti"), rhythm=INSTANT)
    taste(day, vendor(day, "rina"), rhythm=WEEKLY)
    package(day)
    tended(day)
    assert "Berminat" in text_of(day.hears("siti"))
    for _ in range(6):
        day.later(days=1)
        tended(day)
        assert day.hears("rina") == []
    day.later(days=1)
    tended(day)
    assert "Berminat" in text_of(day.hears("rina"))


def test_what_closes_soon_does_not_wait_for_monday(small_day: World) -> None:
    taste(small_day, vendor(small_day, "rina"), rhythm=WEEKLY)
    package(small_day, closes_at=closing("11-28"))
    for left in (4, 3):
        small_day.later(hours=22 if left == 4 else 24)
        tended(small_day)
        assert bool(small_day.hears("rina")) == (left == 3)


@pytest.mark.parametrize(("day_of", "at_once"), [("11-26", True), ("11-27", False)])
def test_what_closes_within_three_days_leaves_at_once(small_day: World, day_of: str, at_once: bool) -> None:
    vendor(small_day, "siti")
    package(small_day, closes_at=closing(day_of))
    tended(small_day)
    assert bool(small_day.hears("siti")) == at_once


def test_at_night_a_source_wakes_nobody_and_what_closes_before_the_morning_is_not_told(small_day: World) -> None:
    vendor(small_day, "siti")
    small_day.later(hours=12)
    package(small_day, "A", closes_at=small_day.now + timedelta(hours=6))
    package(small_day, "B", closes_at=closing("11-25"))
    tended(small_day)
    assert small_day.read(notices) == []
    small_day.later(hours=10)
    tended(small_day)
    assert [row.subject for row in small_day.read(notices)] == ["call:2"]
    assert small_day.do(clear_untold(small_day.app)) == 1
    assert small_day.read(kept) == [(1, "new", True)]


def test_only_open_calls_are_told_and_plans_with_an_end(small_day: World) -> None:
    vendor(small_day, "siti")
    for key, more in (("A", {"status": "complete"}), ("B", {"status": "cancelled"}), ("C", {"status": PLANNED, "closes_at": None})):
        package(small_day, key, **more)
    package(small_day, "D", closes_at=small_day.now - timedelta(minutes=1))
    package(small_day, "E", status=PLANNED)
    small_day.later(days=1)
    tended(small_day)
    assert "masih rencana dinas" in text_of(small_day.hears("siti"))
    assert len(small_day.read(notices)) == 1


def test_what_answers_taught_raises_the_bar(small_day: World) -> None:
    taste(small_day, vendor(small_day, "siti"), threshold=0.6)
    package(small_day)
    small_day.later(days=1)
    tended(small_day)
    assert small_day.read(kept) == []


def test_who_stopped_meanwhile_hears_nothing(small_day: World) -> None:
    vendor(small_day, "siti")
    package(small_day)
    tended(small_day)
    small_day.say("siti", "berhenti")
    small_day.later(days=1)
    tended(small_day)
    assert small_day.hears("siti") == []
    assert small_day.read(kept) == [(1, "new", False)]


def test_the_officers_card_says_who_hears_when(world: World) -> None:
    tended(world)
    world.officer("petugas")
    vendor(world, "siti")
    taste(world, vendor(world, "rina"), rhythm=INSTANT)
    type_call(world, closes="15 Desember 15.00")
    assert "2 orang dikabari: 1 sekarang, 1 lewat ringkasan jam 08.00." in text_of([world.last["petugas"]])
    assert "1 sekarang, 1 lewat ringkasan" in text_of(world.tap("petugas", "Kabari 2 orang"))
    assert world.hears("siti") == []
    assert "Berminat, Bu Rina?" in text_of(world.hears("rina"))
    world.later(days=1)
    tended(world)
    assert "Berminat, Bu Siti?" in text_of(world.hears("siti"))


def test_an_approval_taken_back_leaves_nothing_for_the_morning(small_day: World) -> None:
    small_day.officer("petugas")
    vendor(small_day, "siti", status="NEEDS_FIX")
    package(small_day)
    tended(small_day)

    def submit(session: Session) -> tuple[int, int]:
        product = session.exec(select(Product)).one()
        product.status = "SUBMITTED"
        return product.id or 0, product.revision

    product, revision = small_day.write(submit)
    small_day.press("petugas", f"c:approve:{product}:{revision}")
    assert small_day.read(kept) == [(2, "new", False)]
    small_day.say("petugas", "urungkan")
    assert small_day.read(kept) == []


def test_a_reason_without_words_gives_way_to_the_product() -> None:
    def said(*reasons: dict[str, Any]) -> str:
        return worded(why("call.why", "Nasi kotak", reasons), Voice(you="Bu Siti"))

    assert said({"key": "never_heard_of", "params": {"x": 1}}) == "Saya kabari karena Bu Siti jual Nasi kotak."
    assert said({"product": 3, "name": "Nasi kotak", "approved": True}) == "Saya kabari karena Bu Siti jual Nasi kotak.", "as 0.3.0 kept it"
    words = {"key": "words", "params": {"words": "nasi kotak", "product": "Nasi kotak"}}
    asked = "Saya kabari karena Bu Siti jual Nasi kotak dan judulnya menyebut nasi kotak (masih diperiksa petugas)."
    assert said(words, {"key": "waiting"}) == asked
