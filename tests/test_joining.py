"""Two persons become one: everything hangs on the one, once, and nothing refers to the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlmodel import AutoString, Session, SQLModel, col

from bot.store import open_engine
from messages import Message
from models.business import businesses_of, members_of
from models.contact import Consent, Officer, Person, give_consent, make_officer, offices
from models.conversation import begin, current_of, drafts_of
from models.joining import MERGED, MOVED, choose, column_of, join
from models.link import LinkCode, make_code
from models.outbox import Outgoing
from models.post import notify
from models.review import Shortlist, keep_list
from tests.databases import patient
from tests.joining import address_of, call_of, keys, referring, rows_of, two
from tests.vendors import SINCE, add_business, add_person, add_product, add_vendor
from tests.world import MORNING

EARLIER = MORNING - timedelta(days=1)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine, expire_on_commit=False) as made:
        yield made
    engine.dispose()


def test_every_column_that_refers_to_a_person_has_its_rule() -> None:
    """A new table: does its row simply change hands, or may it not stand twice?"""
    assert MOVED | MERGED.keys() == keys() and not MOVED & MERGED.keys()


def test_what_may_stand_once_only_is_never_simply_moved() -> None:
    unique = {f"{table.name}.{column.name}" for table in SQLModel.metadata.tables.values() for column in _unique(table)}
    assert not unique & MOVED


def _unique(table: Table) -> Iterator[Any]:
    yield from table.primary_key.columns
    for index in table.indexes:
        if index.unique:
            yield from index.columns


def test_nothing_refers_to_the_other_whatever_they_did(session: Session) -> None:
    keep, gone = two(session)
    business = add_business(session, gone, name="Kerupuk")
    product = add_product(session, business, gone)
    assert column_of("look.officer_id")[0].name == "look"
    for name in sorted(keys()):
        _fill(session, name, gone, product, business)
    assert referring(session, gone) == sorted(keys())
    assert join(session, keep, gone, MORNING)
    assert referring(session, gone) == []
    assert session.get(Person, gone) is None
    assert members_of(session, business) == [keep]
    session.commit()


def _fill(session: Session, name: str, person: int, product: int, business: int) -> None:
    """A row of the table with this person in it, if there is none yet."""
    table, column = column_of(name)
    if rows_of(session, name, person):
        return
    known = {"product_id": product, "business_id": business, "call_id": call_of(session), "address_id": address_of(session, person)}
    values: dict[str, Any] = {}
    for one in table.columns:
        if one.name == column:
            values[one.name] = person
        elif one.foreign_keys and not one.nullable:
            values[one.name] = known.get(one.name, person)
        elif not one.primary_key or one.foreign_keys or isinstance(one.type, AutoString):
            values[one.name] = _blank(one)
    session.execute(table.insert().values(**values))


def _blank(column: Any) -> Any:
    if column.nullable:
        return None
    kind = column.type.__class__.__name__
    return {"Moment": MORNING, "JSON": {}, "Integer": 1, "BigInteger": 1, "Boolean": False, "Float": 0.0}.get(kind, f"x-{column.name}")


def test_who_has_the_business_is_kept_else_who_came_first(session: Session) -> None:
    owner, early = add_vendor(session, "siti"), add_person(session, "sitiwa")
    session.get_one(Person, early).created_at = SINCE - timedelta(days=9)
    session.flush()
    assert choose(session, early, owner) == choose(session, owner, early) == (owner, early)
    other = add_person(session, "rani")
    assert choose(session, other, early) == (early, other)


def test_what_one_does_not_say_the_other_does(session: Session) -> None:
    keep, gone = two(session)
    first, second = session.get_one(Person, keep), session.get_one(Person, gone)
    first.call_name, first.phone, first.stopped_at = "", "", None
    second.call_name, second.phone, second.source, second.channel = "Bu Siti", "+6281234567890", "poster", "whatsapp"
    second.stopped_at, second.created_at = EARLIER, SINCE - timedelta(days=3)
    join(session, keep, gone, MORNING)
    found = session.get_one(Person, keep)
    assert (found.call_name, found.phone, found.source, found.channel) == ("Bu Siti", "+6281234567890", "poster", "whatsapp")
    assert (found.stopped_at, found.created_at) == (EARLIER, SINCE - timedelta(days=3))


def test_a_stop_on_either_takes_back_what_waits_for_both(session: Session) -> None:
    keep, gone = two(session)
    notify(session, keep, Message("call.new"), MORNING, subject="call:1", kind="call")
    session.get_one(Person, gone).stopped_at = EARLIER
    session.flush()
    join(session, keep, gone, MORNING)
    assert [row.status for row in session.execute(select(Outgoing)).scalars()] == ["cancelled"]


def test_a_consent_counts_once_from_the_earlier_date(session: Session) -> None:
    keep, gone = two(session)
    for row in session.execute(select(Consent).where(col(Consent.person_id) == gone)).scalars():
        row.given_at = SINCE - timedelta(days=5)
    give_consent(session, gone, "photos", "2026-11", "whatsapp", MORNING)
    session.flush()
    join(session, keep, gone, MORNING)
    rows = session.execute(select(Consent).order_by(col(Consent.purpose))).scalars().all()
    assert [(row.purpose, row.given_at) for row in rows] == [
        ("announcements", SINCE - timedelta(days=5)), ("photos", MORNING), ("registration", SINCE - timedelta(days=5)),
    ]  # fmt: skip


def test_a_withdrawal_counts_for_what_the_other_had_agreed_to_before(session: Session) -> None:
    keep, gone = two(session)
    for row in session.execute(select(Consent).where(col(Consent.person_id) == gone)).scalars():
        row.withdrawn_at = EARLIER if row.purpose == "announcements" else None
    session.flush()
    join(session, keep, gone, MORNING)
    open_ones = select(col(Consent.purpose)).where(col(Consent.withdrawn_at).is_(None))
    assert session.execute(open_ones).scalars().all() == ["registration"]


def test_one_question_is_open_and_the_others_are_drafts(session: Session) -> None:
    keep, gone = two(session)
    begin(session, keep, "product", EARLIER, {"name": "Amplang"}, {})
    begin(session, gone, "product", EARLIER, {"name": "Kerupuk"}, {})
    begin(session, gone, "product", MORNING, {"name": "Keripik"}, {})
    join(session, keep, gone, MORNING)
    found = current_of(session, keep)
    assert found and found.answers == {"name": "Keripik"}
    assert sorted(row.answers["name"] for row in drafts_of(session, keep)) == ["Amplang", "Keripik", "Kerupuk"]


def test_an_introduction_is_over_where_it_is_not_needed_any_more(session: Session) -> None:
    keep, gone = two(session)
    begin(session, keep, "product", EARLIER, {"name": "Amplang"}, {})
    begin(session, gone, "welcome", MORNING, {}, {"text": "halo"})
    join(session, keep, gone, MORNING)
    assert [row.form for row in drafts_of(session, keep)] == ["product"]
    photos = add_person(session, "photos")
    begin(session, photos, "welcome", MORNING, {"photos": [{"name": "1.jpg"}]}, {})
    join(session, keep, photos, MORNING)
    assert sorted((row.form, row.current) for row in drafts_of(session, keep)) == [("product", True), ("welcome", False)]


def test_offices_and_memberships_stand_once(session: Session) -> None:
    keep, gone = two(session)
    make_officer(session, keep, "64.72", MORNING)
    make_officer(session, gone, "64.72", MORNING)
    make_officer(session, gone, "64.74", MORNING)
    business = businesses_of(session, keep)[0].id or 0
    session.execute(SQLModel.metadata.tables["membership"].insert().values(person_id=gone, business_id=business, since=MORNING))
    join(session, keep, gone, MORNING)
    assert offices(session, keep) == ["64.72", "64.74"] and members_of(session, business) == [keep]
    assert len(session.execute(select(Officer)).all()) == 2


def test_numbers_of_two_lists_mean_nothing_any_more(session: Session) -> None:
    keep, gone = two(session)
    keep_list(session, keep, "clean", [[1, 1, 1]])
    keep_list(session, gone, "clean", [[1, 2, 1]])
    session.flush()
    join(session, keep, gone, MORNING)
    [row] = session.execute(select(Shortlist)).scalars()
    assert (row.officer_id, row.rows, row.stamp) == (keep, [], 2)


def test_a_code_shown_to_either_is_over(session: Session) -> None:
    keep, gone = two(session)
    make_code(session, keep, MORNING)
    make_code(session, gone, MORNING)
    join(session, keep, gone, MORNING)
    assert {row.used_at for row in session.execute(select(LinkCode)).scalars()} == {MORNING}


def test_the_second_time_nothing_happens(session: Session) -> None:
    keep, gone = two(session)
    assert join(session, keep, gone, MORNING) is True
    assert join(session, keep, gone, MORNING) is False
