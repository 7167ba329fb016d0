"""The shared real rows of all sources, served page by page over HTTP: what is read, kept, joined and set aside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.schemas import SHARED
from tests.watching import watching

CALLS = SHARED / "calls"
FILES = {
    "rup": "rup_paket_penyedia_terumumkan.json",
    "tender": "spse_tender_pengumuman.json",
    "nontender": "spse_nontender_pengumuman.json",
}
pytestmark = pytest.mark.skipif(not CALLS.is_dir(), reason=f"the shared rows are absent ({CALLS}); LAPAK_SHARED names their folder")


def rows(file: str) -> Any:
    return json.loads((CALLS / file).read_text(encoding="utf-8"))


def test_the_shared_rows_over_http(database: str, tmp_path: Path) -> None:
    with watching(database, tmp_path, "inaproc", "spse") as all_of:
        all_of.standin.rows = {(kind, "D107"): rows(file) for kind, file in FILES.items()}
        all_of.standin.cells["lelang"] = rows("spse_datatables_kaltim.json")["data"]
        all_of.standin.most = 100
        all_of.all()
        read = {f"inaproc-{kind}": len(all_of.standin.rows[kind, "D107"]) for kind in FILES}
        for name, n in (read | {"spse:samarindakota": len(all_of.standin.cells["lelang"])}).items():
            counts = all_of.feed(name).counts
            kinds = [counts.get(kind, 0) for kind in ("new", "changed", "merged", "same")]
            assert counts["read"] == n == sum(kinds) + sum(counts.get("aside", {}).values())
        kept = all_of.calls()
        assert kept > 900
        all_of.pass_by(days=2)
        assert all_of.calls() == kept
        assert {one.status for one in all_of.standin.asked if one.kind in FILES} == {200, 304}
