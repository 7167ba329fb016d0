"""What becomes of the rows of a sheet: taken in once whatever happens, within the officer's region."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot import sheet_intake
from bot.importing import SLICE, read
from bot.sheet_intake import clear_sheets, take_sheets
from models.contact import end_office
from models.feed import SetAside
from models.outbox import Outgoing
from models.sheet import TRIES, sign
from tests.papers import book
from tests.sheets import BUDGETS, calls, confirmed, ended, many, only_sheet, person_of, send, waiting_files
from tests.world import World, text_of


def test_a_sheet_is_taken_in_beside_the_talk_and_its_officer_is_known(world: World) -> None:
    confirmed(world, many(120))
    assert calls(world) == []  # the turn has only noted it down
    assert "120 baris dibaca: 120 baru, tidak ada yang disisihkan" in ended(world)
    sheet, found = only_sheet(world), calls(world)
    assert (sheet.taken, sheet.total, len(found)) == (120, 120, 120)
    assert {call.created_by for call in found} == {sheet.officer_id} == {world.read(lambda session: person_of(session, "petugas"))}
    assert [call.budget for call in found] == list(BUDGETS) and {call.region for call in found} == {"64.72"}
    assert ended(world) == ""


def test_an_update_by_somebody_else_leaves_who_brought_the_call(world: World) -> None:
    confirmed(world, many(3))
    ended(world)
    first = {call.created_by for call in calls(world)}
    world.officer("rekan", "64")
    send(world, "rekan", many(4))
    world.tap("rekan", "Ya, masukkan")
    ended(world)
    assert [call.created_by in first for call in calls(world)] == [True, True, True, False]


class Killed(BaseException):
    """What ends a process is no Exception that somebody catches."""


def test_a_kill_between_two_slices_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(world, many(120))
    seen: list[int] = []

    def dying(source: str, rows: Sequence[Any], *more: Any) -> Any:
        seen.append(len(rows))
        if len(seen) == 2:
            raise Killed
        return read(source, rows, *more)

    monkeypatch.setattr(sheet_intake, "read", dying)
    with pytest.raises(Killed):
        world.do(take_sheets(world.app))
    assert (only_sheet(world).taken, len(calls(world))) == (SLICE, SLICE)
    assert "120 baris dibaca: 120 baru" in ended(world)
    assert seen == [25, 25, 25, 25, 25, 20] and len({call.source_id for call in calls(world)}) == 120


def test_a_slice_that_is_rolled_back_leaves_nothing_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(world, many(60))
    fails = iter([True])

    def dying(*given: Any) -> None:
        sign(*given)
        if next(fails, False):
            raise RuntimeError("in the middle of the transaction")

    monkeypatch.setattr(sheet_intake, "sign", dying)
    assert ended(world) == ""
    assert (only_sheet(world).taken, calls(world)) == (0, [])
    assert "60 baris dibaca: 60 baru" in ended(world)
    assert len(calls(world)) == 60


def test_a_real_kill_in_the_middle(sqlite_database: str, tmp_path: Path) -> None:
    """Another process takes the sheet, and ends without a word after its first slice."""
    with World(sqlite_database, tmp_path / "media") as world:
        confirmed(world, many(120))
    ending = """
import os, sys
from pathlib import Path
from bot import sheet_intake
from tests.world import World
read, seen = sheet_intake.read, []
def dying(*given):
    seen.append(given)
    if len(seen) == 2:
        os._exit(9)
    return read(*given)
sheet_intake.read = dying
with World(sys.argv[1], Path(sys.argv[2])) as world:
    world.do(sheet_intake.take_sheets(world.app))
