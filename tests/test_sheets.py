"""Spreadsheets that officers send in a chat: read by their content, shown, mended, and kept from everybody else."""

from __future__ import annotations

import gc
import io
import json
import logging
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot import sheet_intake, sheets
from bot.channels.channel import Inbound
from bot.channels.raw import MOST_BYTES, documented, is_sheet
from bot.rows import cells_of, named, table_of
from bot.sharing import SHARE
from handlers.calls.sheet_columns import mended
from handlers.said import Document, Said
from models.contact import end_office
from models.inbox import Received
from models.sheet import Sheet
from tests.papers import HEADER, PAPERS, ROWS, book
from tests.sheets import confirmed, ended, many, open_sheets, person_of, send, waiting_files
from tests.test_commands import settings_in, talk
from tests.world import World, text_of


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


def test_the_same_file_that_still_waits_gives_way_to_itself(world: World) -> None:
    world.officer("petugas", "64.72")
    file = many(3)
    send(world, "petugas", file)
    assert send(world, "petugas", file).startswith("Ada 3 baris")
    world.say("petugas", "ya")
    assert world.read(open_sheets) == 0


def test_only_the_first_rows_that_were_set_aside_are_listed(world: World) -> None:
    rows = [["", "Dinas Kesehatan"]] * 12
    confirmed(world, book(["Nama Paket", "Satuan Kerja"], rows))
    assert "12 baris dibaca: 12 disisihkan: 12 tanpa nama paket" in ended(world)
    told = text_of(world.tap("petugas", "Yang disisihkan"))
    assert "Baris 11: tanpa nama paket" in told and "Baris 12" not in told and "Dan 2 lagi." in told


def test_another_officer_does_not_see_what_was_set_aside(world: World) -> None:
    confirmed(world, PAPERS["rencana"].content)
    ended(world)
    world.officer("rekan", "64.72")
    assert "Baris" not in text_of(world.press("rekan", world.button("petugas", "Yang disisihkan")))


def test_a_file_that_does_not_arrive_is_asked_for_again(world: World) -> None:
    world.officer("petugas", "64.72")
    world.receive(Inbound("lost", "petugas", Said(kind="file"), {"hex": "no hex"}))
    assert "belum sampai" in text_of(world.hears("petugas"))


def test_a_document_too_large_for_the_platform_is_not_fetched() -> None:
    file = {"file_id": "x", "file_name": "a.xlsx", "file_size": MOST_BYTES + 1}
    said, media = documented(Said(kind="file"), file, "file_id", "file_name")
    assert (said.document, media) == (Document(problem="too_big"), {})
    assert documented(Said(kind="file"), {**file, "file_size": 5}, "file_id", "file_name") == (Said(kind="file"), {"file_id": "x"})


def test_a_sheet_in_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "snack.csv").write_bytes(PAPERS["snack"].content)
    heard = talk(settings_in(tmp_path), f"@{tmp_path / 'snack.csv'}", name="petugas", office="64.72")
    assert "Ada 1 baris" in heard[-1]


def test_a_sheet_in_a_terminal_that_works_alone_is_taken_in_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else would do it before a server runs; a long one is taken in several parts."""
    monkeypatch.setattr(sheet_intake, "AT_ONCE", 25)
    (tmp_path / "panjang.xlsx").write_bytes(many(60))
    heard = talk(settings_in(tmp_path), f"@{tmp_path / 'panjang.xlsx'}", "ya", name="petugas", office="64.72")
    assert "60 baris saya masukkan sekarang" in heard[-1] and "60 baris dibaca: 60 baru" in heard[-1]


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
    assert (columns, rows) == (["Nama Paket", "Nilai"], [(4, ("Konsumsi rapat", "5000000")), (6, ("Spanduk", "7000000"))])
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


def test_a_book_is_read_up_to_a_row() -> None:
    assert len(cells_of(io.BytesIO(many(100)), 20)) == 20


def test_the_search_for_garbage_passes_over_the_rows_of_a_long_sheet() -> None:
    """Each of them looked at, it would hold up everybody for a tenth of a second, several times while one is read."""
    found = [*cells_of(io.BytesIO(many(100))), *table_of("Nama Paket,Pagu\n" + "Konsumsi rapat,5000000\n" * 100)]
    content = "\n".join(json.dumps(one) for one in (["Nama Paket"], *([number, ["Konsumsi rapat"]] for number in range(100)))).encode()
    _, kept = sheets.rows_in(content)
    gc.collect()
    gc.collect()  # what holds others that are passed over is itself from the second time on
    assert [one for one in (*found, *kept) if gc.is_tracked(one)] == []


def test_others_get_their_turn_soon_while_a_sheet_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, seen = sys.getswitchinterval(), list[float]()

    def watched(*given: Any) -> Any:
        seen.append(sys.getswitchinterval())
        if len(seen) == 1:
            sheets.keep(many(1), tmp_path)  # another's, beside it
            seen.append(sys.getswitchinterval())
        return named(*given)

    monkeypatch.setattr(sheets, "named", watched)
    assert sheets.keep(many(3), tmp_path).rows == 3
    assert seen == pytest.approx([SHARE] * 3) and sys.getswitchinterval() == usual > SHARE


def test_a_picture_of_a_list_is_told_what_to_send(small_world: World) -> None:
    small_world.officer("petugas")
    assert "file Excel (.xlsx) atau CSV" in text_of(small_world.photos("petugas", [3], "ini daftar peluangnya"))


def test_an_officer_who_asks_is_not_sent_to_the_officers(small_world: World) -> None:
    small_world.officer("petugas")
    send(small_world, "petugas", many(2))
    heard = text_of(small_world.say("petugas", "itu apa?"))
    assert "Tanya petugas" not in heard and "Sudah pas" in heard
