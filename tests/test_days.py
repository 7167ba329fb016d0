"""An announcement larger than a number's day: three days in short, on both engines, with a restart in each."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.faults.calendar import MORNING
from bot.faults.days import PRICE, Told, busiest, play, problems
from bot.faults.number import Taken
from models.forecast import Plan

COUNT, TIER = 50, 20


def test_three_days_of_a_small_number(database: str, tmp_path: Path) -> None:
    found = asyncio.run(play(database, tmp_path, COUNT, TIER, COUNT * PRICE))
    assert problems(found, COUNT, TIER, COUNT * PRICE) == []
    assert (found.plan.days, found.dates, found.kills, len(found.times)) == (3, 3, 3, COUNT)
    assert found.waits


def test_a_broken_law_is_named() -> None:
    good = Told(Plan(days=1, rupiah=PRICE), Counter({"1": 1}), 1, 1, 1, PRICE, (0.1,), 0, 3, (), 0)
    assert problems(good, 1, 1, PRICE) == []
    bad = [
        {"times": Counter({"1": 2})}, {"times": Counter[str]()}, {"most": 2}, {"rupiah": 2 * PRICE, "templates": 2}, {"templates": 2},
        {"dates": 2}, {"at_night": 1}, {"waits": (6.0,)}, {"broken": ("x",)},
    ]  # fmt: skip
    for change in bad:
        assert problems(replace(good, **change), 1, 1, PRICE), change  # type: ignore[arg-type]


def test_the_busiest_day_counts_people_once() -> None:
    hours = ((0, "a"), (1, "b"), (2, "a"), (23, "c"), (24, "d"), (25, "b"))
    ledger = [Taken(MORNING + timedelta(hours=hour), name, "", True) for hour, name in hours]
    assert busiest(ledger) == 4
    assert busiest([replace(one, template=False) for one in ledger]) == 0
