"""An announcement to a million: how long adding its recipients takes, what conversations wait meanwhile, and what sending it takes."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot import migrate
from bot.app import App
from bot.bench.engine import postgres
from bot.bench.town import settle
from bot.bench.turn import SCRIPT, figure, said
from bot.channels.channel import Channel, Found, Inbound
from bot.media import Media
from bot.settings import Settings
from bot.spread import spread
from bot.store import open_engine
from messages import Message, Rendered
from models.campaign import Campaign
from models.outbox import Outgoing

PERSONS = 1_000_000
SPEAKERS = 40
"""So many persons write meanwhile, one message a second each."""
IDLE = 10
"""Seconds of conversations alone."""
WITHIN, P99 = 60.0, 20.0
"""The goals: seconds until the last recipient is added, milliseconds until a message is committed."""
NIGHT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""21.00 in Samarinda: whoever is added now is due in the morning, so that adding is measured without sending."""
MORNING = timedelta(hours=12)
PATIENCE = 30


class Null(Channel):
    """Takes everything at once, and tells those who wait for an answer."""

    account = "null"
    name = "null"
    settle = timedelta(0)
    rate = 1000.0
    """As much as any platform takes: without a limit the sender leaves no processor to the conversations."""

    def __init__(self) -> None:
        self.answers: dict[str, asyncio.Queue[float]] = {}
        self.taken = 0

    def decode(self, payload: Any) -> list[Found]:
        return list(payload)

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        self.taken += 1
        if waiting := self.answers.get(address):
            waiting.put_nowait(time.perf_counter())
        return str(self.taken)

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return b""

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        return


@dataclass(slots=True)
class Heard:
    """Milliseconds of each message: until it was committed, and until its answer was sent."""

    kept: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)


def slowest(spans: list[float]) -> float:
    """Of a hundred."""
    return sorted(spans)[int(len(spans) * 0.99)] if spans else 0.0


async def converse(app: App, channel: Null, heard: Heard, names: count[int]) -> None:
    """Registrations one after the other, a message a second."""
    while True:
        address = f"c{next(names)}"
        channel.answers[address] = asyncio.Queue()
        for place in range(len(SCRIPT)):
            begun = time.perf_counter()
            await app.receive(channel, Inbound(f"{address}:{place}", address, said(place, address)))
            heard.kept.append((time.perf_counter() - begun) * 1000)
            async with asyncio.timeout(PATIENCE):
                heard.answered.append((await channel.answers[address].get() - begun) * 1000)
            await asyncio.sleep(max(0.0, begun + 1 - time.perf_counter()))
        del channel.answers[address]


@asynccontextmanager
async def conversations(app: App, channel: Null, names: count[int]) -> AsyncIterator[Heard]:
    """Goes on while the block runs."""
    heard = Heard()
    tasks = []
    for _ in range(SPEAKERS):
        tasks.append(asyncio.create_task(converse(app, channel, heard, names)))
        await asyncio.sleep(1 / SPEAKERS)
    heard.kept.clear()
    heard.answered.clear()
    try:
        yield heard
    finally:
        for task in tasks:
            task.cancel()
        for error in await asyncio.gather(*tasks, return_exceptions=True):
            if error and not isinstance(error, asyncio.CancelledError):
                raise error


