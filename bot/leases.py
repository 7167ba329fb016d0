"""Leases kept: taken, renewed at a third of their time, handed over at a clean stop. What runs under one ends when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import func
from sqlmodel import Session, select

from bot.inbox import where
from bot.store import Store
from models.lease import held, release, take

log = structlog.get_logger()
Work = Callable[[], Coroutine[Any, Any, None]]
SENDER = 6.0
"""Seconds. Another process sends within a second more of the holder's death."""
SCHEDULER = 0.7
PROCESS = 6.0
LOOK = 1.0
"""Seconds between two looks at a lease that another holds; oftener where it lasts less than four of them."""
MARGIN = 1 / 6
"""So much of its time is left when its holder stops to rely on it: what was begun until then has arrived before another begins."""


def database_time(session: Session) -> datetime:
    """The one clock of all processes, whatever the clocks of their machines say."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = session.exec(select(func.clock_timestamp())).one()
    return now


class Keeping:
    """One lease of this process. `work` is begun each time it is taken, and cancelled when it is lost or given back."""

    def __init__(self, store: Store, name: str, holder: str, lasts: float, work: Work | None = None) -> None:
        self.store, self.name, self.holder, self.lasts, self.work = store, name, holder, lasts, work
        self.ours = False
        self._by_force = store.sqlite
        """The lock on an SQLite file proves that who held it before is dead."""
        self._safe_until = 0.0
        self._working: asyncio.Task[None] | None = None

    def safe_until(self) -> float:
        """By `time.monotonic`, which goes on while a process is frozen. Nobody else has the lease before then."""
        return self._safe_until

    def safe(self) -> bool:
        """Whether what only its holder may do can be begun now."""
        return time.monotonic() < self._safe_until

    def holds(self, session: Session) -> bool:
        """Asked in a transaction: nobody takes the lease over before its end."""
        return held(session, self.name, self.holder)

    async def run(self) -> None:
        """Until it is cancelled; then the work has ended and the lease is free."""
        try:
            while True:
                await self.step()
                await asyncio.sleep(self.lasts / 3 if self.ours else min(LOOK, self.lasts / 4))
        finally:
            await self.end()

    async def step(self) -> None:
        """Asks for it once. While the database does not answer it stays whose it was, and is relied on until its time is over."""
        asked = time.monotonic()
        try:
            mine = await self.store.beat(partial(self._take, by_force=self._by_force))
        except Exception as error:
            log.warning("lease not renewed", name=self.name, error=where(error))
            return
        if mine:
            self._by_force, self._safe_until = False, asked + self.lasts * (1 - MARGIN)
            self._begin()
        elif self.ours:
            log.warning("lease lost", name=self.name)
            await self._cease()

    async def end(self) -> None:
        """What is under way lands first: another must not begin it again."""
        was = self.ours
        await self._cease()
        if was:
            with contextlib.suppress(Exception):  # it runs out by itself
                await self.store.beat(partial(release, name=self.name, holder=self.holder))

    def _take(self, session: Session, by_force: bool) -> bool:
        return take(session, self.name, self.holder, database_time(session), timedelta(seconds=self.lasts), by_force=by_force)

    def _begin(self) -> None:
        if not self.ours:
            log.info("lease taken", name=self.name)
        stumbled = self._working and self._working.done() and not self._working.cancelled() and self._working.exception()
        if stumbled:
            log.error("work stumbled", name=self.name, error=where(stumbled))
        if self.work and (stumbled or not self.ours):
            self._working = asyncio.create_task(self.work())
        self.ours = True

    async def _cease(self) -> None:
        self.ours, self._safe_until = False, 0.0
        if self._working:
            self._working.cancel()
            await asyncio.wait([self._working])
            self._working = None
