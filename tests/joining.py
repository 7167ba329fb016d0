"""Two persons to be joined, and every column that refers to a person, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from models import tables
from models.call import Call
from models.contact import Address
from models.joining import column_of
from tests.vendors import add_person, add_vendor
from tests.world import MORNING


def keys() -> set[str]:
    """Every column that refers to a person."""
    assert tables.__all__
    found = [(table, column) for table in SQLModel.metadata.tables.values() for column in table.columns]
    return {f"{table.name}.{column.name}" for table, column in found for key in column.foreign_keys if key.target_fullname == "person.id"}


def referring(session: Session, person: int) -> list[str]:
    return [name for name in sorted(keys()) if rows_of(session, name, person)]


def rows_of(session: Session, name: str, person: int) -> list[Any]:
    table, column = column_of(name)
    return list(session.execute(select(table).where(table.c[column] == person)))


def two(session: Session) -> tuple[int, int]:
    keep, gone = add_vendor(session, "siti"), add_person(session, "sitiwa")
    return keep, gone


def call_of(session: Session) -> int:
    row = session.execute(select(Call)).scalars().first()
    if row is None:
        row = Call(source_id="1", title="Konsumsi", etalase=["mamin"], region="64.72", created_at=MORNING)
        session.add(row)
        session.flush()
    return row.id or 0


def address_of(session: Session, person: int) -> int:
    return session.execute(select(col(Address.id)).where(col(Address.person_id) == person)).scalars().first() or 0
