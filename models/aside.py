"""Rows of an announcement that cannot leave now, set aside many at once, so that none is taken in hand to find that out."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session, SQLModel

from models.campaign import Campaign
from models.contact import Address, Person
from models.outbox import Outgoing
from models.quiet import after_quiet

SLICE = 500
"""Rows in one transaction, so that conversations go on in between."""
OUT, PLACE, PERSON, CAMPAIGN = (
    SQLModel.metadata.tables[str(table.__tablename__)] for table in (Outgoing, Address, Person, Campaign)
)  # fmt: skip


def set_aside(session: Session, account: str, campaign_id: int, now: datetime, open_since: datetime, reason: str,
              until: datetime | None = None, limit: int = SLICE) -> int:  # fmt: skip
    """Of those due for people who have not written since `open_since`: due again at `until` or the morning after, held where there is none.

    Returns how many; fewer than `limit` when nothing is left.
    """
    # Who is writing at this moment is passed over: their turn lets go what is held.
    closed = or_(PLACE.c.heard_at.is_(None), PLACE.c.heard_at <= open_since)
    mine = (OUT.c.campaign_id == campaign_id, OUT.c.account == account, OUT.c.status == "queued", OUT.c.due_at <= now, OUT.c.attempts == 0)
    joined = OUT.join(PLACE, PLACE.c.id == OUT.c.address_id).join(PERSON, PERSON.c.id == OUT.c.person_id)
    rows = select(OUT.c.id, PERSON.c.zone).select_from(joined).where(*mine, closed).limit(limit)
    zones = defaultdict(list)
    for row, zone in session.execute(rows.with_for_update(of=[PLACE, OUT], skip_locked=True)):
        zones[zone].append(row)
    for zone, ids in zones.items():
        change = {"status": "held", "reason": reason} if until is None else {"due_at": after_quiet(until, zone), "reason": reason}
        session.execute(update(OUT).where(OUT.c.id.in_(ids)).values(**change))
    return sum(len(ids) for ids in zones.values())
