"""Messages that were kept and not handled at once: what they wait for has come, and they are handled in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from bot.channels.channel import Channel
from bot.inbox import Scene, handle, lay_out
from handlers.said import Document, Photo, Said
from models.contact import Address, Person
from models.inbox import Received


def fetched(session: Session, received: int, found: Photo | Document) -> int | None:
    """The picture or document of a waiting row is here. Returns the person whose rows can go on, None when it was not waiting any more: a
    message that came again meanwhile is fetched twice.
    """
    row = session.get(Received, received, with_for_update=True)
    if row is None or row.status != "waiting":
        return None
    said = Said.from_json(row.said)
    if found.problem == "card":
        said = Said(kind="text", refused="card", sent_at=said.sent_at, sequence=said.sequence)
    else:
        said = replace(said, photo=found) if isinstance(found, Photo) else replace(said, document=found)
    row.said, row.media, row.status = said.to_json(), {}, "queued"
    return row.person_id


def handle_next(session: Session, channel: Channel, received: int, now: datetime, scene: Scene) -> bool:
    """The oldest unfinished row of whoever this one is of, if it need not wait for its picture. False when there is nothing to do."""
    person_id = _locked(session, received)
    row = oldest_unfinished(session, person_id)
    if row is None or row.status == "waiting":
        return False
    address, person = session.get(Address, row.address_id), session.get(Person, person_id)
    assert address and person
    row.status = "done"
    handle(session, channel, address, person, Said.from_json(row.said), now, scene)
    return True


OWNER = select(col(Received.person_id)).where(col(Received.id) == bindparam("row"))


def _locked(session: Session, received: int) -> int:
    """The person a row is of. While we waited for them they may have become one with another."""
    person_id = session.execute(OWNER, {"row": received}).scalar_one()
    while True:
        session.execute(select(col(Person.id)).where(col(Person.id) == person_id).with_for_update(key_share=True))
        owner = session.execute(OWNER, {"row": received}).scalar_one()
        if owner == person_id:
            return int(person_id or 0)
        person_id = owner


def oldest_unfinished(session: Session, person_id: int) -> Received | None:
    rows = select(Received).where(col(Received.person_id) == person_id, col(Received.status).in_(("waiting", "queued")))
    return session.execute(rows.order_by(col(Received.id)).limit(1)).scalars().first()


def bury_next(session: Session, received: int, error: BaseException, now: datetime) -> None:
    """The same as `bot.inbox.bury` for a row that was already kept."""
    row = oldest_unfinished(session, _locked(session, received))
    address = session.get(Address, row.address_id) if row else None
    if row is None or address is None or row.id is None:
        return
    row.status = "failed"
    lay_out(session, row.id, address, Said.from_json(row.said), error, now)
