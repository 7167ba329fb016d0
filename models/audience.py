"""Who may be told what nobody asked for: the audience of an announcement, and the reasons that keep others out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, exists, func, or_, select, update
from sqlmodel import Session, col

from models.business import Business, Membership
from models.contact import Address, Consent, Person, best
from models.conversation import Conversation
from models.outbox import Outgoing
from models.product import APPROVED, DRAFT, REJECTED, Product
from models.quiet import quiet

STATES = ("all", "approved", "drafts")
"""Everybody with a business, those with an approved product, those who have not finished a registration."""
REASONS = ("stopped", "no_consent", "unreachable")

Tally = Mapping[str, int]
"""How many by the reason that keeps them out; "" counts those who are told."""


@dataclass(frozen=True, slots=True)
class Audience:
    """`region` covers what lies in it; no `etalase` is any. A person hears once, however many businesses there are."""

    region: str
    state: str = "all"
    etalase: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"region": self.region, "state": self.state, "etalase": list(self.etalase)}

    @staticmethod
    def from_json(parts: Mapping[str, Any]) -> Audience:
        return Audience(parts["region"], parts.get("state", "all"), tuple(parts.get("etalase") or ()))


def why_not() -> ColumnElement[str]:
    """The first reason for which a person is not told; "" when there is none."""
    consent = select(col(Consent.id)).where(
        col(Consent.person_id) == col(Person.id), col(Consent.purpose) == "announcements", col(Consent.withdrawn_at).is_(None)
    )
    address = select(col(Address.id)).where(
        col(Address.person_id) == col(Person.id), col(Address.unreachable_at).is_(None), col(Address.until).is_(None)
    )
    return case(
        (col(Person.stopped_at).is_not(None), "stopped"), (~exists(consent), "no_consent"), (~exists(address), "unreachable"), else_=""
    )


def within(region: str, code: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Whether a code lies in a region; as `models.places.covers`, in SQL."""
    return or_(code == region, code.startswith(region + ".", autoescape=True))


def members(audience: Audience, *, each: bool = False) -> ColumnElement[bool]:
    """Whether a person is of the audience. Sets of ids, looked up once: asked person by person, SQLite took minutes for 20,000.

    `each` asks person by person all the same, for a few whose ids are known.
    """
    if audience.state == "drafts":
        return _drafting(audience.region, each)
    own = _owners().where(within(audience.region, col(Business.region)))
    if audience.state == "approved" or audience.etalase:
        own = own.join(Product, col(Product.business_id) == col(Business.id))
        own = own.where(col(Product.status) == APPROVED if audience.state == "approved" else col(Product.status).not_in((DRAFT, REJECTED)))
    if audience.etalase:
        own = own.where(col(Product.etalase).in_(audience.etalase))
    return _is_of(own, col(Membership.person_id), each)


def _is_of(rows: Select[Any], person: SQLColumnExpression[int], each: bool) -> ColumnElement[bool]:
    """Whether the person is among those whose ids `rows` select."""
    return rows.where(person == col(Person.id)).correlate(Person).exists() if each else col(Person.id).in_(rows)


def _owners() -> Select[Any]:
    """The persons who speak for a business."""
    return select(col(Membership.person_id)).join(Business, col(Business.id) == col(Membership.business_id))


def _drafting(region: str, each: bool) -> ColumnElement[bool]:
    """An open registration, of a business in the region or with a place in it; where the place is still unknown, of the province."""
    who, member = col(Conversation.person_id), col(Membership.person_id)
    draft = select(who).where(col(Conversation.form) == "product", col(Conversation.closed_at).is_(None))
    place = col(Conversation.answers)[("place", "region")].as_string()
    here = _is_of(draft, who, each) & _is_of(_owners().where(within(region, col(Business.region))), member, each)
    told = _is_of(draft.where(within(region, place)), who, each)
    unknown = _is_of(draft.where(place.is_(None)), who, each) & ~_is_of(_owners(), member, each)
    return or_(here, told) if "." in region else or_(here, told, unknown)


def tally(session: Session, audience: Audience) -> Tally:
    """Exact counts by reason."""
    why = why_not().label("why")
    people = select(why).where(members(audience)).subquery()
    rows = session.execute(select(people.c.why, func.count()).group_by(people.c.why))
    return {reason: int(count) for reason, count in rows}


def told_people(audience: Audience) -> Select[Any, Any]:
    """(person id, zone) of those who are told, in the order of their ids."""
    return select(col(Person.id), col(Person.zone)).where(members(audience), why_not() == "").order_by(col(Person.id))


def asleep(session: Session, audience: Audience, when: datetime) -> int:
    """How many of those who are told have their quiet hours then, and hear of it in their morning."""
    people = told_people(audience).order_by(None).subquery()
    rows = session.execute(select(people.c.zone, func.count()).group_by(people.c.zone))
    return sum(int(count) for zone, count in rows if quiet(when, zone))


def best_addresses(session: Session, people: Collection[int], now: datetime) -> dict[int, Address]:
    """The address of each person that news goes to, of those that can be reached."""
    rows = select(Address, col(Person.channel)).join(Person, col(Person.id) == col(Address.person_id))
    rows = rows.where(col(Address.person_id).in_(people), col(Address.unreachable_at).is_(None), col(Address.until).is_(None))
    doors: dict[int, list[Address]] = defaultdict(list)
    chosen: dict[int, str] = {}
    for row, channel in session.execute(rows):
        doors[row.person_id].append(row)
        chosen[row.person_id] = channel
    return {person: found for person, own in doors.items() if (found := best(own, chosen[person], now))}


def silence(session: Session, person_id: int, now: datetime) -> None:
    """Takes back the calls and announcements that wait for a person who has just stopped them."""
    waits = (
        col(Outgoing.person_id) == person_id,
        col(Outgoing.status).in_(("queued", "held")),
        col(Outgoing.kind).in_(("call", "announcement")),
    )
    session.execute(update(Outgoing).where(*waits).values(status="cancelled", settled_at=now, reason="stopped"))
