"""Procurement calls, who was told of them and what they answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, String, and_, cast, or_, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from models.business import Business, Membership
from models.columns import json, moment
from models.contact import sees

PLANNED, ACTIVE, CANCELLED, COMPLETE = "planned", "active", "cancelled", "complete"
INTERESTED, UNRELATED = "interested", "unrelated"
ONCE = "once"
"""Unrelated, but such calls are wanted all the same."""
UNTOLD = text("told_at IS NULL")
ANSWERED = text("answer <> ''")
NEW, NEAREST, FOUND = "new", "nearest", "found"
ORIGINS = (NEW, NEAREST, FOUND)
"""Kinds of notice by which somebody first hears of a call; answers are kept in theirs."""
TYPED = "officer"
"""The source of what an officer typed."""
PAGES = timedelta(minutes=30)
"""In which the pages of a package are read after the table that names it."""
FITTING = 50
"""So many of the newest open calls are looked at when a product is approved."""


class Call(SQLModel, table=True):
    """`source` and `source_id` say where it was met first; every name it is known by is a `CallKey`.

    `region` is the place of the work, "64" all of the province, and `places` all of them; `budget` and `estimate` (HPS) in rupiah.
    """

    __table_args__ = (
        Index("ix_call_source_source_id", "source", "source_id", unique=True),
        Index("ix_call_open", "status", "closes_at", "region"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str = "officer"
    source_id: str
    title: str
    detail: str = ""
    """What the source says of the work beyond its title."""
    buyer: str = ""
    institution: str = ""
    """The government the buyer is an office of: "Kota Samarinda"."""
    region: str = ""
    places: list[str] = json(list)
    etalase: list[str] = json(list)
    budget: int | None = Field(default=None, sa_type=BigInteger)
    estimate: int | None = Field(default=None, sa_type=BigInteger)
    funds: list[str] = json(list)
    method: str = ""
    kind: str = ""
    small_only: bool | None = None
    """Reserved for small firms; None where the source does not say."""
    domestic: bool | None = None
    """Whether only domestic goods (PDN) are wanted."""
    opens_at: datetime | None = moment()
    closes_at: datetime | None = moment(index=True)
    link: str = ""
    status: str = "active"
    reason: str = ""
    """Why it was cancelled."""
    history: list[dict[str, Any]] = json(list)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = moment(nullable=False)
    told_at: datetime | None = moment()
    """When everybody it concerned at first was told; until then a job goes on telling."""
    seen_at: datetime | None = moment()
    """When its source last had it."""
    changed_at: datetime | None = moment()
    """When something changed that those who were told must hear, until they were told of it."""


class CallKey(SQLModel, table=True):
    """A name of a call in one system, such as its `kd_rup` in "rup"; the systems are those of `models.package`."""

    system: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)


class CallNotice(SQLModel, table=True):
    """One person is told of one call once for each kind of notice; `answer` is interested, unrelated or once.

    `told_at` is None while it waits for the person's next digest. `score` is how well the call fits, 0 to 1; `reasons` as in `Match`.
    """

    __table_args__ = (
        Index("ix_callnotice_call_person_kind", "call_id", "person_id", "kind", unique=True),
        Index("ix_callnotice_answered", "call_id", sqlite_where=ANSWERED, postgresql_where=ANSWERED),
        Index("ix_callnotice_answers", "person_id", sqlite_where=ANSWERED, postgresql_where=ANSWERED),
        Index("ix_callnotice_untold", "person_id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = "new"
    product_id: int | None = Field(default=None, foreign_key="product.id")
    reasons: list[dict[str, Any]] = json(list)
    answer: str = ""
    answered_at: datetime | None = moment()
    at: datetime = moment(nullable=False)
    score: float = 0.0
    told_at: datetime | None = moment()


def locked(session: Session, call_id: int) -> Call | None:
    """As it is now, and nobody else changes it until the commit: a source, or another officer, may say something of it in this moment."""
    return session.get(Call, call_id, with_for_update={"key_share": True}, populate_existing=True)


def is_open(call: Call, now: datetime) -> bool:
    """Whether it can still be answered; what is only planned must say until when."""
    if call.closes_at is None:
        return call.status == ACTIVE
    return call.status in (ACTIVE, PLANNED) and call.closes_at > now


def still_open(now: datetime) -> ColumnElement[bool]:
    """As `is_open`, in SQL."""
    status, closes = col(Call.status), col(Call.closes_at)
    return or_(and_(status == ACTIVE, closes.is_(None)), and_(status.in_((ACTIVE, PLANNED)), closes.is_not(None), closes > now))


def untold_calls(session: Session, now: datetime, most: int, after: int = 0) -> list[Call]:
    """The oldest ones with an id beyond `after` of which it is not finished to find out whom they concern. A row of SPSE's table waits for
    the pages of its package, which may show that it is a plan that people know; not for long.
    """
    unread = and_(col(Call.source) == "spse", cast(col(Call.history), String) == "[]", col(Call.created_at) > now - PAGES)
    rows = select(Call).where(still_open(now), col(Call.told_at).is_(None), ~unread, col(Call.id) > after)
    return list(session.exec(rows.order_by(col(Call.id)).limit(most)))


def fitting_calls(session: Session, etalase: str, now: datetime) -> list[Call]:
    """The newest open calls of an etalase."""
    named = cast(col(Call.etalase), String).contains(f'"{etalase}"', autoescape=True)
    return list(session.exec(select(Call).where(still_open(now), named).order_by(col(Call.id).desc()).limit(FITTING)))


def notice_of(session: Session, call_id: int, person_id: int) -> CallNotice | None:
    """The notice by which a person heard of a call, or will."""
    mine = (CallNotice.call_id == call_id, CallNotice.person_id == person_id, col(CallNotice.kind).in_(ORIGINS))
    return session.exec(select(CallNotice).where(*mine).order_by(col(CallNotice.id))).first()


def note_found(session: Session, call_id: int, person_id: int, now: datetime) -> CallNotice:
    """The notice by which somebody knows of a call they opened themselves; what waited for a digest is told with that."""
    kept = notice_of(session, call_id, person_id)
    if kept is None:
        kept = CallNotice(call_id=call_id, person_id=person_id, kind=FOUND, at=now)
        session.add(kept)
    kept.told_at = kept.told_at or now
    return kept


def unanswered(session: Session, person_id: int, now: datetime) -> list[Call]:
    """The open calls this person was told of and has not answered, the latest first."""
    mine = (
        CallNotice.person_id == person_id,
        CallNotice.answer == "",
        col(CallNotice.kind).in_(ORIGINS),
        col(CallNotice.told_at).is_not(None),
    )
    return list(session.exec(select(Call).join(CallNotice).where(*mine, still_open(now)).order_by(col(CallNotice.id).desc())))


def hear_all_again(session: Session, person_id: int, product_id: int | None = None) -> None:
    """What was said to be unrelated, of one product or of all, keeps nothing away any more."""
    mine = update(CallNotice).where(col(CallNotice.person_id) == person_id, col(CallNotice.answer) == UNRELATED)
    session.execute((mine.where(col(CallNotice.product_id) == product_id) if product_id else mine).values(answer=ONCE))


def answered_by(session: Session, call_id: int, answer: str) -> list[int]:
    """The person ids of those who gave this answer."""
    rows = select(CallNotice.person_id).where(CallNotice.call_id == call_id, CallNotice.answer == answer)
    return list(session.exec(rows.order_by(col(CallNotice.id))))


def interested_in(session: Session, call_id: int, offices: Sequence[str]) -> list[Business]:
    """The businesses of those who are interested, as far as an officer of these regions may see them."""
    people = select(CallNotice.person_id).where(CallNotice.call_id == call_id, CallNotice.answer == INTERESTED)
    ids = select(Membership.business_id).where(col(Membership.person_id).in_(people))
    found = session.exec(select(Business).where(col(Business.id).in_(ids)).order_by(col(Business.id)))
    return [business for business in found if sees(list(offices), business.region)]
