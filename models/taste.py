"""How somebody wants to hear of calls, and what people taught about categories."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import json, moment

INSTANT, DAILY, WEEKLY = "instant", "daily", "weekly"


class Taste(SQLModel, table=True):
    """No row means the defaults. `threshold` is added to the score that a call must reach: answers move it."""

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    rhythm: str = DAILY
    threshold: float = 0.0
    digest_at: datetime | None = moment()
    """When the last digest was made."""
    nearest_at: datetime | None = moment()
    """When "nothing fits yet, these are the nearest" was last told."""


class Lesson(SQLModel, table=True):
    """Somebody corrected the etalase of a text: `etalase` is what it should have been. `by` is "officer" or "vendor"."""

    id: int | None = Field(default=None, primary_key=True)
    text: str
    etalase: list[str] = json(list)
    by: str
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    at: datetime = moment(nullable=False)
