"""The store: work that waits together is committed together, and none of it is harmed by its neighbours."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from bot.store import GROUP, Store, check, open_engine
from models.contact import Person
from tests.storing import add, names, small_store, store, stumble, together

__all__ = ["small_store", "store"]


def test_work_is_committed_when_its_future_is_done(store: Store) -> None:
    futures = together(store, add("a"), add("b"), add("c"))
    assert [future.result(10) for future in futures] == ["a", "b", "c"]
    assert names(store) == ["a", "b", "c"]


def test_a_failing_work_does_not_harm_its_neighbours(store: Store) -> None:
    before, broken, after = together(store, add("before"), stumble, add("after"))
    assert (before.result(10), after.result(10)) == ("before", "after")
    with pytest.raises(LookupError):
        broken.result(10)
    assert names(store) == ["after", "before"]


def test_a_statement_that_fails_does_not_harm_its_neighbours(store: Store) -> None:
    before, broken, after = together(
        store, add("before"), lambda session: session.execute(text("SELECT nothing FROM nowhere")), add("after")
    )
    assert (before.result(10), after.result(10)) == ("before", "after")
    with pytest.raises(DBAPIError):
        broken.result(10)
    assert names(store) == ["after", "before"]


def commits(store: Store) -> list[int]:
    counted: list[int] = []
    event.listen(store.engine, "commit", lambda _: counted.append(1))
    return counted


def test_what_waits_together_shares_a_commit(small_store: Store) -> None:
    counted = commits(small_store)
    for future in together(small_store, *(add(str(number)) for number in range(GROUP))):
        future.result(10)
    assert len(counted) == 2  # the one that held the writer, then all the others


def test_reads_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError):
        asyncio.run(store.read(lambda session: session.execute(text("DELETE FROM person"))))
    with pytest.raises(DBAPIError):
        asyncio.run(store.read(add("sneaked in")))
    assert names(store) == []


def test_a_reader_does_not_hold_up_the_writer(store: Store) -> None:
    async def both() -> str:
        reading, written = threading.Event(), threading.Event()

        def look(session: Session) -> int:
            session.exec(select(Person)).all()
            reading.set()
            written.wait(60)
            return len(session.exec(select(Person)).all())

        read = asyncio.create_task(store.read(look))
        assert await asyncio.to_thread(reading.wait, 20)
        name = await asyncio.wait_for(store.write(add("written")), 30)
        written.set()
        await read
        return name

    assert asyncio.run(both()) == "written"


def test_two_that_add_to_the_same_row_lose_nothing(store: Store) -> None:
    """BEGIN IMMEDIATE on SQLite, a lock on PostgreSQL: nobody reads what another is about to change."""
    store.submit(add("")).result(10)

    def lengthen(session: Session) -> None:
        person = session.exec(select(Person).with_for_update()).one()
        person.call_name += "x"

    for future in [store.submit(lengthen) for _ in range(40)]:
        future.result(10)
    assert names(store) == ["x" * 40]


def test_an_acknowledged_commit_is_synced_to_the_disk(small_store: Store) -> None:
    """Each connection that the product makes; the tests themselves wait for no disk (tests/databases.py)."""
    connection = small_store.engine.pool.connect()
    found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode", "foreign_keys")]
    connection.close()
    assert found == [2, "wal", 1]


def test_postgresql_is_told_that_pages_are_found_as_fast_anywhere(postgres_database: str) -> None:
    for read_only in (True, False):
        engine = open_engine(postgres_database, read_only=read_only)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW random_page_cost").scalar_one() == "1.1"
        engine.dispose()


def test_what_was_queued_is_done_before_it_closes(database: str) -> None:
    store = Store(database)
    futures = together(store, *(add(str(number)) for number in range(100)))
    store.close()
    assert len([future.result(0) for future in futures]) == 100


def test_nothing_can_be_written_once_it_is_closed(database: str) -> None:
    store = Store(database)
    store.close()
    with pytest.raises(RuntimeError):
        store.submit(add("too late")).result(10)


def test_a_database_that_answers_passes_the_check(store: Store) -> None:
    check(store.reader)
