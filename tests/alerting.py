"""A morning after which alerts are looked at, for tests: vendors, packages of a source, and what was kept of who hears of them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.alerts import tend
from models.call import CallNotice
from models.taste import Taste
from tests.packages import add_package, closing
from tests.vendors import add_vendor
from tests.world import World

FAR = closing("12-15")


def tended(world: World) -> None:
    world.do(tend(world.app))


def vendor(world: World, name: str, **more: Any) -> int:
    return world.write(lambda session: add_vendor(session, name, **more))


def package(world: World, key: str = "A", title: str = "Konsumsi rapat", **more: Any) -> int:
    return world.write(lambda session: add_package(session, key, title, world.now, **{"closes_at": FAR} | more))


def taste(world: World, person: int, **more: Any) -> None:
    world.write(lambda session: session.add(Taste(person_id=person, **more)))


def kept(session: Session) -> list[tuple[int, str, bool]]:
    rows = session.exec(select(CallNotice).order_by(col(CallNotice.id)))
    return [(row.person_id, row.kind, row.told_at is not None) for row in rows]


@pytest.fixture
def day(world: World) -> World:
    """Monday 10.00, and this morning's digests are made."""
    tended(world)
    return world


@pytest.fixture
def small_day(small_world: World) -> World:
    tended(small_world)
    return small_world
