"""An announcement larger than a number's day: three days in short, on both engines, with a restart in each."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.faults import virtual
from bot.faults.calendar import MORNING, Play, announce, people
from bot.faults.days import PRICE, Told, busiest, play, problems
from bot.faults.number import Number
from bot.faults.number import Taken as Asked
from bot.faults.virtual import Hours, Watched
from bot.sending.hand import Hand, Taken
from bot.sending.settling import Settled
from messages import Message
from models.contact import Address
from models.forecast import Plan
from models.outbox import Outgoing
from models.post import reply
from models.terms import Terms

COUNT, TIER = 50, 20


def test_three_days_of_a_small_number(database: str, tmp_path: Path) -> None:
    found = asyncio.run(play(database, tmp_path, COUNT, TIER, COUNT * PRICE))
    assert problems(found, COUNT, TIER, COUNT * PRICE) == []
    assert (found.plan.days, found.dates, found.kills, len(found.times)) == (3, 3, 3, COUNT)
    assert found.waits


def number_of_days(database: str, folder: Path) -> Play:
    hours = Hours(MORNING)
    return Play(hours, Watched(database), Number(TIER, hours.clock, hours.sleep), folder, Terms({}, 0, TIER), [])


def test_a_sender_that_ended_is_not_waited_for(sqlite_database: str, tmp_path: Path) -> None:
    """Also where it left something that it should have written."""

    async def stumble(hand: Hand | None) -> Taken:
        raise LookupError("a bug")

    async def run() -> None:
        days = number_of_days(sqlite_database, tmp_path)
        await days.begin()
        await days.store.rest()
        days.sender.books.done.append(Settled(1, "sent"))
        days.sender.books.write = stumble  # type: ignore[method-assign]
        days.sender.wake()
        try:
            with pytest.raises(LookupError):
                await asyncio.wait_for(days.until(MORNING + timedelta(days=1)), 20)
        finally:
            days.store.close()

    asyncio.run(run())


def test_a_row_that_nobody_takes_is_told_with_how_the_sender_stands(sqlite_database: str, tmp_path: Path) -> None:
    async def run() -> None:
        days = number_of_days(sqlite_database, tmp_path)
        await days.store.write(partial(people, count=1, tier=TIER))
        await days.store.write(partial(announce, terms=Terms({}, 0, TIER)))
        await days.begin()
        days.sender.stopped = True
        try:
            with pytest.raises(RuntimeError, match=r"a row is due at 2026-11-23 .* nobody takes it .* stopped True, 0 on their way"):
                await asyncio.wait_for(days.until(MORNING + timedelta(days=1)), 20)
        finally:
            await days.die()
            days.store.close()

    asyncio.run(run())


def answered_in_vain(session: Session) -> None:
    """A sender died with an answer in hand that it had not asked for."""
    address = session.get_one(Address, 1)
    address.heard_at = MORNING
    session.add(address)
    reply(session, address, Message("menu.help"), MORNING, MORNING)
    [row] = session.exec(select(Outgoing))
    row.status, row.attempts, row.claimed_by = "claimed", 1, "dead"


def test_what_waits_behind_an_answer_that_is_tried_again_is_nobodys_fault(sqlite_database: str, tmp_path: Path) -> None:
    """Nothing else happens until the channel's word on that answer has been waited for."""

    async def run() -> list[float]:
        days = number_of_days(sqlite_database, tmp_path)
        days.number.heard["1"] = MORNING
        await days.store.write(partial(people, count=1, tier=TIER))
        await days.store.write(answered_in_vain)
        await days.store.write(partial(announce, terms=Terms({}, 0, TIER)))
        await days.begin()
        try:
            await asyncio.wait_for(days.until(MORNING + timedelta(hours=1)), 60)
        finally:
            await days.die()
            days.store.close()
        return [(one.at - MORNING).total_seconds() for one in days.number.ledger]

    answer, announcement = asyncio.run(run())
    assert Number.echo.total_seconds() <= answer < announcement < answer + 1


def test_a_work_that_does_not_end_is_named(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual, "PATIENCE", 0.1)
    gate = threading.Event()

    def linger(session: Session) -> None:
        gate.wait(10)

    async def run() -> None:
        store = Watched(sqlite_database)
        work = asyncio.create_task(store.write(linger))
        await asyncio.sleep(0)
        try:
            with pytest.raises(RuntimeError, match="linger"):
                await store.rest()
        finally:
            gate.set()
            await work
            store.close()

    asyncio.run(run())


def test_a_broken_law_is_named() -> None:
    good = Told(Plan(days=1, rupiah=PRICE), Counter({"1": 1}), 1, 1, 1, PRICE, (0.1,), 0, 3, (), 0)
    assert problems(good, 1, 1, PRICE) == []
    bad = [
        {"times": Counter({"1": 2})}, {"times": Counter[str]()}, {"most": 2}, {"rupiah": 2 * PRICE, "templates": 2}, {"templates": 2},
        {"dates": 2}, {"at_night": 1}, {"waits": (6.0,)}, {"broken": ("x",)},
    ]  # fmt: skip
    for change in bad:
        assert problems(replace(good, **change), 1, 1, PRICE), change  # type: ignore[arg-type]


def test_the_busiest_day_counts_people_once() -> None:
    hours = ((0, "a"), (1, "b"), (2, "a"), (23, "c"), (24, "d"), (25, "b"))
    ledger = [Asked(MORNING + timedelta(hours=hour), name, "", True) for hour, name in hours]
    assert busiest(ledger) == 4
    assert busiest([replace(one, template=False) for one in ledger]) == 0
