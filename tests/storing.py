"""Work for a store, for tests: rows that are added, faults, and several at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.store import Store
from models.contact import Person
from tests.world import MORNING


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database)
    yield made
    made.close()


@pytest.fixture
def small_store(sqlite_database: str) -> Iterator[Store]:
    made = Store(sqlite_database)
    yield made
    made.close()


def add(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.add(Person(call_name=name, created_at=MORNING))
        session.flush()
        return name

    return work


def stumble(session: Session) -> None:
    add("half")(session)
    raise LookupError("a bug")


def names(store: Store) -> list[str]:
    return sorted(asyncio.run(store.read(lambda session: list(session.exec(select(Person.call_name))))))


def together(store: Store, *works: Callable[[Session], Any]) -> list[Future[Any]]:
    """Submits works that wait for one another's commit: the writer is held until all are queued."""
    gate = threading.Event()
    first = store.submit(lambda session: gate.wait(10))
    futures = [store.submit(work) for work in works]
    gate.set()
    first.result(10)
    return futures
