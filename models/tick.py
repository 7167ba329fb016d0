"""Due times of periodic jobs: each is claimed by one row, so that however many processes wake up it is done once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import Moment, moment


class Tick(SQLModel, table=True):
    """One due time of one job; `by` is the process that took it."""

    job: str = Field(primary_key=True)
    due_at: datetime = Field(primary_key=True, sa_type=Moment, nullable=False)
    by: str = ""
    taken_at: datetime = moment(nullable=False)


def take_tick(session: Session, job: str, due_at: datetime, by: str, now: datetime) -> bool:
    """False where it was taken before. Another that takes it in this moment waits for the end of this transaction."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = make(Tick).values(job=job, due_at=due_at, by=by, taken_at=now).on_conflict_do_nothing()
    return session.execute(row.returning(col(Tick.job))).first() is not None


def ticked(session: Session, job: str, due_at: datetime) -> bool:
    return session.get(Tick, (job, due_at)) is not None


def forget_ticks(session: Session, before: datetime) -> int:
    """Deletes old ones, but never the newest of a job. Returns how many."""
    newer = aliased(Tick)
    followed = select(newer.job).where(newer.job == col(Tick.job), newer.due_at > col(Tick.due_at)).exists()
    found = session.execute(delete(Tick).where(col(Tick.due_at) < before, followed), execution_options={"synchronize_session": False})
    return int(getattr(found, "rowcount", 0))
