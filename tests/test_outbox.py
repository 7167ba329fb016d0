"""The sender: what becomes of what it claims."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from bot.channels.channel import SendError
from bot.sending.demand import BACKOFF
from bot.sending.hand import BATCH
from models.outbox import BULK, NOTICE
from models.reasons import TRIES
from tests.post_office import Office, until


def test_what_gets_too_late_while_it_waits_for_its_turn_is_not_sent(office: Office) -> None:
    office.sender.pace.chat_rate = 1.0
    office.sender.pace.reserve("a", office.ticks())
    row = office.queue("a", "call", NOTICE, "call", expires_at=office.now + timedelta(seconds=0.5))
    office.drain("a")
    assert office.channel.sent == []
    assert office.row(row).status == "expired"


def test_a_send_that_fails_is_tried_again_later_and_later(office: Office) -> None:
    def refuse(address: str) -> None:
        raise SendError("upload_broke")

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
    assert (office.row(row).status, office.row(row).attempts, office.row(row).reason) == ("failed", TRIES, "upload_broke")


def test_an_unknown_outcome_follows_the_kind(office: Office) -> None:
    def cut(address: str) -> None:
        raise SendError("no_answer")

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
    assert office.row(reply).reason == "crashed"


def test_who_cannot_be_reached_is_marked(office: Office) -> None:
    def blocked(address: str) -> None:
        raise SendError("blocked")

    office.channel.trouble = blocked
    row = office.queue("a", "reply")
    office.drain("a")
    assert office.row(row).status == "failed"
    assert (office.place("a").unreachable_at, office.place("a").reason) == (office.now, "blocked")


def moved(office: Office) -> None:
    def gone(address: str) -> None:
        if address == "old":
            raise SendError("moved", address="new")

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


def test_slowing_down_halts_announcements_but_not_answers(office: Office) -> None:
    refused: list[str] = []

    def slow_once(address: str) -> None:
        if not refused:
            refused.append(address)
            raise SendError("too_fast", retry_after=30)

    async def run() -> None:
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: bool(refused))
        while office.sender.turns.inflight:
            await asyncio.wait(office.sender.turns.inflight.values())
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


def test_what_waited_for_a_second_try_leaves_right_after_it(office: Office) -> None:
    office.queue("a", "tried", attempts=1)
    office.queue("a", "behind it")

    async def run() -> None:
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: len(office.channel.sent) == 2)
        sending.cancel()

    asyncio.run(run())
    assert office.channel.sent == [("a", "tried"), ("a", "behind it")]


def test_an_answer_finds_room_among_announcements_on_their_way(office: Office) -> None:
    names = [f"b{number}" for number in range(BATCH + 5)]
    for name in names:
        office.queue(name, "bulk", BULK, "announcement")

    async def run() -> None:
        office.channel.gates = {name: asyncio.Event() for name in names}
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: len(office.sender.turns.bulk) == BATCH // 2)
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


def test_a_stop_lets_arrive_what_is_on_its_way(office: Office) -> None:
    row = office.queue("a", "announcement", BULK, "announcement")

    async def run() -> None:
        office.channel.gates = {"a": asyncio.Event()}
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: bool(office.sender.turns.inflight))
        sending.cancel()
        landing = asyncio.create_task(office.sender.land())
        await asyncio.sleep(0)
        office.channel.gates["a"].set()
        await landing

    asyncio.run(run())
    assert (office.row(row).status, office.channel.sent) == ("sent", [("a", "announcement")])
