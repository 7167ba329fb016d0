"""Accounts that the platform restricts: stopped, told to the officers, and taken up again by hand."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from bot.channels.channel import News
from handlers.templates import hear
from messages import Message
from models.contact import officers_for
from models.line import Line
from models.post import notify
from models.reasons import told

FLAGGED = ("FLAGGED",)
ENDED = ("ACCOUNT_DELETED", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "DISABLED_UPDATE")


def stopped_lines(session: Session) -> dict[str, str]:
    """Account and reason of those that wait for somebody."""
    rows = session.exec(select(Line).where(col(Line.stopped_at).is_not(None)))
    return {row.account: row.reason for row in rows}


def stop_line(session: Session, account: str, reason: str, now: datetime, province: str) -> None:
    """Stops an account and tells the officers of the province, once."""
    line = session.get(Line, account) or Line(account=account)
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
    event = str(news.value.get("event") or "").upper()
    if news.field == "phone_number_quality_update" and event in FLAGGED:
        return "restricted"
    if news.field == "account_update" and event in ENDED:
        return "locked"
    return ""
