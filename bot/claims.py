"""Rows of the outbox in a sender's hands: claimed, settled, taken up again after a crash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, exists, or_, select, true, update
from sqlmodel import Session, SQLModel

from bot.channels.channel import SendError
from bot.reach import note
from messages import Message, Voice
from models.campaign import RUNNING
from models.outbox import BULK, NOTICE, REPEATED, REPLY
from models.prepared import Prepared

BATCH = 30
_tables = SQLModel.metadata.tables
OUT, PERSON, PLACE, CAMPAIGN = (_tables[name] for name in ("outgoing", "person", "address", "campaign"))
EDITED, TRIED = OUT.alias("edited"), OUT.alias("tried")


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    address_id: int
    address: str
    lane: int
    kind: str
    attempts: int
    message: Message
    voice: Voice
    replaces: str
    expires_at: datetime | None = None
    heard_at: datetime | None = None
    shown: int = 0
    pictured: bool = False
    """Whether contact sheets were made for it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """`more`: other rows are due too, of chats still being sent to or beyond what was asked for. `next_due` is of those not yet due."""

    rows: tuple[Claimed, ...] = ()
    more: bool = False
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    id: int
    status: str
    external_id: str = ""
    reason: str = ""
    due_at: datetime | None = None
    address_id: int = 0
    error: SendError | None = None
    """What failed: it may say something of the address or the person."""
    untried: bool = False
    """Whether nothing was asked of the channel, so that the try does not count."""
    message: dict[str, Any] | None = None
    """Where a contact sheet took the place of its photos: what was really shown."""


