"""Announcements: one body, many recipients, each a row of the outbox by reference to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from models.audience import Audience
from models.columns import json, moment
from models.contact import sees
from models.outbox import Outgoing
from models.reasons import named
from models.recipients import add_next, last_person

SLICE = 100
"""Recipients added in one transaction: one or two milliseconds, so that a turn hardly waits for them."""
WAITING, SCHEDULED, CANARY, RUNNING = "waiting", "scheduled", "canary", "running"
PAUSED, STOPPED, DONE, CANCELLED = "paused", "stopped", "done", "cancelled"
LIVE = (CANARY, RUNNING)
"""While its rows leave."""
OPEN = (WAITING, SCHEDULED, *LIVE, PAUSED, STOPPED)
"""What is not over, and may be cancelled."""
UNSENT = ("queued", "claimed", "held")
"""Rows that have not come to anything yet."""


class Campaign(SQLModel, table=True):
    """`status`: waiting (for a second officer) -> scheduled -> canary -> running -> done | cancelled; canary and running <-> paused, and
    -> stopped where too much fails. It is looked at when a row is claimed, so that pausing and cancelling touch one row.

    `audience` is an Audience as JSON; `message` the body as Message JSON; `excluded` counts by reason at the start. What has not left by
    `ends_at` is not sent any more. `paid`: outside of a window it goes as a template that costs; else it waits until the person writes.
    """

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="person.id")
    text: str
    picture: str = ""
    audience: dict[str, Any] = json()
    message: dict[str, Any] = json()
    status: str = Field(default=RUNNING, index=True)
    total: int = 0
    """Exact at the start; once everybody was added, so many as there are rows."""
    approver_id: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = moment()
    starts_at: datetime | None = moment()
    ends_at: datetime | None = moment()
    paid: bool = False
    canary: int = 0
    """So many are told first."""
    why: str = ""
    """The name of the reason for which it was paused or stopped by itself."""
    paused_at: datetime | None = moment()
    plan: dict[str, Any] = json()
    """What was foreseen when it was confirmed: days, rupiah, how many are free."""
    excluded: dict[str, Any] = json()
    created_at: datetime = moment(nullable=False)
    started_at: datetime | None = moment()
    filled_to: int = 0
    """Persons up to this id were looked at."""
    filled_at: datetime | None = moment()
    """When the last recipient was added; until then a job goes on adding."""
    ended_at: datetime | None = moment()


def fill(session: Session, campaign: Campaign, now: datetime, limit: int = SLICE) -> int:
    """Adds the next recipients that are missing, each due outside of its own quiet hours. Returns how many: there may be none among the
    persons looked at now and some among later ones, until `filled_at` is set.
    """
    if not _fills(campaign):
        return 0
    # Two that add at once would pass over whom the other one is just adding; and it may be cancelled in this moment.
    session.refresh(campaign, with_for_update={"key_share": True})
    if not _fills(campaign):
        return 0
    audience = Audience.from_json(campaign.audience)
    added, campaign.filled_to = add_next(session, campaign.id or 0, audience, campaign.filled_to, limit, now)
    if campaign.filled_to >= last_person(session):
        campaign.filled_at = now
    return added


def _fills(campaign: Campaign) -> bool:
    return campaign.status == RUNNING and campaign.filled_at is None


def progress(session: Session, campaign_id: int) -> Mapping[str, int]:
    """Rows by status."""
    rows = select(Outgoing.status, func.count()).where(Outgoing.campaign_id == campaign_id).group_by(Outgoing.status)
    return {status: int(count) for status, count in session.exec(rows)}


def running(session: Session) -> list[Campaign]:
    return list(session.exec(select(Campaign).where(Campaign.status == RUNNING).order_by(col(Campaign.id))))


def locked(session: Session, campaign_id: int) -> Campaign | None:
    """As it is now, and nobody else changes it until the commit: two officers may press at once."""
    session.flush()
    return session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)


def campaigns_seen(session: Session, offices: list[str], limit: int = 5) -> list[Campaign]:
    """The latest announcements to regions that these officers see."""
    rows = session.exec(select(Campaign).order_by(col(Campaign.id).desc()).execution_options(yield_per=limit * 10))
    return list(islice((campaign for campaign in rows if sees(offices, campaign.audience["region"])), limit))


def heard(session: Session, campaign_id: int, person_id: int) -> bool:
    """Whether an announcement was sent to this person."""
    rows = select(Outgoing.id).where(Outgoing.campaign_id == campaign_id, Outgoing.person_id == person_id)
    return session.exec(rows).first() is not None


def failures(session: Session, campaign_id: int) -> Mapping[str, int]:
    """Recipients it did not reach, by the name of the reason."""
    rows = select(Outgoing.reason, func.count()).where(Outgoing.campaign_id == campaign_id)
    rows = rows.where(col(Outgoing.status).in_(("failed", "unknown", "expired"))).group_by(Outgoing.reason)
    found: dict[str, int] = {}
    for reason, count in session.exec(rows):
        found[named(reason)] = found.get(named(reason), 0) + int(count)
    return found
