"""The schema and its migrations agree; a migration happens whole or not at all, and never without a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from bot import migrate
from models import tables

ScriptMaker = Callable[[str], None]
BEFORE = '"""Where the test begins."""\n\nrevision, down_revision = "a", None\n\n\ndef upgrade() -> None:\n'
AFTER = '"""What the test tries."""\n\nrevision, down_revision = "b", "a"\n\n\ndef upgrade() -> None:\n'
TABLES = """
    from alembic import op
    op.execute("CREATE TABLE shop (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL REFERENCES shop (id))")
    op.execute("INSERT INTO shop VALUES (1)")
    op.execute("INSERT INTO item VALUES (7, 1)")
"""


def differences(url: str) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        # Server defaults are not compared: on SQLite they differ for ever.
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        found = list(compare_metadata(context, SQLModel.metadata))
    engine.dispose()
    return found


def test_the_migrations_make_the_tables_of_the_models(database: str) -> None:
    assert tables.__all__
    assert differences(database) == []


def test_a_second_run_changes_nothing(database: str) -> None:
    assert migrate.upgrade(database) is False


def content(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        found = list(connection.iterdump())
    connection.close()
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Migrations of the test's own, of which the first made two tables."""
    made = tmp_path / "migrations"
    (made / "versions").mkdir(parents=True)
    (made / "env.py").write_text((migrate.FOLDER / "env.py").read_text())
    (made / "versions" / "a.py").write_text(BEFORE + TABLES)
    monkeypatch.setattr(migrate, "FOLDER", made)
    return made


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Path:
    made = tmp_path / "lapak.db"
    assert migrate.upgrade(f"sqlite:///{made}") is True
    return made


def second(folder: Path, body: str) -> None:
    (folder / "versions" / "b.py").write_text(AFTER + "    from alembic import op\n" + body)


def test_a_copy_is_kept_before_something_changes(folder: Path, file: Path) -> None:
    before = content(file)
    assert not list(file.parent.glob("*.before-*"))
    second(folder, '    op.execute("INSERT INTO shop VALUES (2)")\n')
    assert migrate.upgrade(f"sqlite:///{file}") is True
    assert content(Path(f"{file}.before-a")) == before
    assert content(file) != before


def test_a_migration_that_fails_in_the_middle_leaves_the_file_as_it_was(folder: Path, file: Path) -> None:
    before = content(file)
    second(folder, '    op.execute("CREATE TABLE half (id INTEGER)")\n    op.execute("DROP TABLE item")\n    op.execute("NO SQL")\n')
    with pytest.raises(Exception, match="NO SQL"):
        migrate.upgrade(f"sqlite:///{file}")
    assert content(file) == before


def test_a_migration_that_would_leave_orphans_is_taken_back(folder: Path, file: Path) -> None:
    before = content(file)
    second(folder, '    op.execute("DELETE FROM shop")\n')
    with pytest.raises(RuntimeError, match="1 rows"):
        migrate.upgrade(f"sqlite:///{file}")
    assert content(file) == before


def test_rebuilding_a_table_keeps_what_refers_to_it(folder: Path, file: Path) -> None:
    rebuilt = """
    import sqlalchemy as sa
    with op.batch_alter_table("shop", recreate="always") as batch:
        batch.add_column(sa.Column("name", sa.String()))
"""
    second(folder, rebuilt)
    assert migrate.upgrade(f"sqlite:///{file}") is True
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT id, shop_id FROM item").fetchall() == [(7, 1)]
    connection.close()
