"""The first few of an announcement, drawn by lot, and what the outcomes so far say of going on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session, col

from models.audience import Audience, told_people
from models.campaign import CANARY, RUNNING, Campaign, locked, progress
from models.contact import Person
from models.outbox import Outgoing
from models.quiet import quiet
from models.recipients import add_these

ARRIVED, FAILED = ("sent", "delivered", "read"), ("failed", "unknown")
FAILING = "failing"
"""Why an announcement stopped of which too much fails."""
FEWEST = 3
"""So many failures at least: one of ten says nothing."""
WINDOW = 200
"""So many of the latest outcomes are looked at while it runs."""
REACH = 5_000
"""Among so many of the latest rows: on WhatsApp a sent one is no outcome yet."""
RECEIPTS = timedelta(minutes=5)
"""So long WhatsApp's word on what it took is waited for."""
PATIENCE = timedelta(minutes=30)
"""So long the last of the first are waited for; a tenth may be still out then."""

Verdict = Literal["wait", "go on", "stop"]


def draw(session: Session, campaign_id: int, now: datetime) -> list[int] | None:
    """The persons' ids of the first ones that are still missing, by lot among those it is day for, then among the others; None when
    nobody is missing. With many people it takes a while: read outside of the transaction that writes.
    """
    campaign = session.get(Campaign, campaign_id)
    missing = campaign.canary - sum(progress(session, campaign_id).values()) if campaign and campaign.status == CANARY else 0
    if campaign is None or missing <= 0:
        return None
    have = select(col(Outgoing.person_id)).where(col(Outgoing.campaign_id) == campaign_id)
    late = case((col(Person.zone).in_(_asleep(session, now)), 1), else_=0)
    people = told_people(Audience.from_json(campaign.audience)).where(col(Person.id).not_in(have)).order_by(None)
    drawn = session.execute(people.order_by(late, func.random()).limit(missing))
    # Slices of neighbours: what looks from the first to the last of a slice need not look at everybody.
    return sorted(int(person) for person, _ in drawn)


def _asleep(session: Session, now: datetime) -> list[str]:
    zones = session.execute(select(col(Person.zone)).distinct()).scalars()
    return [zone for zone in zones if quiet(now, zone)]


def send_first(session: Session, campaign_id: int, people: Sequence[int], now: datetime) -> int:
    """Adds those that were drawn; where there are fewer than were wanted, these are all. Returns how many."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status != CANARY:
        return 0
    added = add_these(session, campaign_id, Audience.from_json(campaign.audience), people, now) if people else 0
    if not people:
        campaign.canary = sum(progress(session, campaign_id).values())
    return added


def go_on(session: Session, campaign_id: int) -> bool:
    """The others are told too."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status != CANARY:
        return False
    campaign.status = RUNNING
    return True


def verdict(session: Session, campaign_id: int, now: datetime, percent: int) -> Verdict:
    """What the first ones say; `percent` may fail."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.status != CANARY:
        return "wait"
    counts = progress(session, campaign_id)
    failed = sum(counts.get(one, 0) for one in FAILED)
    if too_many(failed, campaign.canary, percent):
        return "stop"
    out = counts.get("queued", 0) + counts.get("claimed", 0)
    patient = campaign.started_at is None or now - campaign.started_at < PATIENCE
    if out and not patient:
        out -= _spared(session, campaign_id)
    if sum(counts.values()) < campaign.canary or (out and (patient or out * 10 > campaign.canary)):
        return "wait"
    return "wait" if _unheard(session, campaign_id, now) else "go on"


def _spared(session: Session, campaign_id: int) -> int:
    """To whom the platform brings no more promotion today: that is of the person, says nothing of the announcement, and lasts a day."""
    rows = select(func.count()).where(col(Outgoing.campaign_id) == campaign_id, col(Outgoing.status) == "queued")
    return int(session.execute(rows.where(col(Outgoing.reason) == "marketing_cap")).scalar_one())


def _unheard(session: Session, campaign_id: int, now: datetime) -> bool:
    """Whether a channel that tells of what arrived has not had the time to."""
    rows = select(col(Outgoing.id)).where(
        col(Outgoing.campaign_id) == campaign_id, col(Outgoing.status) == "sent", col(Outgoing.settled_at) > now - RECEIPTS, _tells()
    )
    return session.execute(rows.limit(1)).first() is not None


def _tells() -> ColumnElement[bool]:
    return col(Outgoing.account).startswith("whatsapp:")


def failing(session: Session, campaign: Campaign, percent: int) -> bool:
    """Whether too many of the latest outcomes are failures; those from before it was resumed do not count."""
    since = campaign.paused_at or campaign.started_at or campaign.created_at
    rows = select(col(Outgoing.status), col(Outgoing.account), col(Outgoing.settled_at)).where(
        col(Outgoing.campaign_id) == campaign.id, col(Outgoing.settled_at).is_not(None), col(Outgoing.settled_at) > since
    )
    latest = rows.order_by(col(Outgoing.settled_at).desc()).limit(REACH).subquery()
    told = or_(latest.c.status.in_((*FAILED, "delivered", "read")), (latest.c.status == "sent") & ~latest.c.account.startswith("whatsapp:"))
    outcomes = select(latest.c.status).where(told).order_by(latest.c.settled_at.desc()).limit(WINDOW)
    found = session.execute(outcomes).scalars().all()
    return len(found) >= WINDOW and too_many(sum(one in FAILED for one in found), len(found), percent)


def too_many(failed: int, of: int, percent: int) -> bool:
    return failed >= FEWEST and failed * 100 > percent * of
