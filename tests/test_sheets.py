"""Spreadsheets that officers send in a chat: read by their content, taken in once whatever happens, within the officer's region."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot import sheet_intake, sheets
from bot.channels.channel import Inbound
from bot.channels.raw import is_sheet
from bot.importing import read
from bot.rows import cells_of
from bot.sheet_intake import clear_sheets, take_sheets
from handlers.calls.sheet_columns import mended
from handlers.said import Document, Said
from models.call import Call
from models.contact import Address, end_office
from models.feed import SetAside
from models.inbox import Received
from models.outbox import Outgoing
from models.sheet import TRIES, Sheet, sign
from tests.papers import HEADER, PAPERS, ROWS, book
from tests.world import World, text_of

numbers = count(1)
BUDGETS = range(5_000_000, 5_000_120)


def send(world: World, name: str, content: bytes, text: str = "") -> str:
    world.receive(Inbound(f"d{next(numbers)}", name, Said(kind="file", text=text), {"hex": content.hex()}))
    return text_of(world.hears(name))


def many(n: int, place: str = "Kota Samarinda") -> bytes:
    rows = [[at, f"Konsumsi rapat ke-{at}", "Dinas Kesehatan", budget, place] for at, budget in enumerate(BUDGETS[:n], 1)]
    return book(["No", "Nama Paket", "Satuan Kerja", "Pagu", "Lokasi"], rows)


def confirmed(world: World, content: bytes, region: str = "64.72") -> None:
    world.officer("petugas", region)
    send(world, "petugas", content)
    assert "saya masukkan sekarang" in text_of(world.tap("petugas", "Ya, masukkan"))


def calls(world: World) -> list[Call]:
    return world.read(lambda session: list(session.exec(select(Call).order_by(col(Call.id)))))


def only_sheet(world: World) -> Sheet:
    return world.read(lambda session: session.exec(select(Sheet)).one())


def person_of(session: Session, name: str) -> int:
    return session.exec(select(Address.person_id).where(Address.address == name)).one()


def ended(world: World) -> str:
    world.do(take_sheets(world.app))
    return text_of(world.hears("petugas"))


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

    def dying(source: str, rows: Sequence[Any], zone: str) -> Any:
        seen.append(len(rows))
        if len(seen) == 2:
            raise Killed
        return read(source, rows, zone)

    monkeypatch.setattr(sheet_intake, "read", dying)
    with pytest.raises(Killed):
        world.do(take_sheets(world.app))
    assert (only_sheet(world).taken, len(calls(world))) == (50, 50)
    assert "120 baris dibaca: 120 baru" in ended(world)
    assert seen == [50, 50, 50, 20] and len({call.source_id for call in calls(world)}) == 120


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
        assert len(calls(world)) == 50
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


def test_what_does_not_get_on_is_given_up_and_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(world, many(60))

    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(sheet_intake, "rows_in", broken)
    assert [ended(world) for _ in range(TRIES)] == [""] * TRIES
    told = ended(world)
    assert "belum selesai" in told and "0 baris sudah masuk" in told and "gangguan di tempat kami" in told
    assert not waiting_files(world)


def waiting_files(world: World) -> list[str]:
    return [file.name for file in world.app.settings.media_dir.glob("lembar-*")]


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


def test_a_yes_of_somebody_who_is_no_officer_any_more(world: World) -> None:
    world.officer("petugas", "64.72")
    send(world, "petugas", many(3))
    world.write(lambda session: end_office(session, person_of(session, "petugas"), "64.72"))
    world.tap("petugas", "Ya, masukkan")
    assert world.read(lambda session: session.exec(select(Sheet)).all()) == []


def test_what_nobody_but_an_officer_sends_is_neither_fetched_nor_kept(world: World) -> None:
    world.say("siti", "halo")
    world.tap("siti", "Setuju")
    world.say("siti", "Bu Siti")
    said = send(world, "siti", PAPERS["rencana"].content)
    assert "belum bisa saya baca" in said and "Boleh kirim foto produknya" in said
    rows = world.read(lambda session: session.exec(select(Received).where(col(Received.external_id).startswith("d"))).all())
    assert [(row.status, row.media) for row in rows][-1] == ("done", {})
    assert not waiting_files(world)


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


def test_people_in_a_sheet_are_neither_shown_nor_kept(world: World) -> None:
    world.officer("petugas", "64.72")
    assert "Nama PPK" not in send(world, "petugas", PAPERS["rencana"].content)
    [file] = world.app.settings.media_dir.glob("lembar-*")
    assert "Konsumsi rapat" in file.read_text() and "Budi" not in file.read_text() and "PPK" not in file.read_text()
    world.tap("petugas", "Ya, masukkan")
    ended(world)
    assert not waiting_files(world)


def test_neither_words_nor_names_of_a_file_reach_the_log(small_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    confirmed(small_world, PAPERS["rencana"].content)
    ended(small_world)
    send(small_world, "petugas", PAPERS["damaged"].content)
    said = "".join(capsys.readouterr())
    assert not any(word in said for word in ("Konsumsi", "Rencana", "Pagu", "Budi", "lembar-"))


def test_columns_that_were_confirmed_are_known_in_the_next_sheet(world: World) -> None:
    confirmed(world, PAPERS["rencana"].content)
    ended(world)
    world.officer("rekan", "64.72")
    send(world, "rekan", book(HEADER, ROWS[:1]))
    world.say("rekan", "nilai = Harga Satuan")
    world.tap("rekan", "Ya, masukkan")
    assert "Nilai: Harga Satuan, contoh Rp120.000" in send(world, "rekan", book(HEADER, ROWS[1:2]))


def test_a_draft_of_a_sheet_goes_on_after_something_else(world: World) -> None:
    world.officer("petugas", "64.72")
    send(world, "petugas", many(3))
    world.say("petugas", "menu")
    assert "Ada 3 baris" in text_of(world.say("petugas", "lanjut"))
    world.say("petugas", "iya")
    assert "3 baru" in ended(world)


def test_a_file_that_is_delivered_again_is_one(world: World) -> None:
    world.officer("petugas", "64.72")
    inbound = Inbound("once", "petugas", Said(kind="file"), {"hex": many(3).hex()})
    world.receive(inbound)
    assert "Ada 3 baris" in text_of(world.hears("petugas"))
    world.receive(inbound)
    assert world.hears("petugas") == []
    assert len(waiting_files(world)) == 1


@pytest.mark.parametrize(
    ("name", "problem"),
    [("old", "old"), ("locked", "locked"), ("empty", "empty"), ("damaged", "damaged"), ("web", "not_a_sheet"), ("long", "too_long"),
     ("heavy", "too_big"), ("pdf", "not_a_sheet"), ("rencana", ""), ("snack", ""), ("untitled", "")],
)  # fmt: skip
def test_what_a_file_is_is_told_by_its_content(name: str, problem: str, tmp_path: Path) -> None:
    assert sheets.keep(PAPERS[name].content, tmp_path).problem == problem
    assert len(list(tmp_path.iterdir())) == (0 if problem else 1)


def test_a_packed_file_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (sheets.MOST_UNPACKED + 1))
    assert len(made.getvalue()) < sheets.MOST_BYTES
    assert sheets.keep(made.getvalue(), tmp_path).problem == "too_big"


def test_a_packed_file_of_another_kind_is_no_sheet(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    assert sheets.keep(made.getvalue(), tmp_path).problem == "not_a_sheet"


def test_rows_keep_their_numbers_and_what_is_empty_does_not_count(tmp_path: Path) -> None:
    content = "Rencana 2026;;\n;;\nNama Paket;Nilai;NIP\nKonsumsi rapat;5000000;1\n;;\nSpanduk;7000000;2\n"
    found = sheets.keep(content.encode("cp1252"), tmp_path)
    columns, rows = sheets.rows_in((tmp_path / found.name).read_bytes())
    assert (columns, rows) == (["Nama Paket", "Nilai"], [(4, ["Konsumsi rapat", "5000000"]), (6, ["Spanduk", "7000000"])])
    assert (found.rows, found.examples, found.guessed) == (2, ("Konsumsi rapat", "5000000"), {"Nama Paket": "title", "Nilai": "budget"})


def test_a_document_is_kept_with_what_was_said() -> None:
    said = Said(kind="file", document=Document("lembar-1.jsonl", "d", "h", 2, ("A", "B"), ("1", ""), {"A": "title"}))
    assert Said.from_json(json.loads(json.dumps(said.to_json()))) == said


@pytest.mark.parametrize(
    ("text", "field", "place"),
    [("nilai = Pagu Total", "budget", 2), ("kolom nilai itu pagu total", "budget", 2), ("nama paket di kolom uraian", "title", 3),
     ("pagu = Nilai", "budget", 4), ("closing date: Batas", "closes_at", 5), ("dinas pakai kolom Satker", "buyer", 6)],
)  # fmt: skip
def test_words_that_mend_a_column(text: str, field: str, place: int) -> None:
    assert mended(text, ["Kegiatan", "Pagu Total", "Uraian", "Nilai", "Batas", "Satker"]) == (field, place)


@pytest.mark.parametrize("text", ["hmm", "Uraian", "nilai", "nilai = lain", ""])
def test_words_that_mend_nothing(text: str) -> None:
    assert mended(text, ["Kegiatan", "Pagu Total", "Uraian"]) is None


@pytest.mark.parametrize(("name", "kind", "worth"), [
    ("a.XLSX", "", True), ("a", "text/csv", True), ("a.csv", "application/octet-stream", True), ("a.xls", "application/vnd.ms-excel", True),
    ("a.pdf", "application/pdf", False), ("xlsx", "", False), ("a.mp4", "video/mp4", False),
])  # fmt: skip
def test_what_is_worth_fetching(name: str, kind: str, worth: bool) -> None:
    assert is_sheet(name, kind) is worth


def test_the_result_is_pushed_to_where_the_file_came_from(world: World) -> None:
    confirmed(world, many(2))
    world.do(take_sheets(world.app))

    def pushed(session: Session) -> list[tuple[Any, str]]:
        rows = session.exec(select(Outgoing).where(col(Outgoing.subject).startswith("sheet:")))
        return [(row.address_id, (row.message or {})["key"]) for row in rows]

    assert world.read(pushed) == [(only_sheet(world).address_id, "sheet.done")]


def test_a_book_is_read_up_to_a_row() -> None:
    assert len(cells_of(io.BytesIO(many(100)), 20)) == 20
