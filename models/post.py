"""Putting messages into the outbox: answers at once, notices with their quiet hours, one row where several would say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ARRAY, String, bindparam, case, func, insert, select, update
from sqlmodel import Session, SQLModel, col

from messages import Message
from models.columns import Moment
from models.contact import Address, Person, addresses_of, best
from models.outbox import NOTICE, REPLY, Outgoing
from models.prepared import Prepared
from models.quiet import after_quiet

WAITING = ("queued", "held")
"""What has not left yet."""
BUNDLE = "turn"
"""The bundle of an answer that still waits a moment for more of the same."""
GATHERED = 2
"""The locks of bundles, beside those of NIBs."""

OUT = SQLModel.metadata.tables["outgoing"]
COLUMNS = [column.name for column in OUT.columns if not column.primary_key]
BLANK = {name: Outgoing.model_fields[name].get_default() for name in COLUMNS}
"""A row before anything is said of it."""
QUEUE = Prepared(insert(OUT).values({name: bindparam(name) for name in COLUMNS}))
_same = OUT.c.conversation_id.is_not_distinct_from(bindparam("talk"))
_when = bindparam("when", type_=Moment)
# Not settled: said so that the address's own index is used, however many announcements are queued.
_pending = (OUT.c.address_id == bindparam("at"), OUT.c.status == "queued", OUT.c.settled_at.is_(None))
GIVE_WAY = Prepared(
    update(OUT)
    .where(*_pending, OUT.c.bundle == BUNDLE)
    .values(
        status=case((_same, "replaced"), else_="queued"),
        settled_at=case((_same, _when), else_=None),
        # What may have been shown already keeps its time: the channel's word on it is still waited for.
        due_at=case((OUT.c.attempts > 0, OUT.c.due_at), else_=_when),
        bundle="",
    )
)
WAITS = Prepared(select(OUT.c.id).where(*_pending, OUT.c.bundle == BUNDLE, OUT.c.conversation_id == bindparam("talk")).limit(1))
SEEN = Prepared(
    select(OUT.c.id, OUT.c.lane, OUT.c.message, OUT.c.conversation_id, OUT.c.campaign_id, OUT.c.settled_at)
    .where(OUT.c.address_id == bindparam("at"), OUT.c.status.in_(("sent", "delivered", "read")))
    .order_by(OUT.c.settled_at.desc(), OUT.c.id.desc())
    .limit(1)
)
_names = func.unnest(bindparam("names", type_=ARRAY(String))).column_valued("names")
GATHER = Prepared(select(func.pg_advisory_xact_lock(GATHERED, func.hashtext(_names))))


class Shown(Protocol):
    """What is asked of the row that was shown last."""

    id: int
    lane: int
    message: dict[str, Any] | None
    conversation_id: int | None
    campaign_id: int | None
    settled_at: datetime


def reply(session: Session, address: Address, message: Message, now: datetime, due_at: datetime, *, conversation_id: int | None = None,
          settles: bool = False, replaces: int | None = None) -> None:  # fmt: skip
    """Queues the answer of a turn.

    An earlier answer that still waits for more of the same is replaced by the next one of its conversation; any other lets it go first.
    """
    GIVE_WAY(session, at=address.id, talk=conversation_id, when=now)
    values = _row(address, message, now, due_at) | {
        "lane": REPLY,
        "kind": "reply",
        "conversation_id": conversation_id,
        "replaces": replaces,
    }
    QUEUE(session, **BLANK | values | {"bundle": BUNDLE if settles else ""})


def waits(session: Session, address_id: int, conversation_id: int) -> bool:
    """Whether the conversation's last question still waits to be shown."""
    return bool(WAITS(session, at=address_id, talk=conversation_id))


def notify(session: Session, person_id: int, message: Message, now: datetime, *, subject: str = "", kind: str = "notice", bundle: str = "",
           due_at: datetime | None = None, expires_at: datetime | None = None, urgent: bool = False) -> bool:  # fmt: skip
    """Queues a notice on the person's best address, outside quiet hours unless `urgent`. False when nobody can be reached.

    A row of the same `bundle` that is still queued takes the new message instead of a second row.
    """
    person = session.get(Person, person_id)
    if person is None:
        return False
    due = due_at or now
    due = due if urgent else after_quiet(due, person.zone)
    address = best(addresses_of(session, person_id), person.channel, due)
    if address is None:
        return False
    if bundle:
        gather(session, [person_id], bundle)
    if bundle and (row := waiting(session, person_id, bundle)):
        row.message, row.due_at, row.expires_at, row.shown = message.to_json(), due, expires_at, 0
        return True
    values = _row(address, message, now, due)
    values |= {"lane": NOTICE, "kind": kind, "subject": subject, "bundle": bundle, "expires_at": expires_at}
    session.execute(insert(Outgoing).values(**values))
    return True


