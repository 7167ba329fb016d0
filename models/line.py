"""The state of a channel's account: one that the platform restricts is stopped until somebody looks at it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import moment


class Line(SQLModel, table=True):
    """What is known of an account; nothing leaves while `stopped_at` is set.

    `tier` is how many people may be written to first in rolling 24 hours, 0 as long as it was not told; `quality` as the platform says it.
    """

    account: str = Field(primary_key=True)
    stopped_at: datetime | None = moment()
    reason: str = ""
    tier: int = 0
    quality: str = ""
