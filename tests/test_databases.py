"""What a test leaves in a database of PostgreSQL is nothing that the next one meets."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import Session, create_engine, select

from bot.store import open_engine
from models.contact import Person
from models.inbox import DeadLetter
from tests.databases import Databases, patient
from tests.world import MORNING


def connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)


def lived_in(url: str) -> tuple[int | None, int | None]:
    """The numbers of a person and of what refers to it, the first in this database."""
    engine = create_engine(url)
    with Session(engine) as session:
        assert session.exec(select(Person)).all() == []
        session.add(person := Person(created_at=MORNING))
        session.flush()
        session.add(letter := DeadLetter(person_id=person.id, said={}, error="", at=MORNING))
        session.commit()
        numbers = (person.id, letter.id)
    engine.dispose()
    return numbers


def test_it_is_lent_again_without_rows_and_counts_from_one(postgres: Databases) -> None:
    with postgres.lent() as first:
        assert lived_in(first) == (1, 1)
    with postgres.lent() as second:
        assert second == first
        assert lived_in(second) == (1, 1)


@pytest.mark.parametrize(
    "change", ["CREATE TABLE more (id INTEGER)", "ALTER TABLE person ADD COLUMN more INTEGER", "DROP TABLE deadletter"]
)
def test_one_of_another_shape_is_not_lent_again(postgres: Databases, change: str) -> None:
    with postgres.lent() as first, connected(first) as connection:
        connection.execute(change)
    with postgres.lent() as second:
        assert second != first
        assert lived_in(second) == (1, 1)


def test_one_that_somebody_still_holds_is_not_lent_again(postgres: Databases) -> None:
    with postgres.lent() as first:
        holding = connected(first)
    with postgres.lent() as second:
        assert second != first
    with pytest.raises(psycopg.OperationalError):
        holding.execute("SELECT 1")


def test_a_patient_connection_is_not_ended_for_being_idle(postgres_database: str) -> None:
    asked = text("SHOW idle_in_transaction_session_timeout")
    for engine, shown in ((open_engine(postgres_database), "5s"), (patient(open_engine(postgres_database)), "0")):
        with engine.connect() as connection:
            assert connection.execute(asked).scalar_one() == shown
            connection.rollback()
            assert connection.execute(asked).scalar_one() == shown
        engine.dispose()
