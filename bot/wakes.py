"""Wakes between processes on PostgreSQL: who queued something tells the others. What is lost costs a second, for all look that often."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from sqlalchemy.engine import make_url

from bot.inbox import where
from bot.store import CONNECTING

log = structlog.get_logger()
CHANNEL = "lapak"
GAP = 0.01
"""Seconds between two that are told: what comes in between is told together."""
AGAIN = 1.0
"""Seconds until the next try when the database does not answer."""


class Wakes:
    """`heard` is called with what another process told.

    They are sent by a connection of their own, after the commit: NOTIFY in the transaction that queues rows locks all commits of the
    server one behind the other.
    """

    def __init__(self, url: str, worker: str, heard: Callable[[str], None]) -> None:
        self.address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.worker, self.heard = worker, heard
        self._words: set[str] = set()
        self._waiting, self._told = asyncio.Event(), asyncio.Event()
        self._told.set()
        self._running = False

    def tell(self, word: str = "") -> None:
        self._words.add(word)
        self._told.clear()
        self._waiting.set()

    async def told(self) -> None:
        """Lets what waits be told, for a moment, while somebody is there to tell it."""
        if self._told.is_set() or not self._running:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(AGAIN):
                await self._told.wait()
        self._told.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        self._running = True
        try:
            await asyncio.gather(self._always(self._listen), self._always(self._tell))
        finally:
            self._running = False

    async def _always(self, work: Callable[[Any], Any]) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.address, autocommit=True, **CONNECTING) as connection:  # type: ignore[arg-type]
                    await work(connection)
            except Exception as error:
                log.warning("wakes stumbled", error=where(error))
                await asyncio.sleep(AGAIN)

    async def _listen(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        self.heard("")  # something may have been told meanwhile
        async for told in connection.notifies():
            worker, _, word = told.payload.partition(" ")
            if worker != self.worker:
                self.heard(word)

    async def _tell(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            words, self._words = self._words, set()
            for word in words:
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{self.worker} {word}"))
            if not self._words:
                self._told.set()
            await asyncio.sleep(GAP)