def gather(session: Session, people: Sequence[int], bundle: str) -> None:
    """Of two who begin the same bundle at once the second waits here for the first, and so finds its row. Called first by who tells how
    many there are of something: what the other added is counted too. `people` in the order of their ids.
    """
    if people and session.get_bind().dialect.name == "postgresql":
        GATHER(session, names=[f"{bundle}:{person}" for person in people])


def notify_at(session: Session, address: Address, message: Message, now: datetime, *, subject: str, replaces: int | None = None) -> int:
    """Queues a notice for where it was asked for, at once. Returns the row's id."""
    values = _row(address, message, now, now) | {"lane": NOTICE, "kind": "notice", "subject": subject, "replaces": replaces}
    return int(session.execute(insert(Outgoing).values(**values).returning(col(Outgoing.id))).scalar_one())


def waiting(session: Session, person_id: int, bundle: str) -> Outgoing | None:
    """The row of a bundle that a later message may still join. What was tried may have been shown: words put into it would be lost."""
    untried = (col(Outgoing.attempts) == 0) | (col(Outgoing.status) == "held")
    return session.execute(_bundled(person_id, bundle).where(untried)).scalars().first()


def told_of(session: Session, person_id: int, subject: str) -> bool:
    """Whether a person was told, or is about to be."""
    rows = select(col(Outgoing.id)).where(col(Outgoing.person_id) == person_id, col(Outgoing.subject) == subject)
    return session.execute(rows.limit(1)).first() is not None


def withdraw(session: Session, person_id: int, bundle: str, now: datetime) -> None:
    """Takes back what has not left yet."""
    if row := session.execute(_bundled(person_id, bundle)).scalars().first():
        row.status, row.settled_at = "cancelled", now


def _bundled(person_id: int, bundle: str) -> Any:
    rows = select(Outgoing).where(col(Outgoing.person_id) == person_id, col(Outgoing.bundle) == bundle, col(Outgoing.status).in_(WAITING))
    return rows.with_for_update()


def quoted(session: Session, account: str, external_id: str, person_id: int) -> Outgoing | None:
    """The message of ours that a person answered to by quoting it."""
    rows = select(Outgoing).where(
        col(Outgoing.account) == account, col(Outgoing.external_id) == external_id, col(Outgoing.person_id) == person_id
    )
    return session.execute(rows).scalars().first()


def last_seen(session: Session, address_id: int) -> Shown | None:
    """The newest row that reached an address."""
    return next(iter(SEEN(session, at=address_id)), None)


def last_shown(session: Session, address_id: int, conversation_id: int) -> Shown | None:
    """What a conversation showed last, if nothing was said there since and it is words alone: a picture cannot become words."""
    row = last_seen(session, address_id)
    return row if row and row.conversation_id == conversation_id and row.message and not row.message.get("media") else None


def last_message(session: Session, address_id: int) -> Message | None:
    """What the person saw last on this address."""
    row = last_seen(session, address_id)
    return Message.from_json(row.message) if row and row.message else None


def campaign_rows(
    addresses: Sequence[Address], campaign_id: int, lane: int, now: datetime, due: Sequence[datetime]
) -> list[dict[str, Any]]:
    """Rows of recipients by reference to the campaign's one body."""
    return [
        {
            "person_id": address.person_id, "address_id": address.id, "account": address.account, "lane": lane, "kind": "announcement",
            "campaign_id": campaign_id, "subject": f"campaign:{campaign_id}", "message": None, "due_at": when, "created_at": now,
        }
        for address, when in zip(addresses, due, strict=True)
    ]  # fmt: skip


def _row(address: Address, message: Message, now: datetime, due_at: datetime) -> dict[str, Any]:
    return {
        "person_id": address.person_id,
        "address_id": address.id,
        "account": address.account,
        "message": message.to_json(),
        "due_at": due_at,
        "created_at": now,
    }
