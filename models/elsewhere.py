"""What one app will not bring goes to another app of the person, else it waits until they write."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from models.contact import Person, addresses_of, best
from models.outbox import Outgoing
from models.quiet import after_quiet


def turn_elsewhere(session: Session, row: int, now: datetime) -> None:
    """The row goes on at another address of its person, outside of quiet hours."""
    found = session.get_one(Outgoing, row, populate_existing=True)
    person = session.get_one(Person, found.person_id)
    others = [one for one in addresses_of(session, found.person_id) if one.account != found.account]
    found.settled_at = None
    if other := best(others, person.channel, now):
        found.address_id, found.account, found.attempts, found.external_id = other.id or 0, other.account, 0, ""
        found.status, found.due_at = "queued", after_quiet(now, person.zone)
    else:
        found.status = "held"
    session.add(found)
    session.flush()
