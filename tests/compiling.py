"""What SQLAlchemy compiles for one test serves the next, as it serves the next message in a process that runs for weeks.

It keeps what it compiled for the engine and the dialect it was compiled for, and each test makes its own: a seventh of the whole run
went there.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

KEPT: LRUCache[Any, Any] = LRUCache(2000)
"""Shared by all engines: a statement's key names its dialect."""


def alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def by_kind(dialect: Dialect) -> int:
    return hash(type(dialect))


def compile_once() -> None:
    """From now on, in this process. All its databases of a kind are of one server, and made with the same words."""
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = alike  # type: ignore[assignment]
        kind.__hash__ = by_kind  # type: ignore[assignment]
    event.listen(Engine, "engine_connect", share)


def share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=KEPT)
