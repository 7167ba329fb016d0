"""Real processes on one PostgreSQL, each with its role: killed with -9, the others go on with what they had in hand."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import select

from bot.faults.children import end, first_words
from bot.faults.restarts import Asked, appointments, periodic, play
from bot.leases import LOOK, SENDER
from bot.store import Store
from bot.webhooks import SECRET, WEBHOOK
from models.conversation import Conversation
from models.inbox import DeadLetter, Received
from models.lease import Lease
from tests.pictures import encoded, product
from tests.standin_telegram import StandIn
from tests.telegram_app import KEY
from tests.telegram_updates import Update
from tests.test_two_apps import becomes

ROOT = Path(__file__).parent.parent
TAKEOVER, PATIENCE = 10.0, 60.0
"""Seconds from the death of a sender until another sends; and for that on a machine that has other things to do."""


class Town:
    """`start` processes by role; `post` an update to one that receives."""

    def __init__(self, database: str, folder: Path, standin: StandIn) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
        self.environment = kept | {
            "LAPAK_DATABASE_URL": database, "LAPAK_MEDIA_DIR": str(folder / "media"), "LAPAK_REGION": "64", "PYTHONPATH": str(ROOT),
            "LAPAK_TELEGRAM_TOKEN": standin.token, "LAPAK_TELEGRAM_API": standin.url, "LAPAK_TELEGRAM_SECRET": KEY,
            "LAPAK_PUBLIC_URL": "https://lapak.example",
        }  # fmt: skip
        self.standin, self.log, self.store = standin, folder / "log", Store(database)
        self.processes: list[subprocess.Popen[str]] = []
        self.ports: list[int] = []

    def start(self, *roles: str) -> None:
        for role in roles:
            with socket.create_server(("127.0.0.1", 0)) as free, self.log.open("a") as log:
                self.ports.append(free.getsockname()[1])
                environment = self.environment | {"LAPAK_PORT": str(self.ports[-1])}
                free.close()
                command = [sys.executable, "-m", "bot", "serve", "--role", role]
                self.processes.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True))
        for process in self.processes:
            assert "running" in first_words(process, self.log)

    async def post(self, place: int, update: Update) -> int:
        async with httpx.AsyncClient(timeout=30, trust_env=False, verify=False) as client:
            url = f"http://127.0.0.1:{self.ports[place]}{WEBHOOK}"
            return (await client.post(url, json=update, headers={SECRET: KEY})).status_code

    async def rows(self, table: Any) -> list[Any]:
        return await self.store.read(lambda session: list(session.exec(select(table).order_by("id"))))

    def kill(self, place: int) -> None:
        end(self.processes[place])

    def end(self) -> None:
        for process in self.processes:
            end(process)
        self.store.close()


def test_what_killed_processes_had_in_hand_the_others_finish_in_order(postgres_database: str, tmp_path: Path) -> None:
    async def play(town: Town, standin: StandIn) -> None:
        await asyncio.to_thread(town.start, "web", "web", "sender", "sender", "scheduler")
        greeted = [standin.text(chat, "halo") for chat in range(9000, 9010)]
        codes = await asyncio.gather(*(town.post(place, update) for update in greeted for place in (0, 1)))
        assert set(codes) == {200}
        await standin.until(lambda: all(standin.heard(chat) for chat in range(9000, 9010)))
        assert len(standin.ledger) == 10

        for words in ("setuju", "Bu Siti"):
            await town.post(0, standin.text(9000, words))
        standin.fail("hang", method="getFile")
        await town.post(0, standin.photo(9000, encoded(product(1)), caption="Amplang ikan 25rb per bungkus"))
        await town.post(1, standin.text(9000, "250 gram, ikan tenggiri, tahan 3 bulan"))
        assert [row.status for row in await town.rows(Received)][-2:] == ["waiting", "queued"]
        await standin.until(lambda: any(method == "getFile" for method, _ in standin.requests))

        holder = next(lease.holder for lease in await leases_of(town) if lease.name.startswith("sender:"))
        name = next(lease.name for lease in await leases_of(town) if lease.name.startswith("process:sender") and lease.holder == holder)
        sender = next(place for place, process in enumerate(town.processes) if str(process.pid) == name.split(":")[3])
        town.kill(0)
        town.kill(sender)
        await town.post(1, standin.text(9001, "menu"))
        await standin.until(lambda: len(standin.heard(9001)) == 2, PATIENCE)
        assert SENDER + LOOK < TAKEOVER, "what the machine adds is measured by ./run faults senders"
        await becomes(lambda: finished(town))
        answers = next(row.answers for row in await town.rows(Conversation) if row.form == "product" and row.answers.get("photos"))
        assert (answers["price"]["amount"], answers["details"]) == (25_000, "250 gram, ikan tenggiri, tahan 3 bulan")
        assert await town.rows(DeadLetter) == []

    run(play, postgres_database, tmp_path)


async def leases_of(town: Town) -> list[Lease]:
    return await town.store.read(lambda session: list(session.exec(select(Lease))))


async def finished(town: Town) -> bool:
    return {row.status for row in await town.rows(Received)} == {"done"}


def run(play: Callable[[Town, StandIn], Awaitable[None]], database: str, folder: Path) -> None:
    async def played() -> None:
        standin = StandIn()
        await standin.start()
        town = Town(database, folder, standin)
        try:
            await play(town, standin)
        finally:
            town.end()
            await standin.stop()

    asyncio.run(asyncio.wait_for(played(), 120))


def test_a_few_restarts_of_four_processes_lose_nothing_and_a_repeat_would_be_seen(postgres_database: str, tmp_path: Path) -> None:
    assert play(postgres_database, str(tmp_path), rounds=6) == 0
    town = Asked(postgres_database)
    town.ask("INSERT INTO fired (job, at) SELECT job, at FROM fired WHERE job = 'every second' LIMIT 1 RETURNING job")
    town.ask("INSERT INTO fired (job, at) SELECT job, at FROM fired WHERE job = 'appointment 2' RETURNING job")
    town.ask("DELETE FROM fired WHERE job = 'appointment 1' RETURNING job")
    end = town.ask("SELECT max(due_at) AS last FROM tick")[0].last
    assert (periodic(town, "every second", 1, end), appointments(town)) == (1, 2)
    # Its own last: the other job may have gone on for a second or two before all were killed.
    [third] = town.ask("SELECT max(due_at) AS last FROM tick WHERE job = 'every third'")
    assert periodic(town, "every third", 3, third.last + timedelta(seconds=7)) == 2
    town.close()
