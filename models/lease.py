"""Leases: who does what only one process at a time may do, and until when. Whoever lets one run out is taken for dead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, String, bindparam, case, cast, delete, func, or_, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import moment
from models.prepared import Prepared

PROCESSES = "process:"
LONGEST = timedelta(seconds=5)
"""Much more than a claim takes, and little enough that another still sends within ten seconds."""


class Lease(SQLModel, table=True):
    """`name` says what of: "sender:telegram:123", "scheduler", "process:web:host:4711:ab12". `holder` is the process's word for itself."""

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = moment(nullable=False)


# Asked by every claim. It is locked, so that nobody takes the lease over before the end of the transaction that asks.
HELD = Prepared(
    select(col(Lease.name)).where(col(Lease.name) == bindparam("name"), col(Lease.holder) == bindparam("holder")).with_for_update(read=True)
)

# Not left to the time-out of an idle transaction: after a pipeline of statements (executemany) the server does not watch it. Known to
# servers since version 17.
_new = cast(func.current_setting("server_version_num"), Integer) >= 170_000
LIMIT = Prepared(select(case((_new, func.set_config("transaction_timeout", bindparam("longest", type_=String), true())))))


def take(session: Session, name: str, holder: str, now: datetime, lasts: timedelta, *, by_force: bool = False) -> bool:
    """Takes or renews it. False while another holds it, who is known to be dead where it is taken `by_force`."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    mine = {"holder": holder, "until": now + lasts}
    free: Any = true() if by_force else or_(col(Lease.holder) == holder, col(Lease.until) <= now)
    statement = make(Lease).values(name=name, **mine).on_conflict_do_update(index_elements=["name"], set_=mine, where=free)
    return session.execute(statement.returning(col(Lease.name))).first() is not None


def held(session: Session, name: str, holder: str, longest: timedelta = LONGEST) -> bool:
    """Whether nobody has taken it over, whatever the time: what is written with it is seen by who takes it over after that.

    The transaction ends by itself after `longest`, on PostgreSQL: a process that is frozen in it must not keep the lease.
    """
    if session.get_bind().dialect.name == "postgresql":
        LIMIT(session, longest=f"{longest // timedelta(milliseconds=1)}ms")
    return bool(HELD(session, name=name, holder=holder))


def release(session: Session, name: str, holder: str) -> None:
    session.execute(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))


def leases(session: Session, now: datetime) -> Sequence[Lease]:
    """Those that somebody holds, by name."""
    return session.exec(select(Lease).where(col(Lease.until) > now).order_by(col(Lease.name))).all()
