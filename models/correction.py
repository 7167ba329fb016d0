"""An officer says of which etalase a call is: it teaches, and the call is told anew to whom it concerns now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from models.call import NEW, Call, CallNotice
from models.lessons import OFFICER, learn


def correct(session: Session, call: Call, codes: Sequence[str], officer_id: int, now: datetime) -> None:
    """All in the transaction in which it was said. Who waits to hear of it is looked for anew."""
    entry = {"at": now.isoformat(), "by": officer_id, "etalase": [list(call.etalase), list(codes)]}
    call.history = [*call.history, entry]
    call.etalase, call.told_at = list(codes), None
    learn(session, call.title, codes, OFFICER, officer_id, now)
    waits = (col(CallNotice.call_id) == call.id, col(CallNotice.kind) == NEW, col(CallNotice.told_at).is_(None))
    session.execute(delete(CallNotice).where(*waits))
    session.flush()


def unanswered_by(session: Session, call_id: int) -> list[int]:
    """Those who were told of it and said nothing to it: what has not left of that can still be taken back."""
    told = (col(CallNotice.call_id) == call_id, col(CallNotice.kind) == NEW, col(CallNotice.told_at).is_not(None))
    return list(session.execute(select(col(CallNotice.person_id)).where(*told, col(CallNotice.answer) == "")).scalars())
