"""Rows for people outside of their window, between a claim and the lanes: what they go as is written for all of a claim at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.channels.channel import SendError
from bot.inbox import where
from bot.sending.claims import Claimed, Ticket
from bot.sending.delivery import decided
from bot.sending.outside import is_open, reserve
from bot.store import may_pass
from models.outbox import REPLY

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

log = structlog.get_logger()
AGAIN = 1.0
"""Seconds until rows are given back that the database did not take."""


class Booking:
    """Those of a sender that wait for what they go as. They count as rows in its lanes."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.tasks: set[asyncio.Task[None]] = set()

    def begin(self, rows: Sequence[Claimed]) -> list[Claimed]:
        """Returns the others, who may be written to freely."""
        closed = [one for one in rows if not is_open(self.sender, one.heard_at)]
        if closed:
            self.sender.lanes.expect(closed)
            self.tasks.add(task := asyncio.create_task(self._book(closed)))
            task.add_done_callback(self.tasks.discard)
        waiting = {one.id for one in closed}
        return [one for one in rows if one.id not in waiting]

    async def _book(self, rows: Sequence[Claimed]) -> None:
        """Every row leaves, whatever happens."""
        waiting = {one.id: one for one in rows}
        try:
            await reserve(self.sender, rows, lambda one, answer: self._arrived(waiting.pop(one.id), answer))
        except Exception as error:
            log.error("not reserved", rows=list(waiting), account=self.sender.channel.account, error=where(error))
            if may_pass(error):
                await self.sender.sleep(AGAIN)
                self._return(list(waiting.values()))
            else:
                for one in waiting.values():
                    self._arrived(one, SendError("crashed"))

    def _return(self, rows: Sequence[Claimed]) -> None:
        for one in rows:
            self.sender.lanes.arrived(one)
        self.sender.books.return_unasked(rows)
        self.sender.woken.set()

    def _arrived(self, one: Claimed, answer: Ticket | SendError) -> None:
        sender = self.sender
        if isinstance(answer, SendError):
            sender.lanes.arrived(one)
            sender.books.done.append(decided(sender, one, answer))
            sender.woken.set()
        elif self._wanted(one):
            sender.lanes.arrived(one)
            sender.line_up(replace(one, ticket=answer))
        else:
            self._return([replace(one, ticket=answer)])

    def _wanted(self, one: Claimed) -> bool:
        """Not where its announcement was paused or cancelled meanwhile, or where nothing but answers may leave."""
        sender = self.sender
        return one.campaign in (0, *sender.going) and (one.lane == REPLY or not sender.pace.halted(sender.ticks()))
