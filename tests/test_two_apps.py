"""Two processes on one PostgreSQL, here as two apps: a person's messages in order, what one leaves the other takes over, what one knows."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select
from structlog.testing import capture_logs

from bot import unfinished
from bot.app import App
from bot.channels.channel import Inbound
from bot.channels.terminal import Terminal
from bot.control import reach
from bot.doctor import database
from bot.schedule import start
from bot.settings import Settings
from bot.store import WRITING, Store, may_pass
from bot.wakes import CHANNEL, Wakes
from handlers.said import Said
from models.inbox import DeadLetter, Received
from models.lease import Lease
from models.outbox import Outgoing
from tests.desk import PHOTO, Desk
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

    def count_leases(session: Session) -> int:
        return session.exec(select(func.count(col(Lease.name)))).one()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_database_that_is_away_takes_nothing_and_everybody_goes_on_when_it_is_back(postgres_database: str, tmp_path: Path) -> None:
    async def run() -> None:
        desk = Desk(postgres_database, tmp_path)
        post = desk.channel
        app = App(desk.app.settings, lambda: MORNING, [post, Post()])
        with capture_logs():
            await app.start()
            await app.receive(post, Inbound("1", "siti", Said(text="halo")))
            await app.receive(post, Inbound("2", "siti", Said(kind="photo"), PHOTO))
            name = make_url(postgres_database).database
            elsewhere = create_engine(make_url(postgres_database).set(database="postgres"), isolation_level="AUTOCOMMIT")
            with elsewhere.connect() as connection:
                connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
                connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name})
                post.gate.set()  # the picture comes while nothing can be written
                with pytest.raises(DBAPIError):
                    await app.receive(post, Inbound("3", "siti", Said(text="menu")))
                with pytest.raises(DBAPIError):
                    await app.receive(post, Inbound("4", "rina", Said(text="halo")))
                connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
            for number, person, words in (("3", "siti", "menu"), ("4", "rina", "halo")):
                await app.receive(post, Inbound(number, person, Said(text=words)))
            await app.settled()
            rows = await app.store.read(lambda session: list(session.exec(select(Received.status))))
            assert rows == ["done"] * 4
            assert await app.store.read(lambda session: list(session.exec(select(DeadLetter)))) == []
            lease = app.keepings["sender:post"]
            await becomes(lambda: truth(lease.ours and lease.safe_until() > time.monotonic() + lease.lasts / 2))
            await app.stop()
            await desk.app.stop()
            elsewhere.dispose()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_who_is_frozen_in_the_middle_of_a_transaction_does_not_hold_up_the_others(postgres_database: str) -> None:
    async def run() -> None:
        one, other = Store(postgres_database), Store(postgres_database)
        one.engine.dispose()
        event.listen(one.engine, "connect", lambda connection, _: connection.execute("SET idle_in_transaction_session_timeout = 200"))
        holding, frozen = threading.Event(), threading.Event()
        await one.write(lambda session: session.add(Lease(name="x", holder="one", until=MORNING)))

        def freeze(session: Session) -> None:
            session.execute(select(Lease).with_for_update())
            if not holding.is_set():
                holding.set()
                frozen.wait(20)
            session.execute(text("SELECT 1"))

        freezing = one.submit(freeze)
        assert await asyncio.to_thread(holding.wait, 20)
        await other.write(lambda session: session.execute(update(Lease).values(holder="other")) and None)
        frozen.set()
        with pytest.raises(Exception) as caught:
            await asyncio.wrap_future(freezing)
        assert may_pass(caught.value)  # it is no bug of the work
        await one.write(freeze)
        one.close()
        other.close()

    assert "idle_in_transaction_session_timeout" in WRITING
    asyncio.run(asyncio.wait_for(run(), 60))


def test_commands_go_to_the_database_themselves_and_the_doctor_says_who_does_what(postgres_database: str, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=postgres_database, media_dir=tmp_path)  # type: ignore[call-arg]

    async def run() -> None:
        app = App(settings, lambda: MORNING, [Terminal(), Post()])
        await app.start()
        await start(app, ())
        async with reach(settings) as control, reach(settings) as another:
            await control.ask("/officers", {"address": "terminal:dewi", "region": "64.72"})
            told = await another.ask("/officers")
            assert [row["addresses"] for row in told["officers"]] == [["terminal:dewi"]]
        await becomes(lambda: shown(" holds scheduler, sender:post"))  # the scheduler's is short
        await app.stop()
        assert await shown("none is running")

    async def shown(words: str) -> bool:
        found = await asyncio.to_thread(lambda: list(database(settings)))
        assert found[0].words.startswith("postgresql answers")
        return any(words in one.words for one in found)

    asyncio.run(asyncio.wait_for(run(), 60))


async def truth(value: bool) -> bool:
    return value


def test_a_wake_reaches_the_others_and_also_after_the_connection_was_lost(postgres_database: str) -> None:
    store = Store(postgres_database)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE :query")

    async def run() -> None:
        heard: list[str] = []
        mine: list[str] = []
        listening, telling = Wakes(postgres_database, "a", heard.append), Wakes(postgres_database, "b", mine.append)
        running = [asyncio.create_task(one.run()) for one in (listening, telling)]
        await becomes(lambda: truth(heard == [""] and mine == [""]))
        telling.tell("x")
        await becomes(lambda: truth("x" in heard))
        await store.write(lambda session: session.execute(cut, {"query": f"LISTEN {CHANNEL}"}).all())
        await becomes(lambda: truth(heard.count("") == mine.count("") == 2))  # listening again, they look for what was missed
        telling.tell("y")
        await becomes(lambda: truth("y" in heard))
        assert mine == [""] * 2 and "x" not in mine
        for task in running:
            task.cancel()
        await asyncio.wait(running)

    asyncio.run(asyncio.wait_for(run(), 60))
    store.close()
