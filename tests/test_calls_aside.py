"""`./run calls aside`: what could not be read, by source and reason, with nobody in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.commands.aside import aside, shown
from bot.ownership import Complaint
from bot.settings import Settings
from bot.store import open_engine
from models.feed import SetAside
from tests.rows import OFFICIAL, funds, rup
from tests.test_commands import settings_in
from tests.test_importing import brought, written


@pytest.fixture
def settings(sqlite_database: str, tmp_path: Path) -> Settings:
    """The file is there, and migrated."""
    return settings_in(tmp_path)


def test_a_row_that_could_not_be_read_at_all_is_listed_without_an_example() -> None:
    assert shown(SetAside(feed="sheet", reason="no_json", row={}, at=datetime.now(UTC))) == "-"


def test_what_is_set_aside_is_listed(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By source and reason, with an example in which nobody is named, also of rows that a release before had kept as they were."""
    rows = [rup(2, nama_paket=None, nama_ppk=OFFICIAL), rup(3, nama_paket=""), funds(99)]
    brought(settings, "inaproc-rup", written(tmp_path, "rows.json", rows), capsys)
    table = tmp_path / "data.csv"
    table.write_text(f"Nama Paket,Uraian\n,PIC {OFFICIAL} 0812-5550-1234\nNasi kotak,-\n", encoding="utf-8")
    brought(settings, "sheet", table, capsys, yes=True)
    engine = open_engine(settings.database_url)
    with Session(engine) as session:
        session.add(SetAside(feed="spse", reason="no_number", row={"cells": ["", f"PPK {OFFICIAL}"]}, at=datetime.now(UTC)))
        session.commit()
    engine.dispose()
    aside(settings, "")
    said = capsys.readouterr().out
    assert [line.split()[:3] for line in said.splitlines()] == [
        ["inaproc-rup", "no_title", "2"], ["inaproc-rup", "no_package", "1"], ["sheet", "no_title", "1"], ["spse", "no_number", "1"],
    ]  # fmt: skip
    assert '3 {"tahun_anggaran": 2026' in said and OFFICIAL.split()[0] not in said
    aside(settings, "spse:samarindakota")
    assert capsys.readouterr().out.count("\n") == 1
    aside(settings, "sirup")
    assert "Nothing is set aside" in capsys.readouterr().out
    with pytest.raises(Complaint, match="no source"):
        aside(settings, "siruup")
