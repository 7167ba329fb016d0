"""What people ask the officers, and replies to announcements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import moment
from models.contact import sees

HELD = "held"
"""Words that were not sent yet: it is being asked what they are."""


class Question(SQLModel, table=True):
    """`about` is "" for a question of its own, "campaign:ID" for a reply to an announcement, "call:ID" for one on a call.

    It is settled at `answered_at`; a reply that was only read has no `answer`.
    """

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    region: str = Field(default="", index=True)
    about: str = Field(default="", index=True)
    text: str
    asked_at: datetime = moment(nullable=False)
    answer: str = ""
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = moment()


def open_questions(session: Session, offices: list[str]) -> list[Question]:
    """What officers of these regions may still answer, the oldest first."""
    rows = select(Question).where(col(Question.answered_at).is_(None), Question.about != HELD)
    return [row for row in session.exec(rows.order_by(col(Question.asked_at), col(Question.id))) if sees(offices, row.region)]


def grouped(rows: Sequence[Question]) -> list[list[Question]]:
    """Replies to one announcement together, everything else by itself; the group with the oldest first."""
    groups: dict[str, list[Question]] = {}
    for row in rows:
        groups.setdefault(row.about if row.about.startswith("campaign:") else f"question:{row.id}", []).append(row)
    return list(groups.values())


def open_replies(session: Session, campaign_id: int, offices: list[str], upto: int = 0) -> list[Question]:
    """The replies to an announcement that wait, the oldest first; not those that came after the one with the id `upto`."""
    found = [row for row in open_questions(session, offices) if row.about == f"campaign:{campaign_id}"]
    return [row for row in found if not upto or (row.id or 0) <= upto]


def settle(session: Session, question_id: int, answer: str, officer_id: int, now: datetime) -> Question | None:
    """Writes the first answer. None when another officer was quicker."""
    rows = select(Question).where(Question.id == question_id).with_for_update().execution_options(populate_existing=True)
    row = session.exec(rows).first()
    if row is None or row.answered_at:
        return None
    row.answer, row.answered_by, row.answered_at = answer, officer_id, now
    return row
