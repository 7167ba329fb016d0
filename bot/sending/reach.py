"""What a failed message says of an address or a person: where nobody can be reached, and who wants to hear no more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, SQLModel

from bot.channels.channel import SendError
from models.contact import Address, Person
from models.outbox import Outgoing

OUT, PERSON, PLACE = (SQLModel.metadata.tables[str(table.__tablename__)] for table in (Outgoing, Person, Address))
IN_A_ROW = 3
"""So many messages that could not be delivered, with none between them that was, and the address counts as unreachable."""


def note(session: Session, address_id: int, error: SendError, now: datetime) -> None:
    if error.decision in ("migrated", "unreachable") or (error.decision == "undeliverable" and _in_vain(session, address_id) >= IN_A_ROW):
        _gone(session, address_id, error, now)
    elif error.decision == "unwanted":
        person = select(PLACE.c.person_id).where(PLACE.c.id == address_id).scalar_subquery()
        session.execute(update(PERSON).where(PERSON.c.id == person, PERSON.c.stopped_at.is_(None)).values(stopped_at=now))


def _gone(session: Session, address_id: int, error: SendError, now: datetime) -> None:
    """The address moved, or nobody can be reached there until they write again."""
    account = select(PLACE.c.account).where(PLACE.c.id == address_id).scalar_subquery()
    there = select(PLACE.c.id).where(PLACE.c.account == account, PLACE.c.address == error.address, PLACE.c.until.is_(None))
    known = error.address and session.execute(there).scalar()
    here = update(PLACE).where(PLACE.c.id == address_id)
    if error.address and not known:
        session.execute(here.values(address=error.address))
        return
    session.execute(here.values(unreachable_at=now, reason=error.reason))
    if known:
        # The new address wrote to us already: what was queued for the old one goes there.
        session.execute(update(OUT).where(OUT.c.address_id == address_id, OUT.c.status == "queued").values(address_id=known))


def _in_vain(session: Session, address_id: int) -> int:
    """How many of the newest messages could not be delivered."""
    arrived = select(func.max(OUT.c.id)).where(OUT.c.address_id == address_id, OUT.c.status.in_(("sent", "delivered", "read")))
    failed = (OUT.c.address_id == address_id, OUT.c.status == "failed", OUT.c.reason == "undeliverable")
    latest = session.execute(arrived).scalar() or 0
    return int(session.execute(select(func.count()).where(*failed, OUT.c.id > latest)).scalar_one())
