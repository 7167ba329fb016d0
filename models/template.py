"""What WhatsApp says of the templates: whether each may be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import moment


class Template(SQLModel, table=True):
    """`state` as the platform names it, in lower case: approved, pending, rejected, paused, disabled; `category` as it decided."""

    __table_args__ = (Index("ix_template_name_locale", "name", "locale", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    locale: str
    state: str = "pending"
    category: str = ""
    reason: str = ""
    at: datetime = moment(nullable=False)
