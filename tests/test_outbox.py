"""The outbox: what is claimed when, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, select

from bot.channels.channel import Inbound, Receipt, SendError
from bot.claims import BATCH, Claimed, Settled, Taken, claim, receipted, recover, settle
from bot.outbox import BACKOFF, BULK_ROOM, TRIES, Sender
from bot.store import Store
from messages import Message, Rendered
from models.campaign import Campaign
from models.contact import Address, Person
from models.outbox import BULK, NOTICE, REPLY, Outgoing
from tests.world import MORNING

Result = TypeVar("Result")
ACCOUNT = "post"


class Post:
    """A channel whose sends the test decides: `trouble(address)` may raise, `gates` hold a chat's messages until they are opened."""

    account = ACCOUNT
    name = "post"
    settle = timedelta(0)
    rate = 0.0
    chat_rate = 0.0
    loops = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.trouble: Callable[[str], None] = lambda address: None
        self.gates: dict[str, asyncio.Event] = {}
        self.changed = asyncio.Event()

    def decode(self, payload: Any) -> list[Inbound | Receipt]:
        return list(payload)

    async def send(self, address: str, rendered: Rendered, media: Path, replaces: str) -> str:
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

    def claim(self, **how: Any) -> Taken:
        return self.write(lambda session: claim(session, ACCOUNT, "w", self.now, **how))

    def row(self, id: int) -> Outgoing:
        return self.write(lambda session: session.get_one(Outgoing, id))

    def place(self, name: str) -> Address:
        return self.write(lambda session: session.exec(select(Address).where(Address.address == name)).one())

    def statuses(self, *ids: int) -> list[str]:
        return [self.row(id).status for id in ids]

    def drain(self, name: str) -> None:
        asyncio.run(self.sender.drain(name))


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(database, tmp_path)
    yield made
    made.store.close()


def titles(rows: tuple[Claimed, ...]) -> list[Any]:
    return [one.message.params["title"] for one in rows]


async def until(channel: Post, condition: Callable[[], bool]) -> None:
    """Waits for what the channel is asked to send."""
    async with asyncio.timeout(20):
        while not condition():
            channel.changed.clear()
            await channel.changed.wait()
            await asyncio.sleep(0)


def test_answers_are_claimed_before_notices_and_announcements(office: Office) -> None:
    office.queue("a", "bulk", BULK, "announcement")
    office.queue("b", "notice", NOTICE, "notice", due_at=office.now - timedelta(hours=1))
    office.queue("c", "reply")
    office.queue("d", "reply before", due_at=office.now - timedelta(seconds=1))
    office.queue("e", "later", due_at=office.now + timedelta(seconds=30))
    taken = office.claim()
    assert titles(taken.rows) == ["reply before", "reply", "notice", "bulk"]
    assert not taken.more
    assert taken.next_due == office.now + timedelta(seconds=30)


def test_one_row_of_an_address_is_on_its_way_at_a_time(office: Office) -> None:
    first, second = office.queue("a", "first"), office.queue("a", "second")
    taken = office.claim()
    assert titles(taken.rows) == ["first"]
    assert taken.more
    assert office.claim(busy=frozenset({taken.rows[0].address_id})).rows == ()
    office.write(lambda session: settle(session, Settled(first, "sent", "m1"), office.now))
    assert titles(office.claim().rows) == ["second"]
    assert office.statuses(first, second) == ["sent", "claimed"]


def test_what_is_too_late_is_never_sent(office: Office) -> None:
    late = office.queue("a", "late", NOTICE, "call", expires_at=office.now)
    timely = office.queue("a", "timely", NOTICE, "call", expires_at=office.now + timedelta(seconds=1))
    assert titles(office.claim().rows) == ["timely"]
    assert office.statuses(late, timely) == ["expired", "claimed"]


def test_what_gets_too_late_while_it_waits_for_its_turn_is_not_sent(office: Office) -> None:
    office.sender.pace.chat_rate = 1.0
    office.sender.pace.reserve("a", office.ticks())
    row = office.queue("a", "call", NOTICE, "call", expires_at=office.now + timedelta(seconds=0.5))
    office.drain("a")
    assert office.channel.sent == []
    assert office.row(row).status == "expired"


