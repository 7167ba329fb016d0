"""A post office for the tests of the outbox: a sender with a clock of its own, and a channel whose sends the test decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session, select

from bot.channels.channel import Channel, Found, Inbound
from bot.media import Media
from bot.sending.claims import claim
from bot.sending.hand import Claimed, Taken
from bot.sending.outbox import Sender
from bot.store import Store
from messages import Message, Rendered
from models.campaign import Campaign
from models.contact import Address, Person
from models.outbox import REPLY, Outgoing
from tests.world import MORNING

Result = TypeVar("Result")
ACCOUNT = "post"


class Post(Channel):
    """A channel whose sends the test decides: `trouble(address)` may raise, `gates` hold a chat's messages until they are opened."""

    account = ACCOUNT
    name = "post"
    settle = timedelta(0)

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.trouble: Callable[[str], None] = lambda address: None
        self.gates: dict[str, asyncio.Event] = {}
        self.changed = asyncio.Event()

    def decode(self, payload: Any) -> list[Found]:
        return list(payload)

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        self.changed.set()
        if address in self.gates:
            await self.gates[address].wait()
        self.trouble(address)
        self.sent.append((address, rendered.text.split(":")[1].split(".")[0].strip()))
        return f"m{len(self.sent)}"

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return b""

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        return


class Office:
    """A store, a sender with a clock of its own, and a few people with addresses."""

    def __init__(self, url: str, media: Path) -> None:
        self.store, self.channel = Store(url), Post()
        self.now, self.slept = MORNING, list[float]()
        self.sender = Sender(self.store, self.channel, media, lambda: self.now, "w", self.ticks, self.sleep)

    def ticks(self) -> float:
        return self.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def write(self, work: Callable[[Session], Result]) -> Result:
        return self.store.submit(work).result(10)

    def person(self, name: str) -> int:
        def add(session: Session) -> int:
            person = Person(created_at=MORNING)
            session.add(person)
            session.flush()
            place = Address(person_id=person.id or 0, account=ACCOUNT, channel="post", address=name, since=MORNING)
            session.add(place)
            session.flush()
            return place.id or 0

        known = self.write(lambda session: session.exec(select(Address.id).where(Address.address == name)).first())
        return known or self.write(add)

    def queue(self, name: str, title: str, lane: int = REPLY, kind: str = "reply", **more: Any) -> int:
        place = self.person(name)
        values: dict[str, Any] = {"message": Message("drafts.kept", {"title": title}).to_json(), "due_at": self.now, **more}

        def add(session: Session) -> int:
            person = session.get_one(Address, place).person_id
            row = Outgoing(person_id=person, address_id=place, account=ACCOUNT, lane=lane, kind=kind, created_at=self.now, **values)
            session.add(row)
            session.flush()
            return row.id or 0

        return self.write(add)

    def campaign(self, status: str = "running") -> int:
        officer = self.person("officer")

        def add(session: Session) -> int:
            body = Message("drafts.kept", {"title": "announcement"}).to_json()
            person = session.get_one(Address, officer).person_id
            row = Campaign(officer_id=person, text="", message=body, status=status, created_at=self.now)
            session.add(row)
            session.flush()
            return row.id or 0

        return self.write(add)

    def claim(self, worker: str = "w", **how: Any) -> Taken:
        return self.write(lambda session: claim(session, ACCOUNT, worker, self.now, **how))

    def row(self, id: int) -> Outgoing:
        return self.write(lambda session: session.get_one(Outgoing, id))

    def place(self, name: str) -> Address:
        return self.write(lambda session: session.exec(select(Address).where(Address.address == name)).one())

    def statuses(self, *ids: int) -> list[str]:
        return [self.row(id).status for id in ids]

    def drain(self, name: str) -> None:
        asyncio.run(self.sender.drain(name))


def titles(rows: tuple[Claimed, ...]) -> list[Any]:
    return [one.message.params["title"] for one in rows]


async def until(channel: Post, condition: Callable[[], bool]) -> None:
    """Waits for what the channel is asked to send."""
    async with asyncio.timeout(20):
        while not condition():
            channel.changed.clear()
            await channel.changed.wait()
            await asyncio.sleep(0)
