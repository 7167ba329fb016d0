"""What was queued of a call and has not left yet is taken back: the one notice, or its line in a digest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from handlers.calls.digest import BUNDLE
from handlers.calls.wording import calls_in, without
from messages import Message
from models.alerts import SLICE
from models.inserting import parts
from models.outbox import Outgoing
from models.post import WAITING


def take_back(session: Session, people: Collection[int], call_id: int, now: datetime) -> set[int]:
    """Returns the persons of these who so do not hear of the call at all; a reminder of it goes too. What may have been shown already is
    left as it is.
    """
    gone: set[int] = set()
    for part in parts(sorted(people), SLICE):
        rows = select(Outgoing).where(col(Outgoing.person_id).in_(part), col(Outgoing.status).in_(WAITING), col(Outgoing.kind) == "call")
        untried = (col(Outgoing.attempts) == 0) | (col(Outgoing.status) == "held")
        for row in session.execute(rows.where(untried).with_for_update()).scalars():
            if _taken(row, call_id, now):
                gone.add(row.person_id)
    session.flush()
    return gone


def _taken(row: Outgoing, call_id: int, now: datetime) -> bool:
    if row.subject == f"call:{call_id}":
        row.status, row.settled_at, row.reason = "cancelled", now, "call"
        return not row.bundle
    if row.bundle != BUNDLE:
        return False
    message = Message.from_json(row.message or {})
    if call_id not in calls_in(message):
        return False
    rest = without(message, frozenset({call_id}))
    if rest is None:
        row.status, row.settled_at, row.reason = "cancelled", now, "call"
    else:
        row.message = rest.to_json()
    return True
