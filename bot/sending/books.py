"""A sender's books: what became of rows, what goes back unasked, and which are next, in one transaction for many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlmodel import Session

from bot.inbox import where
from bot.sending.claims import claim
from bot.sending.hand import Claimed, Hand, Taken
from bot.sending.settling import Settled, give_back, settle, settle_all, take_back
from bot.store import Store, may_pass

if TYPE_CHECKING:
    from bot.channels.channel import Channel

log = structlog.get_logger()
Fence = Callable[[Session], bool]


@dataclass
class Books:
    """What is to be written stays here until it is."""

    store: Store
    channel: Channel
    worker: str
    clock: Callable[[], datetime]
    fence: Fence | None = None
    """Whether the account is still ours, asked in the transaction that claims."""
    done: list[Settled] = field(default_factory=list)
    back: list[Settled] = field(default_factory=list)
    unsure: set[datetime] = field(default_factory=set)
    """Times of claims of which nobody heard whether they were committed: a connection may be lost in between."""
    elsewhere: Callable[[], None] = lambda: None
    """Wakes whoever sends for other accounts: something may have been queued for them."""

    def return_unasked(self, rows: Sequence[Claimed], unsure: bool = False) -> None:
        """`unsure`: nobody knows whether they were booked."""
        for row in rows:
            booked = row.held_by(self.worker) if row.ticket or unsure else None
            self.back.append(Settled(row.id, "", worker=self.worker, attempts=row.attempts + 1, booked=booked))

    async def write(self, hand: Hand | None) -> Taken:
        """Without a hand nothing is claimed."""
        done, back, self.done, self.back = self.done, self.back, [], []
        if not (done or back or hand):
            return Taken()
        work = partial(_exchange, self, done, back, hand, self.clock())
        try:
            taken = await self.store.write(work)
        except Exception as error:
            if not may_pass(error):
                done = [one for one in done if not await self._settle_alone(one)]
            self.done, self.back = done + self.done, back + self.back
            raise
        if hand:
            self.unsure.clear()
        self._tell_of(done)
        return taken

    async def _settle_alone(self, one: Settled) -> bool:
        """Whether it is off the list. Something is wrong with one of many: it must not hold up the others, a next start takes it up."""
        now = self.clock()
        try:
            await self.store.write(lambda session: settle(session, one, now))
        except Exception as error:
            log.error("not settled", row=one.id, status=one.status, error=where(error))
            return not may_pass(error)
        self._tell_of([one])
        return True

    def _tell_of(self, done: Sequence[Settled]) -> None:
        """After the commit."""
        account, settled = self.channel.account, getattr(self.channel, "settled", None)
        if sent := [one.id for one in done if one.status == "sent"]:
            log.info("sent", rows=sent, account=account)
        for one in done:
            if one.status != "sent":
                log.info("not sent", row=one.id, status=one.status, reason=one.reason, account=account)
            if settled:
                settled(one.address)
        if any((one.status, one.reason) == ("failed", "marketing_cap") for one in done):
            self.elsewhere()


def _exchange(books: Books, done: Sequence[Settled], back: Sequence[Settled], hand: Hand | None, now: datetime, session: Session) -> Taken:
    ours = books.fence is None or books.fence(session)
    settle_all(session, done, now)
    give_back(session, back)
    if hand is None:
        return Taken()
    if not ours:
        return Taken(lost=True)
    # Asked again after a fault: what the lost answer named is in nobody's hands.
    take_back(session, books.channel.account, books.worker, books.unsure, hand.busy)
    books.unsure.add(now)
    return claim(session, books.channel.account, books.worker, now, hand)
