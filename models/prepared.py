"""Statements that every message runs: compiled once for each database, then handed to its driver without a detour."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Dialect, Executable, Integer, String, any_, bindparam, func, inspect, literal_column, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Session, SQLModel

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """`fixed` are the values that stand in the statement itself, `into` and `out` what the types do with a value on its way."""

    sql: str
    names: Sequence[str] | None
    """The order of the parameters; None where the driver takes them by name."""
    fixed: Mapping[str, Any]
    into: Mapping[str, Convert]
    out: Sequence[tuple[int, Convert]]
    row: Callable[..., Any] | None


TIED = "driver"
"""Where a session that lives for one transaction keeps its dialect and driver: asking for them costs as much as a small statement."""


def driver_of(session: Session) -> tuple[Dialect, Any]:
    connection = session.connection()
    return connection.dialect, connection.connection.driver_connection


def tie(session: Session) -> None:
    """For a session that is thrown away at the end of its transaction."""
    session.info[TIED] = driver_of(session)


class Prepared:
    """A Core statement, called with its session and parameters; returns the rows as named tuples, none for one that returns nothing.

    A call through SQLAlchemy costs ten times what SQLite itself takes for it. The price: no Python-side defaults, so an insert names all
    of its columns, and a list of variable length is possible as `listed` alone.
    """

    def __init__(self, statement: Executable, flushed: bool = True) -> None:
        """`flushed`: it must see what the session still holds back, as any other statement would."""
        self.statement, self.flushed = statement, flushed
        self._by_dialect: dict[str, Compiled] = {}

    def __call__(self, session: Session, **given: Any) -> list[Any]:
        if self.flushed:
            session.flush()
        driver, compiled = self._on(session)
        cursor = driver.execute(compiled.sql, _values(compiled, given))
        return _read(compiled, cursor.fetchall()) if compiled.row else []

    def many(self, session: Session, given: Sequence[Mapping[str, Any]]) -> int:
        """Runs it for each of them, in one round trip where the driver can. Returns how many rows it changed in all."""
        if not given:
            return 0
        session.flush()
        driver, compiled = self._on(session)
        cursor = driver.cursor()
        cursor.executemany(compiled.sql, [_values(compiled, one) for one in given])
        return int(cursor.rowcount)

    def _on(self, session: Session) -> tuple[Any, Compiled]:
        dialect, driver = session.info.get(TIED) or driver_of(session)
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._by_dialect[dialect.name] = compile_for(self.statement, dialect)
        return driver, compiled


LISTED: Mapping[str, Callable[[Iterable[int]], Any]] = {"sqlite": lambda ids: dumps(list(ids)), "postgresql": list}
"""What a database takes for a list of ids of any length, as `listed` asks for it."""


def listed(column: SQLCoreOperations[Any], name: str) -> ColumnElement[bool]:
    """Whether it is one of the ids given as "listed", in the way of the database of this name."""
    if name == "sqlite":
        return column.in_(select(literal_column("value")).select_from(func.json_each(bindparam("listed", type_=String))))
    return column == any_(bindparam("listed", type_=ARRAY(Integer)))


Row = TypeVar("Row", bound=SQLModel)


def attach(session: Session, kind: type[Row], values: Mapping[str, Any]) -> Row:
    """A row that was read, as the object of its session: the one that is there already, else one as if the session had loaded it, at a
    quarter of the cost. `values` are all of its columns.
    """
    known: Row | None = session.identity_map.get(identity_key(kind, values["id"]))
    if known is not None:
        return known
    made: Row = inspect(kind).class_manager.new_instance()
    made.__dict__.update(values)
    make_transient_to_detached(made)
    session.add(made)
    return made


def compile_for(statement: Executable, dialect: Dialect) -> Compiled:
    made: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(made, SQLCompiler)
    given = {name: None for name, bind in made.binds.items() if bind.required}
    # Lists of fixed values are written out, a parameter for each: once here, and for every call by SQLAlchemy itself.
    asked = made.construct_params(given, escape_names=False, _no_postcompile=True)
    fixed = {**asked, **made._process_parameters_for_postcompile(asked, _populate_self=True).additional_parameters}
    columns = made._result_columns
    # A None that an UPDATE sets leaves a bind behind that the statement does not ask for.
    binds = {name: bind for name, bind in made.binds.items() if name in asked and not bind.expanding}
    into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
    out = [(place, column.type.dialect_impl(dialect).result_processor(dialect, None)) for place, column in enumerate(columns)]
    return Compiled(
        made.string,
        made.positiontup,
        {name: value for name, value in fixed.items() if name not in given},
        {name: convert for name, convert in into.items() if convert},
        [(place, convert) for place, convert in out if convert],
        _row_of([column.keyname for column in columns]) if columns else None,
    )


def _values(compiled: Compiled, given: Mapping[str, Any]) -> Any:
    values = {**compiled.fixed, **given}
    for name, convert in compiled.into.items():
        values[name] = convert(values[name])
    return [values[name] for name in compiled.names] if compiled.names is not None else values


def _row_of(names: Sequence[str]) -> Any:
    return namedtuple("Row", names, rename=True)._make  # type: ignore[attr-defined]


def _read(compiled: Compiled, rows: Sequence[Sequence[Any]]) -> list[Any]:
    assert compiled.row
    if not compiled.out:
        return list(map(compiled.row, rows))
    found = []
    for row in rows:
        values = list(row)
        for place, convert in compiled.out:
            values[place] = convert(values[place])
        found.append(compiled.row(values))
    return found
