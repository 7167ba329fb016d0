"""What waits for ever fails where it waits."""

from __future__ import annotations

import asyncio
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from tests.patience import within


async def _never() -> None:
    await asyncio.Event().wait()


def _never_said() -> None:
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as silent:
        assert silent.stdin and silent.stdout
        try:
            silent.stdout.readline()
        finally:
            silent.kill()


WAITS = {
    "an event": lambda: threading.Event().wait(),
    "a queue": lambda: queue.SimpleQueue[int]().get(),
    "a loop": lambda: asyncio.run(_never()),
    "a process": _never_said,
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_what_waits_for_ever_fails(wait: Callable[[], object]) -> None:
    with pytest.raises(pytest.fail.Exception, match="the wait does not end"), within(0.2, "the wait"):
        wait()


def test_clearing_up_that_waits_in_its_turn_fails_too() -> None:
    def wait() -> None:
        try:
            threading.Event().wait()
        finally:
            threading.Event().wait()

    with pytest.raises(pytest.fail.Exception), within(0.2, "the wait", again=0.2):
        wait()


def test_what_ends_is_not_interrupted_later() -> None:
    with within(60, "all of it", again=5):
        with within(10, "a part"):
            assert 9 < signal.getitimer(signal.ITIMER_REAL)[0] <= 10
        assert 59 < signal.getitimer(signal.ITIMER_REAL)[0] <= 60