_mine = (
    OUT.c.account == bindparam("account"),
    OUT.c.status == "queued",
    or_(OUT.c.campaign_id.is_(None), CAMPAIGN.c.status == RUNNING),
    OUT.c.lane <= bindparam("lane"),
)
# What waits to be tried again keeps its place before the later rows of its chat.
_overtakes = exists().where(
    TRIED.c.address_id == OUT.c.address_id, TRIED.c.settled_at.is_(None), TRIED.c.status == "queued", TRIED.c.attempts > 0,
    TRIED.c.campaign_id.is_(None), TRIED.c.lane <= OUT.c.lane, TRIED.c.id < OUT.c.id,
)  # fmt: skip
_due: Select[Any] = (
    select(
        OUT.c.id, OUT.c.address_id, OUT.c.lane, OUT.c.kind, OUT.c.attempts, OUT.c.message, OUT.c.expires_at, OUT.c.shown,
        PERSON.c.locale, PERSON.c.zone, PERSON.c.call_name, PLACE.c.address, PLACE.c.heard_at, PLACE.c.until, OUT.c.created_at,
        CAMPAIGN.c.message.label("body"), EDITED.c.external_id.label("replaces"),
    )
    .select_from(OUT.join(PERSON, PERSON.c.id == OUT.c.person_id).join(PLACE, PLACE.c.id == OUT.c.address_id))
    .outerjoin(CAMPAIGN, CAMPAIGN.c.id == OUT.c.campaign_id)
    .outerjoin(EDITED, EDITED.c.id == OUT.c.replaces)
    .where(*_mine, OUT.c.due_at <= bindparam("now"), ~_overtakes)
    .order_by(OUT.c.lane, OUT.c.due_at, OUT.c.id)
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip
# A row that another sender holds is passed over, where there can be another.
DUE = Prepared(_due.with_for_update(of=OUT, skip_locked=True))
ONE = Prepared(_due.where(PLACE.c.address == bindparam("address")).with_for_update(of=OUT, skip_locked=True))
ELSEWHERE = _due.where(OUT.c.address_id.not_in(bindparam("crowd", expanding=True))).with_for_update(of=OUT, skip_locked=True)
_later = (
    select(OUT.c.due_at)
    .select_from(OUT.outerjoin(CAMPAIGN, CAMPAIGN.c.id == OUT.c.campaign_id))
    .where(*_mine, OUT.c.due_at > bindparam("now"))
    .order_by(OUT.c.due_at)
    .limit(1)
)
LATER = Prepared(select(*(_later.where(OUT.c.lane == lane).scalar_subquery() for lane in (REPLY, NOTICE, BULK))))
"""By lane, as the index has them."""
_this = OUT.c.id == bindparam("row")
CLAIM = Prepared(
    update(OUT)
    .where(_this)
    .values(status="claimed", claimed_by=bindparam("worker"), claimed_at=bindparam("now"), attempts=OUT.c.attempts + 1)
)
CANCEL = Prepared(update(OUT).where(_this).values(status="cancelled", settled_at=bindparam("now"), reason="ended"))
EXPIRE = Prepared(update(OUT).where(_this).values(status="expired", settled_at=bindparam("now"), reason="expired"))
_held = (_this, OUT.c.status == "claimed")
SETTLE = Prepared(
    update(OUT)
    .where(*_held)
    .values(status=bindparam("status_"), reason=bindparam("reason_"), external_id=bindparam("external"), settled_at=bindparam("now"))
    .returning(OUT.c.id)
)
# A receipt of an earlier try came in the meantime, and this one arrived all the same.
LANDED = Prepared(
    update(OUT)
    .where(_this, OUT.c.status.in_(("queued", "held", "failed")), OUT.c.external_id.not_in(("", bindparam("external"))))
    .values(status="sent", reason="", external_id=bindparam("external"), settled_at=bindparam("now"))
)
AGAIN = Prepared(update(OUT).where(*_held).values(status="queued", reason=bindparam("reason_"), due_at=bindparam("due"), claimed_by=""))
BACK = Prepared(
    update(OUT)
    .where(*_held)
    .values(status="queued", reason=bindparam("reason_"), due_at=bindparam("due"), claimed_by="", attempts=OUT.c.attempts - 1)
)
# Who wrote while it was in hand has opened the window: nobody else would let it go.
_wrote = select(PLACE.c.heard_at).where(PLACE.c.id == OUT.c.address_id).scalar_subquery() > OUT.c.claimed_at
HOLD = Prepared(update(OUT).where(*_held).values(status=case((_wrote, "queued"), else_="held"), reason=bindparam("reason_"), claimed_by=""))
SHOWN = Prepared(update(OUT).where(_this).values(message=bindparam("shown")))


def claim(session: Session, account: str, worker: str, now: datetime, *, limit: int = BATCH, bulk: int = BATCH, address: str = "",
          busy: frozenset[int] = frozenset()) -> Taken:  # fmt: skip
    """Takes what is due, answers first, at most one row for an address so that its order is kept; what is too late is settled as expired.

    At most `limit` rows and `bulk` of the bulk lane; none of the `busy` addresses.
    """
    given = {"account": account, "now": now, "lane": BULK if bulk else NOTICE}
    if address:
        found = ONE(session, **given, most=limit * 4, address=address)
    else:
        found = DUE(session, **given, most=limit * 4)
        crowd = busy | {row.address_id for row in found}
        if len(found) >= limit * 4 and len(crowd - busy) < limit:
            # The many rows of a few chats must not hide those of the others.
            found += session.execute(ELSEWHERE, {**given, "most": limit * 4, "crowd": sorted(crowd)}).all()
    late = [row.id for row in found if row.expires_at and row.expires_at <= now]
    for row in late:
        EXPIRE(session, row=row, now=now)
    # Tried again after its chat had become somebody else's: a number that was passed on.
    ended = [row.id for row in found if row.until and row.created_at < row.until and row.id not in late]
    for row in ended:
        CANCEL(session, row=row, now=now)
    late += ended
    chosen = _choose([row for row in found if row.id not in late], limit, bulk, busy)
    for row in chosen:
        CLAIM(session, row=row.id, worker=worker, now=now)
    # What waits behind a row that was tried before is not among the found.
    tried = any(row.attempts for row in found)
    more = tried or len(chosen) + len(late) < len(found) or len(found) >= limit * 4 or not bulk
    later = [due for due in LATER(session, **given)[0] if due]
    return Taken(tuple(_claimed(row, now) for row in chosen), more, min(later, default=None))


def _choose(rows: Sequence[Any], limit: int, bulk: int, busy: frozenset[int]) -> list[Any]:
    chosen: list[Any] = []
    taken = set(busy)
    for row in rows:
        full = len(chosen) >= limit or (row.lane == BULK and bulk <= 0)
        if full or row.address_id in taken:
            continue
        taken.add(row.address_id)
        bulk -= row.lane == BULK
        chosen.append(row)
    return chosen


def _claimed(row: Any, now: datetime) -> Claimed:
    voice = Voice(row.locale, row.zone, now, row.call_name)
    message = Message.from_json(row.message if row.message is not None else row.body)
    return Claimed(
        row.id, row.address_id, row.address, row.lane, row.kind, row.attempts, message, voice, row.replaces or "", row.expires_at,
        row.heard_at, row.shown,
    )  # fmt: skip


def settle(session: Session, one: Settled, now: datetime) -> None:
    """Writes what became of a row; a status only moves on from `claimed`."""
    if one.status == "queued":
        (BACK if one.untried else AGAIN)(session, row=one.id, reason_=one.reason, due=one.due_at)
    elif one.status == "held":
        HOLD(session, row=one.id, reason_=one.reason)
    else:
        mine = SETTLE(session, row=one.id, status_=one.status, reason_=one.reason, external=one.external_id, now=now)
        if one.status == "sent" and not mine:
            LANDED(session, row=one.id, external=one.external_id, now=now)
    if one.message:
        SHOWN(session, row=one.id, shown=one.message)
    if one.error:
        note(session, one.address_id, one.error, now)


def recover(session: Session, account: str, now: datetime, echo: timedelta) -> int:
    """After a crash: rows that were in somebody's hands are sent again or listed as unknown, as their kind says. Returns how many.

    Where the channel tells of what it took, its word is waited for first; if none comes it took nothing, so every kind may be repeated.
    The word on what already waited to be tried again may have come to nobody while this process was away.
    """
    until = now + echo
    if echo:
        tried = (OUT.c.account == account, OUT.c.status == "queued", OUT.c.attempts > 0, OUT.c.due_at < until)
        session.execute(update(OUT).where(*tried).values(due_at=until))
    repeated = true() if echo else OUT.c.kind.in_(REPEATED)
    held = (OUT.c.account == account, OUT.c.status == "claimed")
    again = session.execute(update(OUT).where(*held, repeated).values(status="queued", reason="restart", claimed_by="", due_at=until))
    lost = session.execute(update(OUT).where(*held).values(status="unknown", reason="restart", claimed_by="", settled_at=now))
    return int(getattr(again, "rowcount", 0)) + int(getattr(lost, "rowcount", 0))
