"""Accounts that the platform restricts: stopped, told to the officers, and taken up again by hand."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.channels.channel import News
from handlers.templates import hear
from messages import Message
from models.contact import officers_for
from models.line import Line, line_of, people_of
from models.post import notify
from models.reasons import told

FLAGGED = ("FLAGGED",)
TIERS = ("phone_number_quality_update", "business_capability_update")
ENDED = ("ACCOUNT_DELETED", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "DISABLED_UPDATE")


def stopped_lines(session: Session) -> dict[str, str]:
    """Account and reason of those that wait for somebody."""
    rows = session.exec(select(Line).where(col(Line.stopped_at).is_not(None)))
    return {row.account: row.reason for row in rows}


def stop_line(session: Session, account: str, reason: str, now: datetime, province: str) -> None:
    """Stops an account and tells the officers of the province, once."""
    line = line_of(session, account)
    if line.stopped_at:
        return
    line.stopped_at, line.reason = now, reason
    session.add(line)
    session.flush()
    message = Message("officers.line_stopped", {"account": account, "why": told(reason)})
    for officer in officers_for(session, province):
        notify(session, officer, message, now, urgent=True)


def resume_line(session: Session, account: str) -> bool:
    """Whether it was stopped."""
    line = session.get(Line, account)
    if line is None or line.stopped_at is None:
        return False
    line.stopped_at = None
    session.add(line)
    return True


def heard(session: Session, news: News, now: datetime, province: str) -> str:
    """What the platform says of an account. Returns why it must stop, "" when it need not."""
    hear(session, news.value, province, news.at or now, now)
    hear_tier(session, news)
    event = str(news.value.get("event") or "").upper()
    if news.field == "phone_number_quality_update" and event in FLAGGED:
        return "restricted"
    if news.field == "account_update" and event in ENDED:
        return "locked"
    return ""


def hear_tier(session: Session, news: News) -> None:
    """How many people a day, of the number that is named, else of all: the next look at the platform says it of each."""
    if news.field not in TIERS:
        return
    part = news.value.get("metadata")
    number = str(part.get("phone_number_id") or "") if isinstance(part, dict) else ""
    known = [people_of(news.value.get(name)) for name in ("max_daily_conversations_per_business", "current_limit")]
    if tier := next(filter(None, known), 0):
        lines = session.exec(select(Line).where(col(Line.account).startswith("whatsapp:")))
        for line in lines:
            if not number or line.account == f"whatsapp:{number}":
                line.tier = tier
                session.add(line)
