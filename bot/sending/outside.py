"""Outside of the window: what may be said there, to how many people a day, and at what price. Decided for many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlmodel import Session

from bot.channels.channel import SendError, priced
from bot.inbox import where
from bot.sending.hand import Claimed, Ticket
from bot.sending.purse import refill, tell_poor
from messages.templates import Templated
from models.aside import SLICE, set_aside
from models.campaign_news import halt_campaign
from models.outbox import BULK, REPLY
from models.quiet import after_quiet
from models.spending import CEILING, QUOTA, Case, book, cases_of, give_back, spared
from models.template import approved, remember
from models.window import outside

if TYPE_CHECKING:
    from bot.sending.outbox import Sender

log = structlog.get_logger()
CLOSED = "window_closed"
Tell = Callable[[Claimed, Ticket | SendError], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that may go as a template, once there is room for it."""

    row: Claimed
    made: Templated
    case: Case


@dataclass(frozen=True, slots=True)
class Kept:
    """Why a row does not go now. What is true of it is true of all of the announcement that have no window, `until` then."""

    row: Claimed
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

        def tell(_: Claimed, answer: Ticket | SendError) -> None:
            answers.append(answer)

        [found] = await look(sender, [one])
        await (reserve(sender, [found], tell) if isinstance(found, Asked) else keep(sender, [found], tell))
        [answer] = answers
        if isinstance(answer, SendError):
            raise answer
        one = replace(one, ticket=answer)
    return await _send(sender, one)


async def _send(sender: Sender, one: Claimed) -> str:
    assert one.ticket
    ticket = one.ticket
    try:
        return await sender.channel.send_template(one.address, ticket.made, priced(str(one.id), ticket.price))
    except SendError as error:
        if error.decision != "unknown":
            await return_ticket(sender, one)
        if error.decision == "campaign":
            # What the platform refuses once is not asked for again until it says that it may.
            await sender.store.write(partial(_refused, ticket=ticket, reason=error.reason, now=sender.clock()))
            sender.books.elsewhere()  # its officers hear of it, wherever they are
        raise


async def return_ticket(sender: Sender, one: Claimed) -> None:
    """Of a row that nobody was asked for, or that was refused."""
    if one.ticket:
        await sender.store.write(partial(give_back, held=[one.held_by(sender.worker)]))


def _refused(session: Session, ticket: Ticket, reason: str, now: datetime) -> None:
    remember(session, ticket.made.name, ticket.made.locale, "paused", "", reason, now)
    if ticket.campaign:
        halt_campaign(session, ticket.campaign, reason, now)


async def look(sender: Sender, rows: Sequence[Claimed]) -> list[Asked | Kept]:
    """What the database says of each row, asked for all of them at once."""
    made = {one.id: _templated(sender, one) for one in rows}
    # By the one who writes: a reader of SQLite is new each time and reads the whole schema first, which costs four times as much.
    seen = await sender.store.write(partial(_look, made=made, now=sender.clock()))
    return [_judged(sender, one, made[one.id], seen) for one in rows]


def _templated(sender: Sender, one: Claimed) -> Templated | SendError:
    try:
        return sender.wordings.templated(one) or SendError(CLOSED)
    except Exception as error:
        # Whatever is odd in a row must not hold up the others.
        log.error("no template", row=one.id, error=where(error), account=sender.channel.account)
        return SendError("crashed")


def _look(session: Session, made: Mapping[int, Templated | SendError], now: datetime) -> Seen:
    names = {row: (one.name, one.locale) for row, one in made.items() if isinstance(one, Templated)}
    return Seen(cases_of(session, names, now), frozenset(name for name in set(names.values()) if approved(session, *name)))


def _judged(sender: Sender, one: Claimed, made: Templated | SendError, seen: Seen) -> Asked | Kept:
    if isinstance(made, SendError):
        return Kept(one, made)
    case = seen.cases.get(one.id)
    if case is None:
        return Kept(one, SendError("other_hands"))
    if is_open(sender, case.heard_at):
        return Kept(one, SendError("window_opened"))
    there = (made.name, made.locale) in seen.approved
    if outside(one.message, there, one.expires_at, sender.terms.marketing, case.paid) == "hold":
        return Kept(one, SendError(CLOSED), case.campaign_id)
    return Asked(one, made, case)


async def reserve(sender: Sender, rows: Sequence[Asked], tell: Tell) -> None:
    """Writes into the rows what each costs, in one transaction and before anything is asked of the platform. Says of each its ticket, or
    why the day or the month has no room for it.
    """
    tickets: list[tuple[Claimed, Ticket]] = []
    kept: list[Kept] = []
    try:
        for asked in rows:
            answer = await _take(sender, asked)
            if isinstance(answer, Ticket):
                tickets.append((asked.row, answer))
            else:
                kept.append(answer)
        mine = (
            await sender.store.write(partial(_book, worker=sender.worker, tickets=sorted(tickets, key=lambda pair: pair[0].id)))
            if tickets
            else set()
        )
    except BaseException:
        sender.purse.forget()
        raise
    finally:
        for _, ticket in tickets:
            sender.purse.booked(ticket.people, ticket.price)
    for one, ticket in tickets:
        tell(one, ticket if one.id in mine else SendError("other_hands"))
    await keep(sender, kept, tell)


async def _take(sender: Sender, asked: Asked) -> Ticket | Kept:
    """Out of the purse, where the day and the month have room."""
    one, case, purse, terms = asked.row, asked.case, sender.purse, sender.terms
    bulk, people, tier, price = one.lane == BULK, 0 if case.again else 1, case.tier or terms.tier, terms.prices.get(asked.made.category, 0)
    spare = spared(tier) if bulk and people else 0
    async with purse.lock:
        now = sender.clock()
        await refill(sender, tier, people + spare, price, now, bulk)
        if purse.rupiah < price:
            return Kept(one, SendError(CEILING), case.campaign_id)
        if purse.people < people + spare:
            until = purse.shut[bulk]
            due = until if one.lane == REPLY else after_quiet(until, one.voice.zone)
            return Kept(one, SendError(QUOTA, retry_after=(due - now).total_seconds()), case.campaign_id, until)
        purse.take(people, price)
        return Ticket(asked.made, price, people, case.campaign_id)


def _book(session: Session, worker: str, tickets: Sequence[tuple[Claimed, Ticket]]) -> set[int]:
    """Those that are still ours."""
    return {one.id for one, ticket in tickets if book(session, one.held_by(worker), ticket.made.name, ticket.price)}


async def keep(sender: Sender, kept: Sequence[Kept], tell: Tell) -> None:
    """Says of each why it does not go, after the rest of its announcement was set aside for the same reason."""
    asides: set[tuple[int | None, str]] = set()
    for why in kept:
        if (wait := (why.campaign, why.error.reason)) not in asides:
            asides.add(wait)
            await _aside(sender, why)
            if why.error.reason == CEILING:
                await tell_poor(sender)
        tell(why.row, why.error)


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
