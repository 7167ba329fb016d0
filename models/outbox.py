"""Everything that is said to anybody is a row here first; one sender per account takes it from there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from models.columns import moment

REPLY, NOTICE, BULK = 0, 1, 2
"""Lanes, most urgent first: answers, decisions and calls, announcements."""

REPEATED = ("reply", "notice")
"""Kinds that are sent again when nobody knows whether they arrived; others are listed as unknown."""

OWN, PAID = text("campaign_id IS NULL"), text("template != ''")
"""Rows that are of no campaign, which are claimed by it; rows that leave, or left, as a template."""
SETTLED = text("campaign_id IS NOT NULL AND settled_at IS NOT NULL")
"""What became of a campaign's rows, the newest of which are judged; what is only queued costs no entry."""


class Outgoing(SQLModel, table=True):
    """`status`: queued -> claimed -> sent -> delivered -> read | failed | unknown | expired | cancelled | replaced,
    and claimed -> held -> queued where the person must write first.

    `kind` names the unknown-policy: reply and notice are repeated, call and announcement are not. `message` is a Message as JSON, worded
    when it is sent; empty for an announcement, whose campaign holds the one body. `bundle` names what a later row may still join
    or replace. `replaces` is the outgoing row whose message is edited, where the channel can.
    """

    __table_args__ = (
        Index("ix_outgoing_due", "account", "status", "lane", "due_at", sqlite_where=OWN, postgresql_where=OWN),
        Index("ix_outgoing_campaign_due", "campaign_id", "status", "account", "due_at"),
        Index("ix_outgoing_campaign_settled", "campaign_id", "settled_at", sqlite_where=SETTLED, postgresql_where=SETTLED),
        Index("ix_outgoing_paid", "account", "claimed_at", sqlite_where=PAID, postgresql_where=PAID),
        Index("ix_outgoing_person_status", "person_id", "status"),
        Index("ix_outgoing_campaign_person", "campaign_id", "person_id", unique=True),
        Index("ix_outgoing_address_settled", "address_id", "settled_at"),
        Index("ix_outgoing_external", "account", "external_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    address_id: int = Field(foreign_key="address.id")
    account: str
    lane: int = REPLY
    kind: str = "reply"
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    subject: str = ""
    """What it is about, e.g. "call:12", so that a quoted reply finds it."""
    message: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id")
    bundle: str = ""
    replaces: int | None = None
    due_at: datetime = moment(nullable=False)
    expires_at: datetime | None = moment()
    claimed_by: str = ""
    claimed_at: datetime | None = moment()
    attempts: int = 0
    status: str = "queued"
    shown: int = 0
    """So many of its parts are there already, where it takes several messages."""
    external_id: str = ""
    template: str = ""
    """The template it goes as outside of the window, once that is decided; `price` is what it may cost at most, in rupiah."""
    price: int = 0
    reason: str = ""
    created_at: datetime = moment(nullable=False)
    settled_at: datetime | None = moment()
