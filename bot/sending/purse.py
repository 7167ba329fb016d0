"""What one number may still spend outside of windows: people of a day and rupiah of a month, counted from its rows when it is empty."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from models.ceiling import mark_poor
from models.spending import free_again, month_of, people_left, rupiah_left

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

RECOUNT = timedelta(minutes=1)
"""How long an empty purse is believed."""


@dataclass(slots=True)
class Purse:
    """What one account may still spend, counted from its rows when it is empty, so never more than there is: the rows are the truth.

    `people` and `rupiah` are left for a number of `tier` people a day; those under way are not in the rows yet. `shut` is until when
    announcements (True) and others need not ask again.
    """

    people: int = 0
    rupiah: int = 0
    people_under_way: int = 0
    rupiah_under_way: int = 0
    tier: int = 0
    month: datetime | None = None
    broke: datetime | None = None
    """Until when the money need not be counted again."""
    shut: dict[bool, datetime] = field(default_factory=dict)
    marked: datetime | None = None
    """The month of which it is kept that its money is used up."""
    aside: set[int] = field(default_factory=set)
    """Announcements whose rows are being set aside."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def take(self, people: int, rupiah: int) -> None:
        self.people, self.rupiah = self.people - people, self.rupiah - rupiah
        self.people_under_way, self.rupiah_under_way = self.people_under_way + people, self.rupiah_under_way + rupiah

    def booked(self, people: int, rupiah: int) -> None:
        """It is in the rows, or never will be."""
        self.people_under_way, self.rupiah_under_way = self.people_under_way - people, self.rupiah_under_way - rupiah

    def forget(self) -> None:
        """After a fault nobody knows what was reserved."""
        self.people = self.rupiah = 0
        self.shut, self.broke = {}, None


async def tell_poor(sender: Sender) -> None:
    """The officers hear of it, once a month. A ceiling of nothing was never reached: it is how the office wants it."""
    purse, terms = sender.purse, sender.terms
    if terms.ceiling and purse.marked != purse.month:
        work = partial(mark_poor, account=sender.channel.account, terms=terms, by=sender.worker, now=sender.clock())
        await sender.store.write(work)
        purse.marked = purse.month


async def refill(sender: Sender, tier: int, people: int, price: int, now: datetime, bulk: bool) -> None:
    """Looks at the rows where the purse has too little and may have more by now."""
    purse, account, terms = sender.purse, sender.channel.account, sender.terms
    month = month_of(now, terms.zone)
    if (purse.tier, purse.month) != (tier, month):
        purse.forget()
        purse.tier, purse.month = tier, month
    if purse.people < people and not now < purse.shut.get(bulk, now):
        under_way = purse.people_under_way
        purse.people = await sender.store.write(partial(people_left, account=account, tier=tier, now=now)) - under_way
        if purse.people < people:
            purse.shut[bulk] = await sender.store.read(partial(free_again, account=account, tier=tier, now=now, bulk=bulk))
    if purse.rupiah < price and not (purse.broke and now < purse.broke):
        under_way = purse.rupiah_under_way
        purse.rupiah = await sender.store.write(partial(rupiah_left, account=account, terms=terms, now=now)) - under_way
        purse.broke = now + RECOUNT if purse.rupiah < price else None
