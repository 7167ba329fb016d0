"""What sending bears: an announcement at the platform's limit, answers meanwhile, beside somebody who does no more than send."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path

import structlog
from sqlmodel import Session, insert

from bot import migrate
from bot.app import App
from bot.bench.daytime import awake
from bot.bench.limit import Ledger, densest, ledger_of, most_twice, platform
from bot.bench.through import BODY, CHANNELS, Answers, Through
from bot.bench.turn import figure
from bot.channels.channel import Channel, Inbound
from bot.commands.serve import without_pauses
from bot.ownership import Complaint
from bot.settings import Settings
from bot.store import open_engine
from handlers.said import Said
from models.campaign import Campaign
from models.contact import Address, Person
from models.outbox import BULK, Outgoing

SECONDS = 60
DELAY = 0.08
"""Seconds until the stand-in answers."""
FIRST, TALKERS = 10_000_000, 20_000_000
"""Chats of who gets the announcement, and of who writes meanwhile."""
TALKING, EVERY = 5, 0.2
"""So many write side by side, each so many seconds after the last answer: of fewer answers the slowest in a hundred would be one alone."""
IDLE, WARM = 60, 3
"""Answers to each of them while nothing else is sent, after a few that warm everything up."""
SLICE = 10_000
SPARE = 0.5
"""Seconds more than are measured."""
AT_ONCE = 100
"""Messages of theirs on their way at most: with more of them they get slower still."""


@dataclass(frozen=True, slots=True)
class Sent:
    """`achieved` over what was allowed in the time; `cpu` seconds of every thread a message, `late` those by which 1 in 100 left late."""

    ledger: Ledger
    achieved: float
    cpu: float
    late: float
    twice: int
    idle: float = 0.0
    busy: float = 0.0


def fill(through: Through, url: str, account: str, people: int) -> None:
    migrate.upgrade(url)
    engine, now = open_engine(url), datetime.now(UTC)
    with Session(engine) as session:
        session.add(Person(id=1, created_at=now))
        session.flush()
        body = BODY.to_json()
        session.add(Campaign(id=1, officer_id=1, text="x", message=body, total=people, paid=True, created_at=now, filled_at=now))
        through.ready(session, account, now)
        session.flush()
        for start in range(0, people, SLICE):
            numbers = range(start + 2, min(start + SLICE, people) + 2)
            session.execute(insert(Person), [{"id": one, "created_at": now, "zone": awake(now)} for one in numbers])
            place = {"account": account, "channel": through.name, "since": now}
            session.execute(insert(Address), [{**place, "id": one, "person_id": one, "address": str(FIRST + one)} for one in numbers])
            row = {"account": account, "lane": BULK, "kind": "announcement", "campaign_id": 1, "due_at": now, "created_at": now}
            session.execute(insert(Outgoing), [{**row, "person_id": one, "address_id": one} for one in numbers])
        session.commit()
    engine.dispose()


async def hold(app: App, state: str) -> None:
    await app.store.write(lambda session: setattr(session.get_one(Campaign, 1), "status", state))
    app.wake()


@dataclass
class Talkers:
    """Those who write meanwhile; each message is of somebody else."""

    app: App
    channel: Channel
    answers: Answers
    heard: str
    numbers: Iterator[int] = field(default_factory=lambda: count(TALKERS + 1))

    async def talk(self, times: int) -> list[float]:
        """Seconds from a message to its answer, as many from each of those who write side by side."""
        return [one for each in await asyncio.gather(*(self._talk(times) for _ in range(TALKING))) for one in each]

    async def _talk(self, times: int) -> list[float]:
        taken = []
        for address in map(str, islice(self.numbers, times)):
            arrived = self.answers.arrived[address] = asyncio.Event()
            begun = time.perf_counter()
            await self.app.receive(self.channel, Inbound(f"{self.heard}b{address}", address, Said(text="halo")))
            async with asyncio.timeout(30):
                await arrived.wait()
            del self.answers.arrived[address]
            taken.append(time.perf_counter() - begun)
            await asyncio.sleep(EVERY)
        return taken


def slowest(times: list[float]) -> float:
    """Of a hundred."""
    return sorted(times)[min(int(len(times) * 0.99), len(times) - 1)] if times else 0.0


async def ours(through: Through, folder: Path, url: str, rate: float, seconds: float, idle: int = IDLE) -> Sent:
    """SQLite with synchronous=FULL: claimed and settled durably."""
    database, channel = f"sqlite:///{folder}/{through.name}{rate}.db", through.make(url, rate)
    fill(through, database, channel.account, int(rate * (seconds + 2)))
    settings = Settings(_env_file=None, database_url=database, media_dir=folder / "media", **through.settings)  # type: ignore[call-arg]
    app = App(settings, channels=[channel])
    talkers = Talkers(app, channel, Answers(channel), through.heard)
    await hold(app, "paused")
    await app.start()
    without_pauses()
    await talkers.talk(WARM)
    quiet = await talkers.talk(idle)
    before, begun, cpu = len(ledger_of(url).times), time.monotonic(), time.process_time()
    await hold(app, "running")
    busy = await talkers.talk(max(int(seconds / (EVERY + DELAY + 0.04)), 1))
    await asyncio.sleep(max(begun + seconds + SPARE - time.monotonic(), 0))
    spent, since = time.process_time() - cpu, ledger_of(url).times[before:]
    await app.stop()
    gc.unfreeze()
    return measured(ledger_of(url), since, rate, seconds, spent / len(since), slowest(quiet), slowest(busy))


def measured(ledger: Ledger, times: list[float], rate: float, seconds: float, cpu: float, idle: float = 0.0, busy: float = 0.0) -> Sent:
    within = [one for one in times if one < times[0] + seconds]
    late = slowest([one - (within[0] + place / rate) for place, one in enumerate(within)])
    twice = most_twice(ledger, {chat for chat in ledger.chats if FIRST <= chat < TALKERS})
    return Sent(ledger, len(within) / (rate * seconds), cpu, late, twice, idle, busy)


async def theirs(through: Through, url: str, rate: float, seconds: float) -> Sent:
    """Each message begun at its time; nothing is kept, nobody else is answered."""
    sending: set[asyncio.Task[None]] = set()
    room = asyncio.Semaphore(AT_ONCE)

    async def one(chat: int) -> None:
        async with room:
            await send(chat)

    cpu, begun, sent = time.process_time(), time.monotonic(), 0
    async with through.beside(url) as send:
        while (now := time.monotonic() - begun) < seconds:
            while sent < now * rate:
                sent += 1
                sending.add(task := asyncio.create_task(one(FIRST + sent)))
                task.add_done_callback(sending.discard)
            await asyncio.sleep(min(1 / rate, 0.004))
        for task in sending:
            task.cancel()
    ledger = ledger_of(url)
    return measured(ledger, ledger.times, rate, seconds, (time.process_time() - cpu) / max(len(ledger.times), 1))


def report(through: Through, rate: float, mine: Sent, other: Sent) -> None:
    name = f"{through.figure}_{int(rate)}"
    figure(name, mine.achieved, "achieved over allowed", other.achieved)
    figure(f"{name}: processor", mine.cpu * 1000, "ms CPU/message", other.cpu * 1000)
    figure(f"{name}: 429", refused(mine.ledger), "refusals")
    figure(f"{name}: 429, {through.rival}", refused(other.ledger), "refusals")
    figure(f"{name}: densest second", densest(mine.ledger.times), "messages", rate)
    figure(f"{name}: late, p99", mine.late * 1000, "ms")
    figure(f"{name}: answers, p99", mine.busy * 1000, "ms", mine.idle * 1000)
    figure(f"{name}: more than once", mine.twice, "persons")


def refused(ledger: Ledger) -> int:
    return ledger.bucket_refused + ledger.second_refused


def run(rounds: int = SECONDS, channel: str = "") -> None:
    """`rounds` are the seconds of each measurement; `channel` is one of them, both where none is named."""
    if channel and channel not in CHANNELS:
        raise Complaint(f"channel is one of: {', '.join(CHANNELS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(f"a stand-in of its own answers after {DELAY * 1000:.0f} ms")
    print("ours marks every row durably (SQLite, synchronous=FULL) and answers people meanwhile; theirs does neither")
    for through in [CHANNELS[channel]] if channel else CHANNELS.values():
        print(f"{through.name}: beside {through.rival}, which sends the same")
        with tempfile.TemporaryDirectory() as folder:
            for rate in through.rates:
                with platform(rate, DELAY) as url:
                    mine = asyncio.run(ours(through, Path(folder), url, rate, rounds))
                with platform(rate, DELAY) as url:
                    other = asyncio.run(theirs(through, url, rate, rounds))
                report(through, rate, mine, other)
    figure("memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
