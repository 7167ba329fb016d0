"""Rows of sheets without numbers: which call each is, and what of a cell that nobody understands is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.importing import Counts, keep, read
from bot.settings import Settings
from bot.store import open_engine
from models.call import Call, CallKey
from models.package import SHEET
from models.sources.sheet import told_apart
from tests.papers import book
from tests.rows import OFFICIAL, PHONE, ZONE
from tests.sheets import confirmed, ended
from tests.test_commands import settings_in
from tests.test_importing import brought
from tests.world import World

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ROW: dict[str, Any] = {"title": "Konsumsi rapat kader", "buyer": "Dinas Kesehatan", "places": "Kota Samarinda", "budget": "Rp 9.000.000"}


@pytest.fixture
def settings(sqlite_database: str, tmp_path: Path) -> Settings:
    """The file is there, and migrated."""
    return settings_in(tmp_path)


@pytest.fixture
def session(database: str) -> Any:
    engine = open_engine(database)
    with Session(engine) as made:
        yield made
    engine.dispose()


def taken(session: Session, *rows: dict[str, Any]) -> dict[str, Any]:
    good, bad = read(SHEET, told_apart(rows), ZONE)
    counts = Counts(read=len(rows))
    counts.add(keep(session, SHEET, good, bad, NOW))
    return counts.to_json()


def calls(session: Session) -> list[tuple[str, int | None, list[str]]]:
    return [(call.title, call.budget, call.places) for call in session.exec(select(Call).order_by(Call.id))]  # type: ignore[arg-type]


def test_a_changed_budget_changes_the_call_and_another_place_is_another(session: Session) -> None:
    assert taken(session, ROW)["new"] == 1
    assert taken(session, ROW | {"budget": "Rp 11.000.000"})["changed"] == 1
    assert taken(session, ROW | {"places": "Kota Bontang"})["new"] == 1
    assert calls(session) == [(ROW["title"], 11_000_000, ["64.72"]), (ROW["title"], 9_000_000, ["64.74"])]
    assert taken(session, ROW | {"budget": 11_000_000, "places": "Samarinda (Kota)"})["same"] == 1


def test_rows_that_have_all_that_in_common_are_told_apart_by_their_order(session: Session) -> None:
    twice = (ROW, ROW | {"budget": 4_000_000, "places": "Samarinda"})
    assert taken(session, *twice)["new"] == 2
    assert taken(session, *twice)["same"] == 2
    assert [budget for _, budget, _ in calls(session)] == [9_000_000, 4_000_000]


def test_rows_that_are_the_same_only_once_they_are_cleaned_are_told_apart_too(session: Session) -> None:
    titles = ("Belanja <b>ATK</b>", "Belanja ATK", f"Belanja ATK (PPK {OFFICIAL})")
    rows = [ROW | {"title": title} for title in titles]
    institution = {name: value for name, value in ROW.items() if name != "buyer"} | {"title": "Belanja ATK", "institution": ROW["buyer"]}
    assert taken(session, *rows, institution)["new"] == 4


def test_no_row_is_lost_because_its_hash_looks_like_the_number_of_somebody() -> None:
    rows = [ROW | {"title": f"Konsumsi rapat ke-{at}"} for at in range(3000)]
    good, bad = read(SHEET, rows, ZONE)
    assert (len(good), bad) == (3000, [])


def test_what_the_release_before_knew_by_its_budget_is_the_same_call(session: Session) -> None:
    """The first row that comes for it takes it over; no other does."""
    taken(session, ROW)
    found = session.exec(select(CallKey)).one()
    [(_, package)], _ = read(SHEET, [ROW], ZONE)
    found.number = package.formerly[0][1]
    session.flush()
    told = taken(session, ROW, ROW | {"places": "Kota Bontang"})
    assert (told["same"], told["new"]) == (1, 1)
    assert taken(session, ROW | {"budget": 1})["changed"] == 1 and len(calls(session)) == 2


def test_a_row_of_another_place_does_not_take_over_what_the_release_before_knew(session: Session) -> None:
    taken(session, ROW | {"places": "Kota Bontang"})
    found = session.exec(select(CallKey)).one()
    [(_, package)], _ = read(SHEET, [ROW], ZONE)
    found.number = package.formerly[0][1]
    session.flush()
    assert taken(session, ROW)["new"] == 1, "an officer of Samarinda moves no call of Bontang"
    assert taken(session, ROW | {"places": ""})["same"] == 1 and len(calls(session)) == 2


def test_cells_that_cannot_be_read_are_counted_and_the_row_goes_on(session: Session) -> None:
    told = taken(
        session,
        ROW | {"closes_at": "abc", "budget": "lihat lampiran"},
        ROW | {"title": "Cetak spanduk", "closes_at": f"hubungi {OFFICIAL} {PHONE} segera", "places": "-"},
        ROW | {"title": "Sewa tenda", "closes_at": "minggu depan", "budget": ""},
    )
    assert told["new"] == 3 and told["aside"] == {}
    assert told["unread"] == {"budget": [1, "lihat lampiran"], "closes_at": [2, "abc"]}
    assert "unread" not in taken(session, ROW)


def test_it_is_told_on_the_command_line_and_in_the_chat(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    header = ["Nama Paket", "Satuan Kerja", "Pagu", "Batas Akhir"]
    rows = [["Konsumsi rapat kader", "Dinas Kesehatan", 9_000_000, "abc"], ["Cetak spanduk", "Dinas Kesehatan", 5_000_000, "2026-12-11"]]
    (tmp_path / "a.xlsx").write_bytes(book(header, rows))
    assert brought(settings, "sheet", tmp_path / "a.xlsx", capsys, yes=True)["unread"] == {"closes_at": [1, "abc"]}
    brought_in_words(settings, tmp_path / "a.xlsx", capsys)
    confirmed(world, book(header, rows))
    assert "tidak ada yang disisihkan. Tanggal tutup belum terbaca di 1 baris (contoh: abc)" in ended(world)


def brought_in_words(settings: Settings, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bot.commands.calls import bring

    bring(settings, "sheet", file, zone="", url="", yes=True, as_json=False, columns=())
    assert "1 went in without closes_at, which could not be read: abc" in capsys.readouterr().out
