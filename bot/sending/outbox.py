"""The sender of an account. One loop keeps the books, another gives turns: who leaves is decided when there is a turn."""

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
from bot.sending.delivery import Wordings, deliver, has_sheets, pictured, worded
from bot.sending.demand import drain
from bot.sending.hand import BATCH, Claimed, Hand, Taken
from bot.sending.lanes import Lanes, Work
from bot.sending.pacing import Pace
from bot.sending.purse import Purse
from bot.sending.room import low, room_for
from bot.sending.uploads import Shelf
from bot.store import Store
from messages import Message, Rendered
from models.outbox import BULK, REPLY
from models.terms import NOTHING

log = structlog.get_logger()
LANDING = 5.0
"""Seconds that a stop waits for what is being sent."""
TOGETHER = 0.02
"""Seconds in which what became of announcements is gathered for one transaction."""

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
        self.inflight: dict[int, asyncio.Task[None]] = {}
        """By address."""
        self.bulk: set[int] = set()
        """Those of them that get an announcement."""
        self.drawing: dict[int, asyncio.Task[None]] = {}
        """Those whose contact sheets are being made."""
        self.booking = Booking(self)
        self.uploading: dict[str, list[Work]] = {}
        """Pictures that are on their way up, and who waits to send them by their id."""
        self.more = True
        self.going: tuple[int, ...] = ()
        """The announcements that are sent now."""
        self.writing = 0.0
        """Seconds that a transaction took of late."""
        self._bodies: dict[int, Message] = {}
        self._writing: asyncio.Task[Taken] | None = None
        self._gathering: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        self.woken.set()

    async def run(self) -> None:
        """Until it is cancelled, or a fault of the database ends it; what became of messages is kept for the next run, or for `land`."""
        self.pace.begin(self.ticks())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_books())
                group.create_task(self._give_turns())
                group.create_task(self.booking.run())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def land(self) -> None:
        """Lets what is on its way arrive, for a moment: cut off, it would be sent twice or be unknown. What was not asked for goes back."""
        if self._writing:
            await asyncio.wait([self._writing])
        if under_way := {*self.inflight.values(), *self.drawing.values(), *self.booking.tasks}:
            _, late = await asyncio.wait(under_way, timeout=LANDING)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=LANDING)  # who waits for their picture is in the lanes again
        with contextlib.suppress(Exception):
            self._withdraw(lambda row: True)
            await self.books.write(None)

    def _withdraw(self, chosen: Callable[[Claimed], bool]) -> None:
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
        self._withdraw(lambda row: taken.lost or (row.campaign > 0 and row.campaign not in taken.going))
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
        waiting = {work.row.address_id for works in self.uploading.values() for work in works}
        busy = frozenset(waiting.union(self.inflight, self.drawing, self.lanes.addresses))
        halted = self.pace.halted(self.ticks()) > 0
        room = room_for(self.channel.rate, self._lead(), self.lanes, len(self.inflight), len(self.bulk), halted)
        return Hand(room.limit, room.bulk, room.notices, "", busy, self._crowded, self._bodies)

    def _lead(self) -> float:
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
        if taken.more and not (self.inflight or self.lanes or self.drawing or halted):
            return
        due = (taken.next_due - self.clock()).total_seconds() if taken.next_due else 60.0
        wait = min(due, halted or 60.0, 60.0 if self.safe() and not taken.lost else 1.0)
        # Not wait_for: before Python 3.12 it may swallow the cancellation that ends the sender.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(wait, 0.01)):
                await self.woken.wait()

    async def _give_turns(self) -> None:
        while True:
            self.filled.clear()
            if not self.safe():
                self._withdraw(lambda row: True)
            while work := self.lanes.pop(self.ticks()):
                self._begin(work)
            if self.more and low(self.channel.rate, self._lead(), self.lanes) and self._writing and self._writing.done():
                self.woken.set()
            await self.pause(self.lanes.next() - self.ticks(), self.filled)

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

    def _begin(self, work: Work) -> None:
        one, new = work.row, self._new_picture(work)
        if new in self.uploading:
            self.uploading[new].append(work)
            return
        if new:
            self.uploading[new] = []
        self.pace.take(one.address, self.ticks())
        self.inflight[one.address_id] = task = asyncio.create_task(self._deliver(work))
        if one.lane == BULK:
            self.bulk.add(one.address_id)
        task.add_done_callback(lambda _: self._landed(work, new))

    def _new_picture(self, work: Work) -> str:
        """The first of its pictures that the platform does not have; one uploads it, the others wait for that."""
        uploads = None if work.row.ticket else self.channel.uploads
        return next((name for name in work.rendered.media if not uploads.id_of(name)), "") if uploads else ""

    async def _deliver(self, work: Work) -> None:
        result = await deliver(self, work)
        if result:
            self.books.done.append(result)
        else:
            self.books.return_unasked([work.row])

    def _landed(self, work: Work, uploaded: str) -> None:
        one, now = work.row, self.ticks()
        self.inflight.pop(one.address_id, None)
        self.bulk.discard(one.address_id)
        self.pace.landed(one.address, now)
        for other in self.uploading.pop(uploaded, ()):
            self.lanes.push(other, now)
            self.filled.set()
        if one.lane != BULK:
            self.woken.set()
        elif not self._gathering:
            self._gathering = asyncio.get_running_loop().call_later(TOGETHER, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self.woken.set()

    def slow_down(self, seconds: float) -> None:
        """After a 429: only answers go on. Nothing is kept in hand meanwhile that could be lost with it."""
        self.pace.halt(self.ticks() + seconds)
        self._withdraw(lambda row: row.lane != REPLY)
        self.woken.set()

    async def drain(self, address: str) -> list[Rendered]:
        """Sends what is due for one address now and returns it, for who takes messages on demand."""
        return await drain(self, address)
