"""Rows that are due, or in a sender's hands, and that nobody would have taken: after faults of the database, of a row, of the platform."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any, Literal

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.channels.channel import Inbound, SendError
from bot.inbox import Scene, accept
from bot.sending import outbox
from bot.sending.outbox import Sender
from bot.sending.settling import Settled, settle_all
from bot.sending.uploads import Shelf, Uploads
from handlers.said import Said
from messages import Message
from models.inbox import Received
from models.outbox import BULK, NOTICE
from tests.desk import Desk
from tests.locks import waiting_for_locks
from tests.lost_answers import lose_answers
from tests.post_office import Office, titles, until
from tests.stage import until as becomes


async def keep_sending(sender: Sender) -> None:
    """As a process does it: a fault of the database does not end it."""
    while True:
        try:
            await sender.run()
        except OperationalError:
            await asyncio.sleep(0)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_claim_of_whose_commit_nobody_heard_is_taken_up_at_once(office: Office, times: int) -> None:
    rows = [office.queue("a", "first", NOTICE, "call"), office.queue("b", "second")]
    left = iter(range(times))
    lose_answers(office.store, lambda _: next(left, None) is not None)

    async def run() -> None:
        sending = asyncio.create_task(keep_sending(office.sender))
        await until(office.channel, lambda: len(office.channel.sent) == 2)
        sending.cancel()
        await asyncio.wait([sending])
        await office.sender.land()

    asyncio.run(run())
    assert sorted(office.channel.sent) == [("a", "first"), ("b", "second")]
    assert [(office.row(row).status, office.row(row).attempts) for row in rows] == [("sent", 1)] * 2


def test_what_is_on_its_way_meanwhile_is_not_taken_for_lost(office: Office) -> None:
    office.queue("a", "first", BULK, "announcement")
    lost: list[bool] = []
    lose_answers(office.store, lambda _: bool(lost) and lost.pop())

    async def run() -> None:
        office.channel.gates = {"a": asyncio.Event()}
        sending = asyncio.create_task(keep_sending(office.sender))
        await until(office.channel, lambda: bool(office.sender.turns.inflight))
        await asyncio.to_thread(office.queue, "b", "second", BULK, "announcement")
        lost.append(True)
        office.sender.wake()
        await until(office.channel, lambda: len(office.channel.sent) == 1)
        office.channel.gates["a"].set()
        while office.sender.turns.inflight:
            await asyncio.wait(office.sender.turns.inflight.values())
        sending.cancel()
        await asyncio.wait([sending])
        await office.sender.land()

    asyncio.run(run())
    assert office.channel.sent == [("b", "second"), ("a", "first")]


def test_a_row_that_cannot_be_read_holds_up_no_other(office: Office) -> None:
    odd = office.queue("a", "", message={"words": "of nobody"})
    even = office.queue("b", "even")
    assert titles(office.claim().rows) == ["even"]
    assert (office.row(odd).status, office.row(odd).reason, office.row(even).status) == ("failed", "unworded", "claimed")


def test_a_row_that_cannot_be_read_and_is_over_holds_up_no_other(office: Office) -> None:
    odd = office.queue("a", "", message={"words": "of nobody"}, expires_at=office.now)
    office.queue("b", "even")
    assert titles(office.claim().rows) == ["even"]
    assert office.row(odd).status == "expired"


def test_pictures_that_cannot_be_looked_up_are_uploaded_again(office: Office) -> None:
    row = office.queue("a", "one", message=with_picture("one"))
    office.channel.uploads = Uploads()
    office.channel.uploads.shelf = Shelf(office.store, office.channel.account, lambda: office.now)

    async def away(work: Any) -> Any:
        raise OperationalError("SELECT", None, Exception("the connection was lost"))

    office.store.read = away  # type: ignore[method-assign]

    async def run() -> None:
        sending = asyncio.create_task(keep_sending(office.sender))
        await until(office.channel, lambda: bool(office.channel.sent))
        sending.cancel()
        await asyncio.wait([sending])
        await office.sender.land()

    asyncio.run(run())
    assert office.row(row).status == "sent"


def with_picture(title: str) -> dict[str, Any]:
    return Message("drafts.kept", {"title": title}, media=("a.jpg",)).to_json()


class Reluctant(asyncio.Event):
    """Who is cut off while waiting has to clear up first, as a connection does."""

    async def wait(self) -> Literal[True]:
        try:
            return await super().wait()
        finally:
            for _ in range(9):
                await asyncio.sleep(0)


def test_a_stop_gives_back_what_waits_for_a_picture_that_is_too_slow(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "LANDING", 0.05)
    office.channel.uploads = Uploads()
    rows = [office.queue(name, name, BULK, "announcement", message=with_picture(name)) for name in ("a", "b")]

    async def run() -> None:
        office.channel.gates = {"a": Reluctant()}
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: bool(office.sender.turns.inflight))
        while not any(office.sender.turns.uploading.values()):
            await asyncio.sleep(0)
        sending.cancel()
        await asyncio.wait([sending])
        await office.sender.land()

    asyncio.run(run())
    assert office.statuses(*rows) == ["claimed", "queued"]  # nobody knows of the first; the other was not asked for


def test_a_stop_that_cannot_be_written_leaves_the_row_in_nobodys_hands(office: Office) -> None:
    faults = iter([OSError("disk full")])

    async def halt(account: str, reason: str) -> None:
        for fault in faults:
            raise fault
        office.sender.stopped = True

    def restrict(address: str) -> None:
        raise SendError("restricted")

    office.sender.halt, office.channel.trouble = halt, restrict
    row = office.queue("a", "one")
    office.drain("a")
    assert (office.row(row).status, office.sender.stopped) == ("queued", True)


def test_an_account_is_not_stopped_without_a_word_to_anybody(desk: Desk) -> None:
    async def away(work: Any) -> Any:
        raise OSError("disk full")

    write, desk.app.store.write = desk.app.store.write, away  # type: ignore[method-assign]
    account = desk.channel.account
    with pytest.raises(OSError):
        asyncio.run(desk.app.halt(account, "restricted"))
    assert not desk.app.senders[account].stopped
    desk.app.store.write = write  # type: ignore[method-assign]
    asyncio.run(desk.app.halt(account, "restricted"))
    assert desk.app.senders[account].stopped


def test_what_one_app_will_not_bring_wakes_the_sender_of_the_other(office: Office) -> None:
    row, woken = office.queue("a", "call", NOTICE, "call"), list[str]()
    office.sender.books.elsewhere = lambda: woken.append(office.row(row).status)
    [one] = office.claim().rows
    office.sender.books.done.append(Settled(one.id, "failed", reason="marketing_cap", worker="w", attempts=1))
    asyncio.run(office.sender.books.write(None))
    assert woken == ["held"], "after the commit"


def test_a_picture_of_whose_arrival_nobody_heard_is_fetched(desk: Desk) -> None:
    """The platform delivers it once, and the person's later messages wait for it."""
    lost = [True]
    lose_answers(desk.app.store, lambda _: bool(lost) and lost.pop())

    async def run() -> list[str]:
        desk.channel.gate.set()
        assert (await desk.say("1", "", photo=True)).status == "repeat"
        await desk.app.settled()
        return [row.status for row in await desk.rows(Received)]

    assert asyncio.run(run()) == ["done"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_is_held_while_its_person_writes_is_not_missed_by_their_turn(office: Office) -> None:
    """The turn lets go what it sees held; what is held a moment later must see that they wrote."""
    office.channel.window = timedelta(hours=24)
    row = office.queue("a", "one", NOTICE, "notice")
    [one] = office.claim().rows
    office.now += timedelta(seconds=1)
    heard, ends = threading.Event(), threading.Event()

    def write(session: Session) -> None:
        accept(session, office.channel, Inbound("1", "a", Said(text="menu")), office.now, Scene())
        session.flush()
        heard.set()
        ends.wait(20)

    turn = office.store.submit(write)
    heard.wait(20)
    held = office.store.submit(lambda session: settle_all(session, [Settled(one.id, "held", reason="window_closed")], office.now))
    becomes(lambda: held.done() or office.write(waiting_for_locks))
    ends.set()
    turn.result(20)
    held.result(20)
    assert office.row(row).status == "queued"
