"""Calls for the simulated year: real names of packages with what else was read of them, laid over twelve months and the whole province."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.importing import read
from bot.rows import rows_of
from models.call import ACTIVE, PLANNED, Call
from models.etalase import classify, meant
from models.places import regions

FILES = {
    "spse_nontender_pengumuman.json": "inaproc-nontender",
    "spse_tender_pengumuman.json": "inaproc-tender",
    "rup_paket_penyedia_terumumkan.json": "inaproc-rup",
    "spse_datatables_kaltim.json": "spse",
}
"""By file the source whose rows are in it."""
WHERE = (3, 9, 3, 2, 5, 3, 1, 10, 12, 3)
"""Shares of the kabupaten and kota, in the order of `regions`."""


@dataclass(frozen=True, slots=True)
class Row:
    """As much of a package as the year needs; `budget` in rupiah, 0 where it was not read."""

    title: str
    buyer: str
    budget: int = 0
    method: str = "unknown"


def read_rows(folder: Path) -> list[Row]:
    """As an import reads them."""
    found = [package for file, source in FILES.items() for _, package in read(source, rows_of(folder / file), "Asia/Makassar")[0]]
    return [Row(one.title, one.buyer, one.budget or one.estimate or 0, one.method or "unknown") for one in found]


def spread(rows: Sequence[Row], began: datetime, days: int, seed: int = 2026) -> list[tuple[datetime, Call]]:
    """When each is taken in, at any hour of the day, and the call; the earliest first. It closes after two days to a month."""
    draw = random.Random(seed)
    codes = [code for code, _ in regions("64")]
    found = []
    for number, row in enumerate(rows):
        at = began + timedelta(days=draw.random() * days)
        closes = (at + timedelta(days=draw.choice((2, 3, 5, 7, 7, 10, 14, 14, 21, 30)))).replace(
            hour=draw.randrange(1, 9), minute=0, second=0
        )
        guesses = [guess.code for guess in meant(classify(row.title, 5))]
        found.append((at, Call(
            source="inaproc-nontender", source_id=f"y{number}",
            title=row.title, buyer=row.buyer, region=draw.choices([*codes, "64"], [*WHERE, 6])[0],
            etalase=guesses, budget=row.budget or None, method=row.method, closes_at=closes, created_at=at,
            status=PLANNED if draw.random() < 0.2 else ACTIVE, link=f"https://sirup.lkpp.go.id/sirup/rup/{number}",
        )))  # fmt: skip
    return sorted(found, key=lambda pair: (pair[0], pair[1].source_id))
