"""How many would hear of a call: the same through the products in memory as from the tables, and no more work with very many."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from bot.bench.town import settle
from bot.store import open_engine
from models import hearers
from models.call import Call
from models.hearers import DRAWN, EACH, Told, told_of
from models.judging import OF, PEOPLE
from models.prepared import Prepared
from models.shelf import SHELF, Shelf
from tests.calling import announce, type_call
from tests.market import add_call, change, open_market
from tests.vendors import add_vendor
from tests.world import MORNING, World


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_engine(database)
    yield made
    made.dispose()


@pytest.fixture
def shelf(database: str) -> Iterator[Shelf]:
    reader = open_engine(database, read_only=True)
    yield Shelf(reader)
    reader.dispose()


def both(session: Session, shelf: Shelf, call: Call) -> tuple[Told, Told]:
    """As the tables have it, and through the shelf."""
    session.info.pop(SHELF, None)
    plain = told_of(session, call, MORNING)
    session.info[SHELF] = shelf
    return plain, told_of(session, call, MORNING)


def call_for(session: Session, region: str) -> Call:
    made = Call(source_id="1", title="Amplang untuk tamu", etalase=["mamin"], region=region, created_at=MORNING)
    session.add(made)
    session.flush()
    return made


def filled(found: Told) -> dict[str, int]:
    return {why: number for why, number in found.tally.items() if number}


def test_of_a_few_the_count_is_what_the_tables_have(engine: Engine, shelf: Shelf) -> None:
    draw, heard = random.Random(3), 0
    with Session(engine, expire_on_commit=False) as session:
        open_market(session, draw)
        session.commit()
        shelf.build()
        for step in range(40):
            change(session, draw)
            plain, found = both(session, shelf, add_call(session, draw, f"new{step}"))
            assert (found.soon, found.later, found.unchecked, filled(found), found.about) == (
                plain.soon, plain.later, plain.unchecked, filled(plain), False,
            )  # fmt: skip
            heard += found.tally[""]
    assert heard > 100


def crowd(engine: Engine, shelf: Shelf, vendors: int = 4 * EACH) -> None:
    """Every third has three products, every fifth does not want to be told, every fourth waits for an officer."""
    settle(engine, vendors, "null", ["64.72"])
    columns = "person_id, name, details, etalase, brand, price, unit, scope, lead_days, minimum, origin, photos, licence, halal, kbli"
    columns += ", findings, allowed, before, revision, submitted_at, updated_at, status, business_id"
    with engine.begin() as connection:
        connection.execute(text("UPDATE product SET scope = '64.72', status = CASE id % 4 WHEN 0 THEN 'SUBMITTED' ELSE status END"))
        connection.execute(text("DELETE FROM consent WHERE purpose = 'announcements' AND person_id % 5 = 0"))
        for _ in range(2):
            own = f"SELECT {columns} FROM product WHERE id <= {vendors} AND business_id % 3 = 0"
            connection.execute(text(f"INSERT INTO product ({columns}) {own}"))
    shelf.build()


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows of products each statement gave."""
    seen: list[int] = []
    ask = Prepared.__call__

    def counted(self: Prepared, session: Session, **given: object) -> list[object]:
        rows = ask(self, session, **given)
        if self in (*PEOPLE.values(), *OF.values()):
            seen.append(len(rows))
        return rows

    monkeypatch.setattr(Prepared, "__call__", counted)
    return seen


def test_of_very_many_a_few_are_looked_at_and_the_numbers_are_near(engine: Engine, shelf: Shelf, looked_at: list[int]) -> None:
    crowd(engine, shelf)
    with Session(engine, expire_on_commit=False) as session:
        plain, found = both(session, shelf, call_for(session, "64.72"))
    assert found.about and not plain.about
    for exact, near in ((plain.tally[""], found.tally[""]), (plain.tally["no_consent"], found.tally["no_consent"])):
        assert near == pytest.approx(exact, rel=0.15) and near % 10 == 0
    assert found.unchecked == pytest.approx(plain.unchecked, rel=0.2)
    assert found.soon + found.later == found.tally[""]
    assert sum(looked_at) <= 4 * DRAWN


def test_those_too_far_away_are_left_out_where_there_are_very_many(engine: Engine, shelf: Shelf) -> None:
    crowd(engine, shelf)
    with Session(engine, expire_on_commit=False) as session:
        add_vendor(session, "mahulu", "64.11")
        session.commit()
        _, found = both(session, shelf, call_for(session, "64.11"))
    assert filled(found)[""] == 1 and "far" not in found.tally and not found.about


def test_the_officer_is_told_that_the_numbers_are_not_exact(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    for number in range(8):
        world.write(lambda session, number=number: add_vendor(session, f"v{number}"))  # type: ignore[misc]
    assert world.app.shelf.filled.wait(30)
    type_call(world)
    card = world.last["petugas"].text
    assert "8 orang" in card and "kira-kira" not in card
    world.say("petugas", "batal")
    monkeypatch.setattr(hearers, "EACH", 4)
    monkeypatch.setattr(hearers, "DRAWN", 4)
    said = announce(world)
    assert "8 orang dikabari" in said and "Jumlahnya kira-kira." in said
