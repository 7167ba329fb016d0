"""What a turn costs: the whole path from a decoded update to the settled answer, beside python-telegram-bot's own in the same run."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import structlog
from sqlmodel import Session

from bot.app import App
from bot.channels.channel import Channel, Found, Inbound
from bot.media import Media
from bot.settings import Settings
from handlers.said import Photo, Said
from messages import Rendered

PERSONS = 64
SIDE_BY_SIDE = (1, 32)
SCRIPT = (
    "halo",
    "setuju",
    "Bu Siti",
    "Amplang ikan tenggiri 25rb per bungkus",
    "250 gram, ikan tenggiri, tahan 3 bulan",
    "200",
    "belum punya",
    "Jl. Gerilya, Sungai Pinang, Samarinda",
    "Amplang Bu Siti",
    "Siti Aminah",
    "912000{own:07}",
    "08123{own:07}",
    "kirim ke petugas",
)
"""A first product with its business; the fourth message is the caption of a photo that is already fetched."""
PHOTO = 3
PATIENCE = 30
"""Seconds until a missing answer ends the run."""


class Null(Channel):
    """A channel that takes everything at once and tells who waits for an answer."""

    account = "null"
    name = "null"
    settle = timedelta(0)

    def __init__(self) -> None:
        self.answers: dict[str, asyncio.Queue[str]] = {}

    def decode(self, payload: Any) -> list[Found]:
        return list(payload)

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        self.answers[address].put_nowait(rendered.text)
        return "1"

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return b""

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class Cost:
    """Of all turns together: wall seconds, processor seconds of every thread, and statements with BEGIN, COMMIT and savepoints counted."""

    turns: int
    seconds: float
    cpu: float
    statements: int = 0


def figure(name: str, value: float, unit: str, against: float | None = None) -> None:
    ratio = round(value / against, 3) if against else None
    print(json.dumps({"figure": name, "value": round(value, 3), "unit": unit, "against": against and round(against, 3), "ratio": ratio}))


def said(place: int, address: str) -> Said:
    photo = Photo("0" * 64 + ".jpg", "0" * 64, 1200, 900, twin="0f" * 8) if place == PHOTO else None
    return Said(kind="photo" if photo else "text", text=SCRIPT[place].format(own=crc32(address.encode()) % 10**7), photo=photo)


async def converse(app: App, channel: Null, address: str) -> None:
    channel.answers[address] = asyncio.Queue()
    for place in range(len(SCRIPT)):
        await app.receive(channel, Inbound(f"{address}:{place}", address, said(place, address)))
        async with asyncio.timeout(PATIENCE):
            last = await channel.answers[address].get()
    assert "sudah terkirim ke petugas" in last, last


async def side_by_side(work: Callable[[str], Coroutine[Any, Any, None]], persons: int, at_once: int) -> None:
    """`work(address)` for every person, so many of them at any time."""
    waiting = iter([f"{at_once}-{number}" for number in range(persons)])

    async def one_after_another() -> None:
        for address in waiting:
            await work(address)

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))


async def ours(folder: Path, at_once: int, persons: int = PERSONS) -> Cost:
    """SQLite in WAL, every turn committed with fsync before `receive` returns. Its statements are counted in one more conversation
    for each, since counting costs a twentieth of a turn.
    """
    channel = Null()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/{at_once}.db", media_dir=folder)  # type: ignore[call-arg]
    app = App(settings, channels=[channel])
    await app.start()
    await side_by_side(lambda address: converse(app, channel, address), 1, 1)  # lexicons and statements are compiled once
    wall, cpu = time.perf_counter(), time.process_time()
    await side_by_side(lambda address: converse(app, channel, f"x{address}"), persons, at_once)
    await landed(app, channel)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    count = await counted(app)
    await side_by_side(lambda address: converse(app, channel, f"y{address}"), at_once, at_once)
    cost = Cost(persons * len(SCRIPT), wall, cpu, round(count[0] * persons / at_once))
    await app.stop()
    return cost


async def landed(app: App, channel: Null) -> None:
    """Until every answer is settled."""
    while inflight := list(app.senders[channel.account].turns.inflight.values()):
        await asyncio.wait(inflight)


async def counted(app: App) -> list[int]:
    """What SQLite itself is given from now on, by the one connection that writes."""
    count = [0]

    def add(_: str) -> None:
        count[0] += 1

    def listen(session: Session) -> None:
        driver: Any = session.connection().connection.driver_connection
        driver.set_trace_callback(add)

    await app.store.write(listen)
    return count


def run() -> None:
    from bot.bench import grown, peer

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(f"a conversation is {len(SCRIPT)} messages, {PERSONS} persons; ours reads, checks and looks up every answer")
    print("ours: committed with fsync (SQLite WAL, synchronous=FULL) before the message is acknowledged")
    print(f"theirs: python-telegram-bot, {peer.TUNING}")
    with tempfile.TemporaryDirectory() as folder:
        for at_once in SIDE_BY_SIDE:
            mine = asyncio.run(ours(Path(folder), at_once))
            other = asyncio.run(peer.theirs(Path(folder), at_once, PERSONS, len(SCRIPT)))
            report(f"turn, {at_once} side by side", mine, other)
        strict = asyncio.run(peer.theirs(Path(folder), 1, PERSONS, len(SCRIPT), each=True))
        figure("theirs, flushed after each turn (no fsync)", strict.turns / strict.seconds, "turns/s")
        figure("theirs, flushed after each turn (no fsync)", strict.cpu / strict.turns * 1000, "ms CPU/turn")
    grown.run()


def report(name: str, mine: Cost, other: Cost) -> None:
    figure(f"{name}: turns", mine.turns / mine.seconds, "turns/s", other.turns / other.seconds)
    figure(f"{name}: processor", mine.cpu / mine.turns * 1000, "ms CPU/turn", other.cpu / other.turns * 1000)
    figure(f"{name}: statements", mine.statements / mine.turns, "statements/turn")
