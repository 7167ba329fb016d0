"""The products in memory give what the tables give: whatever changed, whoever changed it, committed or not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, or_, text
from sqlmodel import Session, col, select

from bot.store import open_engine
from models import proposing
from models.business import Business, Membership
from models.call import INTERESTED, Call, CallNotice
from models.fit import Offer, in_common, wanted
from models.inserting import insert_all
from models.judging import ANSWERS
from models.matching import reaches
from models.product import APPROVED, WAITING, Product
from models.proposing import candidates
from models.relevance import rank
from models.shelf import FITTING, LAG, OFFERS, SHELF, Shelf, shelf_of
from models.stamp import changed_since, mark_of
from tests.market import add_call, change, open_market
from tests.vendors import SINCE, add_product, add_vendor
from tests.world import World


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


def same(session: Session, shelf: Shelf, call: Call, most: int, besides: tuple[int, ...] = ()) -> int:
    """How many are found: the same through the shelf and without it."""
    session.info.pop(SHELF, None)
    plain = rank(session, call, most=most, besides=besides)
    session.info[SHELF] = shelf
    assert rank(session, call, most=most, besides=besides) == plain
    return len(plain)


def in_sql(session: Session, call: Call) -> list[int]:
    """The candidates by a query alone."""
    rows = select(Product.id).join(Business).where(col(Product.etalase).in_(call.etalase), col(Product.status).in_((APPROVED, *WAITING)))
    near = or_(*(reaches(place) for place in call.places or [call.region]))
    return sorted(id or 0 for id in session.exec(rows.where(near)))


@pytest.mark.parametrize("seed", range(3))
def test_what_the_shelf_finds_is_what_the_tables_have(shop: Shop, seed: int) -> None:
    draw, found = random.Random(seed), 0
    with shop.session() as session:
        open_market(session, draw)
        session.commit()
        shop.shelf.build()
        for step in range(60):
            change(session, draw)
            if draw.random() < 0.3:
                session.commit()
            if draw.random() < 0.15:
                shop.shelf.follow()
            call = add_call(session, draw, f"new{step}")
            found += same(session, shop.shelf, call, draw.choice((1, 3, 10, 1000)), tuple(draw.sample(range(1, 41), draw.choice((0, 5)))))
        session.commit()
        shop.shelf.follow()
        for call in session.exec(select(Call)):
            assert list(candidates(shop.shelf.sets, wanted(call))) == in_sql(session, call)
    assert found > 100


def test_the_words_in_common_are_those_that_are_read(shop: Shop) -> None:
    draw, sure, words = random.Random(11), 0, 0
    with shop.session() as session:
        open_market(session, draw)
        session.get_one(Product, add_product(session, 1, 1, "Kue talam zxqwv")).details = "Nasi kotak, kue talam"
        session.commit()
        shop.shelf.build()
        calls = [add_call(session, draw, f"new{step}") for step in range(60)] + [call_in(session, title="Belanja kue talam zxqwv")]
        offers = {one.product_id: one for one in map(Offer._make, session.execute(OFFERS)) if one.status in FITTING}
        for asked in map(wanted, calls):
            found = proposing.in_common(shop.shelf.sets, asked, list(offers))
            for id, (halves, terms) in found.items():
                read, common = in_common(asked, offers[id])
                assert (halves, sorted(terms)) == (read, sorted(common))
            sure, words = sure + len(found), words + sum(bool(halves) for halves, _ in found.values())
    assert max(offers) not in found, "a seldom word may be another one: it is read"
    assert sure > 1000 and words > 100


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


def test_who_liked_such_calls_is_found_though_others_fit_as_well(shop: Shop) -> None:
    with shop.session() as session:
        people = [add_vendor(session, f"v{n}") for n in range(300)]
        old, call = call_in(session, source_id="old"), call_in(session)
        session.add(CallNotice(call_id=old.id or 0, person_id=people[170], product_id=171, answer=INTERESTED, at=SINCE))
        session.commit()
        shop.shelf.build()
        session.info[SHELF] = shop.shelf
        best = rank(session, call, most=1)[0]
        assert best.person_id == people[170] and "liked" in [reason.key for reason in best.reasons]


def test_of_equals_it_is_not_always_the_first_who_hears(shop: Shop) -> None:
    with shop.session() as session:
        for n in range(40):
            add_vendor(session, f"v{n}")
        session.commit()
        shop.shelf.build()
        session.info[SHELF] = shop.shelf
        first = {rank(session, call_in(session, source_id=str(n)), most=1)[0].person_id for n in range(12)}
    assert len(first) > 6


def test_a_person_of_several_businesses_stands_once(shop: Shop) -> None:
    with shop.session() as session:
        person = add_vendor(session, "siti")
        session.add(Membership(person_id=add_vendor(session, "rina", product="Snack box"), business_id=1, since=SINCE))
        add_product(session, 1, person, "Nasi kuning")
        call = call_in(session)
        session.commit()
        shop.shelf.build()
        session.info[SHELF] = shop.shelf
        assert sorted(match.person_id for match in rank(session, call, most=10)) == [1, 2]


def test_what_people_answered_is_found_however_much_they_were_told(shop: Shop) -> None:
    """Most notices are answered by nobody: the database finds the others by person, in an index of their own."""
    sqlite = shop.engine.dialect.name == "sqlite"
    with shop.session() as session:
        people, calls = [add_vendor(session, f"v{n}") for n in range(20)], [call_in(session, source_id=f"{n}").id or 0 for n in range(100)]
        answers = {call: INTERESTED if call % 10 == 0 else "" for call in calls}
        told = [{"call_id": call, "person_id": one, "at": SINCE, "answer": answer} for one in people for call, answer in answers.items()]
        insert_all(session, CallNotice, told)
        session.execute(text("ANALYZE"))
        plan = compiled(ANSWERS[shop.engine.dialect.name].statement, shop.engine)
        rows = session.execute(text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{plan}")).all()
    assert "ix_callnotice_answers" in str(rows)


def compiled(statement: Any, engine: Engine) -> str:
    given = statement.params(listed="[1]" if engine.dialect.name == "sqlite" else [1])
    return str(given.compile(engine, compile_kwargs={"literal_binds": True}))
