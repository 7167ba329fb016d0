"""What waits for two persons who become one: what either was told, or is being told, does not come a second time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.campaign import Campaign
from models.outbox import REPLY, Outgoing

WORTH = {"queued": 1, "unknown": 2, "claimed": 2, "sent": 3, "delivered": 4, "read": 5}
"""Of two rows for the same recipient the one that came further counts; what failed counts for nothing."""


def merge(session: Session, keep: int, gone: int, now: datetime) -> None:
    rows = select(Outgoing).where(col(Outgoing.person_id).in_((keep, gone)), col(Outgoing.lane) != REPLY)
    rows = rows.where(col(Outgoing.status).in_(WORTH) | col(Outgoing.campaign_id).is_not(None)).with_for_update()
    found = session.execute(rows.execution_options(populate_existing=True)).scalars().all()
    mine, theirs = [[row for row in found if row.person_id == id] for id in (keep, gone)]
    _one_of_each_campaign(session, mine, theirs, now)
    _drop_repeats(theirs, mine, now)
    _drop_repeats(mine, theirs, now)
    session.flush()
    session.execute(update(Outgoing).where(col(Outgoing.person_id) == gone).values(person_id=keep))


def _one_of_each_campaign(session: Session, mine: Sequence[Outgoing], theirs: Sequence[Outgoing], now: datetime) -> None:
    """An announcement has one row for each recipient. The other keeps its own words, so that it can still be quoted."""
    kept = {row.campaign_id: row for row in mine if row.campaign_id}
    for row in theirs:
        if row.campaign_id not in kept:
            continue
        campaign = session.get(Campaign, row.campaign_id)
        loser = min((row, kept[row.campaign_id]), key=lambda one: WORTH.get(one.status, 0))
        loser.message = loser.message or (campaign.message if campaign else None)
        loser.campaign_id = None
        if loser.status == "queued":
            _cancel(loser, now)


def _drop_repeats(waiting: Sequence[Outgoing], others: Sequence[Outgoing], now: datetime) -> None:
    """Takes back what waits for one and was told to the other."""
    for row in waiting:
        if row.status == "queued" and any(_same(row, other) for other in others):
            _cancel(row, now)


def _same(row: Outgoing, other: Outgoing) -> bool:
    """The same news: of one subject, or of one bundle while both wait."""
    if other.status not in WORTH or row.kind != other.kind or _key(row) != _key(other):
        return False
    return (row.subject != "" and row.subject == other.subject) or (
        row.bundle != "" and row.bundle == other.bundle and other.status == "queued"
    )


def _key(row: Outgoing) -> str:
    return str(row.message["key"]) if row.message else ""


def _cancel(row: Outgoing, now: datetime) -> None:
    row.status, row.settled_at, row.reason = "cancelled", now, "joined"
