"""receive(): one message in, one transaction. A repeat ends at the dedupe row; a bug leaves a dead letter and an apology, never silence."""

from __future__ import annotations

import traceback
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel, col

from bot.channels.channel import Channel, Inbound
from bot.meeting import meet, once
from handlers import topics
from handlers.held import release
from handlers.routing import turn
from handlers.said import Said
from handlers.visit import Visit
from messages import Message
from models.contact import Address, Person, offices
from models.conversation import keep
from models.inbox import UNFINISHED, DeadLetter, Received, kept
from models.post import last_shown, reply
from models.prepared import Prepared
from models.screening import readable, screen
from models.terms import NOTHING, Terms

log = structlog.get_logger()


RECEIVED = SQLModel.metadata.tables["received"]
PLACE = SQLModel.metadata.tables["address"]
HEARD = Prepared(update(PLACE).where(PLACE.c.id == bindparam("place")).values(heard_at=bindparam("when")))
RECEIVE = once(
    RECEIVED,
    ("account", "channel", "external_id"),
    ("account", "channel", "external_id", "person_id", "address_id", "status", "said", "media", "claimed_by", "received_at"),
)
EARLIER = Prepared(
    select(RECEIVED.c.id)
    .where(RECEIVED.c.person_id == bindparam("person"), RECEIVED.c.status.in_(("waiting", "queued")), RECEIVED.c.id < bindparam("before"))
    .limit(1)
)
LAST = Prepared(
    select(RECEIVED.c.said, RECEIVED.c.received_at)
    .where(RECEIVED.c.person_id == bindparam("person"), RECEIVED.c.address_id == bindparam("place"))
    .order_by(RECEIVED.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a turn needs to know of its surroundings."""

    province: str = "64"
    zone: str = "Asia/Makassar"
    links: tuple[str, ...] = ("go.id",)
    page: str = ""
    approve_above: int = 500
    worker: str = ""
    """The process, which goes on with what it could not finish in the turn."""
    terms: Terms = NOTHING
    counts: Mapping[Hashable, Any] | None = None
    """Counted beside the turn, as far as it was asked for; None where it is counted within."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` of the inbox row ("repeat" where it was there before); `received` its id, for media that is still to be fetched: of a repeat
    where this process has that to do. Its own commit may have been the first, with nobody who heard of it.
    """

    status: str
    received: int = 0
    person: int = 0


def screened(inbound: Inbound) -> Inbound:
    """Identity numbers and codes are dropped before anything is written, in captions and deep links alike; so is somebody else's number."""
    said = inbound.said
    text = readable(said.text)
    if refused := screen(text)[1] or screen(said.start)[1]:
        said = Said(kind="text", refused=refused, sent_at=said.sent_at, sequence=said.sequence)
        return replace(inbound, said=said, media={})
    phone = said.phone if said.own else ""
    return inbound if (text, phone) == (said.text, said.phone) else replace(inbound, said=replace(said, text=text, phone=phone))


def accept(session: Session, channel: Channel, inbound: Inbound, now: datetime, scene: Scene) -> Outcome:
    """Everything a message leads to, in the transaction of `session`."""
    if inbound.moved and kept(session, channel.account, channel.name, inbound.external_id):
        return Outcome("repeat")  # by now the old number may be somebody else's
    address, person = meet(session, channel, inbound, now, scene.zone)
    inbound = _wanted(session, _gathered(session, channel, inbound, address, now), address)
    received = _first(session, channel, inbound, address, now, scene.worker)
    if received is None:
        return Outcome("repeat", _left(session, channel, inbound, scene.worker))
    if inbound.moved:
        return Outcome("done", received, address.person_id)
    if inbound.reachable is not None:
        address.unreachable_at, address.reason = (None, "") if inbound.reachable else (now, "blocked")
        return Outcome("done", received, address.person_id)
    _hear(session, address, now)
    if channel.window:
        release(session, address, now)
    status = "waiting" if inbound.media else "queued" if _unfinished(session, address.person_id, received) else "done"
    if status == "done":
        handle(session, channel, address, person, inbound.said, now, scene)
    else:
        session.execute(update(Received).where(col(Received.id) == received).values(status=status))
    return Outcome(status, received, address.person_id)


def _gathered(session: Session, channel: Channel, inbound: Inbound, address: Address, now: datetime) -> Inbound:
    """A photo right after another one is of the same album, where the channel does not say what belongs together."""
    if not channel.album or inbound.said.kind != "photo" or inbound.said.group:
        return inbound
    before = LAST(session, person=address.person_id, place=address.id)
    said, at = (Said.from_json(before[0].said), before[0].received_at) if before else (Said(), now)
    group = said.group if said.kind == "photo" and now - at <= channel.album else ""
    return replace(inbound, said=replace(inbound.said, group=group or inbound.external_id))


def _wanted(session: Session, inbound: Inbound, address: Address) -> Inbound:
    """A document is fetched for officers only: of nobody else is it known what to do with one."""
    unwanted = inbound.said.kind == "file" and inbound.media and not offices(session, address.person_id)
    return replace(inbound, media={}) if unwanted else inbound


def _hear(session: Session, address: Address, now: datetime) -> None:
    if address.unreachable_at:
        address.unreachable_at = None
    HEARD(session, place=address.id, when=now)
    set_committed_value(address, "heard_at", now)


def _left(session: Session, channel: Channel, inbound: Inbound, worker: str) -> int:
    """The row of a repeat that this process has yet to finish, 0 where there is nothing to do."""
    found = kept(session, channel.account, channel.name, inbound.external_id)
    return found.id or 0 if found and found.status in UNFINISHED and found.claimed_by == worker else 0


def _first(session: Session, channel: Channel, inbound: Inbound, address: Address, now: datetime, worker: str) -> int | None:
    found = RECEIVE[_dialect(session)](
        session, account=channel.account, channel=channel.name, external_id=inbound.external_id, person_id=address.person_id,
        address_id=address.id, status="done", said=inbound.said.to_json(), media=dict(inbound.media), claimed_by=worker, received_at=now,
    )  # fmt: skip
    return found[0].id if found else None


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _unfinished(session: Session, person_id: int, before: int) -> bool:
    return bool(EARLIER(session, person=person_id, before=before))


def handle(session: Session, channel: Channel, address: Address, person: Person, said: Said, now: datetime, scene: Scene) -> None:
    """The turn: what is said becomes answers, rows and one queued reply."""
    visit = Visit(
        session,
        person,
        address,
        said,
        now,
        topics.FORMS,
        scene.province,
        scene.links,
        scene.page,
        scene.approve_above,
        scene.terms,
        scene.counts,
    )
    outcome = turn(visit)
    keep(session, visit.person_id)
    session.flush()
    if outcome.message is None:
        return
    settles = outcome.settles and not said.press
    wait = channel.settle if settles else timedelta(0)
    edits = outcome.edits and not outcome.message.media and outcome.conversation_id
    shown = last_shown(session, address.id or 0, outcome.conversation_id) if edits and outcome.conversation_id else None
    reply(session, address, outcome.message, now, now + wait, conversation_id=outcome.conversation_id, settles=settles,
          replaces=shown.id if shown else None)  # fmt: skip


def bury(session: Session, channel: Channel, inbound: Inbound, error: BaseException, now: datetime, scene: Scene) -> Outcome:
    """After a bug, in a transaction of its own: the message is kept, the person gets an apology, later messages go on."""
    address, _ = meet(session, channel, inbound, now, scene.zone)
    received = _first(session, channel, inbound, address, now, scene.worker)
    if received is None:
        return Outcome("repeat")
    # They did write: where that opens a window, the apology may be sent in it.
    _hear(session, address, now)
    session.execute(update(Received).where(col(Received.id) == received).values(status="failed"))
    lay_out(session, received, address, inbound.said, error, now)
    return Outcome("failed", received, address.person_id)


def lay_out(session: Session, received: int, address: Address, said: Said, error: BaseException, now: datetime) -> None:
    """The dead letter, and the apology for it."""
    dead = {"received_id": received, "person_id": address.person_id, "said": said.to_json(), "error": where(error), "at": now}
    session.execute(insert(DeadLetter).values(**dead))
    reply(session, address, Message("common.apology"), now, now)


def where(error: BaseException) -> str:
    """The class of an error and the places it rose in, without anybody's words."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
