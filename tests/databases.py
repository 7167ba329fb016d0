"""Databases of one PostgreSQL server: what one test leaves behind is emptied for the next, which costs a tenth of making it anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from bot import migrate

FORGETFUL = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
"""
"""For a server whose files nobody needs when it is gone. What a power cut may take is measured on servers of its own."""
TEMPLATE = "lapak_template"
LEAVING = 2.0
"""Seconds for connections that were closed to be gone from the server too."""
SHAPE = """
SELECT string_agg(format('%s %s %s %s', relname, relkind, relnatts, relfilenode), ',' ORDER BY relname),
       (SELECT max(version_num) FROM alembic_version)
FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
"""Another one after a table was made, altered or cut off."""
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
WRITTEN = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
AND pg_relation_size(oid) > 0
"""
COUNTED = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL
"""


class Databases:
    """`lent` gives an empty, migrated one."""

    def __init__(self, url: str) -> None:
        """`url` is of a database that is always there."""
        self.url = url
        self._numbers = count(1)
        self._spare: list[str] = []
        self._shapes: dict[str, Any] = {}
        self.do(f"CREATE DATABASE {TEMPLATE}")
        migrate.upgrade(self.url_of(TEMPLATE))

    def url_of(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def do(self, statement: str) -> None:
        with self._within(make_url(self.url).database or "") as connection:
            connection.execute(SQL(statement))

    @contextmanager
    def lent(self) -> Iterator[str]:
        name = self._spare.pop() if self._spare else self._made()
        yield self.url_of(name)
        if self._emptied(name):
            self._spare.append(name)
        else:
            self.do(f"DROP DATABASE {name} WITH (FORCE)")

    def _made(self) -> str:
        name = f"lapak_{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        with self._within(name) as connection:
            self._shapes[name] = connection.execute(SHAPE).fetchone()
        return name

    def _emptied(self, name: str) -> bool:
        """Whether it is as it was made. One that somebody still holds, or that has another shape, is nothing for the next test."""
        with self._within(name) as connection:
            if connection.execute(SHAPE).fetchone() != self._shapes[name] or not left_alone(connection):
                return False
            if written := [Identifier(table) for (table,) in connection.execute(WRITTEN)]:
                connection.execute("SET session_replication_role = replica")  # in any order
                for table in written:
                    connection.execute(SQL("DELETE FROM {}").format(table))
                connection.execute(SQL("VACUUM {}").format(SQL(", ").join(written)))
            connection.execute(COUNTED)
        return True

    @contextmanager
    def _within(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        url = make_url(self.url).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection


def left_alone(connection: psycopg.Connection[Any]) -> bool:
    until = time.monotonic() + LEAVING
    while (connection.execute(OTHERS).fetchone() or (0,))[0]:
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def unsynced() -> None:
    """The same for files of SQLite, from now on, in this process: a commit waits for no disk. What the product asks of its connections
    is seen past it, on the pool's own (tests/test_store.py)."""
    event.listen(Engine, "engine_connect", _unsynced)


def _unsynced(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA synchronous=OFF")


def forgetful(folder: Path, server: Any) -> None:
    """Before it starts."""
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(FORGETFUL)


def patient(engine: Engine) -> Engine:
    """For a transaction as long as its test: where many share a core, one may be idle for longer than a process may."""

    def unhurried(connection: Any, _: Any) -> None:
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.commit()

    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", unhurried)
    return engine