def test_a_cancelled_campaign_stops_at_the_claim(office: Office) -> None:
    campaign = office.campaign()
    for name in ("a", "b"):
        office.queue(name, "", BULK, "announcement", message=None, campaign_id=campaign)
    assert titles(office.claim(limit=1).rows) == ["announcement"]
    office.write(lambda session: setattr(session.get_one(Campaign, campaign), "status", "cancelled"))
    assert office.claim() == Taken()


def test_a_crash_repeats_answers_and_lists_the_others(office: Office) -> None:
    kinds = ("reply", "notice", "call", "announcement")
    rows = [office.queue(kind, kind, NOTICE, kind) for kind in kinds]
    assert len(office.claim().rows) == 4
    assert office.write(lambda session: recover(session, ACCOUNT, office.now)) == 4
    assert office.statuses(*rows) == ["queued", "queued", "unknown", "unknown"]
    assert sorted(titles(office.claim().rows)) == ["notice", "reply"]


def test_another_account_is_left_alone(office: Office) -> None:
    row = office.queue("a", "mine")
    other = office.write(lambda session: claim(session, "other", "w", office.now))
    assert other == Taken()
    office.claim()
    assert office.write(lambda session: recover(session, "other", office.now)) == 0
    assert office.row(row).status == "claimed"


def test_a_send_that_fails_is_tried_again_later_and_later(office: Office) -> None:
    def refuse(address: str) -> None:
        raise SendError("retry", "refused")

    office.channel.trouble = refuse
    row, waits = office.queue("a", "reply"), list[float]()
    for _ in range(TRIES - 1):
        office.drain("a")
        again = office.row(row)
        assert again.status == "queued"
        waits.append((again.due_at - office.now).total_seconds())
        office.now = again.due_at
    office.drain("a")
    assert waits == list(BACKOFF)
    assert (office.row(row).status, office.row(row).attempts, office.row(row).reason) == ("failed", TRIES, "refused")


def test_an_unknown_outcome_follows_the_kind(office: Office) -> None:
    def cut(address: str) -> None:
        raise SendError("unknown", "cut")

    office.channel.trouble = cut
    rows = [office.queue(kind, kind, NOTICE, kind) for kind in ("reply", "notice", "call", "announcement")]
    for kind in ("reply", "notice", "call", "announcement"):
        office.drain(kind)
    assert office.statuses(*rows) == ["queued", "queued", "unknown", "unknown"]


def test_a_bug_while_sending_leaves_nothing_in_hands(office: Office) -> None:
    def stumble(address: str) -> None:
        raise LookupError("somebody's words")

    office.channel.trouble = stumble
    reply, call = office.queue("a", "reply"), office.queue("b", "call", NOTICE, "call")
    office.drain("a")
    office.drain("b")
    assert office.statuses(reply, call) == ["queued", "unknown"]
    assert office.row(reply).reason == "LookupError"


def test_who_cannot_be_reached_is_marked(office: Office) -> None:
    def blocked(address: str) -> None:
        raise SendError("unreachable", "blocked")

    office.channel.trouble = blocked
    row = office.queue("a", "reply")
    office.drain("a")
    assert office.row(row).status == "failed"
    assert (office.place("a").unreachable_at, office.place("a").reason) == (office.now, "blocked")


def moved(office: Office) -> None:
    def gone(address: str) -> None:
        if address == "old":
            raise SendError("migrated", "moved", address="new")

    office.channel.trouble = gone


def test_a_chat_that_moved_is_followed(office: Office) -> None:
    moved(office)
    row = office.queue("old", "reply")
    office.drain("old")
    office.drain("new")
    assert office.channel.sent == [("new", "reply")]
    assert office.row(row).status == "sent"


def test_a_chat_that_moved_to_a_known_address_is_followed_there(office: Office) -> None:
    moved(office)
    known, row = office.person("new"), office.queue("old", "reply")
    office.drain("old")
    office.drain("new")
    assert office.channel.sent == [("new", "reply")]
    assert (office.row(row).status, office.row(row).address_id) == ("sent", known)
    assert office.place("old").unreachable_at


def test_a_status_is_settled_only_from_the_hands_it_is_in(office: Office) -> None:
    row = office.queue("a", "reply")
    office.write(lambda session: settle(session, Settled(row, "sent", "m1"), office.now))
    assert office.row(row).status == "queued"
    office.claim()
    office.write(lambda session: settle(session, Settled(row, "sent", "m1"), office.now))
    office.write(lambda session: settle(session, Settled(row, "failed", reason="late"), office.now))
    assert (office.row(row).status, office.row(row).external_id) == ("sent", "m1")


