"""How somebody wants to hear of calls, and what people taught about categories."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col

from models.columns import json, moment
from models.inserting import insert_missing

INSTANT, DAILY, WEEKLY = "instant", "daily", "weekly"
RHYTHMS = (INSTANT, DAILY, WEEKLY)
STEP, MOST = 0.1, 0.3
"""How far one wish for fewer or more calls moves the threshold, and how far all of them can."""


class Taste(SQLModel, table=True):
    """No row means the defaults. `threshold` is added to the score that a call must reach: wishes for fewer or more calls move it."""

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


def taste_of(session: Session, person_id: int) -> Taste:
    """The defaults where nothing was chosen; those are not kept."""
    return session.get(Taste, person_id) or Taste(person_id=person_id)


def choose_rhythm(session: Session, person_id: int, rhythm: str) -> None:
    _kept(session, person_id).rhythm = rhythm


def _kept(session: Session, person_id: int) -> Taste:
    """Made where nothing was kept yet: the morning's digest, which notes its time there, does not wait for the person's turn."""
    insert_missing(session, Taste, [{"person_id": person_id, "rhythm": DAILY, "threshold": 0.0}], ["person_id"], col(Taste.person_id))
    return session.get_one(Taste, person_id)


def level(taste: Taste) -> int:
    """The threshold in steps from the default: 2 is stricter by two wishes for fewer calls."""
    return round(taste.threshold / STEP)


def shift(session: Session, person_id: int, steps: int) -> bool:
    """Stricter by so many steps, looser where negative. False where it is at its end already."""
    taste = _kept(session, person_id)
    moved = max(-MOST, min(MOST, round(taste.threshold + steps * STEP, 2)))
    changed = moved != taste.threshold
    taste.threshold = moved
    return changed
