"""What officers hear when the month's money of a number is used up: how much was spent, who waits, and what can be done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from messages import Message, Value, day, joined, rupiah, say
from models.campaign import OPEN, Campaign
from models.campaign_news import team
from models.contact import officers_for
from models.outbox import Outgoing
from models.post import notify
from models.spending import CEILING, month_of, rupiah_left
from models.terms import Terms
from models.tick import Tick, take_tick, ticked

POOR, TOLD = "poor:", "told poor:"
"""What happens once a month: a number has no money left, an officer hears of it."""
SETTLES = timedelta(minutes=1)
"""Until what was on its way has left, and what waits is counted whole."""
LONGER = timedelta(days=32)
"""Than any month."""


def mark_poor(session: Session, account: str, terms: Terms, by: str, now: datetime) -> bool:
    """The month's money of a number is used up. False when that was known."""
    return take_tick(session, POOR + account, month_of(now, terms.zone), by, now)


def untold(session: Session, terms: Terms, province: str, now: datetime) -> dict[str, list[int]]:
    """By number, the officers who have not heard yet that its money is used up: those of the province, and of what it keeps back."""
    month = month_of(now, terms.zone)
    marks = select(col(Tick.job)).where(col(Tick.job).startswith(POOR), col(Tick.due_at) == month, col(Tick.taken_at) <= now - SETTLES)
    found = {}
    for job in session.execute(marks).scalars():
        account = job.removeprefix(POOR)
        officers = sorted({*officers_for(session, province), *_of_announcements(session, account)})
        if new := [one for one in officers if not ticked(session, _told(account, one), month)]:
            found[account] = new
    return found


def _told(account: str, officer: int) -> str:
    return f"{TOLD}{account}:{officer}"


def _of_announcements(session: Session, account: str) -> set[int]:
    kept = select(col(Outgoing.id)).where(*_kept(account), col(Outgoing.campaign_id) == col(Campaign.id))
    campaigns = session.execute(select(Campaign).where(col(Campaign.status).in_(OPEN), kept.exists())).scalars()
    return {officer for campaign in campaigns for officer in team(session, campaign)}


def tell_ceiling(session: Session, account: str, officers: list[int], terms: Terms, by: str, now: datetime) -> int:
    """Each of them once a month and number. Returns how many are told."""
    month = month_of(now, terms.zone)
    message = Message("officers.ceiling", said(session, account, terms, now))
    new = [one for one in officers if take_tick(session, _told(account, one), month, by, now)]
    return sum(notify(session, officer, message, now) for officer in new)


def said(session: Session, account: str, terms: Terms, now: datetime) -> dict[str, Value]:
    announced = kept_back(session, account, col(Outgoing.campaign_id).in_(select(col(Campaign.id)).where(col(Campaign.status).in_(OPEN))))
    others = kept_back(session, account, col(Outgoing.campaign_id).is_(None))
    waits = [say(f"officers.waits_{name}", n=n) for name, n in (("announced", announced), ("others", others)) if n]
    return {
        "account": account,
        "spent": rupiah(terms.ceiling - rupiah_left(session, account, terms, now)),
        "ceiling": rupiah(terms.ceiling),
        "waits": joined(waits or [say("officers.waits_nobody")], ", "),
        "again": day(next_month(now, terms.zone)),
    }


def kept_back(session: Session, account: str, which: ColumnElement[bool]) -> int:
    return int(session.execute(select(func.count()).select_from(Outgoing).where(*_kept(account), which)).scalar_one())


def _kept(account: str) -> tuple[ColumnElement[bool], ...]:
    return col(Outgoing.account) == account, col(Outgoing.status) == "held", col(Outgoing.reason) == CEILING


def next_month(now: datetime, zone: str) -> date:
    """Its first day, by the office's clock."""
    return (now.astimezone(ZoneInfo(zone)).replace(day=1) + LONGER).date().replace(day=1)
