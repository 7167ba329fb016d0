"""Updates come faster than they can be handled, and the bot is killed over it: how many that it acknowledged were never handled."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot import migrate
from bot.bench.sink import Sink
from bot.faults.children import end, first_words
from bot.faults.kill import figure
from bot.webhooks import SECRET, WEBHOOK

RATE, CONNECTIONS = 400, 40
"""Updates a second, and requests at once: as many as Telegram opens unless it is told otherwise."""
KILLS = 4
CHATS = 200
QUIET = 10.0
"""Seconds without anything handled, and nothing more will be."""
PATIENCE = 60
BOT, WORD = "110201543:overload", "overload"
SHOWN = b'{"ok":true,"result":{"message_id":%d,"date":0,"chat":{"id":1,"type":"private"}}}'


def update(number: int) -> dict[str, Any]:
    chat = 1000 + number % CHATS
    person = {"id": chat, "is_bot": False, "first_name": "Siti"}
    message = {"message_id": number, "date": int(time.time()), "chat": {"id": chat, "type": "private"}, "from": person, "text": "menu"}
    return {"update_id": number, "message": message}


@dataclass
class Bot:
    """A process that is started again after each kill. `handled` says which updates it has handled so far; no `url`: it tells it."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    handled: Callable[[], set[int]]
    process: subprocess.Popen[bytes] | None = None
    url: str = ""
    at: str = ""

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.faults.overloaded", *self.command], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE,
                stderr=log, env={**os.environ, **self.environment},
            )  # fmt: skip
        self.at = self.url or first_words(self.process, self.log).split()[-1]

    def kill(self) -> None:
        if self.process:
            end(self.process)


@dataclass
class Platform:
    """Delivers each update until it is acknowledged, in the order in which they came up to a few at once."""

    bot: Bot
    waiting: deque[int] = field(default_factory=deque)
    acknowledged: list[int] = field(default_factory=list)

    async def feed(self, many: int) -> None:
        begun = time.perf_counter()
        for number in range(1, many + 1):
            await asyncio.sleep(max(begun + number / RATE - time.perf_counter(), 0))
            self.waiting.append(number)

    async def deliver(self, session: aiohttp.ClientSession) -> None:
        while True:
            if not self.waiting:
                await asyncio.sleep(0.005)
                continue
            number = self.waiting.popleft()
            try:
                async with session.post(self.bot.at + WEBHOOK, json=update(number), headers={SECRET: WORD}) as answer:
                    done = answer.status == 200
            except (aiohttp.ClientError, TimeoutError):
                done = False
            if done:
                self.acknowledged.append(number)
            else:
                self.waiting.appendleft(number)
                await asyncio.sleep(0.05)


def run(rounds: int = 1200, seed: int = 2026) -> None:
    """`rounds` updates for each. Ends with code 1 when one that we acknowledged is lost."""
    with tempfile.TemporaryDirectory() as name:
        theirs = their_bot(Path(name))
        mine, lost = asyncio.run(ours(Path(name), rounds, KILLS, seed))
        others = asyncio.run(overload(theirs, rounds, KILLS, seed))
        figure("kills of each at overload", KILLS)
        figure("updates acknowledged", len(mine), len(others))
        figure("updates acknowledged and lost", len(lost), len(lost_of(others, theirs)))
    if lost:
        raise SystemExit(1)


async def ours(folder: Path, many: int, kills: int, seed: int) -> tuple[list[int], set[int]]:
    """The updates that were acknowledged, and those of them that are lost."""
    async with Sink(SHOWN) as sink:
        bot = our_bot(folder, sink.url)
        acknowledged = await overload(bot, many, kills, seed)
        return acknowledged, lost_of(acknowledged, bot)


def lost_of(acknowledged: list[int], bot: Bot) -> set[int]:
    return set(acknowledged) - bot.handled()


async def overload(bot: Bot, many: int, kills: int, seed: int) -> list[int]:
    """The updates that were acknowledged."""
    draw, platform = random.Random(seed), Platform(bot)
    await asyncio.to_thread(bot.start)
    moments = [many * (number + draw.random()) / (kills + 1) for number in range(1, kills + 1)]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:
        tasks = [asyncio.create_task(platform.feed(many)), *(asyncio.create_task(platform.deliver(session)) for _ in range(CONNECTIONS))]
        try:
            for moment in [*moments, many]:
                async with asyncio.timeout(PATIENCE * 2):
                    while len(platform.acknowledged) < int(moment):
                        await asyncio.sleep(0.005)
                if moment != many:
                    await asyncio.to_thread(bot.kill)
                    await asyncio.to_thread(bot.start)
            await settled(bot, platform.acknowledged)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(bot.kill)
    return platform.acknowledged


async def settled(bot: Bot, acknowledged: list[int]) -> None:
    """Until all of it is handled, or nothing more has been for a while: what is only in its memory gets its chance."""
    known, since = set[int](), time.monotonic()
    while not known.issuperset(acknowledged) and time.monotonic() - since < QUIET:
        found = await asyncio.to_thread(bot.handled)
        if len(found) != len(known):
            known, since = found, time.monotonic()
        await asyncio.sleep(0.1)


def our_bot(folder: Path, api: str) -> Bot:
    file = folder / "ours.db"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    migrate.upgrade(f"sqlite:///{file}")
    settings = {
        "DATABASE_URL": f"sqlite:///{file}", "MEDIA_DIR": f"{folder}/media", "HOST": "127.0.0.1", "PORT": str(port), "TELEGRAM_TOKEN": BOT,
        "TELEGRAM_API": api, "TELEGRAM_SECRET": WORD, "PUBLIC_URL": "https://bot.example", "WHATSAPP_TOKEN": "",
    }  # fmt: skip

    def handled() -> set[int]:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10) as connection:
            found = connection.execute("SELECT external_id FROM received WHERE status = 'done'").fetchall()
        connection.close()
        return {int(number.removeprefix("u")) for (number,) in found}

    return Bot(["ours"], {f"LAPAK_{name}": value for name, value in settings.items()}, folder / "ours.log", handled, url=url)


def their_bot(folder: Path) -> Bot:
    file = folder / "theirs.handled"
    file.touch()
    return Bot(["theirs", str(file)], {}, folder / "theirs.log", lambda: {int(line) for line in file.read_text().split()})
