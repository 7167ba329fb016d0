"""`./run calls poll` against a stand-in, with the real clock and its second between two requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.poll import poll
from bot.feeds import fetching
from bot.ownership import Complaint
from bot.settings import Settings
from tests.spse_pages import pages
from tests.standin_sources import Refusal, StandIn, announced, plans, searched, stages, tender
from tests.watching import SOURCES


@pytest.fixture
def standin() -> Iterator[StandIn]:
    made = StandIn()
    made.year = str(datetime.now(UTC).year)
    asyncio.run(made.start())
    yield made
    asyncio.run(made.stop())


def settings(database: str, folder: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, database_url=database, media_dir=folder / "media", **more)  # type: ignore[call-arg]


def test_a_source_is_read_now_and_its_counts_are_shown(
    database: str, tmp_path: Path, standin: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    standin.rows = {("sirup", "14903"): [*searched(1, 4), {"id": 5}], ("rup", "D107"): plans(1, 1)}
    known = settings(database, tmp_path, **SOURCES["sirup"](standin.url), **SOURCES["inaproc"](standin.url))
    begun = time.monotonic()
    assert poll(known, "sirup")
    assert capsys.readouterr().out.splitlines()[-1] == "sirup: 5 read, 4 new, 4 pages, set aside 1 (no_title)"
    assert {one.kind for one in standin.asked} == {"sirup"}
    # Counted from before the first: one that is held up on its way comes close before the next.
    assert all(one.at - begun >= place for place, one in enumerate(standin.asked)) and len(standin.asked) == 4


def test_what_adds_to_packages_is_read_after_them(
    sqlite_database: str, tmp_path: Path, standin: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PACE", 0.05)
    standin.cells["lelang"], standin.pages = [tender(501)], {501: pages(501)}
    standin.rows = {("tender", "D107"): [announced(601, 1)], ("stages", "D107"): stages(601)}
    known = settings(
        sqlite_database, tmp_path, **SOURCES["spse"](standin.url), **SOURCES["inaproc"](standin.url) | {"inaproc_offices": "D107"}
    )
    assert poll(known, "")
    said = capsys.readouterr().out.splitlines()
    assert "spse-paket:samarindakota: 1 read, 1 merged, 1 pages" in said
    assert [line for line in said if line.startswith("inaproc-tender:jadwal: 6 read, 1 changed, 5 same")]


def test_what_cannot_be_read_is_said(sqlite_database: str, tmp_path: Path, standin: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    known = settings(sqlite_database, tmp_path, **SOURCES["sirup"](standin.url))
    standin.fail("sirup", Refusal(429, {"Retry-After": "600"}), times=9)
    assert not poll(known, "")
    assert capsys.readouterr().out.splitlines()[-1].startswith("sirup: could not be read, throttled; tried again ")
    assert not poll(known, "sirup")
    assert standin.times("sirup") == 1  # it asked to be left alone


def test_what_is_not_set_is_said(sqlite_database: str, tmp_path: Path, standin: StandIn) -> None:
    with pytest.raises(Complaint, match="LAPAK_SIRUP_API"):
        poll(settings(sqlite_database, tmp_path), "")
    with pytest.raises(Complaint, match="known are sirup"):
        poll(settings(sqlite_database, tmp_path, **SOURCES["sirup"](standin.url)), "spse")
