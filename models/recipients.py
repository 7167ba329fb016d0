"""Recipients of an announcement, added by one statement a slice: it picks the persons, the door of each, and the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from models.audience import Audience, members, why_not
from models.contact import WINDOW
from models.outbox import BULK
from models.places import zones
from models.post import BLANK, COLUMNS
from models.quiet import after_quiet

LOOK = 2000
"""So many persons are looked at in one slice, however few of them are told."""
_tables = SQLModel.metadata.tables
OUT, PERSON = _tables["outgoing"], _tables["person"]
DOOR = _tables["address"].alias("door")


def add_next(session: Session, campaign_id: int, audience: Audience, after: int, limit: int, now: datetime) -> tuple[int, int]:
    """The next `limit` recipients with an id beyond `after` who are missing. Returns how many, and how far everybody was looked at."""
    upto = after + max(LOOK, limit)
    added = _add(session, campaign_id, audience, now, [PERSON.c.id > after, PERSON.c.id <= upto], limit)
    return len(added), upto if len(added) < limit else max(added)


def add_these(session: Session, campaign_id: int, audience: Audience, people: Sequence[int], now: datetime) -> int:
    """Those of `people` who are of the audience and missing. Returns how many."""
    return len(_add(session, campaign_id, audience, now, [PERSON.c.id.in_(people)], len(people))) if people else 0


def last_person(session: Session) -> int:
    return int(session.execute(select(func.max(PERSON.c.id))).scalar() or 0)


def _add(session: Session, campaign_id: int, audience: Audience, now: datetime, whom: Sequence[ColumnElement[bool]], limit: int) -> list[int]:
    """Ids of the persons that were added. Whoever says stop meanwhile waits for this, and then takes back what was queued."""
    there = exists().where(OUT.c.campaign_id == campaign_id, OUT.c.person_id == PERSON.c.id)
    chosen = (
        select(*_values(campaign_id, now))
        .where(*whom, DOOR.c.person_id == PERSON.c.id, DOOR.c.id == best_door(now), members(audience, each=True), why_not() == "", ~there)
        .order_by(PERSON.c.id)
        .limit(limit)
        .with_for_update(read=True, of=PERSON)
    )
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = make(OUT).from_select(COLUMNS, chosen, include_defaults=False)
    unique = [OUT.c.campaign_id, OUT.c.person_id]
    added = session.execute(rows.on_conflict_do_nothing(index_elements=unique).returning(OUT.c.person_id)).scalars()
    people = [int(person) for person in added]
    _elsewhere(session, campaign_id, people, now)
    return people


def _values(campaign_id: int, now: datetime) -> list[Any]:
    known = case(*((PERSON.c.zone == zone, literal(after_quiet(now, zone), OUT.c.due_at.type)) for zone in zones()), else_=now)
    given: dict[str, Any] = {
        "person_id": PERSON.c.id, "address_id": DOOR.c.id, "account": DOOR.c.account, "lane": BULK, "kind": "announcement",
        "campaign_id": campaign_id, "subject": f"campaign:{campaign_id}", "due_at": known, "created_at": now,
    }  # fmt: skip
    values = BLANK | given
    return [_value(values[name], OUT.c[name]).label(name) for name in COLUMNS]


def _value(value: Any, column: Any) -> ColumnElement[Any]:
    if isinstance(value, ColumnElement):
        return value
    return null() if value is None else literal(value, column.type)


def best_door(now: datetime) -> Any:
    """The id of the address that news goes to; as `models.contact.best`, in SQL."""
    own = _tables["address"].alias("own")
    free = and_(own.c.channel == "whatsapp", own.c.heard_at.is_not(None), own.c.heard_at > now - WINDOW)
    worth = (own.c.channel == PERSON.c.channel, own.c.channel == "telegram", free)
    # SQLite knows nothing of the outer person in an ORDER BY, but does in what is selected.
    ranks = [case((better, 0), else_=1).label(f"rank{place}") for place, better in enumerate(worth)]
    doors = select(own.c.id, *ranks, func.coalesce(own.c.heard_at, own.c.since).label("heard"))
    doors = doors.where(own.c.person_id == PERSON.c.id, own.c.unreachable_at.is_(None), own.c.until.is_(None))
    ranked = doors.correlate(PERSON).subquery("ranked")
    first = select(ranked.c.id).order_by(*(ranked.c[rank.name] for rank in ranks), ranked.c.heard.desc(), ranked.c.id.desc())
    return first.limit(1).scalar_subquery()


def _elsewhere(session: Session, campaign_id: int, people: Sequence[int], now: datetime) -> None:
    """Whoever lives by the clock of another country."""
    if not people:
        return
    here = (PERSON.c.id >= min(people), PERSON.c.id <= max(people), PERSON.c.zone.not_in(zones()))
    for zone in session.execute(select(PERSON.c.zone).where(*here).distinct()).scalars().all():
        theirs = select(PERSON.c.id).where(*here, PERSON.c.zone == zone)
        rows = update(OUT).where(OUT.c.campaign_id == campaign_id, OUT.c.person_id.in_(theirs), OUT.c.created_at == now)
        session.execute(rows.where(OUT.c.status == "queued").values(due_at=after_quiet(now, zone)))
