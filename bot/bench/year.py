"""A simulated year: vendors of the whole province, real packages spread over twelve months, a clock that jumps. Who hears what, and whether
each law of the alerts held.
"""

from __future__ import annotations

import asyncio
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot import migrate
from bot.alerts import changes, clear_untold, digests, match_calls, reminders, tell_silent
from bot.app import App
from bot.bench.campaign import Null
from bot.bench.engine import postgres
from bot.bench.fair import settle_vendors
from bot.bench.packages import read_rows, spread
from bot.bench.turn import figure
from bot.bench.year_laws import Found, look_back
from bot.settings import Settings
from bot.store import Store
from models.call import ACTIVE, CANCELLED, INTERESTED, ORIGINS, PLANNED, UNRELATED, Call, CallNotice
from models.history import note
from models.outbox import Outgoing

Result = TypeVar("Result")
VENDORS, DAYS = 2_000, 365
BEGAN = datetime(2026, 1, 4, 16, 0, tzinfo=UTC)
"""Monday 5 January 2026, 00.00 WITA."""
LOOKS = tuple(timedelta(hours=hour, minutes=minute) for hour, minute in ((3, 20), (8, 0), (9, 0), (9, 30), (12, 0), (17, 0), (21, 0)))
"""When the scheduler looks each day, besides whenever calls come in."""
MINUTE = timedelta(minutes=1)
YES, NO, MOVED, ENDED = 0.15, 0.08, 0.05, 0.03
"""Shares: of those told, who answer so; of calls, whose closing is moved and that are cancelled."""


class Straight(Store):
    """Nobody else is there: what is to be done is done at once, in this thread."""

    async def write(self, work: Callable[[Session], Result]) -> Result:
        return self._alone(work)

    async def read(self, work: Callable[[Session], Result]) -> Result:
        return self._look(work)


@dataclass(slots=True)
class Clock:
    now: datetime


@dataclass(slots=True)
class Spent:
    """Seconds by what they went to."""

    by: Counter[str] = field(default_factory=Counter)

    async def on(self, name: str, work: Awaitable[int]) -> int:
        begun = time.perf_counter()
        done = await work
        self.by[name] += time.perf_counter() - begun  # type: ignore[assignment]
        return done


async def simulate(url: str, folder: Path, calls: Sequence[tuple[datetime, Call]], vendors: int, days: int, spent: Spent) -> Found:
    clock, draw = Clock(BEGAN), random.Random(7)
    app = App(Settings(_env_file=None, database_url=url, media_dir=folder), clock=lambda: clock.now, channels=[Null()])  # type: ignore[call-arg]
    app.store.close()
    app.store = Straight(url)
    try:
        await app.store.write(partial(settle_vendors, many=vendors, account=Null.account, began=BEGAN - timedelta(days=10)))
        waits = list(calls)
        for at in moments(calls, days):
            clock.now = at
            while waits and waits[0][0] <= at:
                await app.store.write(partial(take_in, call=waits.pop(0)[1]))
            await look(app, at, spent)
            await app.store.write(partial(leave, now=at))
            if local(at) == LOOKS[4]:
                await app.store.write(partial(answer, now=at, draw=draw))
                await app.store.write(partial(alter, now=at, draw=draw))
        return await app.store.read(partial(look_back, began=BEGAN, days=days))
    finally:
        await app.stop()


def local(at: datetime) -> timedelta:
    """The time of the day in Samarinda."""
    return (at - BEGAN) % timedelta(days=1)


def moments(calls: Sequence[tuple[datetime, Call]], days: int) -> list[datetime]:
    """To the minute, as the scheduler looks."""
    regular = {BEGAN + timedelta(days=day) + look for day in range(days) for look in LOOKS}
    return sorted(regular | {at.replace(second=0, microsecond=0) + MINUTE for at, _ in calls})


