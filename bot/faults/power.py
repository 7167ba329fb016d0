"""A power cut at any write of the database: no message that was acknowledged is lost, and what is left is whole.

Beside it the same turns with settings that may lose the newest ones: the check would see it.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.faults import power_postgresql, power_sqlite
from bot.faults.disk import FATES, Disk, compiled, lay
from bot.faults.kill import figure
from bot.faults.people import script_of
from bot.faults.talkers import ACKNOWLEDGED
from bot.faults.watched import Watched
from bot.ownership import Complaint

PERSONS = 40
"""So many that the log is written back into the files in between."""


FEWER, LEAST = 4, 20
"""A setting that loses is cut so many times less often; at least so often that it is not by chance that nothing is lost."""


class Engine(Protocol):
    """`KEEPING` is a setting of the product; with `LOSING` the newest messages may be lost, with `BREAKING` everything. `WRITTEN_BACK` is
    a file that is synced whenever the log was written back, and at few other times; `ROUNDS` are as many cuts as take a few minutes.
    """

    KEEPING: str
    LOSING: Sequence[str]
    BREAKING: Sequence[str]
    WRITTEN_BACK: str
    ROUNDS: int

    def watched(self, folder: Path, library: Path, setting: str, persons: int) -> Watched: ...

    def opened(self, folder: Path) -> tuple[str, dict[str, str]]:
        """What is amiss ("ok" if nothing) and the messages that are there, each with the answers of its person."""


ENGINES: dict[str, Engine] = {"sqlite": power_sqlite, "postgresql": power_postgresql}


@dataclass
class Found:
    """Over all cuts: how many there were, messages acknowledged before them, lost ones, and what was not whole."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken: list[str] = field(default_factory=list)


def run(rounds: int = 0, seed: int = 2026, channel: str = "") -> None:
    """`channel` names one engine, "sqlite" or "postgresql"; both in turn without it. Ends with code 1 when something acknowledged is lost,
    something is not whole, or a setting that loses is not seen to lose.
    """
    if channel and channel not in ENGINES:
        raise Complaint(f"no engine {channel}; known are {', '.join(ENGINES)}")
    with tempfile.TemporaryDirectory() as name:
        library = compiled(Path(name))
        if library is None:
            raise Complaint("a power cut needs a C compiler (gcc) here")
        held = [holds(one, Path(name), library, rounds or ENGINES[one].ROUNDS, seed) for one in ENGINES if channel in ("", one)]
    if not all(held):
        raise SystemExit(1)


def holds(name: str, folder: Path, library: Path, rounds: int, seed: int) -> bool:
    engine, good = ENGINES[name], True
    for setting in (engine.KEEPING, *engine.LOSING, *engine.BREAKING):
        keeping = setting == engine.KEEPING
        seen = engine.watched(folder / f"{name} {setting}", library, setting, PERSONS)
        found = cut(engine, seen, rounds if keeping else max(rounds // FEWER, LEAST), seed)
        figure(f"{name}, {setting}: syncs of {engine.WRITTEN_BACK}", seen.syncs(engine.WRITTEN_BACK))
        report(f"{name}, {setting}", len(seen.deeds), found)
        good &= bool(found.lost) != keeping and (not found.broken or setting in engine.BREAKING)
    return good


def report(name: str, deeds: int, found: Found) -> None:
    figure(f"{name}: power cuts", found.cuts, deeds)
    figure(f"{name}: acknowledged and lost", found.lost, found.acknowledged)
    figure(f"{name}: not whole", len(found.broken), found.cuts)
    print(*found.broken[:3], sep="\n", end="\n" * bool(found.broken))


def cut(engine: Engine, watched: Watched, rounds: int, seed: int) -> Found:
    """At drawn moments, each with a drawn fate of what was under way."""
    draw, found, disk = random.Random(seed), Found(), Disk(watched.before)
    moments = Counter(draw.randrange(len(watched.deeds)) for _ in range(rounds))
    for place, deed in enumerate(watched.deeds):
        for _ in range(moments[place]):
            look(engine, disk, draw, draw.choice(FATES), found)
        disk.follow(deed)
    return found


def look(engine: Engine, disk: Disk, draw: random.Random, fate: str, found: Found) -> None:
    acknowledged = disk.read(ACKNOWLEDGED).decode().split()
    with tempfile.TemporaryDirectory() as name:
        lay(disk.after_cut(draw, fate), Path(name))
        said, there = engine.opened(Path(name))
    found.cuts += 1
    found.acknowledged += len(acknowledged)
    found.lost += sum(not kept(one, there) for one in acknowledged)
    if said != "ok":
        found.broken.append(f"{fate}: {said}")


def kept(message: str, there: Mapping[str, str]) -> bool:
    """Whether it was handled and its answer is among those of the person."""
    address, _, place = message.rpartition(":")
    return message in there and script_of(address)[int(place)][1] in there[message]
