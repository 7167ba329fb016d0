"""Announcements: one body, many recipients, each a row of the outbox by reference to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from models.audience import Audience, best_addresses, insert_missing, told_people
from models.columns import json, moment
from models.contact import Person, sees
from models.outbox import BULK, Outgoing
from models.post import campaign_rows
from models.quiet import after_quiet
from models.reasons import named

SLICE = 2000
"""Recipients added in one transaction, so that conversations go on in between."""
RUNNING, DONE, CANCELLED = "running", "done", "cancelled"


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
    status: str = RUNNING
    total: int = 0
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
    board_id: int | None = None
    """The outgoing row in which the officer sees how far it is."""
    excluded: dict[str, Any] = json()
    created_at: datetime = moment(nullable=False)
    started_at: datetime | None = moment()
    filled_at: datetime | None = moment()
    """When the last recipient was added; until then a job goes on adding."""
    ended_at: datetime | None = moment()


def fill(session: Session, campaign: Campaign, now: datetime, limit: int = SLICE) -> int:
    """Adds the next recipients that are missing, each due outside of its own quiet hours. Returns how many."""
    if campaign.status != RUNNING or campaign.filled_at:
        return 0
    have = select(Outgoing.person_id).where(Outgoing.campaign_id == campaign.id)
    missing = told_people(Audience.from_json(campaign.audience)).where(col(Person.id).not_in(have)).limit(limit)
    people = [(int(person), str(zone)) for person, zone in session.execute(missing)]
    if len(people) < limit:
        campaign.filled_at = now
    addresses = best_addresses(session, [person for person, _ in people], now)
    told = [(addresses[person], after_quiet(now, zone)) for person, zone in people if person in addresses]
    rows = campaign_rows([address for address, _ in told], campaign.id or 0, BULK, now, [due for _, due in told])
    return len(insert_missing(session, Outgoing, rows, ("campaign_id", "person_id"), col(Outgoing.id)))


def progress(session: Session, campaign_id: int) -> Mapping[str, int]:
    """Rows by status."""
    rows = select(Outgoing.status, func.count()).where(Outgoing.campaign_id == campaign_id).group_by(Outgoing.status)
    return {status: int(count) for status, count in session.exec(rows)}


def end_when_done(session: Session, campaign: Campaign, now: datetime) -> bool:
    """A campaign is done when everybody was added and nothing waits any more."""
    if campaign.status != RUNNING or not campaign.filled_at:
        return False
    counts = progress(session, campaign.id or 0)
    if counts.get("queued") or counts.get("claimed"):
        return False
    campaign.status, campaign.ended_at = DONE, now
    return True


def running(session: Session) -> list[Campaign]:
    return list(session.exec(select(Campaign).where(Campaign.status == RUNNING).order_by(col(Campaign.id))))


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
