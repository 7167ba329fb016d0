"""The sender of an account. One loop keeps the books, another gives turns (`turns.py`)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from math import inf

import structlog

from bot.channels.channel import Channel
from bot.media import Media
from bot.sending.booking import Booking
from bot.sending.books import Books
from bot.sending.delivery import Wordings, has_sheets, pictured, worded
from bot.sending.demand import drain
from bot.sending.hand import BATCH, Claimed, Hand, Taken
from bot.sending.lanes import Lanes, Work
from bot.sending.pacing import Pace
from bot.sending.purse import Purse
from bot.sending.room import room_for
from bot.sending.turns import Turns
from bot.sending.uploads import Shelf
from bot.store import Store
from messages import Message, Rendered
from models.outbox import REPLY
from models.terms import NOTHING

log = structlog.get_logger()
LANDING = 5.0
"""Seconds that a stop waits for what is being sent."""

Ticks = Callable[[], float]
"""Seconds of a clock that only goes forward."""
Sleep = Callable[[float], Awaitable[None]]


class Sender:
    """Sends the rows of one account until it is stopped."""

    def __init__(
        self, store: Store, channel: Channel, media: Media, clock: Callable[[], datetime], worker: str, ticks: Ticks, sleep: Sleep
    ) -> None:
        self.store, self.channel, self.media, self.clock, self.worker = store, channel, media, clock, worker
        self.ticks, self.sleep = ticks, sleep
        self.pace = channel.pace = Pace(channel.rate, channel.chat_rate, channel.burst)
        if channel.uploads:
            channel.uploads.shelf = Shelf(store, channel.account, clock)
        self.terms, self.purse = NOTHING, Purse()
        """What may go as a template that is paid for, and what is left of it."""
        self.stopped = False
        """Nothing is taken while the account waits for somebody to look at it."""
        self.halt: Callable[[str, str], Awaitable[None]] | None = None
        self.safe: Callable[[], bool] = lambda: True
        """Whether no other process sends for the account now; where one may, nothing is asked for."""
        channel.safe = lambda: self.safe()  # type: ignore[method-assign]
        self.books = Books(store, channel, worker, clock)
        self.lanes, self.wordings = Lanes(self.pace), Wordings()
        self.woken, self.filled = asyncio.Event(), asyncio.Event()
        self.turns = Turns(self)
        self.drawing: dict[int, asyncio.Task[None]] = {}
        """Those whose contact sheets are being made."""
        self.booking = Booking(self)
        self.more = True
        self.going: tuple[int, ...] = ()
        """The announcements that are sent now."""
        self.writing = 0.0
        """Seconds that a transaction took of late."""
        self._bodies: dict[int, Message] = {}
        self._writing: asyncio.Task[Taken] | None = None

    def wake(self) -> None:
        self.woken.set()

    async def run(self) -> None:
        """Until it is cancelled, or a fault of the database ends it; what became of messages is kept for the next run, or for `land`."""
        self.pace.begin(self.ticks())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_books())
                group.create_task(self.turns.run())
                group.create_task(self.booking.run())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def land(self) -> None:
        """Lets what is on its way arrive, for a moment: cut off, it would be sent twice or be unknown. What was not asked for goes back."""
        if self._writing:
            await asyncio.wait([self._writing])
        if under_way := {*self.turns.inflight.values(), *self.drawing.values(), *self.booking.tasks}:
            _, late = await asyncio.wait(under_way, timeout=LANDING)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=LANDING)  # who waits for their picture is in the lanes again
        with contextlib.suppress(Exception):
            self.withdraw(lambda row: True)
            await self.books.write(None)

    def withdraw(self, chosen: Callable[[Claimed], bool]) -> None:
        self.books.return_unasked(self.lanes.withdraw(chosen) + self.booking.withdraw(chosen))

    async def _keep_books(self) -> None:
        while True:
            self.woken.clear()
            # A claim is never given up halfway: its rows would be in nobody's hands.
            self._writing = asyncio.create_task(self._write())
            await self._rest(await asyncio.shield(self._writing))

    async def _write(self) -> Taken:
        begun = self.ticks()
        taken = await self.books.write(self._hand())
        self.writing = max(self.ticks() - begun, self.writing * 0.8)
        self.more, self.going = taken.more, taken.going
        self._bodies = {key: body for key, body in self._bodies.items() if key in taken.going}
        # Paused or cancelled in the meantime, or somebody else's.
        self.withdraw(lambda row: taken.lost or (row.campaign > 0 and row.campaign not in taken.going))
        if self.channel.uploads and (names := [name for one in taken.rows for name in one.message.media]):
            await self.channel.uploads.load(names)
        for one in self.booking.begin(taken.rows):
            self._take_in(one)
        return taken

    def _take_in(self, one: Claimed) -> None:
        if has_sheets(one):
            self.drawing[one.address_id] = asyncio.create_task(self._draw(one))
        else:
            self.line_up(one)

    def _hand(self) -> Hand | None:
        """What there is room for."""
        if self.stopped or not self.safe():
            return None
        turns = self.turns
        busy = frozenset(turns.waiting().union(turns.inflight, self.drawing, self.lanes.addresses))
        halted = self.pace.halted(self.ticks()) > 0
        room = room_for(self.channel.rate, self.lead(), self.lanes, len(turns.inflight), len(turns.bulk), halted)
        return Hand(room.limit, room.bulk, room.notices, "", busy, self._crowded, self._bodies)

    def lead(self) -> float:
        """Seconds from a claim until its rows may leave."""
        return self.writing + self.booking.delay

    def _crowded(self, address: str) -> bool:
        return self.lanes.crowded() >= BATCH and self.pace.chat_free(address) > self.ticks()

    async def _draw(self, one: Claimed) -> None:
        try:
            made = await pictured(one, self.media)
        finally:
            del self.drawing[one.address_id]
        self.line_up(made)

    def line_up(self, one: Claimed) -> None:
        made = worded(self, one)
        if isinstance(made, Work):
            self.lanes.push(made, self.ticks())
            self.filled.set()
        else:
            self.books.done.append(made)
            self.woken.set()

    async def _rest(self, taken: Taken) -> None:
        """Until something new is queued, a send ends that others wait for, or the next row is due."""
        halted = self.pace.halted(self.ticks())
        if taken.more and not (self.turns.inflight or self.lanes or self.drawing or halted):
            return
        due = (taken.next_due - self.clock()).total_seconds() if taken.next_due else 60.0
        wait = min(due, halted or 60.0, 60.0 if self.safe() and not taken.lost else 1.0)
        # Not wait_for: before Python 3.12 it may swallow the cancellation that ends the sender.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(wait, 0.01)):
                await self.woken.wait()

    def written(self) -> bool:
        """Whether no transaction of the books is under way."""
        return self._writing is not None and self._writing.done()

    async def pause(self, seconds: float, changed: asyncio.Event) -> None:
        """Until the next turn, or something has changed."""
        timer = asyncio.ensure_future(self.sleep(max(seconds, self.pace.grain))) if seconds < inf else None
        if timer:
            timer.add_done_callback(lambda slept: None if slept.cancelled() else changed.set())
        try:
            await changed.wait()
        finally:
            if timer:
                timer.cancel()

    def slow_down(self, seconds: float) -> None:
        """After a 429: only answers go on. Nothing is kept in hand meanwhile that could be lost with it."""
        self.pace.halt(self.ticks() + seconds)
        self.withdraw(lambda row: row.lane != REPLY)
        self.woken.set()

    async def drain(self, address: str) -> list[Rendered]:
        """Sends what is due for one address now and returns it, for who takes messages on demand."""
        return await drain(self, address)
