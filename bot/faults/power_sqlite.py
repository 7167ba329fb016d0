"""SQLite under the power cuts of power.py: the bot's own process writes the files, so that it is the one to be watched."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot import migrate
from bot.faults.watched import Watch, Watched, talk

KEEPING = "synchronous=FULL"
LOSING: Sequence[str] = ("synchronous=NORMAL",)
BREAKING: Sequence[str] = ()
WRITTEN_BACK = FILE = "lapak.db"
ROUNDS = 1000
OFTEN = "wal_autocheckpoint=200"
"""The log is written back into the file five times as often as elsewhere."""


def watched(folder: Path, library: Path, setting: str, persons: int) -> Watched:
    folder.mkdir()
    url = f"sqlite:///{folder}/{FILE}"
    migrate.upgrade(url)
    watch = Watch(folder, library)
    talk(url, folder, persons, watch.environment, setting, OFTEN)
    return watch.ended()


def opened(folder: Path) -> tuple[str, dict[str, str]]:
    connection = sqlite3.connect(folder / FILE)
    try:
        said = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        answers = "SELECT group_concat(answers) FROM conversation WHERE conversation.person_id = received.person_id"
        return said, dict(connection.execute(f"SELECT external_id, coalesce(({answers}), '') FROM received WHERE status = 'done'"))
    except sqlite3.DatabaseError as error:
        return f"{type(error).__name__}: {error}", {}
    finally:
        connection.close()
