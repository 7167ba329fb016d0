"""Many rows at once, on either engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import dumps
from typing import Any

from sqlalchemy import JSON, String, Table, cast, column, func, insert, literal, select
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
        adding = _as_document(there, rows)
        return set(session.execute(adding.on_conflict_do_nothing(index_elements=list(unique)).returning(wanted)).scalars())
    statement = sqlite.insert(there).on_conflict_do_nothing(index_elements=list(unique)).returning(wanted)
    return set(session.execute(statement, list(rows)).scalars())


def _as_document(table: Table, rows: Rows) -> postgresql.Insert:
    """All rows as one document: thousands of single values, or lists of texts that must be quoted, take several times as long."""
    columns = [table.c[name] for name in rows[0]]
    document = cast(literal(dumps([dict(row) for row in rows], default=str), String), JSON)
    listed = func.json_to_recordset(document).table_valued(*(column(one.name, one.type) for one in columns))
    given = listed.render_derived(with_types=True)
    return postgresql.insert(table).from_select([one.name for one in columns], select(*(given.c[one.name] for one in columns)))
