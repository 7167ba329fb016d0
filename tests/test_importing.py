"""`./run calls import` and `export`: files of every kind through the socket's routes, counted so that nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import Session, col, select

from bot.commands.calls import bring, export
from bot.ownership import Complaint
from bot.settings import Settings
from bot.store import open_engine
from models.call import Call
from models.feed import Columns, SetAside
from tests.rows import NIP, OFFICIAL, cells, funds, nontender, place, record, release, rup, shared, sirup, tender
from tests.test_commands import settings_in
from tests.test_run import environment, lapak, running

__all__ = ["environment", "running"]


@pytest.fixture
def settings(sqlite_database: str, tmp_path: Path) -> Settings:
    """The file is there, and migrated."""
    return settings_in(tmp_path)


def brought(settings: Settings, source: str, file: Path, capsys: pytest.CaptureFixture[str], **more: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"zone": "", "url": "", "yes": False, "as_json": True, "columns": ()} | more
    bring(settings, source, file, **asked)
    told: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["read"] == sum(told[name] for name in ("new", "changed", "merged", "same")) + sum(told["aside"].values())
    return told


def written(folder: Path, name: str, rows: Any) -> Path:
    (folder / name).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return folder / name


def all_calls(settings: Settings) -> list[Call]:
    engine = open_engine(settings.database_url, read_only=True)
    with Session(engine) as session:
        return list(session.exec(select(Call).order_by(col(Call.id))))


def test_beside_a_running_server_it_is_the_server_that_takes_them(
    running: tuple[Any, str], environment: dict[str, str], tmp_path: Path
) -> None:
    file = written(tmp_path, "rows.json", [rup(at) for at in range(1, 701)])
    told = [lapak(environment, "calls", "import", "inaproc-rup", str(file), "--json") for _ in range(2)]
    assert [done.returncode for done in told] == [0, 0], told[0].stderr
    assert [json.loads(done.stdout)[name] for done, name in zip(told, ("new", "same"), strict=True)] == [700, 700]
    out = lapak(environment, "calls", "export", "--ocds")
    assert len(json.loads(out.stdout)["releases"]) == 700


ANSWERS: dict[str, tuple[str, Any]] = {
    "api.json": ("inaproc-rup", {"success": True, "data": [rup()], "meta": {"has_more": False}}),
    "table.json": ("spse", {"draw": 1, "recordsTotal": 1, "data": [cells()["cells"]]}),
    "search.json": ("sirup", {"recordsFiltered": 1, "data": [sirup(61000055)]}),
    "package.json": ("ocds", {"uri": "x", "version": "1.1", "releases": [release()]}),
    "records.json": ("ocds", {"uri": "x", "version": "1.1", "records": [{"ocid": "ocds-9", "compiledRelease": release("ocds-9")}]}),
    "one.json": ("ocds", release("ocds-7")),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_files_as_the_interfaces_give_them(name: str, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, answer = ANSWERS[name]
    file = written(tmp_path, name, answer)
    assert brought(settings, source, file, capsys)["new"] == 1
    assert brought(settings, source, file, capsys)["same"] == 1
    assert len(all_calls(settings)) == 1


def test_lines_of_json_and_csv(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "rows.jsonl"
    lines.write_text("\n".join(json.dumps(rup(at)) for at in (1, 2, 3)) + "\n", encoding="utf-8")
    assert brought(settings, "inaproc-rup", lines, capsys)["new"] == 3
    table = tmp_path / "rows.csv"
    with table.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.DictWriter(out, list(rup()), delimiter=";")
        writer.writeheader()
        writer.writerows([rup(3, status_aktif_rup="true", status_delete_rup="false"), rup(4)])
    told = brought(settings, "inaproc-rup", table, capsys)
    assert (told["new"], told["same"]) == (1, 1)


def test_one_bad_row_holds_up_nothing_and_its_reason_is_counted(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        rup(1),
        rup(0),
        "not a row",
        ["a", "b"],
        None,
        5,
        rup(2, nama_paket=None),
        rup(3, pagu={"odd": 1}),
        funds(99),
        rup(4, kolom_baru=1),
    ]
    file = written(tmp_path, "rows.json", rows)
    first = brought(settings, "inaproc-rup", file, capsys)
    assert (first["read"], first["new"]) == (10, 3) and first["aside"] == {"no_number": 5, "no_package": 1, "no_title": 1}
    assert "kolom_baru" in first["columns"]["unknown"]
    second = brought(settings, "inaproc-rup", file, capsys)
    assert second["same"] == 3 and second["aside"] == first["aside"]
    engine = open_engine(settings.database_url, read_only=True)
    with Session(engine) as session:
        assert {row.reason for row in session.exec(select(SetAside))} == set(first["aside"])
    mended = written(tmp_path, "mended.json", [rup(2), rup(99)])
    brought(settings, "inaproc-rup", mended, capsys)
    with Session(engine) as session:
        assert {row.reason for row in session.exec(select(SetAside))} == {"no_number"}
    assert all_calls(settings)[-1].funds == ["APBD"]


def test_what_was_read_is_told_in_words(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = {("nama_paket_pengadaan" if name == "nama_paket" else name): value for name, value in rup().items()}
    file = written(tmp_path, "rows.json", [changed, {**changed, "kd_rup": None}])
    bring(settings, "inaproc-rup", file, zone="", url="", yes=False, as_json=False, columns=())
    said = capsys.readouterr().out
    assert "rows.json: 2 read" in said and "1 new, 0 changed" in said and "1 set aside: no_number" in said
    assert "renamed columns: nama_paket -> nama_paket_pengadaan" in said


def test_what_is_no_file_of_rows_is_explained(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "page.json").write_text("<html>blocked</html>")
    (tmp_path / "text.json").write_text('"hello"')
    (tmp_path / "broken.xlsx").write_bytes(b"PK no")
    asked: dict[str, Any] = {"zone": "", "url": "", "yes": True, "as_json": True, "columns": ()}
    for source, name, why in (
        ("inaproc-rup", "page.json", "no JSON"), ("inaproc-rup", "text.json", "no rows"), ("sheet", "broken.xlsx", "cannot be read"),
        ("sheet", "nowhere.csv", "No such file"), ("siruup", "page.json", "one of: inaproc-nontender"),
    ):  # fmt: skip
        with pytest.raises(Complaint, match=why):
            bring(settings, source, tmp_path / name, **asked)


HEADER = ["No", "Nama Paket Pekerjaan", "Perangkat Daerah", "Pagu (Rp)", "Metode", "Batas Akhir", "Lokasi", "Nama PPK", "NIP"]
LINES = [
    [1, "Konsumsi rapat koordinasi 200 kotak", "Dinas Kesehatan Kota Samarinda", "Rp 18.500.000", "Pengadaan Langsung",
     "30 Desember 2099 15:00", "Samarinda (Kota)", OFFICIAL, NIP],
    [2, "Cetak spanduk dan banner", "Kecamatan Sungai Pinang", 7_500_000, "E-Purchasing", "2099-12-28", "Samarinda", OFFICIAL, NIP],
]  # fmt: skip


def sheet(file: Path, header: list[str], lines: list[list[Any]]) -> Path:
    """With a heading above the names of the columns, as offices write them."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["RENCANA PENGADAAN 2099"])
    page.append([])
    for line in (header, *lines):
        page.append(line)
    book.save(file)
    return file


