"""Leases between processes: one holds it, the next takes it when the first is silent or lets go, and the one that was frozen is fenced."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from bot.leases import Keeping, database_time
from bot.store import Store
from models.lease import Lease, take
from tests.locks import waiting_for_locks

SHORT = 1.0
"""Seconds."""


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database)
    made.sqlite = False  # two holders as on PostgreSQL, on both engines
    yield made
    made.sqlite = database.startswith("sqlite")
    made.close()


def keeping(store: Store, holder: str, work: Callable[[], Coroutine[Any, Any, None]] | None = None, lasts: float = SHORT) -> Keeping:
    return Keeping(store, "sender:post", holder, lasts, work)


async def becomes(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


async def nothing() -> None:
    return


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def test_one_holds_it_and_the_next_takes_it_at_once_when_it_is_given_back(store: Store) -> None:
    async def play() -> None:
        first, second = keeping(store, "a", lasts=60), keeping(store, "b", lasts=60)
        running = asyncio.create_task(first.run())
        await becomes(lambda: first.ours)
        await second.step()
        assert first.safe() and not second.ours and not second.safe()
        assert await store.write(first.holds) and not await store.write(second.holds)

        await stopped(running)
        assert not first.safe()
        await second.step()
        assert second.ours and second.safe() and not await store.write(first.holds)

    asyncio.run(play())


def test_it_is_renewed_for_as_long_as_its_holder_lives_and_taken_over_after_that(store: Store) -> None:
    async def play() -> None:
        first, second = keeping(store, "a"), keeping(store, "b")
        began = time.monotonic()
        running = asyncio.create_task(first.run())
        await becomes(lambda: first.safe_until() > began + 2 * SHORT)

        first.end = nothing  # type: ignore[method-assign]  # killed: nothing is given back
        await stopped(running)
        taking = asyncio.create_task(second.run())
        await becomes(lambda: second.ours)
        assert not first.safe()
        await stopped(taking)

    asyncio.run(play())


def test_who_was_frozen_past_its_time_relies_on_nothing_and_its_work_ends(store: Store) -> None:
    async def play() -> None:
        events: list[str] = []

        async def work() -> None:
            events.append("begun")
            try:
                await asyncio.Event().wait()
            finally:
                events.append("ended")

        first, second = keeping(store, "a", work), keeping(store, "b")
        await first.step()
        await asyncio.sleep(0)
        assert events == ["begun"]
        await becomes(lambda: not first.safe())  # nobody renews: as if it had been stopped
        assert await store.write(first.holds)  # nobody has taken it over, so nothing can be done twice
        until = await store.write(lambda session: session.get_one(Lease, "sender:post").until)
        await becomes(lambda: database_time_passed(store, until))
        await second.step()
        assert second.ours and not await store.write(first.holds)

        await first.step()
        assert events == ["begun", "ended"] and not first.ours and not first.safe()

    def database_time_passed(store: Store, until: datetime) -> bool:
        return store.submit(database_time).result(5) > until

    asyncio.run(play())


def test_a_claim_and_a_takeover_wait_for_each_other(store: Store) -> None:
    async def play() -> None:
        first, second = keeping(store, "a", lasts=60), keeping(store, "b", lasts=60)
        await first.step()
        by_force = partial(take, name="sender:post", holder="b", lasts=timedelta(seconds=9), by_force=True)
        with store.engine.connect() as connection:
            claiming = connection.begin()
            assert first.holds(Session(connection))
            taking = store.submit(lambda session: by_force(session, now=database_time(session)))
            await becomes(lambda: taking.done() or store.submit(waiting_for_locks).result(5))
            assert not taking.done()
            claiming.commit()
        assert await asyncio.wrap_future(taking)
        assert await store.write(second.holds) and not await store.write(first.holds)

    if store.url.startswith("postgresql"):  # on SQLite writers wait for each other anyway
        asyncio.run(play())


def test_a_database_that_does_not_answer_leaves_it_as_it_was(store: Store) -> None:
    async def play() -> None:
        first = keeping(store, "a")
        await first.step()
        until = first.safe_until()
        beat = store.beat

        async def away(work: Any) -> Any:
            raise OSError("away")

        store.beat = away  # type: ignore[method-assign]
        await first.step()
        assert first.ours and first.safe_until() == until
        store.beat = beat  # type: ignore[method-assign]
        await first.step()
        assert first.safe_until() > until

    asyncio.run(play())


def test_on_a_file_of_which_we_are_the_only_owner_the_dead_are_not_waited_for(sqlite_database: str) -> None:
    store = Store(sqlite_database)

    async def play() -> None:
        dead, alive = Keeping(store, "sender:post", "a", 60), Keeping(store, "sender:post", "b", 60)
        await dead.step()
        await alive.step()
        assert alive.ours
        await dead.step()
        assert not dead.ours

    asyncio.run(play())
    store.close()
