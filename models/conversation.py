"""Conversations: what a person answered so far. The question to ask next is derived, never stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy import Index, bindparam, update
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import json, moment
from models.prepared import Prepared, attach


class Conversation(SQLModel, table=True):
    """One open conversation of a person is current, the other open ones are drafts.

    `asked` is what the person last saw: {"step", "options": [[id, label, short]], "offers": {id: value}, "page", "at"}.
    `reopened` lists answers to ask again; `about` holds what the conversation is of (ids), fixed when it starts.
    `heard_at` and `heard_sequence` are when the last handled message was sent: an older one that arrives later is not taken as an answer.
    """

    __table_args__ = (Index("ix_conversation_person_open", "person_id", "closed_at"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    form: str
    answers: dict[str, Any] = json()
    asked: dict[str, Any] = json()
    reopened: list[str] = json(list)
    about: dict[str, Any] = json()
    groups: list[str] = json(list)
    """Albums whose first photo is already here: later parts join them."""
    revision: int = 0
    current: bool = True
    heard_at: datetime | None = moment()
    heard_sequence: int = 0
    started_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    closed_at: datetime | None = moment()


KEPT = ("answers", "asked", "reopened", "groups", "revision", "current", "heard_at", "heard_sequence", "updated_at", "closed_at")
"""What a turn may change."""
_table = SQLModel.metadata.tables["conversation"]
CURRENT = Prepared(sql.select(_table).where(_table.c.person_id == bindparam("person"), _table.c.closed_at.is_(None), _table.c.current))
KEEP = Prepared(update(_table).where(_table.c.id == bindparam("row")).values({name: bindparam(name) for name in KEPT}))

COLUMNS = [column.name for column in _table.columns if not column.primary_key]
BLANK = {name: Conversation.model_fields[name].get_default(call_default_factory=True) for name in COLUMNS}
"""A conversation before anything is said; nothing in it is altered in place."""
BEGIN = Prepared(sql.insert(_table).values({name: bindparam(name) for name in COLUMNS}).returning(_table.c.id))


def keep(session: Session, person_id: int) -> None:
    """Writes the conversations that a person's turn changed, at its end: the unit of work takes ten times as long for the one row.

    All that may change is written, so only of the person whose lock the turn holds.
    """
    for row in [one for one in session.dirty if isinstance(one, Conversation) and one.person_id == person_id]:
        session.expunge(row)
        KEEP(session, row=row.id, **{name: getattr(row, name) for name in KEPT})


def current_of(session: Session, person_id: int) -> Conversation | None:
    found = CURRENT(session, person=person_id)
    return attach(session, Conversation, found[0]._asdict()) if found else None


def drafts_of(session: Session, person_id: int) -> list[Conversation]:
    """The open conversations, the one worked on last first."""
    rows = select(Conversation).where(Conversation.person_id == person_id, col(Conversation.closed_at).is_(None))
    return list(session.exec(rows.order_by(col(Conversation.updated_at).desc(), col(Conversation.id).desc())))


def of_person(session: Session, conversation_id: int, person_id: int) -> Conversation | None:
    """A conversation if it is this person's own, open or closed."""
    row = session.get(Conversation, conversation_id)
    return row if row and row.person_id == person_id else None


CLOSED = Prepared(
    sql.select(_table.c.answers).where(
        _table.c.person_id == bindparam("person"), _table.c.form == bindparam("form_"), _table.c.closed_at.is_not(None)
    )
)


def closed_answers(session: Session, person_id: int, form: str) -> list[dict[str, Any]]:
    """What a person said whenever this form was gone through."""
    return [row.answers for row in CLOSED(session, person=person_id, form_=form)]


def with_album(session: Session, person_id: int, group: str) -> Conversation | None:
    """The conversation that an album's first photo went to, of the newest few."""
    rows = select(Conversation).where(Conversation.person_id == person_id).order_by(col(Conversation.id).desc()).limit(8)
    return next((row for row in session.exec(rows) if group in row.groups), None)


def set_aside(session: Session, person_id: int) -> None:
    """Makes the current conversation a draft."""
    if row := current_of(session, person_id):
        row.current = False
        session.flush()


def begin(session: Session, person_id: int, form: str, now: datetime, answers: dict[str, Any], about: dict[str, Any]) -> Conversation:
    set_aside(session, person_id)
    values = {**BLANK, "person_id": person_id, "form": form, "answers": answers, "about": about, "started_at": now, "updated_at": now}
    return attach(session, Conversation, {**values, "id": BEGIN(session, **values)[0].id})
