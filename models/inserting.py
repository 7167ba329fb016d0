"""Many rows at once, on either engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import dumps
from typing import Any

from sqlalchemy import ARRAY, JSON, Column, ColumnElement, String, Table, cast, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Rows = Sequence[Mapping[str, Any]]
MANY = 400
"""Keys of one question: some databases take no more than a thousand parameters."""


def parts(things: Sequence[Any], size: int = MANY) -> list[Sequence[Any]]:
    return [things[at : at + size] for at in range(0, len(things), size)]


def insert_all(session: Session, table: type[SQLModel], rows: Rows) -> None:
    if rows:
        session.execute(insert(table), list(rows))


def insert_missing(session: Session, table: type[SQLModel], rows: Rows, unique: Sequence[str], wanted: Any) -> set[Any]:
    """Inserts what is not there yet by its unique columns. Returns `wanted` of the rows that were new."""
    if not rows:
        return set()
    there = SQLModel.metadata.tables[str(table.__tablename__)]
    if session.get_bind().dialect.name == "postgresql":
        adding = _in_columns(there, rows)
        return set(session.execute(adding.on_conflict_do_nothing(index_elements=list(unique)).returning(wanted)).scalars())
    statement = sqlite.insert(there).on_conflict_do_nothing(index_elements=list(unique)).returning(wanted)
    return set(session.execute(statement, list(rows)).scalars())


def _in_columns(table: Table, rows: Rows) -> postgresql.Insert:
    """Each column as one list: a statement with thousands of single values takes half as long again."""
    columns = [table.c[name] for name in rows[0]]
    given = func.unnest(*(_listed(column, [row[column.name] for row in rows]) for column in columns))
    listed = given.table_valued(*(column.name for column in columns)).render_derived()
    values = select(*(cast(listed.c[column.name], column.type) for column in columns))
    return postgresql.insert(table).from_select([column.name for column in columns], values)


def _listed(column: Column[Any], values: list[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, JSON):
        return cast([dumps(value) for value in values], ARRAY(String))
    return cast(values, ARRAY(column.type))
