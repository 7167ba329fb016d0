"""What sending bears: an announcement at the platform's limit, answers meanwhile, beside python-telegram-bot in the same run."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import structlog
from sqlmodel import Session, insert
from telegram import Bot
from telegram.error import TelegramError

from bot import migrate
from bot.app import App
from bot.bench.daytime import awake
from bot.bench.limit import Ledger, densest, ledger_of, most_twice, platform
from bot.bench.turn import figure
from bot.channels.channel import Inbound
from bot.channels.telegram import Telegram
from bot.commands.serve import without_pauses
from bot.media import Media
from bot.settings import Settings
from bot.store import open_engine
from handlers.said import Said
from messages import Message, Rendered
from models.campaign import Campaign
from models.contact import Address, Person
from models.outbox import BULK, Outgoing

TOKEN = "110201543:Bench"
RATES = (30.0, 1000.0)
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
"""Messages of python-telegram-bot on their way at most: with more of them it gets slower still."""


class Quick(Telegram):
    """Does not wait for more texts of a burst, and tells when an answer has arrived."""

    settle = timedelta(0)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.answered: dict[str, asyncio.Event] = {}

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        number = await super().send(address, rendered, media, replaces, tag)
        if waiting := self.answered.get(address):
            waiting.set()
        return number


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


def fill(url: str, account: str, people: int) -> None:
    migrate.upgrade(url)
    engine, now = open_engine(url), datetime.now(UTC)
    with Session(engine) as session:
        session.add(Person(id=1, created_at=now))
        session.flush()
        body = Message("announcement.body", {"text": "Pelatihan kemasan hari Kamis, gratis.", "place": "Samarinda"}, category="marketing")
        session.add(Campaign(id=1, officer_id=1, text="x", message=body.to_json(), total=people, created_at=now, filled_at=now))
        session.flush()
        for start in range(0, people, SLICE):
            numbers = range(start + 2, min(start + SLICE, people) + 2)
            session.execute(insert(Person), [{"id": one, "created_at": now, "zone": awake(now)} for one in numbers])
            place = {"account": account, "channel": "telegram", "since": now}
            session.execute(insert(Address), [{**place, "id": one, "person_id": one, "address": str(FIRST + one)} for one in numbers])
            row = {"account": account, "lane": BULK, "kind": "announcement", "campaign_id": 1, "due_at": now, "created_at": now}
            session.execute(insert(Outgoing), [{**row, "person_id": one, "address_id": one} for one in numbers])
        session.commit()
    engine.dispose()


async def hold(app: App, state: str) -> None:
    await app.store.write(lambda session: setattr(session.get_one(Campaign, 1), "status", state))
    app.wake()


async def talk(app: App, channel: Quick, numbers: Any, times: int) -> list[float]:
    """Seconds from a message to its answer, as many from each of those who write side by side."""
    return [one for each in await asyncio.gather(*(_talk(app, channel, numbers, times) for _ in range(TALKING))) for one in each]


async def _talk(app: App, channel: Quick, numbers: Any, times: int) -> list[float]:
    """Each message is of somebody else."""
    taken = []
    for _ in range(times):
        address = str(TALKERS + next(numbers))
        channel.answered[address] = asyncio.Event()
        begun = time.perf_counter()
        await app.receive(channel, Inbound(f"b{address}", address, Said(text="halo")))
        async with asyncio.timeout(30):
            await channel.answered[address].wait()
        del channel.answered[address]
        taken.append(time.perf_counter() - begun)
        await asyncio.sleep(EVERY)
    return taken


def slowest(times: list[float]) -> float:
    """Of a hundred."""
    return sorted(times)[min(int(len(times) * 0.99), len(times) - 1)] if times else 0.0


async def ours(folder: Path, url: str, rate: float, seconds: float, idle: int = IDLE) -> Sent:
    """SQLite with synchronous=FULL: claimed and settled durably."""
    people = int(rate * (seconds + 2))
    database = f"sqlite:///{folder}/{rate}.db"
    channel = Quick(TOKEN, url, rate=rate)
    fill(database, channel.account, people)
    app = App(Settings(_env_file=None, database_url=database, media_dir=folder / "media"), channels=[channel])  # type: ignore[call-arg]
    await hold(app, "paused")
    await app.start()
    without_pauses()
    numbers = count(1)
    await talk(app, channel, numbers, WARM)
    quiet = await talk(app, channel, numbers, idle)
    before, begun, cpu = len(ledger_of(url).times), time.monotonic(), time.process_time()
    await hold(app, "running")
    busy = await talk(app, channel, numbers, max(int(seconds / (EVERY + DELAY + 0.04)), 1))
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


async def theirs(url: str, rate: float, seconds: float) -> Sent:
    """`Bot` with the request class it takes by default, each message begun at its time; nothing is kept, nobody else is answered."""
    bot = Bot(TOKEN, f"{url}/bot")
    sending: set[asyncio.Task[None]] = set()

    room = asyncio.Semaphore(AT_ONCE)

    async def one(chat: int) -> None:
        try:
            async with room:
                await bot.send_message(chat, "Pelatihan kemasan hari Kamis, gratis.", parse_mode="HTML")
        except TelegramError:
            return

    cpu, begun, sent = time.process_time(), time.monotonic(), 0
    async with bot:
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


def report(rate: float, mine: Sent, other: Sent) -> None:
    name = f"send_{int(rate)}"
    figure(name, mine.achieved, "achieved over allowed", other.achieved)
    figure(f"{name}: processor", mine.cpu * 1000, "ms CPU/message", other.cpu * 1000)
    figure(f"{name}: 429", refused(mine.ledger), "refusals")
    figure(f"{name}: 429, python-telegram-bot", refused(other.ledger), "refusals")
    figure(f"{name}: densest second", densest(mine.ledger.times), "messages", rate)
    figure(f"{name}: late, p99", mine.late * 1000, "ms")
    figure(f"{name}: answers, p99", mine.busy * 1000, "ms", mine.idle * 1000)
    figure(f"{name}: more than once", mine.twice, "persons")


def refused(ledger: Ledger) -> int:
    return ledger.bucket_refused + ledger.second_refused


def run(rounds: int = SECONDS) -> None:
    """`rounds` are the seconds of each measurement."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(f"a stand-in of its own answers after {DELAY * 1000:.0f} ms")
    print("ours marks every row durably (SQLite, synchronous=FULL) and answers people meanwhile; theirs does neither")
    with tempfile.TemporaryDirectory() as folder:
        for rate in RATES:
            with platform(rate, DELAY) as url:
                mine = asyncio.run(ours(Path(folder), url, rate, rounds))
            with platform(rate, DELAY) as url:
                other = asyncio.run(theirs(url, rate, rounds))
            report(rate, mine, other)
    figure("memory at most", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
