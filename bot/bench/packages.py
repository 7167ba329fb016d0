"""Calls for the simulated year: real names of packages with what else was read of them, laid over twelve months and the whole province."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from models.call import ACTIVE, PLANNED, Call
from models.etalase import classify
from models.places import regions

NAMES = {
    "spse_nontender_pengumuman.json": ("nama_paket", "nama_satker", "pagu", "mtd_pemilihan"),
    "spse_tender_pengumuman.json": ("nama_paket", "nama_satker", "pagu", "mtd_pemilihan"),
    "rup_paket_penyedia_terumumkan.json": ("nama_paket", "nama_satker", "pagu", "metode_pengadaan"),
    "ekatalog_v6_paket_epurchasing.json": ("rup_nama_pkt", "nama_satker", "total_harga", ""),
}
TABLE = "spse_datatables_kaltim.json"
"""Rows of cells: the title is the second, the buyer the third."""
LIKELY = 0.4
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
    """The one place that looks into the files themselves."""
    found = [Row(_plain(cells[1]), cells[2]) for cells in json.loads((folder / TABLE).read_text(encoding="utf-8"))["data"]]
    for file, names in NAMES.items():
        found += [_row(row, *names) for row in json.loads((folder / file).read_text(encoding="utf-8"))]
    return found


def _row(row: dict[str, Any], title: str, buyer: str, budget: str, method: str) -> Row:
    return Row(_plain(row[title] or ""), row[buyer] or "", round(float(row[budget] or 0)), _method(str(row.get(method) or "e-purchasing")))


def _plain(title: str) -> str:
    return " ".join(re.sub(r"<[^>]*>[^<]*</[^>]*>", " ", title).split())


def _method(name: str) -> str:
    plain = name.lower()
    return "epurchasing" if "purchasing" in plain else "langsung" if "langsung" in plain else "tender"


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
        guesses = [guess.code for guess in classify(row.title) if guess.score >= LIKELY]
        found.append((at, Call(
            source="sirup", source_id=f"y{number}", title=row.title, buyer=row.buyer, region=draw.choices([*codes, "64"], [*WHERE, 6])[0],
            etalase=guesses, budget=row.budget or None, method=row.method, closes_at=closes, created_at=at,
            status=PLANNED if draw.random() < 0.2 else ACTIVE, link=f"https://sirup.lkpp.go.id/sirup/rup/{number}",
        )))  # fmt: skip
    return sorted(found, key=lambda pair: (pair[0], pair[1].source_id))
