"""Who leaves, decided when there is a turn: what is on its way, and what waits for a picture that is on its way up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.sending.delivery import deliver
from bot.sending.lanes import Work
from bot.sending.room import low
from models.outbox import BULK

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

TOGETHER = 0.02
"""Seconds in which what became of announcements is gathered for one transaction."""


class Turns:
    """Those of a sender: out of its lanes, at its pace."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.inflight: dict[int, asyncio.Task[None]] = {}
        """By address."""
        self.bulk: set[int] = set()
        """Those of them that get an announcement."""
        self.uploading: dict[str, list[Work]] = {}
        """Pictures that are on their way up, and who waits to send them by their id."""
        self._gathering: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Until it is cancelled."""
        sender = self.sender
        while True:
            sender.filled.clear()
            if not sender.safe():
                sender.withdraw(lambda row: True)
            while work := sender.lanes.pop(sender.ticks()):
                self._begin(work)
            if sender.more and low(sender.channel.rate, sender.lead(), sender.lanes) and sender.written():
                sender.woken.set()
            await sender.pause(sender.lanes.next() - sender.ticks(), sender.filled)

    def waiting(self) -> set[int]:
        """The addresses that wait for a picture."""
        return {work.row.address_id for works in self.uploading.values() for work in works}

    def _begin(self, work: Work) -> None:
        one, new = work.row, self._new_picture(work)
        if new in self.uploading:
            self.uploading[new].append(work)
            return
        if new:
            self.uploading[new] = []
        self.sender.pace.take(one.address, self.sender.ticks())
        self.inflight[one.address_id] = task = asyncio.create_task(self._deliver(work))
        if one.lane == BULK:
            self.bulk.add(one.address_id)
        task.add_done_callback(lambda _: self._landed(work, new))

    def _new_picture(self, work: Work) -> str:
        """The first of its pictures that the platform does not have; one uploads it, the others wait for that."""
        uploads = None if work.row.ticket else self.sender.channel.uploads
        return next((name for name in work.rendered.media if not uploads.id_of(name)), "") if uploads else ""

    async def _deliver(self, work: Work) -> None:
        result = await deliver(self.sender, work)
        if result:
            self.sender.books.done.append(result)
        else:
            self.sender.books.return_unasked([work.row])

    def _landed(self, work: Work, uploaded: str) -> None:
        sender, one = self.sender, work.row
        now = sender.ticks()
        self.inflight.pop(one.address_id, None)
        self.bulk.discard(one.address_id)
        sender.pace.landed(one.address, now)
        for other in self.uploading.pop(uploaded, ()):
            sender.lanes.push(other, now)
            sender.filled.set()
        if one.lane != BULK:
            sender.woken.set()
        elif not self._gathering:
            self._gathering = asyncio.get_running_loop().call_later(TOGETHER, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self.sender.woken.set()
