"""Calls on their way to one person: one as it is, several in one message with a way to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from handlers.calls.wording import calls_in, line, look, notice, without
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Value, joined, say
from models.alerts import DIGEST, SLICE, Share, Waiting, choose, claim, heard, tastes_of, untell, waiting
from models.audience import best_addresses
from models.call import TYPED, Call, CallNotice, still_open
from models.contact import Address
from models.inserting import insert_all
from models.morning import due, eight, in_digest, mark
from models.outbox import NOTICE, Outgoing
from models.quiet import after_quiet

DIGEST_KEY = "call.digest"
BUNDLE = "digest"
"""The bundle of a message of several calls."""


def deliver(session: Session, found: Mapping[int, Sequence[Waiting]], now: datetime, after: datetime | None = None) -> int:
    """One message a person, of the best that the week has room for, not before `after`. Returns how many calls were told."""
    had = heard(session, found, now)
    chosen = {person: picked for person, waits in found.items() if (picked := choose(waits, had.get(person, Share())))}
    told = claim(session, [one.id for picked in chosen.values() for one in picked], now)
    addresses = best_addresses(session, chosen, now)
    rows = []
    for person, picked in chosen.items():
        if mine := [one for one in picked if one.id in told]:
            rows.append(_row(mine, len(found[person]) - len(mine), addresses[person], now, after or now))
    insert_all(session, Outgoing, rows)
    return len(told)


def _row(mine: Sequence[Waiting], more: int, address: Address, now: datetime, after: datetime) -> dict[str, Any]:
    """Outside of quiet hours, except for what an officer typed that closes before the next morning. Never after the first has closed."""
    due_at, closes = after_quiet(after, mine[0].zone), min((one.call.closes_at for one in mine if one.call.closes_at), default=None)
    if closes and due_at >= closes and any(one.call.source == TYPED for one in mine):
        due_at = after
    single = len(mine) == 1
    message = notice(mine[0].call, mine[0].product, mine[0].reasons) if single else digest(mine, more)
    return {
        "person_id": mine[0].person_id, "address_id": address.id, "account": address.account, "lane": NOTICE, "kind": "call",
        "subject": f"call:{mine[0].call.id}" if single else "", "bundle": "" if single else BUNDLE, "message": message.to_json(),
        "due_at": due_at, "expires_at": closes, "created_at": now,
    }  # fmt: skip


def digest(mine: Sequence[Waiting], more: int) -> Message:
    said: list[Value] = [line(place, one.call, one.product, one.reasons) for place, one in enumerate(mine, 1)]
    said += [say("call.more_wait", n=more)] if more else []
    buttons = [look(one.call.id or 0, place) for place, one in enumerate(mine, 1)]
    buttons += [command("calls_next")] if more else []
    return Message(DIGEST_KEY, {"n": len(mine), "list": joined(said, "\n\n")}, tuple(buttons), category="marketing")


def make_digests(session: Session, zone: str, clock: str, after: int, now: datetime, limit: int = SLICE) -> tuple[int, int]:
    """The digests of the next persons of a zone. Returns how many persons were looked at, and the id of the last of them."""
    people = due(session, zone, clock, after, now, limit)
    if not people:
        return 0, after
    tastes, morning = tastes_of(session, people), eight(now, clock)
    gather_held(session, people, now)
    found = waiting(session, now, col(CallNotice.person_id).in_(people), col(CallNotice.at) <= now)
    deliver(session, {person: held for person, waits in found.items() if (held := in_digest(waits, tastes.get(person), morning, now))}, now)
    mark(session, people, "digest_at", now)
    return len(people), people[-1]


def gather_held(session: Session, people: Sequence[int], now: datetime) -> None:
    """A digest that is held until its person writes gives its calls to the next one, so that one waits and not thirty."""
    rows = select(Outgoing).where(col(Outgoing.person_id).in_(people), col(Outgoing.status) == "held", col(Outgoing.bundle) == BUNDLE)
    pairs = []
    for row in session.execute(rows.with_for_update()).scalars():
        message = Message.from_json(row.message or {})
        if message.key == DIGEST_KEY:
            row.status, row.settled_at, row.reason = "replaced", now, BUNDLE
            pairs += [(call, row.person_id) for call in calls_in(message)]
    session.flush()
    untell(session, pairs)


def fresh(session: Session, message: Message, now: datetime) -> Message | None:
    """A message of several calls that waited until some of them were over: the others. None where none is left, or it is another one."""
    calls = calls_in(message)
    if not calls:
        return None
    still = set(session.execute(select(col(Call.id)).where(col(Call.id).in_(calls), still_open(now))).scalars())
    return without(message, frozenset(calls) - still)


def until(session: Session, message: Message) -> datetime | None:
    """When the first of its calls closes."""
    ends = select(func.min(col(Call.closes_at))).where(col(Call.id).in_(calls_in(message)))
    return session.execute(ends).scalar()


def show_next(visit: Visit, subject: str, version: int) -> Outcome:
    """What else waits for this person, asked for and so told whatever the week has room for."""
    found = waiting(visit.session, visit.now, col(CallNotice.person_id) == visit.person_id, col(CallNotice.at) <= visit.now)
    waits = sorted(found.get(visit.person_id, ()), key=lambda one: one.worth)
    told = claim(visit.session, [one.id for one in waits[:DIGEST]], visit.now)
    mine = [one for one in waits if one.id in told]
    if not mine:
        return Aside(Message("call.none_more"))
    return digest(mine, len(waits) - len(mine)) if len(mine) > 1 else notice(mine[0].call, mine[0].product, mine[0].reasons)


COMMANDS = {"calls_next": show_next}
