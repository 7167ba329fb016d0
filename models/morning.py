"""The morning's digest: whose hour has come, and what it may hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models.alerts import SLICE, SOON, WELL, Waiting, urgent
from models.audience import why_not
from models.call import TYPED, Call, CallNotice, still_open
from models.contact import Person
from models.places import zones
from models.taste import DAILY, WEEKLY, Taste

EIGHT, EVENING = time(8), timedelta(hours=11)
"""When digests are made, and how long after that a missed one is still made: until 19.00, before the quiet hours."""


def eight(now: datetime, zone: str) -> datetime:
    """The last 08.00 on the zone's clock."""
    local = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(local.date(), EIGHT, ZoneInfo(zone))
    return today if today <= local else today - timedelta(days=1)


def due(session: Session, zone: str, clock: str, after: int, now: datetime, limit: int = SLICE) -> list[int]:
    """The next persons with an id beyond `after` whose digest is to be made. `zone` "" is everybody outside the country's own zones, whose
    digests are made by the clock of the office.
    """
    morning = eight(now, clock)
    here = col(Person.zone) == zone if zone else col(Person.zone).not_in(zones())
    last, weekly = col(Taste.digest_at), func.coalesce(col(Taste.rhythm), DAILY) == WEEKLY
    pressing = and_(col(Call.closes_at) < now + timedelta(days=SOON + 1), or_(col(CallNotice.score) >= WELL, col(Call.source) == TYPED))
    rows = (
        select(col(CallNotice.person_id))
        .join(Call, col(Call.id) == col(CallNotice.call_id))
        .join(Person, col(Person.id) == col(CallNotice.person_id))
        .outerjoin(Taste, col(Taste.person_id) == col(CallNotice.person_id))
        .where(col(CallNotice.told_at).is_(None), col(CallNotice.at) <= now, still_open(now), col(CallNotice.person_id) > after, here)
        .where(or_(last.is_(None), last < morning), why_not() == "")
        .where(or_(~weekly, _week_is_over(morning, last), pressing))
        .group_by(col(CallNotice.person_id))
        .order_by(col(CallNotice.person_id))
        .limit(limit)
    )
    return list(session.execute(rows).scalars())


def monday(morning: datetime) -> datetime:
    return morning - timedelta(days=morning.weekday())


def _week_is_over(morning: datetime, last: Any) -> ColumnElement[bool]:
    """It is Monday, or Monday's digest was missed."""
    return or_(last < monday(morning), last.is_(None) & (morning.weekday() == 0))


def in_digest(waits: Sequence[Waiting], taste: Taste | None, morning: datetime, now: datetime) -> list[Waiting]:
    """What a morning's digest may hold: between Mondays only what presses, where the person chose weekly."""
    if taste is None or taste.rhythm != WEEKLY or morning.weekday() == 0 or (taste.digest_at and taste.digest_at < monday(morning)):
        return list(waits)
    return [one for one in waits if urgent(one.call, one.score, now, one.zone)]


def mark(session: Session, people: Sequence[int], when: Literal["digest_at", "nearest_at"], now: datetime) -> None:
    """Notes that these persons had their turn."""
    if not people:
        return
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = make(Taste).on_conflict_do_update(index_elements=["person_id"], set_={when: now})
    blank = Taste(person_id=0)
    session.execute(rows, [{"person_id": one, "rhythm": blank.rhythm, "threshold": blank.threshold, when: now} for one in people])


def forget_untold(session: Session, now: datetime, limit: int = SLICE) -> int:
    """Deletes what never left, of calls that are over. Returns how many."""
    over = select(col(CallNotice.id)).join(Call, col(Call.id) == col(CallNotice.call_id))
    ids = session.execute(over.where(col(CallNotice.told_at).is_(None), ~still_open(now)).limit(limit)).scalars().all()
    session.execute(delete(CallNotice).where(col(CallNotice.id).in_(ids)))
    return len(ids)


def day_at_eight(when: datetime, days: int, zone: str) -> datetime:
    """08.00 on the zone's clock, so many days from a moment's own."""
    day = when.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(day, EIGHT, ZoneInfo(zone))
