"""A database with a shelf that follows it, as a fixture, for the tests of matching through the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.store import open_engine
from models.call import Call
from models.shelf import Shelf
from tests.vendors import SINCE


@dataclass
class Shop:
    """A database with a shelf that follows it."""

    engine: Engine
    shelf: Shelf

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)


@pytest.fixture
def shop(database: str) -> Iterator[Shop]:
    engine, reader = open_engine(database), open_engine(database, read_only=True)
    yield Shop(engine, Shelf(reader))
    engine.dispose()
    reader.dispose()


def call_in(session: Session, **fields: Any) -> Call:
    given: dict[str, Any] = {
        "source_id": "1",
        "title": "Konsumsi rapat",
        "etalase": ["mamin"],
        "region": "64.72",
        "created_at": SINCE,
    } | fields
    call = Call(**given)
    session.add(call)
    session.flush()
    return call
