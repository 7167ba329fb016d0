"""Who waits for whom in PostgreSQL."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def waiting_for_locks(session: Session) -> int:
    return int(session.execute(WAITING).scalar_one())
