"""Codes that join a second channel to a person: shown in one app, typed in the other."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import moment


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
