"""One process owns an SQLite file: the lock that says so, and the socket on which the owner works for the other commands."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from bot.settings import Settings

LONGEST_PATH = 100
"""Bytes of a socket's path: systems allow 104 to 108."""


class Complaint(Exception):
    """Why a command cannot do what it was asked, in words for the one who typed it."""


def lock_file(settings: Settings) -> Path:
    """Beside the database: var/lapak.lock."""
    path = make_url(settings.database_url).database if settings.database_url.startswith("sqlite") else ""
    return Path(path).absolute().with_suffix(".lock") if path else settings.run_dir.absolute() / "lapak.lock"


def socket_file(settings: Settings) -> Path:
    """Beside the lock, or in a private folder where that path would be too long for a socket."""
    near = lock_file(settings).with_suffix(".sock")
    if len(os.fsencode(near)) < LONGEST_PATH:
        return near
    private = Path(tempfile.gettempdir()) / f"lapak-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    if private.stat().st_uid != os.getuid() or private.stat().st_mode & 0o077:
        raise Complaint(f"{private} must belong to you alone: chmod 700 {private}")
    return private / (sha256(os.fsencode(near)).hexdigest()[:20] + ".sock")


class Ownership:
    """Held while the file is open. What is written in it tells the others where the owner serves."""

    def __init__(self, settings: Settings) -> None:
        self.path = lock_file(settings)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def take(self) -> bool:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.tell("")
        return True

    def tell(self, url: str) -> None:
        os.ftruncate(self.file, 0)
        os.pwrite(self.file, json.dumps({"pid": os.getpid(), "url": url}).encode(), 0)

    def owner(self) -> dict[str, Any]:
        """{"pid", "url"} as the owner told; `url` is empty for a command that works alone."""
        try:
            told: dict[str, Any] = json.loads(os.pread(self.file, 4096, 0))
        except ValueError:
            return {"pid": 0, "url": ""}
        return told

    def close(self) -> None:
        os.close(self.file)


def listen(path: Path) -> socket.socket:
    """A socket that only this user can talk to, from its first moment."""
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        made.bind(os.fspath(path))
    finally:
        os.umask(before)
    return made
