"""What channels say later of what was sent: a status only moves on, and a failure has the same decision as at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, case, null, update
from sqlmodel import Session

from bot.channels.channel import PART, PRICED, Receipt
from bot.sending.reach import OUT, note
from models.campaign_news import halt_campaign
from models.elsewhere import turn_elsewhere
from models.prepared import Prepared
from models.spending import pay_back

BEFORE = {"sent": ("unknown",), "delivered": ("unknown", "sent"), "read": ("unknown", "sent", "delivered"), "failed": ("unknown", "sent")}
"""From which statuses a receipt moves a row on; never back, in whatever order receipts come."""
_same = OUT.c.external_id == bindparam("external")
# What arrived keeps the reason it was taken up for, e.g. that its answer was lost.
_reason = case((bindparam("status_", type_=String) == "failed", bindparam("reason_", type_=String)), else_=OUT.c.reason)
_told = (OUT.c.id, OUT.c.address_id, OUT.c.attempts, OUT.c.campaign_id)
MOVE = {
    status: Prepared(
        update(OUT)
        .where(OUT.c.account == bindparam("account_"), _same, OUT.c.status.in_(before))
        .values(status=bindparam("status_"), reason=_reason)
        .returning(*_told)
    )
    for status, before in BEFORE.items()
}
# The answer to the request was lost, or is still on its way: the tag says which row it was.
OPEN = ("claimed", "unknown", "queued", "held")
ENDED = ("failed", "expired")
"""Without a word of the channel: it may have arrived all the same."""
_afresh = OUT.c.status.in_(OPEN) & ~_same
"""Not about the message whose failure was told before and that waits for its next try."""
_arrived = _afresh | OUT.c.status.in_(ENDED) & ~_same
TAGGED = {
    status: Prepared(
        update(OUT)
        .where(OUT.c.account == bindparam("account_"), OUT.c.id == bindparam("row"), OUT.c.attempts > 0, now_it_moves)
        .values(status=bindparam("status_"), reason=_reason, external_id=bindparam("external"), settled_at=bindparam("now"))
        .returning(*_told)
    )
    for status, now_it_moves in {
        "sent": _arrived,
        "delivered": _arrived | OUT.c.status.in_(OPEN),
        "read": _arrived | OUT.c.status.in_(OPEN),
        "failed": _afresh,
    }.items()
}
QUEUED = Prepared(
    update(OUT).where(OUT.c.id == bindparam("row")).values(status=bindparam("status_"), due_at=bindparam("due"), settled_at=null())
)
PARTLY = Prepared(
    update(OUT)
    .where(
        OUT.c.account == bindparam("account_"), OUT.c.id == bindparam("row"), OUT.c.settled_at.is_(None), OUT.c.shown < bindparam("place")
    )
    .values(shown=bindparam("place"))
)
GREATEST = 2**31 - 1
"""The greatest number that a column holds: whoever else sends from the account may write what they like into their tags."""
DIGITS = 10


class Tag(NamedTuple):
    """The row that it names, the place of the part, and the rupiah that were reserved for the message; 0 where it says nothing."""

    row: int = 0
    place: int = 0
    price: int = 0


class Told(NamedTuple):
    """`stop`: why the account must stop, "" when it need not. `wakes`: whether there is something to send again, or what waited for it."""

    stop: str = ""
    wakes: bool = False


def receipted(session: Session, account: str, receipts: Sequence[Receipt], now: datetime) -> Told:
    """Late, repeated or unknown receipts change nothing. In the order of the rows, as a sender settles them: two that tell of the same rows
    must not wait for each other.
    """
    stop, wakes = "", False
    for one in sorted(receipts, key=lambda one: (_read(one.tag).row, one.external_id)):
        if one.status not in BEFORE or not one.external_id:
            continue
        tagged, moved = _moved(session, account, one, now)
        for row in moved:
            stop = _decide(session, row, one, now) or stop
            wakes = wakes or tagged or one.error is not None
    return Told(stop, wakes)


def _moved(session: Session, account: str, one: Receipt, now: datetime) -> tuple[bool, list[Any]]:
    """Whether it was by its tag, and the row that moved on."""
    given = {"account_": account, "status_": one.status, "reason_": one.reason, "external": one.external_id}
    row, place, _ = _read(one.tag)
    if place:
        # One of several messages, before the last: a next try begins after it.
        return True, PARTLY(session, account_=account, row=row, place=place) if one.status != "failed" else []
    if row and (moved := TAGGED[one.status](session, row=row, now=now, **given)):
        return True, moved
    return False, MOVE[one.status](session, **given)


def _read(tag: str) -> Tag:
    named, _, price = tag.partition(PRICED)
    row, _, place = named.partition(PART)
    numbers = (row, place or "0", price or "0")
    known = all(one.isascii() and one.isdecimal() and len(one) <= DIGITS and int(one) <= GREATEST for one in numbers)
    return Tag(*map(int, numbers)) if known else Tag()


def _decide(session: Session, row: Any, told: Receipt, now: datetime) -> str:
    """What a failure that was told later asks for."""
    error = told.error
    if error is None:
        return ""
    note(session, row.address_id, error, now)
    pay_back(session, row.id, _read(told.tag).price)
    if error.decision == "campaign" and row.campaign_id:
        halt_campaign(session, row.campaign_id, error.reason, now)
    if error.decision in ("hold", "campaign"):
        QUEUED(session, row=row.id, status_="held", due=now)
    elif error.decision in ("retry", "slow") and row.attempts < error.tries:
        QUEUED(session, row=row.id, status_="queued", due=now + timedelta(seconds=error.retry_after or error.base**row.attempts))
    elif error.reason == "marketing_cap":
        turn_elsewhere(session, row.id, now)
    elif error.decision == "stop":
        QUEUED(session, row=row.id, status_="queued", due=now)
        return error.reason
    return ""
