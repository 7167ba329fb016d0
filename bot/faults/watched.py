"""What processes do to the files below a folder, followed while people talk with the bot (disk.c, talkers.py)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.faults.disk import Deed, Tree, deeds, preloaded, read

PATIENCE = 300
"""Seconds."""


@dataclass(frozen=True)
class Watched:
    """The files as they were before, and what was done to them."""

    before: Tree
    deeds: list[Deed]

    def syncs(self, name: str) -> int:
        """How often a file was made sure of."""
        files = {deed.file for deed in self.deeds if deed.kind == "o" and deed.data.decode() == name}
        return sum(deed.kind == "S" and deed.file in files for deed in self.deeds)


class Watch:
    """Begins now; of any process that has the `environment`."""

    def __init__(self, folder: Path, library: Path) -> None:
        self.before, self.log = read(folder), folder.with_suffix(".log")
        self.environment = preloaded(library, folder, self.log)

    def ended(self) -> Watched:
        return Watched(self.before, list(deeds(self.log)))


def talk(url: str, folder: Path, persons: int, environment: Mapping[str, str], *pragmas: str) -> None:
    """Until all that these persons have to say is acknowledged, in a process of its own."""
    command = [sys.executable, "-m", "bot.faults.talkers", url, str(folder), str(persons), *pragmas]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, cwd=Path(__file__).parents[2], check=False)
    if done.returncode:
        raise RuntimeError(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
