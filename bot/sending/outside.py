"""Outside of the window: what may be said there, to how many people a day, and at what price."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.channels.channel import SendError
from bot.sending.claims import Claimed
from messages.templates import Templated, templated
from models.aside import SLICE, set_aside
from models.campaign_news import halt_campaign
from models.ceiling import mark_poor
from models.outbox import BULK, REPLY
from models.quiet import after_quiet
from models.spending import (
    CEILING,
    QUOTA,
    Case,
    book,
    case_of,
    free_again,
    give_back,
    month_of,
    people_left,
    rupiah_left,
    spared,
)
from models.template import approved, remember
from models.window import outside

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

CLOSED = "window_closed"
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


async def tell_outside(sender: Sender, one: Claimed) -> str:
    """Sends it as a template, where there is one that may be sent; else it waits for the person's next message. Raises SendError."""
    made = templated(one.message, one.voice)
    if made is None:
        raise SendError(CLOSED)
    case, allowed = await sender.store.read(partial(_look, row=one.id, made=made, now=sender.clock()))
    if sender.channel.window and case.heard_at and sender.clock() - case.heard_at < sender.channel.window:
        raise SendError("window_opened")
    if outside(one.message, allowed, one.expires_at, sender.terms.marketing, case.paid) == "hold":
        await _aside(sender, case, CLOSED)
        raise SendError(CLOSED)
    price = sender.terms.prices.get(made.category, 0)
    await _reserve(sender, one, case, made, price)
    try:
        return await sender.channel.send_template(one.address, made, str(one.id))
    except SendError as error:
        if error.decision != "unknown":
            await sender.store.write(partial(give_back, row=one.id, price=price))
        if error.decision == "campaign":
            # What the platform refuses once is not asked for again until it says that it may.
            await sender.store.write(partial(_refused, case=case, made=made, reason=error.reason, now=sender.clock()))
            sender.books.elsewhere()  # its officers hear of it, wherever they are
        raise


def _look(session: Session, row: int, made: Templated, now: datetime) -> tuple[Case, bool]:
    return case_of(session, row, now), approved(session, made.name, made.locale)


def _refused(session: Session, case: Case, made: Templated, reason: str, now: datetime) -> None:
    remember(session, made.name, made.locale, "paused", "", reason, now)
    if case.campaign_id:
        halt_campaign(session, case.campaign_id, reason, now)


async def _reserve(sender: Sender, one: Claimed, case: Case, made: Templated, price: int) -> None:
    """Writes it into the row before anything is asked of the platform. Raises SendError where the day or the month has no room."""
    purse, bulk = sender.purse, one.lane == BULK
    people, tier = 0 if case.again else 1, case.tier or sender.terms.tier
    spare = spared(tier) if bulk and people else 0
    async with purse.lock:
        now = sender.clock()
        await _count(sender, tier, people + spare, price, now, bulk)
        short = purse.people < people + spare
        poor = purse.rupiah < price
        if not short and not poor:
            purse.take(people, price)
    if poor:
        await _aside(sender, case, CEILING)
        await _mark_poor(sender)
        raise SendError(CEILING)
    if short:
        await _wait(sender, one, case, purse.shut[bulk], now)
    try:
        mine = await sender.store.write(partial(book, row=one.id, template=made.name, price=price))
    except BaseException:
        purse.forget()
        raise
    finally:
        purse.booked(people, price)
    if not mine:
        raise SendError("other_hands")


async def _mark_poor(sender: Sender) -> None:
    """The officers hear of it, once a month. A ceiling of nothing was never reached: it is how the office wants it."""
    purse, terms = sender.purse, sender.terms
    if terms.ceiling and purse.marked != purse.month:
        work = partial(mark_poor, account=sender.channel.account, terms=terms, by=sender.worker, now=sender.clock())
        await sender.store.write(work)
        purse.marked = purse.month


async def _count(sender: Sender, tier: int, people: int, price: int, now: datetime, bulk: bool) -> None:
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


async def _wait(sender: Sender, one: Claimed, case: Case, until: datetime, now: datetime) -> None:
    """The row, and with it all of its announcement, until people of the day are free again."""
    await _aside(sender, case, QUOTA, until)
    due = until if one.lane == REPLY else after_quiet(until, one.voice.zone)
    raise SendError(QUOTA, retry_after=(due - now).total_seconds())


async def _aside(sender: Sender, case: Case, reason: str, until: datetime | None = None) -> None:
    """What is true of one of its rows is true of all that have no window."""
    campaign, window, aside = case.campaign_id, sender.channel.window, sender.purse.aside
    if campaign is None or window is None or campaign in aside:
        return
    aside.add(campaign)
    try:
        more = SLICE
        while more == SLICE:
            now = sender.clock()
            work = partial(set_aside, account=sender.channel.account, campaign_id=campaign, now=now, open_since=now - window, reason=reason)
            more = await sender.store.write(partial(work, until=until))
    finally:
        aside.discard(campaign)
