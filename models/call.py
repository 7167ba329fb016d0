"""Procurement calls and who was told of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.columns import json, moment


class Call(SQLModel, table=True):
    """`source` and `source_id` are the stable key. `region` is the place of the work ("64" reaches all of the province); `budget` in rupiah."""

    __table_args__ = (Index("ix_call_source_source_id", "source", "source_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    source: str = "officer"
    source_id: str
    title: str
    buyer: str = ""
    region: str = ""
    etalase: list[str] = json(list)
    budget: int | None = Field(default=None, sa_type=BigInteger)
    method: str = ""
    kind: str = ""
    small_only: bool | None = None
    closes_at: datetime | None = moment(index=True)
    link: str = ""
    status: str = "active"
    history: list[dict[str, Any]] = json(list)
    created_by: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = moment(nullable=False)


class CallNotice(SQLModel, table=True):
    """One person is told of one call once for each kind of notice; `answer` is interested or unrelated."""

    __table_args__ = (Index("ix_callnotice_call_person_kind", "call_id", "person_id", "kind", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = "new"
    product_id: int | None = Field(default=None, foreign_key="product.id")
    reasons: list[dict[str, Any]] = json(list)
    answer: str = ""
    answered_at: datetime | None = moment()
    at: datetime = moment(nullable=False)
