"""Codes that join a second channel to a person: shown in one app, typed in the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from models import codes
from models.columns import moment
from models.contact import token_hash

LASTS = timedelta(minutes=10)
WITHIN = timedelta(hours=1)
GUESSES = 5
"""After so many codes that fit nobody, no code is taken from that person for an hour."""
BUDGET = 200
"""The same for everybody together: who guesses from many accounts finds the door closed as well."""

Reason = Literal["unknown", "many", "busy", "own"]


class LinkCode(SQLModel, table=True):
    """Single use. Only the hash of the code is kept."""

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    expires_at: datetime = moment(nullable=False)
    used_at: datetime | None = moment()


class LinkGuess(SQLModel, table=True):
    """A code that was typed and fits nobody: after a few of them no more is taken for a while."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    at: datetime = moment(nullable=False, index=True)


def make_code(session: Session, person_id: int, now: datetime) -> str:
    """A new code for a person, as it is shown; an earlier one is over."""
    session.execute(delete(LinkCode).where(col(LinkCode.person_id) == person_id))
    code = codes.draw()
    session.add(LinkCode(code_hash=token_hash(code), person_id=person_id, expires_at=now + LASTS))
    session.flush()
    return codes.shown(code)


def look_up(session: Session, code: str, person_id: int, now: datetime) -> LinkCode | Reason:
    """The open code of somebody else, or why none is taken from this person. A code that fits nobody is counted."""
    if _guesses(session, now, person_id) >= GUESSES:
        return "many"
    if _guesses(session, now) >= BUDGET:
        return "busy"
    rows = select(LinkCode).where(LinkCode.code_hash == token_hash(code), col(LinkCode.used_at).is_(None), LinkCode.expires_at > now)
    found = session.exec(rows).first()
    if found is None:
        session.execute(delete(LinkGuess).where(col(LinkGuess.at) < now - WITHIN))
        session.add(LinkGuess(person_id=person_id, at=now))
        session.flush()
        return "unknown"
    return "own" if found.person_id == person_id else found


def use_up(session: Session, code: LinkCode, now: datetime) -> bool:
    """False when somebody else was quicker."""
    open_one = (col(LinkCode.id) == code.id, col(LinkCode.used_at).is_(None))
    done = session.execute(update(LinkCode).where(*open_one).values(used_at=now))
    return int(getattr(done, "rowcount", 0)) == 1


def _guesses(session: Session, now: datetime, person_id: int | None = None) -> int:
    rows = select(func.count()).select_from(LinkGuess).where(col(LinkGuess.at) > now - WITHIN)
    return session.exec(rows if person_id is None else rows.where(LinkGuess.person_id == person_id)).one()
