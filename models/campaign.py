"""Announcements: one body, many recipients, each a row of the outbox by reference to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import json, moment


class Campaign(SQLModel, table=True):
    """`status`: draft -> running -> done | cancelled. It is looked at when a row is claimed, so that cancelling touches one row.

    `audience` is {"region", "etalase", "state"}; `message` the body as Message JSON; `excluded` counts by reason at the start.
    """

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="person.id")
    text: str
    picture: str = ""
    audience: dict[str, Any] = json()
    message: dict[str, Any] = json()
    status: str = "draft"
    total: int = 0
    excluded: dict[str, Any] = json()
    created_at: datetime = moment(nullable=False)
    started_at: datetime | None = moment()
    ended_at: datetime | None = moment()
