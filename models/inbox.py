"""What was received: the row that makes a repeat harmless, and what a bug left behind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import json, moment


class Received(SQLModel, table=True):
    """One inbound message, unique by (account, channel, external id).

    `status`: waiting (media is still fetched), queued (an earlier one of the person is waiting), done, failed (a bug: see DeadLetter).
    `said` is what was said, after the screen; it is emptied when the row is two weeks old.
    """

    __table_args__ = (
        Index("ix_received_key", "account", "channel", "external_id", unique=True),
        Index("ix_received_person_status", "person_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account: str
    channel: str
    external_id: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    address_id: int | None = Field(default=None, foreign_key="address.id")
    status: str = "done"
    said: dict[str, Any] = json()
    media: dict[str, Any] = json()
    """How the channel fetches the picture, while the row is waiting."""
    claimed_by: str = ""
    """The process that fetches the picture."""
    received_at: datetime = moment(nullable=False)


class DeadLetter(SQLModel, table=True):
    """A message whose handling failed by a bug. `said` passed the screen, so it holds no NIK and no code."""

    id: int | None = Field(default=None, primary_key=True)
    received_id: int | None = Field(default=None, foreign_key="received.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    said: dict[str, Any] = json()
    error: str
    """The class of the error and where it rose, without the words of anybody."""
    at: datetime = moment(nullable=False)
    solved_at: datetime | None = moment()