@pytest.mark.parametrize(
    ("receipts", "end"),
    [
        (["delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "delivered", "sent"], "delivered"),
        (["read", "failed"], "read"),
        (["failed", "sent"], "failed"),
        (["something new"], "sent"),
    ],
)
def test_receipts_only_move_a_status_forward(office: Office, receipts: list[str], end: str) -> None:
    row, other = office.queue("a", "reply"), office.queue("b", "other")
    office.drain("a")
    for status in receipts:
        office.write(lambda session, status=status: receipted(session, ACCOUNT, Receipt("m1", status)))  # type: ignore[misc]
        office.write(lambda session, status=status: receipted(session, ACCOUNT, Receipt("", status)))  # type: ignore[misc]
    assert office.statuses(row, other) == [end, "queued"]


def test_a_receipt_resolves_an_unknown_outcome(office: Office) -> None:
    row = office.queue("a", "call", NOTICE, "call", status="unknown", external_id="m9")
    office.write(lambda session: receipted(session, ACCOUNT, Receipt("m9", "delivered")))
    assert office.row(row).status == "delivered"


def test_slowing_down_halts_announcements_but_not_answers(office: Office) -> None:
    refused: list[str] = []

    def slow_once(address: str) -> None:
        if not refused:
            refused.append(address)
            raise SendError("slow", "429", retry_after=30)

    async def run() -> None:
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: bool(refused))
        while office.sender.inflight:
            await asyncio.wait(office.sender.inflight.values())
        assert office.sender.pace.halted(office.ticks()) == 30
        await asyncio.to_thread(office.queue, "siti", "answer")
        await asyncio.to_thread(office.queue, "b", "second", BULK, "announcement")
        office.sender.wake()
        await until(office.channel, lambda: bool(office.channel.sent))
        assert office.channel.sent == [("siti", "answer")]
        office.now += timedelta(seconds=31)
        office.sender.wake()
        await until(office.channel, lambda: len(office.channel.sent) == 3)
        sending.cancel()

    office.channel.trouble = slow_once
    office.queue("a", "first", BULK, "announcement")
    asyncio.run(run())
    assert sorted(office.channel.sent[1:]) == [("a", "first"), ("b", "second")]


def test_an_answer_finds_room_among_announcements_on_their_way(office: Office) -> None:
    names = [f"b{number}" for number in range(BATCH + 5)]
    for name in names:
        office.queue(name, "bulk", BULK, "announcement")

    async def run() -> None:
        office.channel.gates = {name: asyncio.Event() for name in names}
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: len(office.sender.bulk) == BULK_ROOM)
        await asyncio.to_thread(office.queue, "siti", "answer")
        office.sender.wake()
        await until(office.channel, lambda: bool(office.channel.sent))
        assert office.channel.sent == [("siti", "answer")]
        for gate in office.channel.gates.values():
            gate.set()
        await until(office.channel, lambda: len(office.channel.sent) == len(names) + 1)
        sending.cancel()

    asyncio.run(run())


def test_the_answers_of_a_chat_arrive_in_their_order(office: Office) -> None:
    expected = [("siti", str(number)) for number in range(12)]
    for _, title in expected:
        office.queue("siti", title)

    async def run() -> None:
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: len(office.channel.sent) == len(expected))
        sending.cancel()

    asyncio.run(run())
    assert office.channel.sent == expected


def test_what_was_sent_is_settled_after_a_fault_of_the_database(office: Office) -> None:
    """The row must not stay in hands until a restart, and is not sent twice."""
    row = office.queue("a", "reply")
    write, faults = office.store.write, [OSError("disk full")]

    async def fail_once(work: Callable[[Session], Any]) -> Any:
        if office.channel.sent and faults:
            raise faults.pop()
        return await write(work)

    office.store.write = fail_once  # type: ignore[method-assign]
    office.drain("a")
    assert (office.row(row).status, len(office.channel.sent), office.slept) == ("sent", 1, [BACKOFF[0]])


def test_an_edit_knows_the_message_it_replaces(office: Office) -> None:
    first = office.queue("a", "first")
    office.drain("a")
    office.queue("a", "second", replaces=first)
    assert [one.replaces for one in office.claim().rows] == ["m1"]
