"""Rows for people outside of their window, between a claim and the lanes. Those that leave in the next moment are booked together: not one
by one, since a transaction for each would be the slowest part, and not earlier, since after a kill nobody knows which were asked for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from math import ceil, inf
from typing import TYPE_CHECKING

import structlog

from bot.channels.channel import SendError
from bot.inbox import where
from bot.sending.delivery import decided
from bot.sending.hand import Claimed, Ticket
from bot.sending.outside import Asked, Kept, is_open, keep, look, reserve
from bot.sending.room import FURTHEST
from bot.store import may_pass
from models.outbox import BULK, NOTICE, REPLY

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

log = structlog.get_logger()
AHEAD = 0.006
"""Seconds of sending that are booked, beside what transactions take."""
AGAIN = 1.0
"""Seconds until rows are given back that the database did not take."""


class Booking:
    """Those of a sender that wait for what they go as. They count as rows in its lanes."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.tasks: set[asyncio.Task[None]] = set()
        self.come = asyncio.Event()
        self._looking = self._reserving = 0.0
        """Seconds that either took of late."""
        self._undecided: set[int] = set()
        """Rows that a task is busy with."""
        self._waiting: dict[int, deque[Asked]] = {lane: deque() for lane in (REPLY, NOTICE, BULK)}

    def begin(self, rows: Sequence[Claimed]) -> list[Claimed]:
        """Returns the others, who may be written to freely."""
        closed = [one for one in rows if not is_open(self.sender, one.heard_at)]
        if closed:
            self.sender.lanes.expect(closed)
            self._spawn(closed, self._look(closed))
        waiting = {one.id for one in closed}
        return [one for one in rows if one.id not in waiting]

    @property
    def delay(self) -> float:
        """Seconds from a claim until its rows may leave, beside the claim itself."""
        return self._looking + self._reserving

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self.come.clear()
            if rows := self._next():
                # Never given up halfway: nobody would know what was booked.
                await asyncio.shield(self._spawn([one.row for one in rows], self._reserve(rows)))
            else:
                await self.sender.pause(self._soonest(), self.come)

    def withdraw(self, chosen: Callable[[Claimed], bool]) -> list[Claimed]:
        """Takes out all that are chosen."""
        out = [one.row for waiting in self._waiting.values() for one in waiting if chosen(one.row)]
        if out:
            gone = {one.id for one in out}
            for lane, waiting in self._waiting.items():
                self._waiting[lane] = deque(one for one in waiting if one.row.id not in gone)
            for one in out:
                self.sender.lanes.arrived(one)
        return out

    def _next(self) -> list[Asked]:
        """All answers, and of the others those whose turn comes soon."""
        rows, self._waiting[REPLY] = list(self._waiting[REPLY]), deque()
        others = [self._waiting[lane] for lane in (NOTICE, BULK)]
        room = self._room() if any(others) and self._soonest() <= 0 else 0
        for waiting in others:
            rows += [waiting.popleft() for _ in range(min(room - len(rows), len(waiting)))]
        return rows

    def _ahead(self) -> float:
        return min(AHEAD + 2 * max(self.sender.writing, self._reserving), FURTHEST)

    def _turn(self) -> float:
        """Seconds until the turn of the first that is not booked."""
        pace, lanes = self.sender.pace, self.sender.lanes
        first = max(pace.free(bulk=True) - self.sender.ticks(), -pace.slack)  # however long nothing was sent, no more leave at once
        return first + lanes.ready() * pace.gap

    def _room(self) -> int:
        gap = self.sender.pace.gap
        return max(ceil((self._ahead() - self._turn()) / gap), 1) if gap else sum(map(len, self._waiting.values()))

    def _soonest(self) -> float:
        """Seconds until the next are to be booked."""
        return self._turn() - self._ahead() / 2 if any(self._waiting.values()) else inf

    def _spawn(self, rows: Sequence[Claimed], work: Awaitable[None]) -> asyncio.Task[None]:
        self.tasks.add(task := asyncio.create_task(self._guarded(rows, work)))
        task.add_done_callback(self.tasks.discard)
        return task

    async def _look(self, rows: Sequence[Claimed]) -> None:
        begun = self.sender.ticks()
        found = await look(self.sender, rows)
        self._looking = max(self.sender.ticks() - begun, self._looking * 0.8)
        for one in found:
            if isinstance(one, Asked):
                self._undecided.discard(one.row.id)
                self._waiting[one.row.lane].append(one)
        self.come.set()
        await keep(self.sender, [one for one in found if isinstance(one, Kept)], self._arrived)

    async def _reserve(self, rows: Sequence[Asked]) -> None:
        begun = self.sender.ticks()
        await reserve(self.sender, rows, self._arrived)
        self._reserving = max(self.sender.ticks() - begun, self._reserving * 0.8)

    async def _guarded(self, rows: Sequence[Claimed], work: Awaitable[None]) -> None:
        """Every row leaves, whatever happens."""
        self._undecided.update(one.id for one in rows)
        try:
            await work
        except Exception as error:
            left = [one for one in rows if one.id in self._undecided]
            log.error("not booked", rows=[one.id for one in left], account=self.sender.channel.account, error=where(error))
            if may_pass(error):
                await self.sender.sleep(AGAIN)
                self._return(left, unsure=True)
            else:
                for one in left:
                    self._arrived(one, SendError("crashed"))

    def _arrived(self, one: Claimed, answer: Ticket | SendError) -> None:
        sender = self.sender
        if isinstance(answer, SendError):
            self._leave(one)
            sender.books.done.append(decided(sender, one, answer))
            sender.woken.set()
        elif self._wanted(one):
            self._leave(one)
            sender.line_up(replace(one, ticket=answer))
        else:
            self._return([replace(one, ticket=answer)])

    def _wanted(self, one: Claimed) -> bool:
        """Not where its announcement was paused or cancelled meanwhile, or where nothing but answers may leave."""
        sender = self.sender
        return one.campaign in (0, *sender.going) and (one.lane == REPLY or not sender.pace.halted(sender.ticks()))

    def _return(self, rows: Sequence[Claimed], unsure: bool = False) -> None:
        for one in rows:
            self._leave(one)
        self.sender.books.return_unasked(rows, unsure)
        self.sender.woken.set()

    def _leave(self, one: Claimed) -> None:
        self._undecided.discard(one.id)
        self.sender.lanes.arrived(one)
