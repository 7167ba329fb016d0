"""What the local chat page shows: own messages and answers of one persona, in the order in which they happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, and_, cast, or_, select
from sqlmodel import Session, col

from bot.channels.documents import is_document
from bot.channels.webchat import Webchat
from handlers.said import Said
from messages import Message, Rendered, Voice, render
from models.campaign import Campaign
from models.contact import Address, Person
from models.inbox import Received
from models.outbox import REPLY, Outgoing

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN = ("sent", "delivered", "read")
PAGE = 200
"""So many messages of each side are shown when the page is opened."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a page has read: the last received row, and the last sent row by (settled, id)."""

    heard: int = 0
    settled: datetime = EPOCH
    sent: int = 0

    def __str__(self) -> str:
        return f"{self.heard}-{(self.settled - EPOCH) // timedelta(microseconds=1)}-{self.sent}"

    @staticmethod
    def read(text: str) -> Cursor:
        """Whatever cannot be read is the beginning: the page knows what it has shown."""
        found = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,17})-([0-9]{1,15})", text)
        if not found:
            return Cursor()
        heard, micros, sent = map(int, found.groups())
        return Cursor(heard, EPOCH + timedelta(microseconds=micros), sent)

    def past(self, row: Received | Outgoing) -> Cursor:
        if isinstance(row, Received):
            return replace(self, heard=row.id or 0)
        return replace(self, settled=row.settled_at or EPOCH, sent=row.id or 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event for the page, and the cursor of who has seen it."""

    cursor: Cursor
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Line:
    at: datetime
    row: Received | Outgoing
    person: Person
    body: dict[str, Any]


def since(session: Session, persona: str, cursor: Cursor, most: int | None = None) -> list[Entry]:
    """What the page of a persona has not seen yet, oldest first; only the newest `most` of each side."""
    lines = list(merge(_heard(session, persona, cursor, most), _sent(session, persona, cursor, most), key=lambda line: line.at))
    labels = _labels(session, persona, {line.body.get("press", "") for line in lines if isinstance(line.row, Received)} - {""})
    entries = []
    for line in lines:
        cursor = cursor.past(line.row)
        event = _own(line, labels) if isinstance(line.row, Received) else _answer(line, persona)
        if event:
            entries.append(Entry(cursor, event))
    return entries


def _newest(session: Session, rows: Any, order: Iterable[Any], most: int | None) -> list[Any]:
    if most is None:
        return list(session.execute(rows.order_by(*order)))
    return list(session.execute(rows.order_by(*(column.desc() for column in order)).limit(most)))[::-1]


def _here(persona: str) -> tuple[Any, ...]:
    return col(Address.account) == Webchat.account, col(Address.address) == persona, col(Address.until).is_(None)


def _heard(session: Session, persona: str, cursor: Cursor, most: int | None) -> Iterator[_Line]:
    rows = (
        select(Received, Person)
        .join(Address, col(Address.id) == col(Received.address_id))
        .join(Person, col(Person.id) == col(Received.person_id))
        .where(*_here(persona), col(Received.id) > cursor.heard)
    )
    for row, person in _newest(session, rows, [col(Received.id)], most):
        yield _Line(row.received_at, row, person, row.said)


def _sent(session: Session, persona: str, cursor: Cursor, most: int | None) -> Iterator[_Line]:
    settled, id = col(Outgoing.settled_at), col(Outgoing.id)
    rows = (
        select(Outgoing, Person, Campaign)
        .join(Address, col(Address.id) == col(Outgoing.address_id))
        .join(Person, col(Person.id) == col(Outgoing.person_id))
        .join(Campaign, col(Campaign.id) == col(Outgoing.campaign_id), isouter=True)
        .where(*_here(persona), col(Outgoing.status).in_(SHOWN))
        .where(or_(settled > cursor.settled, and_(settled == cursor.settled, id > cursor.sent)))
    )
    for row, person, campaign in _newest(session, rows, [settled, id], most):
        yield _Line(row.settled_at, row, person, row.message if row.message is not None else campaign.message)


def has_file(session: Session, persona: str, name: str) -> bool:
    """Whether a message to this persona came with the file."""
    said = cast(col(Outgoing.message), String).contains(name, autoescape=True)
    rows = select(col(Outgoing.id)).join(Address, col(Address.id) == col(Outgoing.address_id))
    return session.execute(rows.where(*_here(persona), col(Outgoing.subject).like("report:%"), said).limit(1)).first() is not None


def _worded(line: _Line) -> Rendered | None:
    """As it was said then; None where a text is not in use any more."""
    voice = Voice(line.person.locale, line.person.zone, line.at, line.person.call_name)
    try:
        return render(Message.from_json(line.body), voice)
    except (KeyError, ValueError, IndexError):
        return None


def _when(line: _Line) -> str:
    return line.at.astimezone(ZoneInfo(line.person.zone)).isoformat(timespec="seconds")


def _answer(line: _Line, persona: str) -> dict[str, Any]:
    rendered, row = _worded(line), line.row
    if rendered is None or not isinstance(row, Outgoing):
        return {}
    return {
        "from": "bot", "id": row.id, "external": row.external_id, "edits": row.replaces, "reply": row.lane == REPLY, "at": _when(line),
        "spans": [{"text": span.text, "strong": span.strong} for span in rendered.spans],
        "buttons": [{"press": one.press, "label": one.label, "detail": one.detail} for one in rendered.buttons],
        "media": [f"/chat/media/{name}" for name in rendered.media if not is_document(name)],
        "files": [{"name": name, "url": f"/chat/{persona}/files/{name}"} for name in rendered.media if is_document(name)],
        "request": rendered.request,
    }  # fmt: skip


def _own(line: _Line, labels: dict[str, str]) -> dict[str, Any]:
    if not line.body or not isinstance(line.row, Received):
        return {}
    said = Said.from_json(line.body)
    id, photo = line.row.external_id.partition(":")[2], said.photo
    return {
        "from": "me", "id": id, "kind": said.kind, "text": said.text, "press": said.press, "label": labels.get(said.press, ""),
        "media": [f"/chat/media/{photo.name}"] if photo and photo.name else [], "problem": photo.problem if photo else "",
        "file": said.kind == "file",
        "location": said.location, "quoted": said.quoted, "refused": said.refused, "at": _when(line),
    }  # fmt: skip


def _labels(session: Session, persona: str, presses: set[str]) -> dict[str, str]:
    """What stood on the buttons that were tapped."""
    found: dict[str, str] = {}
    if not presses:
        return found
    for line in _sent(session, persona, Cursor(), PAGE):
        rendered = _worded(line)
        found |= {button.press: button.label for button in rendered.buttons if button.press in presses} if rendered else {}
    return found
