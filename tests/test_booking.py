"""What leaves outside of windows in numbers: booked together just before it leaves, given back where nobody was asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col

from bot.channels.channel import SendError
from bot.sending.uploads import Uploads
from messages.templates import Templated
from models.campaign import Campaign
from models.contact import Address
from models.outbox import Outgoing
from tests.lost_answers import lose_answers
from tests.paid import PRICE, Paid

NAMES = [f"p{place}" for place in range(24)]


async def sent(paid: Paid, how_many: int) -> None:
    async with asyncio.timeout(20):
        while len(paid.asked) < how_many:
            await asyncio.sleep(0.01)


def sending(paid: Paid, work: Callable[[], Any]) -> None:
    """While the sender runs."""

    async def run() -> None:
        task = asyncio.create_task(paid.sender.run())
        await work()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await paid.sender.land()

    asyncio.run(run())


def money(paid: Paid, rows: list[int]) -> list[tuple[str, str, int]]:
    return [(one.status, one.template, one.price) for one in map(paid.row, rows)]


def named(work: Any) -> str:
    """What is written."""
    return str(getattr(work, "func", work).__name__)


def counted(paid: Paid) -> list[str]:
    """The names of what is written from now on."""
    write, names = paid.store.write, list[str]()

    async def count(work: Callable[[Session], Any]) -> Any:
        names.append(named(work))
        return await write(work)

    paid.store.write = count  # type: ignore[method-assign]
    return names


def test_many_are_booked_together(paid: Paid) -> None:
    rows, written = paid.announcement(True, *NAMES), counted(paid)
    sending(paid, lambda: sent(paid, len(NAMES)))
    assert sorted(paid.asked) == sorted(NAMES)
    assert money(paid, rows) == [("sent", "announcement_body", 2 * PRICE)] * len(NAMES)
    assert written.count("_look") + written.count("_book") <= len(NAMES) // 4


def test_what_the_platform_refuses_as_too_fast_costs_nothing(paid: Paid) -> None:
    rows = paid.announcement(True, *NAMES)
    paid.refuse = SendError("too_fast", retry_after=3600)

    async def slowed() -> None:
        async with asyncio.timeout(20):
            while not paid.sender.pace.halted(paid.ticks()) or len(paid.sender.lanes) or paid.sender.books.back:
                await asyncio.sleep(0.01)

    sending(paid, slowed)
    assert paid.asked == []
    assert money(paid, rows) == [("queued", "", 0)] * len(NAMES)


def test_a_pause_while_they_are_booked_gives_everything_back(paid: Paid) -> None:
    rows = paid.announcement(True, *NAMES)
    write, paused = paid.store.write, list[bool]()

    async def pause(work: Callable[[Session], Any]) -> Any:
        done = await write(work)
        if named(work) == "_book" and not paused:
            paused.append(True)
            await write(lambda session: session.execute(update(Campaign).where(col(Campaign.id) == 1).values(status="paused")))
            paid.sender.wake()
            while paid.sender.going:
                await asyncio.sleep(0.01)
        return done

    paid.store.write = pause  # type: ignore[method-assign]

    async def given_back() -> None:
        async with asyncio.timeout(20):
            while not paused or len(paid.sender.lanes) or paid.sender.books.back:
                await asyncio.sleep(0.01)

    sending(paid, given_back)
    assert (paid.asked, money(paid, rows)) == ([], [("queued", "", 0)] * len(NAMES))


def test_a_fault_of_the_database_leaves_nothing_in_hands(paid: Paid) -> None:
    rows = paid.announcement(True, *NAMES)
    write, faults = paid.store.write, [OperationalError("", {}, Exception("gone")) for _ in range(2)]

    async def fail(work: Callable[[Session], Any]) -> Any:
        if faults and named(work) == "_book":
            raise faults.pop()
        return await write(work)

    paid.store.write = fail  # type: ignore[method-assign]
    sending(paid, lambda: sent(paid, len(NAMES)))
    assert sorted(paid.asked) == sorted(NAMES), "each once"
    assert {(status, price) for status, _, price in money(paid, rows)} == {("sent", 2 * PRICE)}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_booking_of_whose_commit_nobody_heard_counts_once(paid: Paid, times: int) -> None:
    """Tried again it says the same; given up, it is taken back before the row is booked anew."""
    rows, left = paid.announcement(True, *NAMES), iter(range(times))
    lose_answers(paid.store, lambda work: named(work) == "_book" and next(left, None) is not None)
    sending(paid, lambda: sent(paid, len(NAMES)))
    assert next(left, None) is None
    assert sorted(paid.asked) == sorted(NAMES), "each once"
    assert money(paid, rows) == [("sent", "announcement_body", 2 * PRICE)] * len(NAMES)


def test_money_given_back_of_whose_commit_nobody_heard_goes_back_once(paid: Paid) -> None:
    """What an earlier try may have cost stays."""
    paid.refuse = SendError("no_answer")
    [row] = paid.announcement(True, "a")
    paid.drain("a")
    paid.write(lambda session: session.execute(update(Outgoing).values(status="queued", settled_at=None)))
    left, paid.refuse = iter(range(1)), SendError("undeliverable")
    lose_answers(paid.store, lambda work: named(work) == "give_back" and next(left, None) is not None)
    paid.drain("a")
    assert next(left, None) is None and money(paid, [row]) == [("failed", "announcement_body", 2 * PRICE)]


def test_an_odd_row_does_not_hold_up_the_others(paid: Paid) -> None:
    odd, good = paid.fix("a"), paid.fix("b")
    broken = update(Outgoing).where(col(Outgoing.id) == odd).values(message={"key": "decision.fix", "params": {}})
    paid.write(lambda session: session.execute(broken))
    sending(paid, lambda: sent(paid, 1))
    assert (paid.asked, paid.statuses(good)) == (["b"], ["sent"])
    assert paid.row(odd).status != "claimed"


def test_pictures_of_an_announcement_do_not_make_its_templates_wait_for_each_other(paid: Paid) -> None:
    paid.announcement(True, *NAMES)
    pictured = {**paid.write(lambda session: session.get_one(Campaign, 1).message), "media": ["a.jpg"]}
    paid.write(lambda session: session.execute(update(Campaign).where(col(Campaign.id) == 1).values(message=pictured)))
    under_way, together = set[str](), asyncio.Event()

    async def hang(address: str, templated: Templated, tag: str) -> str:
        under_way.add(address)
        if len(under_way) > 5:
            together.set()
        await together.wait()
        paid.asked.append(address)
        return "t"

    paid.sender.channel.uploads = Uploads()
    paid.channel.send_template = hang  # type: ignore[method-assign]
    sending(paid, lambda: sent(paid, 1))
    assert len(under_way) > 5


def test_a_person_who_writes_meanwhile_hears_it_in_full(paid: Paid) -> None:
    [row] = paid.announcement(True, "a")
    write, wrote, told = paid.store.write, update(Address).where(col(Address.address) == "a"), list[str]()

    async def hear(work: Callable[[Session], Any]) -> Any:
        if named(work) == "_look":
            await write(lambda session: session.execute(wrote.values(heard_at=paid.now)))
        return await write(work)

    async def send(address: str, *_: Any) -> str:
        told.append(address)
        return "m"

    paid.store.write, paid.channel.send = hear, send  # type: ignore[method-assign, assignment]

    async def heard() -> None:
        async with asyncio.timeout(20):
            while not told:
                await asyncio.sleep(0.01)

    sending(paid, heard)
    assert (told, paid.asked, money(paid, [row])) == (["a"], [], [("sent", "", 0)])
