"""Messages of every kind for people who only listen, each with a mark of its own, put into the outbox as the product does it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, func, select

from bot.bench.daytime import awake
from bot.faults.platform import ACCOUNT, MARK, Key
from bot.store import open_engine
from messages import Message
from models.campaign import RUNNING, Campaign
from models.contact import Address, Person
from models.outbox import BULK, Outgoing
from models.post import campaign_rows, notify, reply

LISTENERS = 16
FIRST_LISTENER, FIRST_SPEAKER = 10_001, 20_001
EACH = 3
"""So many notices and calls at a time, and one answer; announcements are for everybody."""
KINDS = ("reply", "notice", "call", "announcement")


class Mail:
    """Writes to a database directly, as another process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._marks, self._turns = count(1), count()

    @contextmanager
    def session(self) -> Iterator[Session]:
        engine = open_engine(self.url)
        try:
            with Session(engine) as session:
                yield session
                session.commit()
        finally:
            engine.dispose()

    def introduce(self) -> None:
        now = datetime.now(UTC)
        with self.session() as session:
            for number in range(LISTENERS):
                person = Person(created_at=now, zone=awake(now))
                session.add(person)
                session.flush()
                chat = str(FIRST_LISTENER + number)
                session.add(Address(person_id=person.id or 0, account=ACCOUNT, channel="telegram", address=chat, since=now, heard_at=now))

    def post(self) -> None:
        now = datetime.now(UTC)
        with self.session() as session:
            places = list(session.exec(select(Address).where(col(Address.address) < str(FIRST_SPEAKER)).order_by(col(Address.id))))
            reply(session, self._next(places), self._message(), now, now)
            for _ in range(EACH):
                for kind in ("notice", "call"):
                    notify(session, self._next(places).person_id, self._message(), now, kind=kind, urgent=True)
            self._announce(session, places, now)

    def _announce(self, session: Session, places: list[Address], now: datetime) -> None:
        campaign = Campaign(officer_id=places[0].person_id, text="", message=self._message().to_json(), created_at=now)
        campaign.status, campaign.total, campaign.started_at, campaign.filled_at = RUNNING, len(places), now, now
        session.add(campaign)
        session.flush()
        session.add_all([Outgoing(**row) for row in campaign_rows(places, campaign.id or 0, BULK, now, [now] * len(places))])

    def _next(self, places: list[Address]) -> Address:
        return places[next(self._turns) % len(places)]

    def _message(self) -> Message:
        return Message("drafts.kept", {"title": f"m{next(self._marks):06}"})

    def hurry(self) -> None:
        """What waits to be tried again is due: the last start of a run need not take as long as people would wait."""
        now = datetime.now(UTC)
        with self.session() as session:
            for row in session.exec(select(Outgoing).where(col(Outgoing.status) == "queued", col(Outgoing.due_at) > now)):
                row.due_at = now

    def left(self) -> int:
        with self.session() as session:
            rows = session.exec(select(Outgoing.id).where(col(Outgoing.status).in_(("queued", "claimed", "held"))))
            return len(rows.all())

    def newest(self) -> int:
        with self.session() as session:
            return session.exec(select(func.max(Outgoing.id))).one() or 0

    def claimed(self) -> set[Key]:
        """What is in somebody's hands."""
        return {key for _, key, _, status in self.rows() if status == "claimed"}

    def rows(self) -> list[tuple[int, Key, str, str]]:
        """Of every row its id, what it shows, its kind and its status."""
        shown: Any = (Outgoing.id, Address.address, Outgoing.kind, Outgoing.status, Outgoing.message, Campaign.message)
        said = (
            columns(*shown)
            .select_from(Outgoing)
            .join(Address, col(Address.id) == col(Outgoing.address_id))
            .outerjoin(Campaign, col(Campaign.id) == col(Outgoing.campaign_id))
        )
        with self.session() as session:
            found = session.execute(said).all()
        return [(row, (int(chat), marked(own or body)), kind, status) for row, chat, kind, status, own, body in found]


def marked(message: object) -> str:
    found = MARK.search(json.dumps(message))
    return found[0] if found else ""
