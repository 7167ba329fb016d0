"""The life of an announcement: what may become of it when, decided on its one row. Who loses a race is told that nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.audience import Audience, Tally, tally
from models.campaign import (
    CANARY,
    CANCELLED,
    DONE,
    LIVE,
    OPEN,
    PAUSED,
    RUNNING,
    SCHEDULED,
    SLICE,
    STOPPED,
    UNSENT,
    WAITING,
    Campaign,
    fill,
    locked,
    progress,
)
from models.contact import officers_for
from models.outbox import Outgoing

CANARY_ABOVE, CANARY_LEAST, CANARY_SHARE = 100, 10, 100
"""More recipients than the first begin with a hundredth of them, at least ten."""
LASTS = timedelta(days=7)
"""How long an announcement may wait for its people where nobody said until when."""


def approvers(session: Session, region: str, writer: int) -> list[int]:
    """The other officers of the team."""
    return [officer for officer in officers_for(session, region) if officer != writer]


def needs_second(session: Session, campaign: Campaign, above: int) -> bool:
    """Whether another officer must agree: to more than `above` people, where the team has another."""
    return campaign.total > above and bool(approvers(session, campaign.audience["region"], campaign.officer_id))


def confirm(session: Session, campaign: Campaign, now: datetime, above: int, found: Tally | None = None) -> None:
    """The writer has said yes: it waits for a second officer, or for its time, or begins. `found`: whom it reaches, where that is known."""
    campaign.ends_at = campaign.ends_at or (campaign.starts_at or now) + LASTS
    found = tally(session, Audience.from_json(campaign.audience)) if found is None else found
    _count(campaign, found)
    if needs_second(session, campaign, above):
        campaign.status = WAITING
    else:
        _set_out(session, campaign, now, found)


def approve(session: Session, campaign_id: int, officer_id: int, now: datetime, found: Tally | None = None) -> bool:
    """`found`: whom it reaches now, where that is known. False when it does not wait any more, its time is over, or the writer would be
    the one who agrees.
    """
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status != WAITING or campaign.officer_id == officer_id or _over(campaign, now):
        return False
    campaign.approver_id, campaign.approved_at = officer_id, now
    _set_out(session, campaign, now, found)
    return True


def refuse(session: Session, campaign_id: int, officer_id: int, now: datetime) -> bool:
    """False when it does not wait any more."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status != WAITING or campaign.officer_id == officer_id:
        return False
    campaign.approver_id = officer_id
    _end(campaign, CANCELLED, "refused", now)
    return True


def _set_out(session: Session, campaign: Campaign, now: datetime, found: Tally | None = None) -> None:
    if campaign.starts_at and campaign.starts_at > now:
        campaign.status = SCHEDULED
    else:
        _begin(session, campaign, tally(session, Audience.from_json(campaign.audience)) if found is None else found, now)


def due_to_begin(session: Session, now: datetime) -> list[int]:
    rows = select(col(Campaign.id)).where(col(Campaign.status) == SCHEDULED, col(Campaign.starts_at) <= now)
    return [int(id) for id in session.execute(rows).scalars()]


def counted(session: Session, campaign_id: int) -> Tally:
    """Whom it reaches now. With many people this takes a while, so it is asked outside of the transaction that writes."""
    campaign = session.get(Campaign, campaign_id)
    return tally(session, Audience.from_json(campaign.audience)) if campaign else {}


def begin(session: Session, campaign_id: int, found: Tally, now: datetime) -> bool:
    """A scheduled one sets out, to those who are its audience now. False when it was begun or cancelled before."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status != SCHEDULED:
        return False
    _begin(session, campaign, found, now)
    return True


def _begin(session: Session, campaign: Campaign, found: Tally, now: datetime) -> None:
    _count(campaign, found)
    campaign.started_at = now
    if not campaign.total:
        _end(campaign, CANCELLED, "nobody", now)
        return
    campaign.canary = max(CANARY_LEAST, -(-campaign.total // CANARY_SHARE)) if campaign.total > CANARY_ABOVE else 0
    campaign.status = CANARY if campaign.canary else RUNNING
    session.flush()
    if not campaign.canary:
        fill(session, campaign, now)


def _count(campaign: Campaign, found: Tally) -> None:
    campaign.total = found.get("", 0)
    campaign.excluded = {reason: n for reason, n in found.items() if reason}


def pause(session: Session, campaign_id: int, now: datetime) -> bool:
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status not in LIVE:
        return False
    campaign.status, campaign.paused_at, campaign.why = PAUSED, now, ""
    return True


def resume(session: Session, campaign_id: int, now: datetime) -> bool:
    """Goes on where it was. Who goes on after it stopped by itself knows better: the first ones are not waited for again."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status not in (PAUSED, STOPPED):
        return False
    first = campaign.status == PAUSED and campaign.canary and not campaign.filled_at
    judged = first and sum(progress(session, campaign_id).values()) > campaign.canary
    # What failed before is not held against it again.
    campaign.paused_at = now if campaign.status == STOPPED else campaign.paused_at
    campaign.status, campaign.why = CANARY if first and not judged else RUNNING, ""
    return True