async def look(app: App, at: datetime, spent: Spent) -> None:
    """What the scheduler's jobs would do now."""
    jobs: list[tuple[str, Callable[[App], Awaitable[int]]]] = [
        ("matching", match_calls), ("changes", changes), ("reminders", reminders), ("digests", digests),
    ]  # fmt: skip
    jobs += [("nearest", tell_silent)] if local(at) == LOOKS[3] else [("clearing", clear_untold)] if local(at) == LOOKS[0] else []
    for name, job in jobs:
        await spent.on(name, job(app))


def take_in(session: Session, call: Call) -> None:
    session.add(Call(**call.model_dump(exclude={"id"})))


def leave(session: Session, now: datetime) -> None:
    """What is due leaves, as the sender would have it: nothing that has expired."""
    waiting = (col(Outgoing.status) == "queued", col(Outgoing.due_at) <= now)
    session.execute(update(Outgoing).where(*waiting, col(Outgoing.expires_at) <= now).values(status="expired", settled_at=now))
    session.execute(update(Outgoing).where(*waiting).values(status="sent", settled_at=now, attempts=1))


def answer(session: Session, now: datetime, draw: random.Random) -> None:
    """Some of those who were told since yesterday say yes or no."""
    fresh = select(col(CallNotice.id)).where(col(CallNotice.told_at) > now - timedelta(days=1), col(CallNotice.kind).in_(ORIGINS))
    ids = session.execute(fresh.where(col(CallNotice.answer) == "").order_by(col(CallNotice.id))).scalars().all()
    said = {one: draw.random() for one in ids}
    for word, least, most in ((INTERESTED, 0, YES), (UNRELATED, YES, YES + NO)):
        mine = [one for one, number in said.items() if least <= number < most]
        session.execute(update(CallNotice).where(col(CallNotice.id).in_(mine)).values(answer=word, answered_at=now))


def alter(session: Session, now: datetime, draw: random.Random) -> None:
    """Yesterday's calls: some close later than was said, some are cancelled, as taking them in would leave it."""
    new = select(Call).where(col(Call.created_at) > now - timedelta(days=2), col(Call.created_at) <= now - timedelta(days=1))
    for call in session.execute(new.where(col(Call.status).in_((ACTIVE, PLANNED))).order_by(col(Call.id))).scalars():
        number = draw.random()
        if number < MOVED and call.closes_at:
            later = call.closes_at + timedelta(days=3)
            _changed(call, now, "closes_at", call.closes_at.isoformat(), later.isoformat())
            call.closes_at = later
        elif number < MOVED + ENDED:
            _changed(call, now, "status", call.status, CANCELLED)
            call.status, call.reason = CANCELLED, "Anggaran dialihkan"


def _changed(call: Call, now: datetime, name: str, old: str, new: str) -> None:
    note(call, now, call.source, name, old, new)
    call.changed_at = now


def run(shared: Path, rounds: int = VENDORS, channel: str = "sqlite") -> None:
    """`rounds` is how many vendors there are; `channel` the engine."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rows = read_rows(shared / "data" / "calls")
    calls = spread(rows, BEGAN, DAYS)
    print(
        f"{rounds} vendors, {len(calls)} packages in {DAYS} days, {sum(bool(call.etalase) for _, call in calls)} with an etalase; {channel}"
    )
    with tempfile.TemporaryDirectory() as folder:
        if channel == "sqlite":
            url = f"sqlite:///{folder}/year.db"
            migrate.upgrade(url)
            report(calls, rounds, url, Path(folder))
        else:
            with postgres() as server:
                report(calls, rounds, server.url, Path(folder))


def report(calls: Sequence[tuple[datetime, Call]], vendors: int, url: str, folder: Path) -> None:
    spent = Spent()
    begun = time.perf_counter()
    found = asyncio.run(simulate(url, folder, calls, vendors, DAYS, spent))
    for name, (value, unit, law) in found.figures().items():
        figure(f"year: {name}", value, unit, law)
    for name, seconds in spent.by.items():
        figure(f"year: {name}", seconds, "s")
    figure("year: all of it", time.perf_counter() - begun, "s")
