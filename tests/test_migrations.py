"""The schema and its migrations agree; a migration happens whole or not at all, and never without a copy."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import Session, SQLModel, col, select

from bot import migrate
from bot.control import reach
from bot.terminal_chat import Talk
from models import tables
from models.contact import Address
from models.conversation import Conversation
from models.inbox import DeadLetter
from tests.saved import make
from tests.world import MORNING

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


def restored(dump: str, folder: Path) -> str:
    """The url of a file with what was dumped in it."""
    with sqlite3.connect(folder / "lapak.db") as connection:
        connection.executescript(dump)
    connection.close()
    return make.settings_in(folder).database_url


def conversations(url: str, name: str) -> list[tuple[str, Any, bool]]:
    """Form, answers and whether it is over, of everything a person has begun."""
    engine = create_engine(url)
    with Session(engine) as session:
        rows = session.exec(
            select(Conversation).join(Address, col(Address.person_id) == Conversation.person_id).where(Address.address == name)
        )
        found = [(row.form, row.answers, row.closed_at is not None) for row in rows]
    engine.dispose()
    return found


def letters(url: str) -> int:
    engine = create_engine(url)
    with Session(engine) as session:
        found = len(session.exec(select(DeadLetter)).all())
    engine.dispose()
    return found


async def answer(folder: Path, count: int) -> list[str]:
    shown: list[str] = []
    async with reach(make.settings_in(folder)) as control:
        await Talk(control, make.stage(count), shown.append, now=MORNING.replace(year=2027)).hear(make.line(count, folder))
    return shown


def goes_on(dump: str, folder: Path) -> None:
    """The dump migrates to the tables of the models, and every person in it gives the next answer and is asked further."""
    url = restored(dump, folder)
    migrate.upgrade(url)
    assert differences(url) == []
    for count in range(1, len(make.STEPS)):
        before = conversations(url, make.stage(count))
        assert any(not over for _, _, over in before)
        assert asyncio.run(answer(folder, count)), f"silence after {make.stage(count)}"
        assert conversations(url, make.stage(count)) != before, f"{make.stage(count)} did not advance"
    assert letters(url) == 0


def test_a_database_of_this_release_goes_on(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    asyncio.run(make.fill(tmp_path / "made"))
    goes_on(make.dump(tmp_path / "made"), tmp_path)


RELEASES = sorted(make.HERE.glob("*.sql"))


@pytest.mark.skipif(not RELEASES, reason="no release was made yet: tests/saved/make.py writes its dump")
@pytest.mark.parametrize("release", RELEASES, ids=lambda file: file.stem)
def test_a_database_of_a_past_release_goes_on(release: Path, tmp_path: Path) -> None:
    goes_on(release.read_text(encoding="utf-8"), tmp_path)
