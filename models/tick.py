"""Due times of periodic jobs: each is claimed by one row, so that however many processes wake up it is done once."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import Moment, moment


class Tick(SQLModel, table=True):
    """One due time of one job; `by` is the process that took it."""

    job: str = Field(primary_key=True)
    due_at: datetime = Field(primary_key=True, sa_type=Moment, nullable=False)
    by: str = ""
    taken_at: datetime = moment(nullable=False)
