"""The short version of `./run bench send`: an announcement at a limit, against a stand-in in a process of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.bench.limit import Ledger, densest, platform
from bot.bench.send import ours, refused

RATE, SECONDS = 100.0, 1.5
TRIES = 3


def test_the_stand_in_refuses_what_is_over_its_rate() -> None:
    ledger = Ledger(10)
    taken = [ledger.takes(1, 100 + place / 20) for place in range(40)]
    assert 20 <= sum(taken) <= 31 and refused(ledger) == 40 - sum(taken)
    assert densest(ledger.times) <= 11


def test_an_announcement_keeps_to_the_limit_while_people_are_answered(tmp_path: Path) -> None:
    """A machine that has other things to do brings messages closer together on their way; who does not keep to it never does."""
    assert any(kept_to_the_limit(tmp_path / str(number)) for number in range(TRIES))


def kept_to_the_limit(folder: Path) -> bool:
    folder.mkdir()
    with platform(RATE, 0.02) as url:
        sent = asyncio.run(ours(folder, url, RATE, SECONDS, idle=2))
    assert sent.twice == 0 and sent.busy > 0
    # It is the bench that says how near it comes.
    return sent.achieved > 0.5 and refused(sent.ledger) == 0 and densest(sent.ledger.times) <= RATE * 1.05