def test_columns_of_a_sheet_are_guessed_shown_confirmed_and_remembered(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sheet(tmp_path / "rencana.xlsx", HEADER, LINES)
    asked: dict[str, Any] = {"zone": "", "url": "", "as_json": False, "columns": ()}
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\ny\n"))
    with pytest.raises(Complaint, match="--column"):
        bring(settings, "sheet", file, yes=False, **asked)
    assert not all_calls(settings)
    bring(settings, "sheet", file, yes=False, **asked)
    said = capsys.readouterr().out
    assert "Konsumsi rapat koordinasi" in said and "left out" in said and OFFICIAL not in said and NIP not in said
    bring(settings, "sheet", sheet(tmp_path / "baru.xlsx", HEADER, LINES), yes=False, **asked)
    assert "0 new, 0 changed, 0 merged, 2 same" in capsys.readouterr().out
    first, second = all_calls(settings)
    assert (first.title, first.budget, first.method, first.region) == (
        "Konsumsi rapat koordinasi 200 kotak",
        18_500_000,
        "langsung",
        "64.72",
    )
    assert first.closes_at is not None and first.closes_at.isoformat() == "2099-12-30T07:00:00+00:00" and first.status == "active"
    assert second.budget == 7_500_000 and second.etalase == ["cetak"] and second.method == "epurchasing"
    engine = open_engine(settings.database_url, read_only=True)
    with Session(engine) as session:
        assert session.exec(select(Columns)).one().fields["Pagu (Rp)"] == "budget"


def test_columns_without_a_telling_name_are_known_by_what_stands_below(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "data.csv"
    table.write_text(
        "A;B;C;D\n"
        "Konsumsi rapat koordinasi;Dinas Kesehatan;18.500.000;30/12/2099\n"
        "Cetak spanduk dan banner;Kecamatan Sungai Pinang;7.500.000;28/12/2099\n",
        encoding="cp1252",
    )
    assert brought(settings, "sheet", table, capsys, yes=True)["new"] == 2
    found = all_calls(settings)[0]
    assert (found.title, found.buyer, found.budget) == ("Konsumsi rapat koordinasi", "Dinas Kesehatan", 18_500_000) and found.closes_at


def test_a_wrong_guess_is_put_right(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "data.csv"
    table.write_text("Nama Paket,Kebutuhan\nPaket 1 tahap pertama,Nasi kotak rapat\n", encoding="utf-8")
    brought(settings, "sheet", table, capsys, yes=True, columns=["Kebutuhan=title", "Nama Paket="])
    assert all_calls(settings)[0].title == "Nasi kotak rapat"
    with pytest.raises(Complaint, match="there is no column"):
        brought(settings, "sheet", table, capsys, yes=True, columns=["Nama=title"])
    with pytest.raises(Complaint, match="NAME=FIELD"):
        brought(settings, "sheet", table, capsys, yes=True, columns=["Kebutuhan=judul"])


def test_an_export_goes_back_in_as_the_same(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {
        "inaproc-rup": [rup(), funds(), place(), rup(61000002)],
        "inaproc-tender": [tender()],
        "inaproc-nontender": [nontender(plan="5"), record(plan="6")],
    }
    for source, told in rows.items():
        brought(settings, source, written(tmp_path, "rows.json", told), capsys)
    out = tmp_path / "out.json"
    export(settings, out)
    told = json.loads(out.read_text(encoding="utf-8"))
    assert len(told["releases"]) == len(all_calls(settings)) == 4
    first = brought(settings, "ocds", out, capsys)
    assert (first["new"], first["merged"], first["changed"]) == (0, 4, 0)
    assert brought(settings, "ocds", out, capsys)["same"] == 4
    export(settings, None)
    assert json.loads(capsys.readouterr().out)["version"] == "1.1"


FILES = {
    "rup_paket_penyedia_terumumkan.json": ("inaproc-rup", {}),
    "rup_paket_anggaran_penyedia.json": ("inaproc-rup", {"no_package": 25}),
    "rup_paket_penyedia_lokasi.json": ("inaproc-rup", {"no_package": 25}),
    "spse_tender_pengumuman.json": ("inaproc-tender", {}),
    "spse_nontender_pengumuman.json": ("inaproc-nontender", {}),
    "spse_pencatatan_nontender.json": ("inaproc-nontender", {}),
    "spse_datatables_kaltim.json": ("spse", {}),
    "ekatalog_v6_paket_epurchasing.json": ("inaproc-rup", {"purchase": 200}),
    "bela_toko_daring_realisasi.json": ("inaproc-rup", {"purchase": 2}),
    "rup_struktur_anggaran_pd.json": ("inaproc-rup", {"no_number": 165}),
    "rup_master_kabkota.json": ("inaproc-rup", {"no_number": 25}),
}
"""Every file of real rows, the source it is of, and what of it is set aside when it is brought in first and alone."""


@pytest.mark.parametrize("name", FILES)
def test_real_rows_are_all_accounted_for(name: str, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    source, aside = FILES[name]
    file = shared(name)
    first = brought(settings, source, file, capsys)
    assert first["aside"] == aside and first["new"] + first["merged"] == first["read"] - sum(aside.values())
    second = brought(settings, source, file, capsys)
    assert second["same"] == first["read"] - sum(aside.values()) and second["aside"] == aside
    assert len(all_calls(settings)) == first["new"]


def test_no_file_of_real_rows_is_left_out() -> None:
    assert {file.name for file in shared("spse_tender_pengumuman.json").parent.iterdir()} == set(FILES)


def test_real_rows_of_all_files_together(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Plans and their announcements meet; a second time nothing changes; nobody is told of what is over."""
    told = {name: brought(settings, source, shared(name), capsys) for name, (source, _) in FILES.items()}
    assert sum(one["merged"] for one in told.values()) == 3 and sum(one["changed"] for one in told.values()) == 0
    again = {name: brought(settings, source, shared(name), capsys) for name, (source, _) in FILES.items()}
    assert not any(one["new"] or one["changed"] for one in again.values()) and sum(one["merged"] for one in again.values()) <= 2
    found = all_calls(settings)
    assert len(found) == 972 and not [call for call in found if call.status in ("active", "planned") and call.opens_at]


@pytest.mark.parametrize("size", [2000])
def test_thousands_of_rows_take_seconds(size: int, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Well under a minute for 5,000 on either engine, also on a machine that is busy; alone it takes three seconds."""
    settings = Settings(_env_file=None, database_url=database, media_dir=tmp_path / "media")  # type: ignore[call-arg]
    kinds = ("Nasi kotak", "Cetak spanduk", "Alat tulis kantor", "Kursi rapat", "Seragam batik", "Sewa tenda")
    rows = [rup(1_000_000 + at, nama_paket=f"{kinds[at % 6]} kegiatan {at}", pagu=1_000_000 + at) for at in range(size)]
    file = written(tmp_path, "rows.json", rows)
    took = []
    for outcome in ("new", "same"):
        began = time.perf_counter()
        assert brought(settings, "inaproc-rup", file, capsys)[outcome] == size
        took.append(time.perf_counter() - began)
    assert max(took) < 60 * size / 5000, took
