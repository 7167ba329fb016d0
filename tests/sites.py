"""Sites of sources that are watched, as fixtures, and what the tests of several files ask of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.call import Call, CallKey
from tests.watching import Watch, watching

RUP = "inaproc-rup"
TABLE, PAGES = "spse:samarindakota", "spse-paket:samarindakota"


@pytest.fixture
def gateway(database: str, tmp_path: Path) -> Iterator[Watch]:
    """data.inaproc.id, on both engines."""
    with watching(database, tmp_path, "inaproc") as made:
        yield made


@pytest.fixture
def spse(sqlite_database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(sqlite_database, tmp_path, "spse") as made:
        yield made


@pytest.fixture
def on_both(database: str, tmp_path: Path) -> Iterator[Watch]:
    """A site of SPSE, on both engines."""
    with watching(database, tmp_path, "spse") as made:
        yield made


@pytest.fixture
def small(sqlite_database: str, tmp_path: Path) -> Iterator[Watch]:
    """A site of SPSE and SiRUP beside it."""
    with watching(sqlite_database, tmp_path, "spse", "sirup", sirup_places="14903") as made:
        yield made


def calls(watch: Watch) -> list[Call]:
    return watch.world.read(lambda session: list(session.exec(select(Call).order_by(col(Call.id)))))


def keys(session: Session) -> dict[str, int]:
    return {key.number: key.call_id for key in session.exec(select(CallKey))}


def asked(watch: Watch, kind: str = "page") -> int:
    return watch.standin.times(kind)
