"""Recipients of an announcement, added by one statement a slice: it picks the persons, the door of each, and the hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, func, literal, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from models.audience import Audience, members, why_not
from models.columns import Moment
from models.contact import WINDOW
from models.outbox import BULK
from models.places import zones
from models.post import BLANK, COLUMNS
from models.prepared import Prepared
from models.quiet import after_quiet

LOOK = 2000
"""So many persons are looked at in one slice, however few of them are told."""
_tables = SQLModel.metadata.tables
OUT, PERSON = _tables["outgoing"], _tables["person"]
DOOR = _tables["address"].alias("door")
LAST = Prepared(select(func.max(PERSON.c.id).label("id")))
_here = (PERSON.c.id >= bindparam("first"), PERSON.c.id <= bindparam("last"), PERSON.c.zone.not_in(zones()))
ABROAD = Prepared(select(PERSON.c.zone).where(*_here).distinct())
"""Clocks of other countries."""


def add_next(session: Session, campaign_id: int, audience: Audience, after: int, limit: int, now: datetime) -> tuple[int, int]:
    """The next `limit` recipients with an id beyond `after` who are missing. Returns how many, and how far everybody was looked at."""
    upto = after + max(LOOK, limit)
    given = {"after": after, "upto": upto, "most": limit}
    added = [row.person_id for row in _next(audience)[_dialect(session)](session, **_given(campaign_id, now), **given)]
    _set_clocks(session, campaign_id, added, now)
    return len(added), upto if len(added) < limit else max(added)


def add_these(session: Session, campaign_id: int, audience: Audience, people: Sequence[int], now: datetime) -> int:
    """Those of `people` who are of the audience and missing. Returns how many."""
    rows = _adding(audience, PERSON.c.id.in_(bindparam("people", expanding=True)))[_dialect(session)]
    given = {**_given(campaign_id, now), "people": list(people), "most": len(people)}
    added = [int(row.person_id) for row in session.execute(rows, given)]
    _set_clocks(session, campaign_id, added, now)
    return len(added)


def last_person(session: Session) -> int:
    return int(LAST(session)[0].id or 0)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@lru_cache(maxsize=32)
def _next(audience: Audience) -> Mapping[str, Prepared]:
    """Built once: putting it together takes as long as running it for a hundred recipients."""
    rows = _adding(audience, PERSON.c.id > bindparam("after"), PERSON.c.id <= bindparam("upto"))
    return {dialect: Prepared(statement) for dialect, statement in rows.items()}


def _adding(audience: Audience, *whom: ColumnElement[bool]) -> Mapping[str, Any]:
    """By dialect. Whoever says stop meanwhile waits for this, and then takes back what was queued."""
    there = exists().where(OUT.c.campaign_id == bindparam("campaign"), OUT.c.person_id == PERSON.c.id)
    chosen = (
        select(*_columns())
        .where(*whom, DOOR.c.person_id == PERSON.c.id, DOOR.c.id == best_door(), members(audience, each=True), why_not() == "", ~there)
        .order_by(PERSON.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(read=True, of=PERSON)
    )
    unique = [OUT.c.campaign_id, OUT.c.person_id]
    return {
        name: make(OUT).from_select(COLUMNS, chosen, include_defaults=False).on_conflict_do_nothing(index_elements=unique)
        .returning(OUT.c.person_id)
        for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
    }  # fmt: skip


def _columns() -> list[Any]:
    due = case(*((PERSON.c.zone == zone, bindparam(f"due{n}", type_=Moment)) for n, zone in enumerate(zones())), else_=_now())
    campaign = bindparam("campaign", type_=Integer)
    given: dict[str, Any] = {
        "person_id": PERSON.c.id, "address_id": DOOR.c.id, "account": DOOR.c.account, "lane": BULK, "kind": "announcement",
        "campaign_id": campaign, "subject": bindparam("subject", type_=OUT.c.subject.type), "due_at": due, "created_at": _now(),
    }  # fmt: skip
    return [_value(value, OUT.c[name]).label(name) for name, value in (BLANK | given).items()]


def _now() -> Any:
    return bindparam("now", type_=Moment)


def _value(value: Any, column: Any) -> ColumnElement[Any]:
    if isinstance(value, ColumnElement):
        return value
    return null() if value is None else literal(value, column.type)


def _given(campaign_id: int, now: datetime) -> dict[str, Any]:
    due = {f"due{n}": after_quiet(now, zone) for n, zone in enumerate(zones())}
    return {"campaign": campaign_id, "subject": f"campaign:{campaign_id}", "now": now, "open": now - WINDOW, **due}


def best_door() -> Any:
    """The id of the address that news goes to; as `models.contact.best`, in SQL."""
    own = _tables["address"].alias("own")
    free = and_(own.c.channel == "whatsapp", own.c.heard_at.is_not(None), own.c.heard_at > bindparam("open", type_=Moment))
    worth = (own.c.channel == PERSON.c.channel, own.c.channel == "telegram", free)
    # SQLite knows nothing of the outer person in an ORDER BY, but does in what is selected.
    ranks = [case((better, 0), else_=1).label(f"rank{place}") for place, better in enumerate(worth)]
    doors = select(own.c.id, *ranks, func.coalesce(own.c.heard_at, own.c.since).label("heard"))
    doors = doors.where(own.c.person_id == PERSON.c.id, own.c.unreachable_at.is_(None), own.c.until.is_(None))
    ranked = doors.correlate(PERSON).subquery("ranked")
    first = select(ranked.c.id).order_by(*(ranked.c[rank.name] for rank in ranks), ranked.c.heard.desc(), ranked.c.id.desc())
    return first.limit(1).scalar_subquery()


def _set_clocks(session: Session, campaign_id: int, people: Sequence[int], now: datetime) -> None:
    """The hour of whoever lives by the clock of another country."""
    if not people:
        return
    for row in ABROAD(session, first=min(people), last=max(people)):
        theirs = select(PERSON.c.id).where(PERSON.c.id.in_(people), PERSON.c.zone == row.zone)
        rows = update(OUT).where(OUT.c.campaign_id == campaign_id, OUT.c.person_id.in_(theirs))
        session.execute(rows.values(due_at=after_quiet(now, row.zone)))
