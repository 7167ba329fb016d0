"""What was received: the row that makes a repeat harmless, and what a bug left behind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Index, select, text, update
from sqlmodel import Field, Session, SQLModel, col

from models.columns import json, moment
from models.lease import PROCESSES, Lease

UNFINISHED = ("waiting", "queued")
OPEN = text("status IN ('waiting', 'queued')")


class Received(SQLModel, table=True):
    """One inbound message, unique by (account, channel, external id).

    `status`: waiting (media is still fetched), queued (an earlier one of the person is waiting), done, failed (a bug: see DeadLetter).
    `said` is what was said, after the screen; it is emptied when the row is two weeks old.
    """

    __table_args__ = (
        Index("ix_received_key", "account", "channel", "external_id", unique=True),
        Index("ix_received_person_status", "person_id", "status"),
        Index("ix_received_unfinished", "claimed_by", sqlite_where=OPEN, postgresql_where=OPEN),
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
    """The process that received it, or took it over: while it is not done, that one goes on with it."""
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


def kept(session: Session, account: str, channel: str, external_id: str) -> Received | None:
    """What came under that id before."""
    key = (col(Received.account) == account, col(Received.channel) == channel, col(Received.external_id) == external_id)
    return session.execute(select(Received).where(*key)).scalars().first()


def take_over(session: Session, worker: str, now: datetime, accounts: Collection[str] | None) -> list[tuple[str, int]]:
    """What no living process works on is the worker's from now on: account and id of each, in order. `accounts` None is all of them."""
    alive = select(col(Lease.holder)).where(col(Lease.name).startswith(PROCESSES), col(Lease.until) > now)
    left = [col(Received.status).in_(UNFINISHED), col(Received.claimed_by).not_in(alive)]
    if accounts is not None:
        left.append(col(Received.account).in_(accounts))
    taken = update(Received).where(*left).values(claimed_by=worker).returning(col(Received.id), col(Received.account))
    # A synchronised session would look for the rows once more.
    rows = session.execute(taken, execution_options={"synchronize_session": False})
    return [(account, id) for id, account in sorted((row.id, row.account) for row in rows)]
