"""Leases: who does what only one process at a time may do, and until when. Whoever lets one run out is taken for dead."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

from models.columns import moment


class Lease(SQLModel, table=True):
    """`name` says what of: "sender:telegram:123", "scheduler", "process:ab12cd34". `holder` is the process's own word for itself."""

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = moment(nullable=False)


def take(session: Session, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Takes or renews it. False while another holds it."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    mine = {"holder": holder, "until": now + lasts}
    free = or_(col(Lease.holder) == holder, col(Lease.until) <= now)
    statement = make(Lease).values(name=name, **mine).on_conflict_do_update(index_elements=["name"], set_=mine, where=free)
    return session.execute(statement.returning(col(Lease.name))).first() is not None


def held(session: Session, name: str, holder: str, now: datetime) -> bool:
    """Whether it is still theirs. Nobody takes it over before the end of this transaction."""
    rows = select(col(Lease.name)).where(col(Lease.name) == name, col(Lease.holder) == holder, col(Lease.until) > now)
    return session.execute(rows.with_for_update(read=True)).first() is not None


def release(session: Session, name: str, holder: str) -> None:
    session.execute(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))
