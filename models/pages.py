"""Which packages of a site are to be read on their own pages."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.call import Call, CallKey
from models.change import ALIVE
from models.feed import SetAside
from models.history import sources
from models.package import NONTENDER, TENDER
from models.sources import inaproc_nontender, inaproc_tender, spse_page

TOLD_BETTER = {inaproc_nontender.SOURCE, inaproc_tender.SOURCE}
"""Sources that say all that stands there, and more exactly."""


def wanted(session: Session, root: str, most: int) -> list[str]:
    """ "tender:123" of the open ones: the newest whose pages were never read, those that close next, those that could not be read."""
    there = (
        col(CallKey.system).in_((TENDER, NONTENDER)),
        col(Call.status).in_(ALIVE),
        col(Call.link).startswith(f"{root}/", autoescape=True),
    )
    rows = session.exec(select(Call, CallKey).join(CallKey, col(CallKey.call_id) == col(Call.id)).where(*there)).all()
    failed = set(session.exec(select(SetAside.number).where(SetAside.feed == spse_page.SOURCE)))
    ranked = [(_rank(call, key, failed), f"{key.system}:{key.number}") for call, key in rows if not sources(call) & TOLD_BETTER]
    return [name for _, name in sorted(ranked)[:most]]


def _rank(call: Call, key: CallKey, failed: set[str]) -> tuple[int, float, int]:
    newest = -int(key.number) if key.number.isdecimal() else 0
    if key.number in failed:
        return 2, 0.0, newest
    if spse_page.SOURCE not in sources(call):
        return 0, 0.0, newest
    return 1, call.closes_at.timestamp() if call.closes_at else float("inf"), newest
