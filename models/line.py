"""The state of a channel's account: one that the platform restricts is stopped until somebody looks at it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import moment


class Line(SQLModel, table=True):
    """A row for an account that was ever stopped; nothing leaves while `stopped_at` is set."""

    account: str = Field(primary_key=True)
    stopped_at: datetime | None = moment()
    reason: str = ""
