"""What channels say later of what was sent: a status only moves on, and a failure has the same decision as at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, update
from sqlmodel import Session

from bot.channels.channel import Receipt, SendError
from bot.reach import OUT, note
from models.prepared import Prepared

BEFORE = {"sent": ("unknown",), "delivered": ("unknown", "sent"), "read": ("unknown", "sent", "delivered"), "failed": ("unknown", "sent")}
"""From which statuses a receipt moves a row on; never back, in whatever order receipts come."""
_values: dict[str, Any] = {
    "status": bindparam("status_"), "reason": bindparam("reason_"), "external_id": bindparam("external"), "settled_at": bindparam("now"),
}  # fmt: skip
_known = (OUT.c.account == bindparam("account_"), OUT.c.external_id == bindparam("external"))
MOVE = {
    status: Prepared(
        update(OUT)
        .where(*_known, OUT.c.status.in_(before))
        .values(status=bindparam("status_"), reason=bindparam("reason_"))
        .returning(OUT.c.id, OUT.c.address_id, OUT.c.attempts)
    )
    for status, before in BEFORE.items()
}
# The answer to the request was lost, or is still on its way: the tag says which row it was.
_open = or_(OUT.c.status.in_(("claimed", "unknown")), (OUT.c.status == "queued") & (OUT.c.attempts > 0))
TAGGED = Prepared(
    update(OUT)
    .where(OUT.c.account == bindparam("account_"), OUT.c.id == bindparam("row"), _open)
    .values(_values)
    .returning(OUT.c.id, OUT.c.address_id, OUT.c.attempts)
)
QUEUED = Prepared(
    update(OUT).where(OUT.c.id == bindparam("row")).values(status=bindparam("status_"), due_at=bindparam("due"), settled_at=None)
)
IDS = 18
"""Digits of a row's id at most."""


def receipted(session: Session, account: str, receipts: Sequence[Receipt], now: datetime) -> str:
    """Late, repeated or unknown receipts change nothing. Returns why the account must stop, "" when it need not."""
    stop = ""
    for one in receipts:
        for row in _moved(session, account, one, now):
            stop = _decide(session, row, one.error, now) or stop
    return stop


def _moved(session: Session, account: str, receipt: Receipt, now: datetime) -> list[Any]:
    given = {"account_": account, "status_": receipt.status, "reason_": receipt.reason, "external": receipt.external_id}
    moved: list[Any] = []
    if receipt.tag.isdecimal() and len(receipt.tag) <= IDS:
        moved = TAGGED(session, row=int(receipt.tag), now=now, **given)
    if not moved and receipt.external_id and receipt.status in MOVE:
        moved = MOVE[receipt.status](session, **given)
    return moved


def _decide(session: Session, row: Any, error: SendError | None, now: datetime) -> str:
    """What a failure that was told later asks for."""
    if error is None:
        return ""
    note(session, row.address_id, error, now)
    if error.decision == "hold":
        QUEUED(session, row=row.id, status_="held", due=now)
    elif error.decision in ("retry", "slow") and row.attempts < error.tries:
        QUEUED(session, row=row.id, status_="queued", due=now + timedelta(seconds=error.retry_after or error.base**row.attempts))
    elif error.decision == "stop":
        QUEUED(session, row=row.id, status_="queued", due=now)
        return error.reason
    return ""
