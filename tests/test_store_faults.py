"""What a store does when its database is lost, locked, not there yet, or the work itself fails."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from bot.store import WRITERS, Store
from tests.storing import add, names, small_store, store, stumble, together

__all__ = ["small_store", "store"]


def test_a_failing_commit_is_repeated_singly(small_store: Store) -> None:
    """Only the work that cannot be committed fails."""
    works = together(small_store, add("a"), _orphan, add("b"))
    assert (works[0].result(10), works[2].result(10)) == ("a", "b")
    with pytest.raises(DBAPIError):
        works[1].result(10)
    assert names(small_store) == ["a", "b"]


def _orphan(session: Session) -> None:
    """Breaks a foreign key, which is only seen at the commit."""
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    session.execute(text("INSERT INTO officer (person_id, region, since) VALUES (999, '64', '2026-11-23')"))


def test_a_transaction_that_ends_by_itself_is_repeated_singly(small_store: Store) -> None:
    """As on a full disk: the savepoints before are gone with it, and nothing may be written twice or lost."""

    def full(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    works = together(small_store, add("a"), full, add("b"))
    assert (works[0].result(10), works[2].result(10)) == ("a", "b")
    with pytest.raises(OperationalError):
        works[1].result(10)
    assert names(small_store) == ["a", "b"]


def test_a_lost_connection_is_tried_once_more(store: Store) -> None:
    tries: list[int] = []

    def work(session: Session) -> str:
        tries.append(1)
        add("kept")(session)
        if len(tries) == 1 and store.sqlite:
            raise sqlite3.OperationalError("disk I/O error")
        if len(tries) == 1:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "done"

    assert asyncio.run(store.write(work)) == "done"
    assert (len(tries), names(store)) == (2, ["kept"])


def test_a_whole_pool_that_was_lost_costs_one_more_try(store: Store) -> None:
    """The database came back: no connection that was there before works, and none is asked first."""
    if store.sqlite:
        pytest.skip("SQLite has one connection and no server")
    tries: list[int] = []

    async def all_at_once() -> None:
        await asyncio.gather(*(store.write(lambda session: (session.execute(text("SELECT 1")), met.wait(10))) for _ in range(WRITERS)))

    def kept(session: Session) -> None:
        tries.append(1)
        add("kept")(session)

    met = threading.Barrier(WRITERS)
    asyncio.run(all_at_once())
    others = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    engine = create_engine(store.url)
    with engine.connect() as connection:
        connection.execute(others)
    engine.dispose()
    asyncio.run(store.write(kept))
    assert (len(tries), names(store)) == (2, ["kept"])


def test_what_does_not_pass_fails_after_the_second_try(store: Store) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        raise (sqlite3.OperationalError("disk is full") if len(tries) < 3 else AssertionError)

    with pytest.raises(sqlite3.OperationalError):
        asyncio.run(store.write(work))
    assert len(tries) == 2


def test_a_bug_is_not_tried_again(store: Store) -> None:
    tries: list[int] = []

    def work(session: Session) -> None:
        tries.append(1)
        stumble(session)

    with pytest.raises(LookupError):
        asyncio.run(store.write(work))
    assert len(tries) == 1


def test_a_file_that_cannot_be_opened_at_first_is_tried_again(tmp_path: Path) -> None:
    """Whoever writes hears of it, and does not wait for ever; later the file is there."""
    store = Store(f"sqlite:///{tmp_path}/later/lapak.db")
    with pytest.raises(OperationalError):
        store.submit(lambda session: session.execute(text("SELECT 1"))).result(10)
    (tmp_path / "later").mkdir()
    assert store.submit(lambda session: session.execute(text("SELECT 1")).scalar()).result(10) == 1
    store.close()


def test_a_file_is_not_touched_before_something_is_written(tmp_path: Path) -> None:
    """Whoever makes it has it alone: two that turn a new file to its log of writes at once may both be refused."""
    store = Store(f"sqlite:///{tmp_path}/lapak.db")
    with sqlite3.connect(tmp_path / "lapak.db", isolation_level=None) as maker:
        maker.execute("BEGIN EXCLUSIVE")
        maker.execute("CREATE TABLE made (id INTEGER)")
        maker.execute("COMMIT")
        assert maker.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    maker.close()
    assert store.submit(lambda session: session.execute(text("PRAGMA journal_mode")).scalar()).result(10) == "wal"
    store.close()


def test_whatever_a_work_ends_with_is_told(store: Store) -> None:
    def end(session: Session) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.submit(end).result(10)
    assert store.submit(add("after")).result(10) == "after"


def test_a_next_that_finds_nothing_is_told(store: Store) -> None:
    """A future of asyncio does not take that error, and who awaits it would never go on."""

    async def hunt(run: Callable[..., Awaitable[Any]]) -> None:
        with pytest.raises(RuntimeError, match="no next one"):
            await asyncio.wait_for(run(lambda session: next(iter(()))), 20)

    for run in (store.write, store.read, store.beat):
        asyncio.run(hunt(run))
