"""Prepared statements say the same as SQLAlchemy would, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, SQLModel, col

from bot.store import open_engine
from models.contact import Person
from models.inbox import DeadLetter
from models.prepared import Prepared, attach
from tests.databases import patient
from tests.world import MORNING

LETTER = SQLModel.metadata.tables["deadletter"]
SAID = {"text": "25rb \u2013 \U0001f44d", "photo": None, "tags": ["a"]}
PUT = Prepared(insert(LETTER).values({name: bindparam(name) for name in ("said", "error", "at")}))
LETTERS = Prepared(
    select(LETTER.c.said, LETTER.c.at, LETTER.c.solved_at).where(LETTER.c.error.in_(("bug", "other"))).limit(bindparam("most"))
)
SOLVE = Prepared(update(LETTER).where(LETTER.c.error == bindparam("name")).values(solved_at=bindparam("when")))


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine) as made:
        yield made
    engine.dispose()


def put(session: Session, error: str, **more: Any) -> None:
    PUT(session, **{"said": SAID, "error": error, "at": MORNING, **more})


def test_values_go_in_and_come_out_as_their_types(session: Session) -> None:
    put(session, "bug", at=MORNING.astimezone(timezone(timedelta(hours=8))))
    row = LETTERS(session, most=5)[0]
    assert (row.said, row.at, row.at.utcoffset(), row.solved_at) == (SAID, MORNING, timedelta(0), None)
    kept = session.execute(select(DeadLetter)).scalars().one()
    assert (kept.said, kept.at) == (SAID, MORNING)


def test_a_list_that_stands_in_the_statement(session: Session) -> None:
    for error in ("bug", "apart", "other"):
        put(session, error)
    assert len(LETTERS(session, most=5)) == 2
    assert len(LETTERS(session, most=1)) == 1


def test_a_statement_that_changes_rows(session: Session) -> None:
    put(session, "bug")
    assert SOLVE(session, name="bug", when=MORNING) == []
    assert LETTERS(session, most=5)[0].solved_at == MORNING


def test_a_value_that_is_taken_away(session: Session) -> None:
    put(session, "bug")
    SOLVE(session, name="bug", when=MORNING)
    reopen = Prepared(update(DeadLetter).where(col(DeadLetter.error) == bindparam("name")).values(solved_at=None))
    reopen(session, name="bug")
    assert LETTERS(session, most=5)[0].solved_at is None


def test_it_sees_what_the_session_holds_back(session: Session) -> None:
    named = Prepared(select(col(Person.call_name)).where(col(Person.call_name) == bindparam("name")))
    session.add(Person(call_name="Bu Siti", created_at=MORNING))
    assert [row.call_name for row in named(session, name="Bu Siti")] == ["Bu Siti"]


def test_a_value_left_out_is_a_bug(session: Session) -> None:
    put(session, "bug")
    with pytest.raises(KeyError):
        SOLVE(session, name="bug")
    with pytest.raises(KeyError):
        PUT(session, said=SAID, error="bug")


def test_words_are_never_read_as_a_statement(session: Session) -> None:
    put(session, "bug'; DROP TABLE deadletter; --%s%(x)s?")
    assert LETTERS(session, most=5) == []


def test_a_row_becomes_the_object_of_its_session(session: Session) -> None:
    session.add(Person(call_name="Bu Siti", created_at=MORNING))
    session.commit()
    session.expunge_all()
    people = SQLModel.metadata.tables["person"]
    [row] = Prepared(select(people))(session)
    siti = attach(session, Person, row._asdict())
    assert attach(session, Person, row._asdict()) is siti is session.get(Person, siti.id)
    siti.call_name = "Bu Rina"
    session.commit()
    assert session.execute(select(people.c.call_name)).scalars().all() == ["Bu Rina"]
