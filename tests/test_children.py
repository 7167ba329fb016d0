"""What a run of faults starts is waited for, but not for ever."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.faults.children import end, first_words

SAYS = "print('running: here', flush=True); input()"
SILENT, GONE = "input()", "import sys; sys.exit('no database here')"


@contextmanager
def started(program: str, log: Path) -> Iterator[subprocess.Popen[str]]:
    with log.open("w") as complaints:
        command = [sys.executable, "-c", program]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True)
    try:
        yield process
    finally:
        end(process)
        assert process.returncode


def test_its_first_words_are_heard(tmp_path: Path) -> None:
    with started(SAYS, tmp_path / "log") as process:
        assert first_words(process, tmp_path / "log") == "running: here\n"


def test_who_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    with started(SILENT, tmp_path / "log") as process, pytest.raises(RuntimeError, match="did not say that it runs"):
        first_words(process, tmp_path / "log", 0.2)


def test_who_ended_is_told_with_its_complaint(tmp_path: Path) -> None:
    with started(GONE, tmp_path / "log") as process, pytest.raises(RuntimeError, match="no database here"):
        first_words(process, tmp_path / "log")
