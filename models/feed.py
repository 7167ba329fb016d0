"""The sources of calls: how each is doing, what it said that could not be read, and which columns of a sheet mean what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import json, moment


class Feed(SQLModel, table=True):
    """One source that is polled. `fresh_at` is the date of the newest row it has given, `error` a short name, "" while all is well.

    `marks` is what the next poll begins with (cursor, etag, last-modified); `counts` are of the last poll that ended.
    """

    name: str = Field(primary_key=True)
    tried_at: datetime | None = moment()
    succeeded_at: datetime | None = moment()
    failed_since: datetime | None = moment()
    fresh_at: datetime | None = moment()
    next_at: datetime | None = moment()
    error: str = ""
    marks: dict[str, Any] = json(dict)
    counts: dict[str, Any] = json(dict)
    columns: list[str] = json(list)
    """The names its rows had, so that a column that is added, gone or renamed is noticed."""
    told_at: datetime | None = moment()
    """When officers were told that it fails, until it is well again."""


class SetAside(SQLModel, table=True):
    """A row that could not be read; officials' names and numbers are taken out of it. `number` is its key in the source, "" for none."""

    id: int | None = Field(default=None, primary_key=True)
    feed: str = Field(index=True)
    number: str = Field(default="", index=True)
    reason: str
    row: dict[str, Any] = json(dict)
    at: datetime = moment(nullable=False)


class Columns(SQLModel, table=True):
    """What an officer confirmed of the columns of a sheet; `header` is a hash of its names in their order."""

    header: str = Field(primary_key=True)
    fields: dict[str, Any] = json(dict)
    """Our field by the sheet's name of the column."""
    officer_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = moment(nullable=False)
