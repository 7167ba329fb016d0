"""Outside of the window: what may be said there, to how many people a day, and at what price. Decided for many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlmodel import Session

from bot.channels.channel import SendError
from bot.inbox import where
from bot.sending.claims import Claimed, Ticket
from bot.sending.purse import refill, tell_poor
from messages.templates import Templated
from models.aside import SLICE, set_aside
from models.campaign_news import halt_campaign
from models.outbox import BULK, REPLY
from models.quiet import after_quiet
from models.spending import CEILING, QUOTA, Case, book, case_of, give_back, spared
from models.template import approved, remember
from models.window import outside

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

log = structlog.get_logger()
CLOSED = "window_closed"
Tell = Callable[[Claimed, Ticket | SendError], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """Why a row does not go now. What is true of it is true of all of the announcement that have no window, `until` then."""

    error: SendError
    campaign: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database says of some rows: the case of each that is there, and the templates that may be sent."""

    cases: Mapping[int, Case]
    approved: frozenset[tuple[str, str]]


def is_open(sender: Sender, heard_at: datetime | None) -> bool:
    """Whether somebody can be written to freely who wrote last at that time."""
    window = sender.channel.window
    return window is None or (heard_at is not None and sender.clock() - heard_at < window)


async def tell_outside(sender: Sender, one: Claimed) -> str:
    """Sends it as a template, where there is one that may be sent; else it waits for the person's next message. Raises SendError."""
    if one.ticket is None:
        answers: list[Ticket | SendError] = []
        await reserve(sender, [one], lambda _, answer: answers.append(answer))
        [answer] = answers
        if isinstance(answer, SendError):
            raise answer
        one = replace(one, ticket=answer)
    return await _send(sender, one)


async def _send(sender: Sender, one: Claimed) -> str:
    assert one.ticket
    ticket = one.ticket
    try:
        return await sender.channel.send_template(one.address, ticket.made, str(one.id))
    except SendError as error:
        if error.decision != "unknown":
            await return_ticket(sender, one)
        if error.decision == "campaign":
            # What the platform refuses once is not asked for again until it says that it may.
            await sender.store.write(partial(_refused, ticket=ticket, reason=error.reason, now=sender.clock()))
        raise


async def return_ticket(sender: Sender, one: Claimed) -> None:
    """Of a row that nobody was asked for, or that was refused."""
    if one.ticket:
        await sender.store.write(partial(give_back, row=one.id, price=one.ticket.price))


def _refused(session: Session, ticket: Ticket, reason: str, now: datetime) -> None:
    remember(session, ticket.made.name, ticket.made.locale, "paused", "", reason, now)
    if ticket.campaign:
        halt_campaign(session, ticket.campaign, reason, now)


async def reserve(sender: Sender, rows: Sequence[Claimed], tell: Tell) -> None:
    """Says of each row, as soon as that is known, what it goes as, or why it does not go. What it costs is written into the row before
    anything is asked of the platform, in one transaction for all of them.
    """
    made = {one.id: templated for one in rows if (templated := _templated(sender, one))}
    seen = await sender.store.read(partial(_look, made=made, now=sender.clock()))
    tickets: list[tuple[Claimed, Ticket]] = []
    kept: list[tuple[Claimed, Kept]] = []
    try:
        for one in rows:
            answer = await _decide(sender, one, made.get(one.id), seen)
            if isinstance(answer, Ticket):
                tickets.append((one, answer))
            else:
                kept.append((one, answer))
        await _book(sender, tickets, tell)
    except BaseException:
        sender.purse.forget()
        raise
    finally:
        for _, ticket in tickets:
            sender.purse.booked(ticket.people, ticket.price)
    await _keep(sender, kept, tell)


async def _keep(sender: Sender, kept: Sequence[tuple[Claimed, Kept]], tell: Tell) -> None:
    asides: set[tuple[int | None, str]] = set()
    for one, why in kept:
        if (wait := (why.campaign, why.error.reason)) not in asides:
            asides.add(wait)
            await _aside(sender, why)
            if why.error.reason == CEILING:
                await tell_poor(sender)
        tell(one, why.error)


def _templated(sender: Sender, one: Claimed) -> Templated | SendError | None:
    try:
        return sender.wordings.templated(one)
    except Exception as error:
        # Whatever is odd in a row must not hold up the others.
        log.error("no template", row=one.id, error=where(error), account=sender.channel.account)
        return SendError("crashed")


def _look(session: Session, made: Mapping[int, Templated | SendError], now: datetime) -> Seen:
    names = {(one.name, one.locale) for one in made.values() if isinstance(one, Templated)}
    cases = {row: case for row in made if (case := case_of(session, row, now))}
    return Seen(cases, frozenset(name for name in names if approved(session, *name)))


async def _decide(sender: Sender, one: Claimed, made: Templated | SendError | None, seen: Seen) -> Ticket | Kept:
    if not isinstance(made, Templated):
        return Kept(made or SendError(CLOSED))
    case = seen.cases.get(one.id)
    if case is None:
        return Kept(SendError("other_hands"))
    if is_open(sender, case.heard_at):
        return Kept(SendError("window_opened"))
    there = (made.name, made.locale) in seen.approved
    if outside(one.message, there, one.expires_at, sender.terms.marketing, case.paid) == "hold":
        return Kept(SendError(CLOSED), case.campaign_id)
    price = sender.terms.prices.get(made.category, 0)
    return await _take(sender, one, case.tier or sender.terms.tier, Ticket(made, price, 0 if case.again else 1, case.campaign_id))


async def _take(sender: Sender, one: Claimed, tier: int, ticket: Ticket) -> Ticket | Kept:
    """Out of the purse, where the day and the month have room."""
    purse, bulk, people = sender.purse, one.lane == BULK, ticket.people
    spare = spared(tier) if bulk and people else 0
    async with purse.lock:
        now = sender.clock()
        await refill(sender, tier, people + spare, ticket.price, now, bulk)
        if purse.rupiah < ticket.price:
            return Kept(SendError(CEILING), ticket.campaign)
        if purse.people < people + spare:
            until = purse.shut[bulk]
            due = until if one.lane == REPLY else after_quiet(until, one.voice.zone)
            return Kept(SendError(QUOTA, retry_after=(due - now).total_seconds()), ticket.campaign, until)
        purse.take(people, ticket.price)
        return ticket


async def _book(sender: Sender, tickets: Sequence[tuple[Claimed, Ticket]], tell: Tell) -> None:
    """Writes it into the rows, all in one transaction."""
    if tickets:
        mine = await sender.store.write(partial(_write, tickets=sorted(tickets, key=lambda pair: pair[0].id)))
        for one, ticket in tickets:
            tell(one, ticket if one.id in mine else SendError("other_hands"))


def _write(session: Session, tickets: Sequence[tuple[Claimed, Ticket]]) -> set[int]:
    return {one.id for one, ticket in tickets if book(session, one.id, ticket.made.name, ticket.price)}


async def _aside(sender: Sender, kept: Kept) -> None:
    """All of an announcement that has no window."""
    campaign, window, aside = kept.campaign, sender.channel.window, sender.purse.aside
    if campaign is None or window is None or campaign in aside:
        return
    aside.add(campaign)
    account, reason = sender.channel.account, kept.error.reason
    try:
        more = SLICE
        while more == SLICE:
            now = sender.clock()
            work = partial(set_aside, account=account, campaign_id=campaign, now=now, open_since=now - window, reason=reason)
            more = await sender.store.write(partial(work, until=kept.until))
    finally:
        aside.discard(campaign)
