"""What people ask the officers, and replies to announcements."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import moment


class Question(SQLModel, table=True):
    """`about` is "" for a question of its own, "campaign:ID" for a reply to an announcement, "call:ID" for one on a call."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    region: str = Field(default="", index=True)
    about: str = Field(default="", index=True)
    text: str
    asked_at: datetime = moment(nullable=False)
    answer: str = ""
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = moment()


def open_questions(session: Session) -> list[Question]:
    """Not answered yet and sent, the oldest first."""
    rows = select(Question).where(Question.answer == "", Question.about != "held")
    return list(session.exec(rows.order_by(col(Question.asked_at), col(Question.id))))