def resident(name: str = "VmRSS") -> float:
    """Megabytes of this process (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


async def measure(url: str, folder: Path, persons: int, engine: str) -> None:
    """Prints the figures of one engine."""
    now = [NIGHT]
    channel, names = Null(), count()
    settings = Settings(_env_file=None, database_url=url, media_dir=folder)  # type: ignore[call-arg]
    app = App(settings, clock=lambda: now[0], channels=[channel])
    await app.start()
    try:
        async with conversations(app, channel, names) as idle:
            await asyncio.sleep(IDLE)
        figure(f"{engine}: message committed, idle, p99", slowest(idle.kept), "ms")
        figure(f"{engine}: answer sent, idle, p99", slowest(idle.answered), "ms")
        before = resident()
        await enqueue(app, channel, names, persons, engine, idle)
        now[0] += MORNING
        await drain(app, channel, names, persons, engine, idle)
        figure(f"{engine}: memory", resident(), "MB", before)
    finally:
        await app.stop()


async def enqueue(app: App, channel: Null, names: count[int], persons: int, engine: str, idle: Heard) -> None:
    campaign = await app.store.write(partial(announce, now=app.clock(), total=persons))
    async with conversations(app, channel, names) as busy:
        begun, cpu, before = time.perf_counter(), time.process_time(), resident()
        await spread(app)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    there = await app.store.read(lambda session: _count(session, campaign))
    assert there >= persons, f"{there} of {persons} were added"
    figure(f"{engine}: {there} recipients added", seconds, "s", WITHIN)
    figure(f"{engine}: adding, processor with the conversations", cpu / there * 1e6, "us CPU/recipient")
    figure(f"{engine}: adding, memory", resident(), "MB", before)
    figure(f"{engine}: message committed while adding, p99", slowest(busy.kept), "ms", P99)
    figure(f"{engine}: message committed while adding, p99 beside idle", slowest(busy.kept), "ms", slowest(idle.kept))
    figure(f"{engine}: answer sent while adding, p99", slowest(busy.answered), "ms", slowest(idle.answered))


async def drain(app: App, channel: Null, names: count[int], persons: int, engine: str, idle: Heard) -> None:
    """Sends until everything is sent; twice as long as that should take at most."""
    async with conversations(app, channel, names) as busy:
        begun, cpu, taken, before = time.perf_counter(), time.process_time(), channel.taken, resident()
        app.wake()
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * persons / Null.rate + PATIENCE):
                while await app.store.read(_waits):
                    await asyncio.sleep(1)
        seconds, cpu, taken = time.perf_counter() - begun, time.process_time() - cpu, channel.taken - taken
    figure(f"{engine}: announcements sent", await app.store.read(_sent), "recipients", persons)
    figure(f"{engine}: sending", taken / seconds, "messages/s", Null.rate)
    figure(f"{engine}: sending, processor", cpu / max(taken, 1) * 1000, "ms CPU/message")
    figure(f"{engine}: sending, memory", resident(), "MB", before)
    figure(f"{engine}: message committed while sending, p99", slowest(busy.kept), "ms", slowest(idle.kept))
    figure(f"{engine}: answer sent while sending, p99", slowest(busy.answered), "ms", slowest(idle.answered))


def announce(session: Session, now: datetime, total: int) -> int:
    body = Message("announcement.body", {"place": "Kalimantan Timur", "text": "Sosialisasi katalog Kamis jam 9."}, category="marketing")
    campaign = Campaign(officer_id=1, text="Sosialisasi", audience={"region": "64"}, message=body.to_json(), total=total, created_at=now,
                        started_at=now)  # fmt: skip
    session.add(campaign)
    session.flush()
    return campaign.id or 0


def _count(session: Session, campaign: int) -> int:
    return int(session.execute(select(func.count()).where(col(Outgoing.campaign_id) == campaign)).scalar_one())


def _waits(session: Session) -> bool:
    rows = select(col(Outgoing.id)).where(col(Outgoing.campaign_id) == 1, col(Outgoing.status).in_(("queued", "claimed")))
    return session.execute(rows.limit(1)).first() is not None


def _sent(session: Session) -> int:
    rows = select(func.count()).where(col(Outgoing.campaign_id) == 1, col(Outgoing.status) == "sent")
    return int(session.execute(rows).scalar_one())


def prepared(url: str, persons: int) -> None:
    engine = open_engine(url)
    settle(engine, persons, Null.account)
    engine.dispose()


def run(rounds: int = PERSONS, channel: str = "") -> None:
    """`rounds` is how many are told; `channel` the engine, both where none is named."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(f"{rounds} recipients; meanwhile {SPEAKERS} messages of conversations a second; committed with fsync")
    print(f"sent to nobody, at most {Null.rate:.0f} a second")
    with tempfile.TemporaryDirectory() as folder:
        if channel in ("", "sqlite"):
            url = f"sqlite:///{folder}/town.db"
            migrate.upgrade(url)
            prepared(url, rounds)
            asyncio.run(measure(url, Path(folder), rounds, "SQLite"))
        if channel in ("", "postgresql"):
            with postgres() as server:
                prepared(server.url, rounds)
                asyncio.run(measure(server.url, Path(folder), rounds, "PostgreSQL"))