"""
    asked = [sys.executable, "-c", ending, sqlite_database, str(tmp_path / "media")]
    told = subprocess.run(asked, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, timeout=60, capture_output=True, check=False)
    assert told.returncode == 9, told.stderr
    with World(sqlite_database, tmp_path / "media") as world:
        assert len(calls(world)) == SLICE
        assert "120 baris dibaca: 120 baru" in ended(world)
        assert len(calls(world)) == 120


def test_two_processes_at_once_take_a_slice_once(world: World) -> None:
    confirmed(world, many(120))

    async def both() -> None:
        await asyncio.gather(take_sheets(world.app), take_sheets(world.app))

    world.do(both())
    while only_sheet(world).ended_at is None:
        world.do(take_sheets(world.app))
    told = text_of(world.hears("petugas"))
    assert told.count("File peluang") == 1 and "120 baris dibaca: 120 baru" in told
    assert len(calls(world)) == 120


def test_a_long_sheet_leaves_room_for_others_between_its_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_intake, "AT_ONCE", 50)
    confirmed(world, many(120))
    send(world, "petugas", many(2))
    world.tap("petugas", "Ya, masukkan")
    assert "2 baris dibaca: 2 tetap" in ended(world) and len(calls(world)) == 50
    assert ended(world) == ""
    assert "120 baris dibaca: 120 baru" in ended(world)


def test_whoever_comes_late_to_a_sheet_that_has_ended_tells_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(world, many(3))
    found = only_sheet(world).id
    assert "3 baru" in ended(world)
    monkeypatch.setattr(sheet_intake, "waiting_sheets", lambda _: [found])
    assert ended(world) == ""


def test_what_does_not_get_on_is_given_up_and_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(world, many(60))

    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(sheet_intake, "rows_in", broken)
    assert [ended(world) for _ in range(TRIES)] == [""] * TRIES
    told = ended(world)
    assert "belum selesai" in told and "0 baris sudah masuk" in told and "gangguan di tempat kami" in told
    assert not waiting_files(world)


def test_rows_that_waited_for_too_long_are_gone_and_it_is_told(world: World) -> None:
    world.officer("petugas", "64.72")
    send(world, "petugas", many(3))
    [file] = world.app.settings.media_dir.glob("lembar-*")
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    assert clear_sheets(world.app.media, at + timedelta(days=6)) == 0
    assert clear_sheets(world.app.media, at + timedelta(days=8)) == 1
    world.tap("petugas", "Ya, masukkan")
    assert "terhapus karena lama menunggu" in ended(world)


def test_whoever_is_no_officer_any_more_takes_nothing_in(world: World) -> None:
    confirmed(world, many(3))
    world.write(lambda session: end_office(session, person_of(session, "petugas"), "64.72"))
    assert "Tugas petugas di sini sudah berakhir" in ended(world)
    assert calls(world) == [] and not waiting_files(world)


def test_an_officer_of_a_kabupaten_brings_calls_of_the_own_region_only(world: World) -> None:
    rows = [
        ["A", "Konsumsi rapat kader", "Dinas Kesehatan", "Kota Bontang"],
        ["B", "Cetak spanduk imunisasi", "Dinas Kesehatan", "Kota Samarinda"],
        ["C", "Sewa tenda upacara", "Dinas Pendidikan Provinsi Kalimantan Timur", ""],
        ["D", "Servis AC ruang rapat", "Bagian Umum", ""],
        ["E", "Belanja kertas HVS", "Bagian Umum", "Kota Samarinda; Kota Bontang"],
    ]
    confirmed(world, book(["Nomor", "Nama Paket", "Satuan Kerja", "Lokasi"], rows))
    told = ended(world)
    assert "di luar wilayah petugas" in told
    assert [(call.title[:5], call.region) for call in calls(world)] == [("Cetak", "64.72"), ("Servi", "64.72")]
    asides = world.read(lambda session: [row.reason for row in session.exec(select(SetAside))])
    assert asides == ["elsewhere"] * 3


def test_a_call_of_another_region_is_not_changed_by_its_number(world: World) -> None:
    header = ["Nomor", "Nama Paket", "Pagu", "Lokasi"]
    world.officer("jauh", "64.74")
    send(world, "jauh", book(header, [["P-1", "Konsumsi rapat kader", 9_000_000, "Kota Bontang"]]))
    world.tap("jauh", "Ya, masukkan")
    ended(world)
    confirmed(world, book(header, [["P-1", "Konsumsi rapat kader", 1_000_000, "Kota Samarinda"]]))
    assert "1 di luar wilayah petugas" in ended(world)
    assert [(call.budget, call.region) for call in calls(world)] == [(9_000_000, "64.74")]


def test_links_lead_only_where_an_officers_words_may(world: World) -> None:
    rows = [["Konsumsi rapat kader", "https://sirup.inaproc.id/a"], ["Cetak spanduk imunisasi", "https://hadiah.example/a"]]
    confirmed(world, book(["Nama Paket", "Tautan"], rows))
    ended(world)
    assert [call.link for call in calls(world)] == ["https://sirup.inaproc.id/a", ""]


def test_the_result_is_pushed_to_where_the_file_came_from(world: World) -> None:
    confirmed(world, many(2))
    world.do(take_sheets(world.app))

    def pushed(session: Session) -> list[tuple[Any, str]]:
        rows = session.exec(select(Outgoing).where(col(Outgoing.subject).startswith("sheet:")))
        return [(row.address_id, (row.message or {})["key"]) for row in rows]

    assert world.read(pushed) == [(only_sheet(world).address_id, "sheet.done")]
