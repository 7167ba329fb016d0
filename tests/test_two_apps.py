"""Two processes on one PostgreSQL, here as two apps: a person's messages in order, what one leaves the other takes over, what one knows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from bot import unfinished
from bot.app import App
from bot.channels.channel import Inbound
from bot.store import Store
from bot.wakes import CHANNEL, Wakes
from handlers.said import Said
from models.inbox import DeadLetter, Received
from models.lease import Lease
from models.outbox import Outgoing
from tests.desk import Desk
from tests.post_office import Post
from tests.world import MORNING

Work = Callable[[Desk, Desk], Awaitable[None]]


@pytest.fixture
def both(postgres_database: str, tmp_path: Path) -> Callable[[Work], None]:
    """Runs work with two apps that were started on the same database."""

    def play(work: Work) -> None:
        async def run() -> None:
            one, other = (Desk(postgres_database, tmp_path / "media") for _ in range(2))
            await one.app.start()
            await other.app.start()
            try:
                await work(one, other)
            finally:
                await one.app.stop()
                await other.app.stop()

        asyncio.run(asyncio.wait_for(run(), 60))

    return play


async def becomes(holds: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():
            await asyncio.sleep(0.02)


async def statuses(desk: Desk) -> list[str]:
    return [row.status for row in await desk.rows(Received)]


def test_what_one_person_says_to_both_at_once_is_taken_once_and_in_order(both: Callable[[Work], None]) -> None:
    async def work(one: Desk, other: Desk) -> None:
        said = [Inbound(str(number), "siti", Said(text="menu")) for number in range(12)]
        await asyncio.gather(*(desk.app.receive(desk.channel, inbound) for inbound in said for desk in (one, other)))
        rows = await one.rows(Received)
        assert sorted(int(row.external_id) for row in rows) == list(range(12)) and {row.status for row in rows} == {"done"}
        answers = await one.rows(Outgoing)
        assert len(answers) == 12 and len({row.person_id for row in answers}) == 1
        assert await one.rows(DeadLetter) == []

    both(work)


def test_what_comes_to_the_other_waits_for_the_picture_of_the_first(both: Callable[[Work], None]) -> None:
    async def work(one: Desk, other: Desk) -> None:
        await one.meet()
        assert (await one.say("p", "Amplang ikan 25rb per bungkus", photo=True)).status == "waiting"
        assert (await other.say("d", "250 gram, ikan tenggiri, tahan 3 bulan")).status == "queued"
        await other.app.settled()
        assert (await statuses(one))[-2:] == ["waiting", "queued"]
        one.channel.gate.set()
        await one.app.settled()
        answers = await other.answers()
        assert (len(answers["photos"]), answers["details"]) == (1, "250 gram, ikan tenggiri, tahan 3 bulan")

    both(work)


def test_what_a_process_leaves_in_the_middle_is_taken_over_by_another(both: Callable[[Work], None]) -> None:
    async def work(one: Desk, other: Desk) -> None:
        await one.meet()
        await one.say("p", "Amplang ikan 25rb per bungkus", photo=True)
        await one.say("d", "250 gram, ikan tenggiri, tahan 3 bulan")
        other.channel.gate.set()
        await unfinished.sweep(other.app)
        await other.app.settled()
        assert (await statuses(one))[-2:] == ["waiting", "queued"]  # who works on it lives

        await one.app.stop()

        async def done() -> bool:
            return set(await statuses(other)) == {"done"}

        await becomes(done)
        answers = await other.answers()
        assert (len(answers["photos"]), answers["details"]) == (1, "250 gram, ikan tenggiri, tahan 3 bulan")

    both(work)


def test_an_account_that_one_stops_sends_nothing_through_the_other(postgres_database: str, tmp_path: Path) -> None:
    async def run() -> None:
        settings = Desk(postgres_database, tmp_path).app.settings
        posts = [Post(), Post()]
        apps = [App(settings, lambda: MORNING, [post]) for post in posts]
        for app in apps:
            await app.start()
        assert [app.keepings["sender:post"].ours for app in apps] == [True, False]
        await apps[1].halt("post", "restricted")
        await becomes(lambda: truth(apps[0].senders["post"].stopped))
        assert await apps[1].resume("post")
        await becomes(lambda: truth(not apps[0].senders["post"].stopped))

        await apps[0].stop()
        await becomes(lambda: truth(apps[1].keepings["sender:post"].ours))
        await apps[1].stop()
        store = Store(postgres_database)
        assert await store.read(count_leases) == 0
        store.close()

    async def truth(value: bool) -> bool:
        return value

    def count_leases(session: Session) -> int:
        return session.exec(select(func.count(col(Lease.name)))).one()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_wake_reaches_the_others_and_also_after_the_connection_was_lost(postgres_database: str) -> None:
    store = Store(postgres_database)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE :query")

    async def run() -> None:
        heard: list[str] = []
        mine: list[str] = []
        listening, telling = Wakes(postgres_database, "a", heard.append), Wakes(postgres_database, "b", mine.append)
        running = [asyncio.create_task(one.run()) for one in (listening, telling)]
        await becomes(lambda: told(heard == [""] and mine == [""]))
        telling.tell("x")
        await becomes(lambda: told("x" in heard))
        await store.write(lambda session: session.execute(cut, {"query": f"LISTEN {CHANNEL}"}).all())
        await becomes(lambda: told(heard.count("") == 2))  # listening again, it looks for what was missed
        telling.tell("y")
        await becomes(lambda: told("y" in heard))
        assert mine == [""] * 2 and "x" not in mine
        for task in running:
            task.cancel()
        await asyncio.wait(running)

    async def told(value: bool) -> Any:
        return value

    asyncio.run(asyncio.wait_for(run(), 60))
    store.close()
