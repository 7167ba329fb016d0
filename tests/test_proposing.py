"""What the shelf proposes is what the tables give: the same people, in the same order, for the same reasons."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import or_
from sqlmodel import Session, col, select

from bot.store import open_engine
from models import proposing
from models.business import Business, Membership
from models.call import INTERESTED, Call, CallNotice
from models.fit import Offer, in_common, wanted
from models.judging import ANSWERS
from models.matching import reaches
from models.product import APPROVED, WAITING, Product
from models.proposing import candidates
from models.relevance import rank
from models.shelf import FITTING, OFFERS, SHELF, Shelf
from tests.market import add_call, change, open_market
from tests.shop import Shop, call_in, shop
from tests.vendors import SINCE, add_product, add_vendor

__all__ = ["shop"]


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


def test_what_people_answered_is_found_however_much_they_were_told(sqlite_database: str) -> None:
    """Most notices are answered by nobody: the others are found by person, in an index of their own. PostgreSQL chooses by its rows."""
    engine = open_engine(sqlite_database)
    with engine.connect() as connection:
        statement: Any = ANSWERS["sqlite"].statement
        asked = statement.params(listed="[1]").compile(engine, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    engine.dispose()
    assert "USING INDEX ix_callnotice_answers (person_id=?)" in str(plan)
