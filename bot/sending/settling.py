"""What became of rows in a sender's hands: settled, given back unasked, taken up again after a crash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, String, bindparam, case, null, or_, select, true, update
from sqlmodel import Session, SQLModel

from bot.channels.channel import SendError
from bot.sending.reach import note
from models.campaign import Campaign
from models.contact import Address
from models.elsewhere import turn_elsewhere
from models.outbox import REPEATED, Outgoing
from models.prepared import Prepared
from models.spending import OURS, Hold
from models.spending import give_back as give_money_back

OUT, PLACE, CAMPAIGN = (SQLModel.metadata.tables[str(table.__tablename__)] for table in (Outgoing, Address, Campaign))


@dataclass(frozen=True, slots=True)
class Settled:
    id: int
    status: str
    external_id: str = ""
    reason: str = ""
    due_at: datetime | None = None
    address_id: int = 0
    address: str = ""
    error: SendError | None = None
    """What failed: it may say something of the address or the person."""
    message: dict[str, Any] | None = None
    """Where a contact sheet took the place of its photos: what was really shown."""
    untried: bool = False
    """Whether the channel was not asked, so that the try does not count."""
    worker: str = ""
    """Who had it in hand, at which attempt; "" and 0 for whoever had it."""
    attempts: int = 0
    booked: Hold | None = None
    """Where money was reserved, or may have been, for what nobody was asked for."""


_this = OUT.c.id == bindparam("row")
_worker, _tries = bindparam("worker", type_=String), bindparam("tries", type_=Integer)
_held = (
    _this,
    OUT.c.status == "claimed",
    or_(_worker == "", OUT.c.claimed_by == _worker),
    or_(_tries == 0, OUT.c.attempts == _tries),
)
_ended: dict[str, Any] = {"status": bindparam("status_"), "reason": bindparam("reason_"), "external_id": bindparam("external")}
SETTLE = Prepared(update(OUT).where(*_held).values(**_ended, settled_at=bindparam("now")))
SETTLE_ONE = Prepared(update(OUT).where(*_held).values(**_ended, settled_at=bindparam("now")).returning(OUT.c.id))
# This one arrived all the same: a receipt of an earlier try came in the meantime, or another sender took the row for lost and did not
# ask for it yet. Not the message itself, whose failure was told before its answer came.
_open = OUT.c.status.in_(("queued", "held", "failed")) & (OUT.c.external_id != "")
_lost = OUT.c.status.in_(("queued", "held", "unknown")) & (_tries > 0) & (OUT.c.attempts >= _tries)
LANDED = Prepared(
    update(OUT)
    .where(_this, OUT.c.external_id != bindparam("external"), or_(_open, _lost))
    .values(status="sent", reason="", external_id=bindparam("external"), settled_at=bindparam("now"))
)
AGAIN = Prepared(update(OUT).where(*_held).values(status="queued", reason=bindparam("reason_"), due_at=bindparam("due"), claimed_by=""))
_untried: dict[str, Any] = {"status": "queued", "claimed_by": "", "attempts": OUT.c.attempts - 1}
LATER = Prepared(update(OUT).where(*_held).values(**_untried, reason=bindparam("reason_"), due_at=bindparam("due")))
# Who wrote while it was in hand has opened the window: nobody else would let it go.
_wrote = select(PLACE.c.heard_at).where(PLACE.c.id == OUT.c.address_id).scalar_subquery() > OUT.c.claimed_at
# A turn that began before may not have ended: it let go what it saw held, and so not this one.
WRITING = Prepared(
    select(PLACE.c.id).where(PLACE.c.id == select(OUT.c.address_id).where(_this).scalar_subquery()).with_for_update(read=True)
)
HOLD = Prepared(update(OUT).where(*_held).values(status=case((_wrote, "queued"), else_="held"), reason=bindparam("reason_"), claimed_by=""))
SHOWN = Prepared(update(OUT).where(_this).values(message=bindparam("shown")))
# Nobody was asked for it: it is as if it had not been claimed, also where another sender took it for lost.
BACK = Prepared(update(OUT).where(*OURS).values(status="queued", claimed_by="", attempts=OUT.c.attempts - 1, settled_at=null()))


# Said twice, so that each is found by its own index however many rows there are.
_every = (OUT.c.campaign_id.is_(None), OUT.c.campaign_id.in_(select(CAMPAIGN.c.id)))


def settle_all(session: Session, all_: Sequence[Settled], now: datetime) -> None:
    """Most were sent and are written together, in the order of their ids, so that two who write never wait for each other."""
    all_ = sorted(all_, key=lambda one: one.id)
    sent = [_given(one, now) for one in all_ if _plain(one)]
    if SETTLE.many(session, sent) < len(sent):
        LANDED.many(session, sent)
    for one in all_:
        if not _plain(one):
            settle(session, one, now)


def _plain(one: Settled) -> bool:
    return one.status == "sent" and one.message is None and one.error is None


def _given(one: Settled, now: datetime) -> dict[str, Any]:
    return {
        "row": one.id, "worker": one.worker, "tries": one.attempts, "status_": one.status, "reason_": one.reason,
        "external": one.external_id, "now": now,
    }  # fmt: skip


def settle(session: Session, one: Settled, now: datetime) -> None:
    """Writes what became of a row; a status only moves on from `claimed`, and only from the hands it is in."""
    given = _given(one, now)
    if one.status == "queued":
        (LATER if one.untried else AGAIN)(session, due=one.due_at, **given)
    elif one.status == "held":
        WRITING(session, row=one.id)
        HOLD(session, **given)
    elif not (done := SETTLE_ONE(session, **given)) and one.status == "sent":
        LANDED(session, **given)
    elif done and (one.status, one.reason) == ("failed", "marketing_cap"):
        turn_elsewhere(session, one.id, now)
    if one.message:
        SHOWN(session, row=one.id, shown=one.message)
    if one.error:
        note(session, one.address_id, one.error, now)


def give_back(session: Session, rows: Sequence[Settled]) -> None:
    """Rows that were claimed and not asked for, with who had them at which attempt, and what was reserved for them."""
    rows = sorted(rows, key=lambda one: one.id)
    give_money_back(session, [one.booked for one in rows if one.booked])  # first: afterwards they are at no attempt of ours
    BACK.many(session, [{"row": one.id, "worker": one.worker, "tries": one.attempts} for one in rows])


def take_back(session: Session, account: str, worker: str, at: Collection[datetime], busy: Collection[int]) -> None:
    """Gives back what a sender claimed at these times and does not have in hand: the chats of all that it has are `busy`."""
    if not at:
        return
    mine = (OUT.c.account == account, OUT.c.status == "claimed", OUT.c.claimed_by == worker, OUT.c.claimed_at.in_(at))
    for which in _every:
        rows = session.execute(select(OUT.c.id, OUT.c.attempts).where(which, *mine, OUT.c.address_id.not_in(busy)))
        give_back(session, [Settled(row.id, "", worker=worker, attempts=row.attempts) for row in rows])


def recover(session: Session, account: str, now: datetime, echo: timedelta) -> int:
    """After a crash: rows that were in somebody's hands are sent again or listed as unknown, as their kind says. Returns how many.

    Where the channel tells of what it took, its word is waited for first; if none comes it took nothing, so every kind may be repeated.
    The word on what already waited to be tried again may have come to nobody while this process was away.
    """
    until = now + echo
    repeated = true() if echo else OUT.c.kind.in_(REPEATED)
    again, lost = {"status": "queued", "due_at": until}, {"status": "unknown", "settled_at": now}
    found = 0
    for which in _every:
        mine = (which, OUT.c.account == account)
        if echo:
            tried = (*mine, OUT.c.status == "queued", OUT.c.attempts > 0, OUT.c.due_at < until)
            session.execute(update(OUT).where(*tried).values(due_at=until))
        held = (*mine, OUT.c.status == "claimed")
        for chosen, values in ((repeated, again), (true(), lost)):
            done = session.execute(update(OUT).where(*held, chosen).values(reason="restart", claimed_by="", **values))
            found += int(getattr(done, "rowcount", 0))
    return found
