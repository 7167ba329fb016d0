"""Time that jumps to whoever sleeps next, so that days pass in seconds; and a database that tells when nothing is under way in it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session

from bot.store import Store

Result = TypeVar("Result")
PATIENCE = 60.0
"""Seconds of the real clock for one work of the database."""
CALM = 8
"""Rounds of the loop in which nothing happens any more."""


class Hours:
    def __init__(self, now: datetime) -> None:
        self.now = self.began = now
        self.sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()

    def clock(self) -> datetime:
        return self.now

    def ticks(self) -> float:
        return (self.now - self.began).total_seconds()

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heappush(self.sleepers, (self.now + timedelta(seconds=max(seconds, 0)), next(self._order), woken))
        await woken

    def next(self) -> datetime | None:
        while self.sleepers and self.sleepers[0][2].done():
            heappop(self.sleepers)
        return self.sleepers[0][0] if self.sleepers else None

    def advance(self, until: datetime) -> None:
        self.now = max(until, self.now)
        while (first := self.next()) and first <= self.now:
            heappop(self.sleepers)[2].set_result(None)


class Watched(Store):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.under_way: Counter[str] = Counter()
        """By what they do."""
        self.idle = asyncio.Event()

    async def write(self, work: Callable[[Session], Result]) -> Result:
        with self._counted(work):
            return await super().write(work)

    async def read(self, work: Callable[[Session], Result]) -> Result:
        with self._counted(work):
            return await super().read(work)

    @contextmanager
    def _counted(self, work: Callable[[Session], Any]) -> Iterator[None]:
        name = getattr(getattr(work, "func", work), "__qualname__", "")
        self.under_way[name] += 1
        try:
            yield
        finally:
            self.under_way -= Counter([name])
            self.idle.set()

    async def rest(self) -> None:
        """Until whoever runs has gone to sleep."""
        calm = 0
        while calm < CALM:
            if self.under_way:
                await self._one_ends()
                calm = 0
            await asyncio.sleep(0)
            calm += 1

    async def _one_ends(self) -> None:
        self.idle.clear()
        try:
            async with asyncio.timeout(PATIENCE):
                await self.idle.wait()
        except TimeoutError:
            raise RuntimeError(f"of what is under way in the database nothing ends: {', '.join(self.under_way)}") from None
