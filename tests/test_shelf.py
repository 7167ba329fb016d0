"""The products in memory give what the tables give: whatever changed, whoever changed it, committed or not."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.store import open_engine
from models.business import Business
from models.call import Call, CallNotice
from models.fit import wanted
from models.product import Product
from models.proposing import candidates
from models.relevance import rank
from models.shelf import LAG, SHELF, Shelf, shelf_of
from models.stamp import changed_since, mark_of
from tests.market import add_call, change, open_market
from tests.shop import Shop, call_in, shop
from tests.vendors import SINCE, add_product, add_vendor
from tests.world import World

__all__ = ["shop"]


def test_everything_is_the_same_when_it_is_read_anew(shop: Shop) -> None:
    draw = random.Random(7)
    with shop.session() as session:
        open_market(session, draw)
        session.commit()
        shop.shelf.build()
        for _ in range(3 * LAG):
            change(session, draw)
            session.commit()
        shop.shelf.follow()
    fresh = Shelf(shop.shelf.engine)
    fresh.build()

    def filled(shelf: Shelf) -> dict[tuple[str, str | int], list[int]]:
        families = shelf.sets
        return {(family, key): list(one) for family, keyed in families.items() for key, one in keyed.items() if one}

    assert filled(shop.shelf) == filled(fresh)


CHANGES = {
    "a product": "UPDATE product SET name = 'Kue' WHERE id = 1",
    "its status": "UPDATE product SET status = 'WITHDRAWN' WHERE id = 1",
    "its business": "UPDATE business SET region = '64.03' WHERE id = 1",
    "an answer": "UPDATE callnotice SET answer = 'interested' WHERE person_id = 1",
    "a member": "UPDATE membership SET person_id = 2 WHERE business_id = 1",
    "a product that is gone": "DELETE FROM product WHERE id = 1",
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_database_notices_every_change(shop: Shop, what: str) -> None:
    """A migration that makes a table anew, on SQLite, loses its triggers: this fails then."""
    with shop.session() as session:
        person = add_vendor(session, "siti")
        add_vendor(session, "rina")
        call = add_call(session, random.Random(1), "1")
        session.add(CallNotice(call_id=call.id or 0, person_id=person, at=SINCE))
        session.commit()
        mark = mark_of(session)
        session.commit()
        session.execute(text(CHANGES[what]))
        assert changed_since(session, mark) == [1]
        session.commit()
        assert changed_since(session, mark) == [1]


def test_what_says_nothing_of_the_fit_is_not_noticed(shop: Shop) -> None:
    with shop.session() as session:
        add_vendor(session, "siti")
        session.commit()
        mark = mark_of(session)
        session.commit()
        session.execute(text("UPDATE product SET stock = 3, revision = 2"))
        session.execute(text("UPDATE business SET street = 'Jl. Gerilya'"))
        assert changed_since(session, mark) == []


def told(session: Session, shelf: Shelf, call: Call) -> list[str]:
    session.info[SHELF] = shelf
    return [match.product for match in rank(session, call, most=100)]


def test_what_was_rolled_back_leaves_nothing(shop: Shop) -> None:
    with shop.session() as session:
        add_vendor(session, "siti")
        call = call_in(session)
        session.commit()
        shop.shelf.build()
        session.get_one(Product, 1).status = "WITHDRAWN"
        session.flush()
        for number in range(2 * LAG):
            add_product(session, 1, 1, f"Kue {number}")
        assert told(session, shop.shelf, call) != ["Nasi kotak"], "the own transaction sees what it changes"
        session.rollback()
        assert told(session, shop.shelf, call) == ["Nasi kotak"]
        session.get_one(Product, 1).name = "Nasi kuning"
        session.commit()
        assert told(session, shop.shelf, call) == ["Nasi kuning"]


def test_a_change_that_is_committed_after_later_ones_is_not_missed(postgres_database: str) -> None:
    """There transactions end in another order than they began; SQLite has one writer, and nothing overtakes."""
    engine, reader = open_engine(postgres_database), open_engine(postgres_database, read_only=True)
    shelf = Shelf(reader)
    with Session(engine, expire_on_commit=False) as session, Session(engine) as slow:
        add_vendor(session, "siti")
        add_vendor(session, "rina")
        call = call_in(session)
        session.commit()
        shelf.build()
        slow.get_one(Product, 1).name = "Snack box"
        slow.flush()
        session.get_one(Product, 2).name = "Nasi kuning"
        session.commit()
        shelf.follow()
        assert sorted(told(session, shelf, call)) == ["Nasi kotak", "Nasi kuning"]
        session.commit()
        slow.commit()
        assert sorted(told(session, shelf, call)) == ["Nasi kuning", "Snack box"]
        shelf.follow()
        assert len(candidates(shelf.sets, wanted(call))) == 2
    engine.dispose()
    reader.dispose()


def test_another_process_sees_what_this_one_committed(shop: Shop, database: str) -> None:
    there = Shelf(open_engine(database, read_only=True))
    with shop.session() as session:
        add_vendor(session, "siti")
        call = call_in(session)
        session.commit()
        there.build()
        add_vendor(session, "rina", product="Snack box")
        session.get_one(Business, 1).region = "64.03"
        session.get_one(Product, 1).scope = "64.03"
        session.commit()
        assert told(session, there, call) == ["Snack box"]
    there.engine.dispose()


def test_a_shelf_that_is_wrong_tells_nobody_wrongly(shop: Shop) -> None:
    with shop.session() as session:
        add_vendor(session, "siti")
        call = call_in(session)
        session.commit()
        shop.shelf.build()
        session.get_one(Product, 1).status = "WITHDRAWN"
        session.commit()
        shop.shelf.mark = mark_of(session)
        assert list(candidates(shop.shelf.sets, wanted(call))) == [1]
        assert told(session, shop.shelf, call) == []


def test_what_an_app_starts_with_stands_on_its_shelf(small_world: World) -> None:
    """Every session of a running app is given it, and what is written later is seen."""
    world = small_world
    assert world.app.shelf.filled.wait(30)
    world.write(lambda session: add_vendor(session, "siti"))

    def best(session: Session) -> list[str]:
        assert shelf_of(session) is world.app.shelf
        return [match.product for match in rank(session, call_in(session, source_id=str(len(found))), most=3)]

    found: list[str] = []
    found += world.write(best)
    world.write(lambda session: add_vendor(session, "rina", product="Snack box"))
    found += world.write(best)
    assert found[0] == "Nasi kotak" and sorted(found[1:]) == ["Nasi kotak", "Snack box"]


def test_many_changes_are_taken_up_at_once(shop: Shop) -> None:
    with shop.session() as session:
        add_vendor(session, "siti")
        call = call_in(session)
        session.commit()
        shop.shelf.build()
        for number in range(LAG + 1):
            add_product(session, 1, 1, f"Kue {number}")
        session.commit()
        told(session, shop.shelf, call)
        assert len(candidates(shop.shelf.sets, wanted(call))) == LAG + 2
