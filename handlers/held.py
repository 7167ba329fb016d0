"""What waited for somebody until they wrote: one thing is said as it is, several in one message with a way to each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import Session, SQLModel

from handlers.calls.digest import fresh
from handlers.questions import brief
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Value, lines, say
from messages.pushed import PUSHED
from models.campaign import DONE, RUNNING, Campaign
from models.contact import Address
from models.outbox import Outgoing
from models.post import reply
from models.prepared import Prepared
from models.spending import CEILING, QUOTA

MOST = 9
"""Lines at most: as many as WhatsApp's lists have rows for. The rest waits for the next message."""
BUNDLED = "bundled"
"""Why a row is `replaced`: it was told in short together with others, in an answer of its own."""
TOLD = (None, DONE, RUNNING, "canary")
"""What may be said of announcements in these states."""
FIRST = (
    "decision.fix",
    "decision.rejected",
    "decision.several",
    "decision.approved",
    "question.reply",
    "call.soon",
    "call.new",
    "call.digest",
)
NAMES = ("title", "product", "business", "question", "text", "who")
"""Parameters that say what a message is about, the first there is."""
OUT, CAMPAIGN = (SQLModel.metadata.tables[str(table.__tablename__)] for table in (Outgoing, Campaign))
_waits = or_(OUT.c.status == "held", and_(OUT.c.status == "queued", OUT.c.reason.in_((QUOTA, CEILING))))
HELD = Prepared(
    select(
        OUT.c.id, OUT.c.kind, OUT.c.message, OUT.c.expires_at, OUT.c.campaign_id,
        CAMPAIGN.c.status.label("state"), CAMPAIGN.c.message.label("body"), CAMPAIGN.c.ends_at,
    )
    .select_from(OUT.outerjoin(CAMPAIGN, CAMPAIGN.c.id == OUT.c.campaign_id))
    .where(OUT.c.address_id == bindparam("place"), OUT.c.settled_at.is_(None), _waits)
    .order_by(OUT.c.id)
    .with_for_update(of=OUT)
)  # fmt: skip


def release(session: Session, address: Address, now: datetime) -> None:
    """Whoever writes hears what waited for them; what is too late by now is dropped."""
    rows = HELD(session, place=address.id)
    if not rows:
        return
    late = [row for row in rows if _late(row, now)]
    ended = [row for row in rows if row not in late and row.state in ("cancelled", "stopped")]
    ready = [row for row in rows if row not in late and row.state in TOLD]
    left = {row.id: others for row in late if (others := fresh(session, _said(row), now))}
    for others in left.values():
        reply(session, address, others, now, now)
    _end(session, [row for row in late if row.id in left], now, "replaced", "expired")
    _end(session, [row for row in late if row.id not in left], now, "expired", "expired")
    _end(session, ended, now, "cancelled", "ended")
    several = [row for row in ready if row.kind != "reply" and _said(row).key in PUSHED]
    bundle = several if len(several) > 1 else []
    told = sorted(bundle, key=_urgency)[:MOST]
    if told:
        reply(session, address, _news(told, len(bundle) - len(told)), now, now)
    # The row of an announcement that is done is not claimed any more.
    alone = [row for row in ready if row not in bundle and row.state == DONE]
    for row in alone:
        reply(session, address, _said(row), now, now)
    _end(session, [*told, *alone], now, "replaced", BUNDLED)
    if rest := [row.id for row in ready if row not in bundle and row not in alone]:
        session.execute(update(OUT).where(OUT.c.id.in_(rest)).values(status="queued", due_at=now, reason=""))


def _late(row: Any, now: datetime) -> bool:
    return any(end is not None and end <= now for end in (row.expires_at, row.ends_at))


def _end(session: Session, rows: Sequence[Any], now: datetime, status: str, reason: str) -> None:
    if rows:
        ids = [row.id for row in rows]
        session.execute(update(OUT).where(OUT.c.id.in_(ids)).values(status=status, settled_at=now, reason=reason))


def _said(row: Any) -> Message:
    return Message.from_json(row.message if row.message is not None else row.body)


def _urgency(row: Any) -> tuple[int, int]:
    """What officers decided about the person first, then calls, then the newest of all else."""
    key = _said(row).key
    return FIRST.index(key) if key in FIRST else len(FIRST), -row.id


def _news(rows: Sequence[Any], more: int) -> Message:
    said = lines(_line(place, _said(row)) for place, row in enumerate(rows, 1))
    buttons = tuple(command("held", row.id, label=say("held.read", n=place)) for place, row in enumerate(rows, 1))
    return Message("held.news_more" if more else "held.news", {"list": said, **({"n": more} if more else {})}, buttons)


def _line(place: int, message: Message) -> Value:
    """ "2. Peluang baru: Konsumsi rapat 50 orang, tutup 25 November 2026, 15.00 WITA" """
    about = say(f"held.{PUSHED[message.key].name}")
    what = next((message.params[name] for name in NAMES if message.params.get(name)), "")
    if not what:
        return say("held.line_bare", place=place, about=about)
    given = {"place": place, "about": about, "what": brief(what) if isinstance(what, str) else what}
    return say("held.line_closes", **given, closes=message.params["closes"]) if "closes" in message.params else say("held.line", **given)


def read(visit: Visit, subject: str, version: int) -> Outcome:
    """One of the bundle, as it would have come."""
    row = visit.session.get(Outgoing, int(subject)) if subject.isascii() and subject.isdecimal() and len(subject) < 19 else None
    if row is None or row.person_id != visit.person_id or row.reason != BUNDLED:
        return Aside(Message("common.button_old"))
    campaign = visit.session.get(Campaign, row.campaign_id) if row.campaign_id else None
    return Message.from_json(campaign.message if campaign else row.message or {})


COMMANDS = {"held": read}
