"""How far an announcement is, counted from its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.campaign import CANCELLED, DONE, Campaign
from models.outbox import Outgoing
from models.reasons import named

ARRIVED, NOT_REACHED = ("sent", "delivered", "read"), ("failed", "expired")
WAITING = ("queued", "claimed", "held")
OVER = (DONE, CANCELLED)


@dataclass(frozen=True, slots=True)
class Standing:
    """`counts` are rows by status, `failed` those that did not reach anybody, by the name of the reason."""

    total: int
    status: str
    counts: Mapping[str, int]
    failed: Mapping[str, int]

    @property
    def sent(self) -> int:
        return self._of(*ARRIVED)

    @property
    def delivered(self) -> int:
        """As far as the channel tells."""
        return self._of("delivered", "read")

    @property
    def read(self) -> int:
        return self._of("read")

    @property
    def unknown(self) -> int:
        return self._of("unknown")

    @property
    def settled(self) -> int:
        return sum(self.counts.values()) - self._of(*WAITING)

    @property
    def left(self) -> int:
        """Who has not been told and may still be, those who are still to be added among them."""
        return max(self.total - self.settled, self._of(*WAITING))

    @property
    def over(self) -> bool:
        return self.status in OVER

    def _of(self, *statuses: str) -> int:
        return sum(self.counts.get(status, 0) for status in statuses)


def standing(session: Session, campaign: Campaign) -> Standing:
    """The rows by status come from the index alone; only those that failed are looked up."""
    mine = col(Outgoing.campaign_id) == campaign.id
    rows = select(Outgoing.status, func.count()).where(mine).group_by(Outgoing.status)
    counts = {status: int(count) for status, count in session.exec(rows)}
    reasons = select(Outgoing.reason, func.count()).where(mine, col(Outgoing.status).in_(NOT_REACHED)).group_by(Outgoing.reason)
    failed: Counter[str] = Counter()
    for reason, count in session.exec(reasons) if any(counts.get(one) for one in NOT_REACHED) else ():
        failed[named(reason)] += int(count)
    return Standing(campaign.total, campaign.status, counts, failed)
