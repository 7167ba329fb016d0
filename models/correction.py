"""An officer says of which etalase or place a call is: it is told anew to whom it concerns now, and what it is of teaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from models.call import NEW, Call, CallNotice
from models.history import PLACE
from models.lessons import OFFICER, learn


def correct(session: Session, call: Call, codes: Sequence[str], officer_id: int, now: datetime) -> None:
    """All in the transaction in which it was said."""
    _note(call, "etalase", list(call.etalase), list(codes), officer_id, now)
    call.etalase = list(codes)
    learn(session, call.title, codes, OFFICER, officer_id, now)
    _afresh(session, call)


def locate(session: Session, call: Call, region: str, officer_id: int, now: datetime) -> None:
    """The place of the work, where its sources named none. They do not take it back."""
    _note(call, PLACE, call.region, region, officer_id, now)
    call.region, call.places = region, [region]
    _afresh(session, call)


def _note(call: Call, what: str, before: Any, after: Any, officer_id: int, now: datetime) -> None:
    call.history = [*call.history, {"at": now.isoformat(), "by": officer_id, what: [before, after]}]


def _afresh(session: Session, call: Call) -> None:
    """Who waits to hear of it is looked for anew."""
    call.told_at = None
    waits = (col(CallNotice.call_id) == call.id, col(CallNotice.kind) == NEW, col(CallNotice.told_at).is_(None))
    session.execute(delete(CallNotice).where(*waits))
    session.flush()


def unanswered_by(session: Session, call_id: int) -> list[int]:
    """Those who were told of it and said nothing to it: what has not left of that can still be taken back."""
    told = (col(CallNotice.call_id) == call_id, col(CallNotice.kind) == NEW, col(CallNotice.told_at).is_not(None))
    return list(session.execute(select(col(CallNotice.person_id)).where(*told, col(CallNotice.answer) == "")).scalars())
