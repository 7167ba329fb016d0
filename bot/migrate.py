"""Brings the schema up to date, in one transaction, with a copy of an SQLite file kept first."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

FOLDER = Path(__file__).parent.parent / "models" / "migrations"


def config() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    return settings


@cache
def newest() -> str:
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def version(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(url: str) -> bool:
    """True when something changed. On SQLite: foreign keys off while tables are rebuilt, and checked before the commit."""
    if url.startswith("sqlite"):
        return _upgrade_file(url)
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            # Two processes that start together must not both migrate.
            connection.execute(text("SELECT pg_advisory_xact_lock(7411)"))
            return _upgrade(connection)
    finally:
        engine.dispose()


def _upgrade_file(url: str) -> bool:
    path = Path(make_url(url).database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"isolation_level": None})
    try:
        with engine.connect() as connection:
            here = version(connection)
            connection.rollback()
            if here == newest():
                return False
            if here:
                _copy(path, here)
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            changed = _upgrade(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration would leave {len(broken)} rows without what they refer to; nothing was changed")
            connection.commit()
            return changed
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> bool:
    if version(connection) == newest():
        return False
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
    return True


def _copy(path: Path, revision: str) -> None:
    """A consistent copy beside the file, e.g. lapak.db.before-0001."""
    with sqlite3.connect(path) as source, sqlite3.connect(f"{path}.before-{revision}") as target:
        source.backup(target)