def cancel(session: Session, campaign_id: int, now: datetime) -> bool:
    """At any point: what has not left stays."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status not in OPEN:
        return False
    _end(campaign, CANCELLED, "", now)
    return True


def stop(session: Session, campaign_id: int, why: str, now: datetime) -> Campaign | None:
    """By itself. None when it was not under way."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status not in (*LIVE, PAUSED):
        return None
    campaign.status, campaign.why, campaign.paused_at = STOPPED, why, now
    return campaign


def expire(session: Session, campaign_id: int, now: datetime, limit: int = SLICE) -> bool:
    """After `ends_at`: one slice of what has not left is settled as expired; with the last one it is over. False when there is no more."""
    campaign = locked(session, campaign_id)
    if campaign is None or campaign.status not in OPEN or not _over(campaign, now):
        return False
    late = select(col(Outgoing.id)).where(col(Outgoing.campaign_id) == campaign_id, col(Outgoing.status).in_(("queued", "held")))
    ids = session.execute(late.limit(limit)).scalars().all()
    gone = update(Outgoing).where(col(Outgoing.id).in_(ids), col(Outgoing.status).in_(("queued", "held")))
    session.execute(gone.values(status="expired", reason="expired", settled_at=now))
    if len(ids) < limit:
        never = campaign.status in (WAITING, SCHEDULED)
        _end(campaign, CANCELLED if never else DONE, "late", now)
    return True


def end_when_done(session: Session, campaign: Campaign, now: datetime) -> bool:
    """A campaign is done when everybody was added and nothing waits any more, be it for the person's own next message."""
    if not is_done(session, campaign):
        return False
    there = locked(session, campaign.id or 0)
    if there is None or there.status != RUNNING:
        return False
    campaign.total = sum(progress(session, campaign.id or 0).values())
    _end(campaign, DONE, "", now)
    return True


def is_done(session: Session, campaign: Campaign) -> bool:
    if campaign.status != RUNNING or not campaign.filled_at:
        return False
    row = select(col(Outgoing.id)).where(col(Outgoing.campaign_id) == campaign.id)
    return not any(session.execute(row.where(col(Outgoing.status) == status).limit(1)).first() for status in UNSENT)


def remaining(session: Session, campaign: Campaign) -> int:
    """How many have not been sent to, those not yet added among them; what is on its way just now is not."""
    return left_of(campaign, progress(session, campaign.id or 0))


def left_of(campaign: Campaign, counts: Mapping[str, int]) -> int:
    there = sum(counts.values())
    total = there if campaign.filled_at else max(campaign.total, there)
    return total - there + counts.get("queued", 0) + counts.get("held", 0)


def under_way(session: Session, now: datetime) -> list[tuple[int, str]]:
    """Ids and statuses of what there may be something to do about: what runs, and what is over."""
    live = col(Campaign.status).in_(LIVE)
    over = col(Campaign.status).in_(OPEN) & (col(Campaign.ends_at) <= now)
    rows = select(col(Campaign.id), col(Campaign.status)).where(live | over).order_by(col(Campaign.id))
    return [(int(id), "over" if ended else status) for id, status, ended in session.execute(rows.add_columns(over))]


def _over(campaign: Campaign, now: datetime) -> bool:
    return campaign.ends_at is not None and campaign.ends_at <= now


def _end(campaign: Campaign, status: str, why: str, now: datetime) -> None:
    campaign.status, campaign.why, campaign.ended_at = status, why, now
