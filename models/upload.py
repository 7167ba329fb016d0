"""Pictures that a platform has already: uploaded once, sent by their id after that."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import moment


class Upload(SQLModel, table=True):
    """`name` is the file as we keep it; `external_id` what the account calls it. Other accounts do not know it."""

    account: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    external_id: str
    at: datetime = moment(nullable=False)
