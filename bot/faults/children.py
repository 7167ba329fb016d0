"""Processes that a run starts. Their first words and their end are waited for, but not for ever."""

from __future__ import annotations

import select
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import Popen
from typing import AnyStr

STARTING, DYING = 60.0, 20.0
"""Seconds until a process has said that it runs, and from its kill to its end."""


def first_words(process: Popen[AnyStr], log: Path, patience: float = STARTING) -> str:
    """The first line of its output. Raises when it ends or waits instead; `log` is where its complaints are."""
    assert process.stdout
    said = ""
    if select.select([process.stdout], [], [], patience)[0]:
        line = process.stdout.readline()
        said = line if isinstance(line, str) else line.decode()
    if not said:
        raise RuntimeError(
            f"process {process.pid} did not say that it runs within {patience:.0f} s: {log.read_text(errors='replace')[-2000:]}"
        )
    return said


def end(process: Popen[AnyStr]) -> None:
    """As a power cut would."""
    process.kill()
    process.wait(DYING)
    if process.stdout:
        process.stdout.close()


def end_forked(process: BaseProcess) -> None:
    """The same for one that was forked."""
    if process.is_alive():
        process.kill()
    process.join(DYING)
    if process.is_alive():
        raise RuntimeError(f"process {process.pid} goes on after it was killed")
