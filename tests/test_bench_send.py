"""The short version of `./run bench send`: an announcement at a limit, against a stand-in in a process of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.bench.limit import Ledger, densest, platform
from bot.bench.send import ours, refused
from bot.bench.through import TELEGRAM

RATE, SECONDS = 100.0, 1.5


def test_the_stand_in_refuses_what_is_over_its_rate() -> None:
    ledger = Ledger(10)
    taken = [ledger.takes(1, 100 + place / 20) for place in range(40)]
    assert 20 <= sum(taken) <= 31 and refused(ledger) == 40 - sum(taken)
    assert densest(ledger.times) <= 11


def test_an_announcement_keeps_to_the_limit_while_people_are_answered(tmp_path: Path) -> None:
    with platform(RATE, 0.02) as url:
        sent = asyncio.run(ours(TELEGRAM, tmp_path, url, RATE, SECONDS, idle=2))
    assert refused(sent.ledger) == 0 and sent.twice == 0
    assert sent.achieved > 0.5, "it is the bench that says how near it comes"
    assert densest(sent.ledger.times) <= RATE * 1.05
    assert sent.busy > 0
