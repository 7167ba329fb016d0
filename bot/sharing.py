"""Long work in a thread beside the conversations: these get the interpreter within a millisecond instead of five."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SHARE = 0.001
"""Seconds until somebody who waits is let in. A turn asks for the interpreter after each statement, so five at a time add up."""

_door = threading.Lock()
_under_way: list[float] = []
"""What was usual when each of those began that are under way."""


@contextmanager
def sharing() -> Iterator[None]:
    """Not for good: where nobody works so long it costs a turn a twentieth more."""
    with _door:
        _under_way.append(sys.getswitchinterval() if not _under_way else _under_way[0])
        sys.setswitchinterval(SHARE)
    try:
        yield
    finally:
        with _door:
            usual = _under_way.pop()
            if not _under_way:
                sys.setswitchinterval(usual)
