"""A power cut at any write of the database's files: no message that was acknowledged is lost, and the file is whole.

Beside it the same turns with `synchronous=NORMAL`, which may lose the newest ones: the check would see it.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot import migrate
from bot.faults.disk import FATES, Deed, Disk, compiled, deeds
from bot.faults.kill import figure
from bot.faults.people import script_of
from bot.faults.talkers import ACKNOWLEDGED
from bot.ownership import Complaint

FILE = "lapak.db"
SHARED = "-shm"
"""The index of the write-ahead log lives in memory: after a cut it is made anew."""
PERSONS = 40
"""So many that the log is written back into the file in between (talkers.py)."""
PATIENCE = 300
"""Seconds."""


@dataclass
class Found:
    """Over all cuts: how many there were, messages acknowledged before them, lost ones, and files that were not whole."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken: list[str] = field(default_factory=list)


def run(rounds: int = 1000, seed: int = 2026) -> None:
    """`rounds` cuts. Ends with code 1 when something acknowledged is lost."""
    with tempfile.TemporaryDirectory() as name:
        library = compiled(Path(name))
        if library is None:
            raise Complaint("a power cut needs a C compiler (gcc) here")
        full = cut(watched(Path(name) / "full", library, "FULL", PERSONS), rounds, seed)
        normal = cut(watched(Path(name) / "normal", library, "NORMAL", PERSONS), rounds, seed)
    figure("power cuts", full.cuts)
    figure("acknowledged messages looked for after cuts", full.acknowledged)
    figure("acknowledged and lost, synchronous=FULL", full.lost, normal.lost)
    figure("acknowledged and lost, synchronous=NORMAL", normal.lost, normal.acknowledged)
    figure("files not whole", len(full.broken) + len(normal.broken), full.cuts + normal.cuts)
    print(*(full.broken + normal.broken)[:10], sep="\n")
    if full.lost or full.broken or not normal.lost:
        raise SystemExit(1)


@dataclass(frozen=True)
class Watched:
    """What a process wrote, and the files as they were before."""

    before: Mapping[str, bytes]
    deeds: list[Deed]


def watched(folder: Path, library: Path, synchronous: str, persons: int) -> Watched:
    """People talk with the bot, and everything it does to the files is followed."""
    folder.mkdir()
    migrate.upgrade(f"sqlite:///{folder}/{FILE}")
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and not file.name.endswith(SHARED)}
    log = folder.with_suffix(".log")
    environment = os.environ | {"LD_PRELOAD": str(library), "DISK_ROOT": str(folder), "DISK_LOG": str(log)}
    command = [sys.executable, "-m", "bot.faults.talkers", str(folder), str(persons), synchronous]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, cwd=Path(__file__).parents[2], check=False)
    if done.returncode:
        raise RuntimeError(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
    return Watched(before, [deed for deed in deeds(log) if not deed.name.endswith(SHARED)])


def cut(watched: Watched, rounds: int, seed: int) -> Found:
    """At drawn moments, each with a drawn fate of what was under way."""
    draw, found, disk, acknowledged = random.Random(seed), Found(), Disk(watched.before), list[str]()
    moments = Counter(draw.randrange(len(watched.deeds)) for _ in range(rounds))
    for place, deed in enumerate(watched.deeds):
        for _ in range(moments[place]):
            look(disk, acknowledged, draw, found)
        if deed.name == ACKNOWLEDGED:
            acknowledged += deed.data.decode().split()
        else:
            disk.follow(deed)
    return found


def look(disk: Disk, acknowledged: list[str], draw: random.Random, found: Found) -> None:
    fate = draw.choice(FATES)
    with tempfile.TemporaryDirectory() as name:
        for file, content in disk.after_cut(draw, fate).items():
            (Path(name) / file).write_bytes(content)
        said, there = opened(Path(name) / FILE)
    missing = [one for one in acknowledged if not kept(one, there)]
    found.cuts += 1
    found.acknowledged += len(acknowledged)
    found.lost += len(missing)
    if said != "ok":
        found.broken.append(f"{fate}: {said}")


def opened(file: Path) -> tuple[str, dict[str, str]]:
    """What SQLite says of the file, and the messages that it holds, each with the answers of its person."""
    connection = sqlite3.connect(file)
    try:
        said = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        answers = "SELECT group_concat(answers) FROM conversation WHERE conversation.person_id = received.person_id"
        return said, dict(connection.execute(f"SELECT external_id, coalesce(({answers}), '') FROM received WHERE status = 'done'"))
    except sqlite3.DatabaseError as error:
        return f"{type(error).__name__}: {error}", {}
    finally:
        connection.close()


def kept(message: str, there: Mapping[str, str]) -> bool:
    """Whether it was handled and its answer is among those of the person."""
    address, _, place = message.rpartition(":")
    return message in there and script_of(address)[int(place)][1] in there[message]
