"""`./run calls poll` against a stand-in, with the real clock and its second between two requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.poll import poll
from bot.ownership import Complaint
from bot.settings import Settings
from tests.standin_sources import Refusal, StandIn, plans, searched
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
    assert poll(known, "sirup")
    assert capsys.readouterr().out.splitlines()[-1] == "sirup: 5 read, 4 new, 4 pages, set aside 1 (no_title)"
    assert {one.kind for one in standin.asked} == {"sirup"}
    times = [one.at for one in standin.asked]
    # Of all together, since one request may be on its way for longer than the next.
    assert times[-1] - times[0] > 0.9 * (len(times) - 1)


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
