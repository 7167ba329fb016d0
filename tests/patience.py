"""A bound for every test: what waits for ever fails where it waits, and what the test began is ended as after any other failure."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import pytest

PATIENCE = 240.0
"""Seconds for a step of a test: less than after which the whole process of tests is given up (pyproject.toml)."""
AGAIN = 20.0
"""Seconds until what goes on all the same, or the clearing up that waits in its turn, is interrupted too."""


@contextmanager
def within(seconds: float, what: str, again: float = AGAIN) -> Iterator[None]:
    """Fails in the midst of whatever the main thread waits for."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> NoReturn:
        pytest.fail(f"{what} does not end: it waited {seconds:.0f} s where this was raised")

    before = signal.signal(signal.SIGALRM, ring)
    outer = signal.setitimer(signal.ITIMER_REAL, seconds, again)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *outer)
