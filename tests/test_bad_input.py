"""Files and rows that are broken: what can be read goes in, the rest is set aside with its reason, and no file ends in a traceback."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.commands.calls import bring
from bot.feeds.fetching import Answer, Trouble
from bot.importing import keep, read
from bot.json_rows import NoRows, rows_in
from bot.ownership import Complaint
from bot.settings import Settings
from bot.sheets import keep as keep_sheet
from bot.store import open_engine
from models.feed import SetAside
from tests.rows import ZONE, rup
from tests.test_commands import settings_in
from tests.test_door import NOW
from tests.test_importing import all_calls, brought
from tests.test_run import environment, lapak, running

__all__ = ["environment", "running"]

DEEP = "[" * 100_000
MIDDLING: Any = 1
for _ in range(200):
    MIDDLING = [MIDDLING]
ODD = {
    "odd_number": [
        rup(2, pagu=float("nan")),
        rup(3, pagu=float("inf")),
        rup(8, pagu=10**400, nama_paket=""),
        {"kd_rup": 4, "bersarang": [{"a": float("-inf")}]},
    ],
    "odd_letters": [rup(5, nama_paket="Kursi \ud83d rapat"), {"kd_rup\ud800": 6}],
    "too_deep": [rup(7, spesifikasi_pekerjaan=MIDDLING)],
}


@pytest.fixture
def settings(sqlite_database: str, tmp_path: Path) -> Settings:
    """The file is there, and migrated."""
    return settings_in(tmp_path)


def asked(settings: Settings, source: str, file: Path, zone: str = "") -> None:
    bring(settings, source, file, zone=zone, url="", yes=True, as_json=True, columns=())


def written(folder: Path, text: str | bytes, name: str = "rows.json") -> Path:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / name


def test_a_row_with_something_odd_in_it_is_set_aside(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [rup(1), *(row for odd in ODD.values() for row in odd), rup(9)]
    told = brought(settings, "inaproc-rup", written(tmp_path, json.dumps(rows)), capsys)
    assert told["new"] == 2 and told["aside"] == {reason: len(odd) for reason, odd in ODD.items()}
    assert brought(settings, "inaproc-rup", tmp_path / "rows.json", capsys)["aside"] == told["aside"]


def test_beside_a_running_server_too(running: tuple[Any, str], environment: dict[str, str], tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps([rup(1), *ODD["odd_number"], *ODD["odd_letters"]]))
    done = lapak(environment, "calls", "import", "inaproc-rup", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["aside"] == {"odd_letters": 2, "odd_number": 4}


def test_either_database_keeps_what_is_set_aside(database: str) -> None:
    """Also where it came before anybody looked for it: a number that is none is kept as nothing."""
    rows = [row for odd in ODD.values() for row in odd]
    engine = open_engine(database)
    with Session(engine) as session:
        good, bad = read("inaproc-rup", rows, ZONE)
        assert not good
        keep(session, "inaproc-rup", [], bad, NOW)
        session.commit()
        kept = {row.number: row.row for row in session.exec(select(SetAside))}
    engine.dispose()
    assert kept["2"]["pagu"] is None and kept["3"]["nama_paket"] and "\ud83d" not in kept["5"]["nama_paket"]


def test_a_line_that_is_broken_holds_up_no_other(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps(rup(1)), DEEP, '{"kd_rup": 2, "nama_', json.dumps(rup(3)), json.dumps(rup(4))]
    told = brought(settings, "inaproc-rup", written(tmp_path, "\n".join(lines), "rows.jsonl"), capsys)
    assert told["new"] == 3 and told["aside"] == {"no_json": 1, "too_deep": 1}
    assert told["columns"]["unknown"] == []


def test_a_broken_line_of_a_sheet_too(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.dumps({"Nama Paket": f"Konsumsi rapat {at}"}) for at in (1, 2)]
    told = brought(settings, "sheet", written(tmp_path, "\n".join([*lines, DEEP]), "rows.jsonl"), capsys, yes=True)
    assert (told["new"], told["aside"]) == (2, {"too_deep": 1})


@pytest.mark.parametrize("around", ["[%s]", '{"success": true, "data": [%s], "meta": {}}', ' {"meta": {"of": [1]}, "rows" : [%s]}'])
def test_a_row_in_a_list_that_has_no_end_holds_up_no_other(around: str) -> None:
    rows = [json.dumps(rup(1, nama_paket='a, ] " b')), '{"a": ' + DEEP + "]" * 100_000 + "}", json.dumps(rup(3))]
    found = rows_in(around % ", ".join(rows))
    assert [row.get("kd_rup") for row in found] == [1, None, 3]
    good, bad = read("inaproc-rup", found, ZONE)
    assert len(good) == 2 and [reason for _, _, reason in bad] == ["too_deep"]


def test_a_release_that_has_no_end_holds_up_no_other() -> None:
    releases = ['{"ocid": "ocds-1"}', '{"a": ' + "[" * 50_000 + "]" * 50_000 + "}", '{"ocid": "ocds-3"}']
    found = rows_in('{"publisher": {"name": "x"}, "extensions": ["y"], "releases": [' + ", ".join(releases) + "]}")
    assert [row.get("ocid") for row in found] == ["ocds-1", None, "ocds-3"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (DEEP, "nested too deep|no JSON"), ("<html>", "no JSON"), ('{"a": 1,\n"b": ', "no JSON"), ("\n \n", "empty"), ("", "empty"),
        ("[]", "no rows"), ('{"data": []}', "no rows"), ("7", "no rows"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_file_of_rows_is_explained(content: str, why: str, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Complaint, match=why):
        asked(settings, "inaproc-rup", written(tmp_path, content))


@pytest.mark.parametrize("content", ["", "Nama Paket,Pagu\n"])
def test_an_empty_table_is_not_a_success(content: str, settings: Settings, tmp_path: Path) -> None:
    for source in ("sheet", "inaproc-rup"):
        with pytest.raises(Complaint, match=r"empty|no rows"):
            asked(settings, source, written(tmp_path, content, "rows.csv"))


def test_a_zone_that_does_not_exist_is_said_at_once(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Complaint, match="no zone Mars/X"):
        asked(settings, "inaproc-rup", written(tmp_path, json.dumps([rup(1)])), zone="Mars/X")
    asked(settings, "inaproc-rup", tmp_path / "rows.json", zone="Asia/Jayapura")


def test_a_number_without_end_is_none() -> None:
    assert read("inaproc-rup", rows_in('[{"kd_rup": 1, "pagu": ' + "9" * 5000 + "}]"), ZONE)[1][0][2] == "odd_number"
    with pytest.raises(NoRows):
        rows_in("hello")


TABLE = "Nama Paket,Satuan Kerja\nKonsumsi rapat kader,Dinas Kesehatan\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "utf-32"])
def test_tables_in_what_windows_writes(encoding: str, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = TABLE.encode(encoding)
    assert brought(settings, "sheet", written(tmp_path, content, "a.csv"), capsys, yes=True)["new"] == 1
    assert all_calls(settings)[0].title == "Konsumsi rapat kader"
    kept = keep_sheet(content, tmp_path)
    assert not kept.problem and kept.columns == ("Nama Paket", "Satuan Kerja")


def test_a_very_long_cell_is_one_cell(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "nasi kotak " * 20_000
    table = f"Nama Paket,Uraian\nKonsumsi rapat kader,{long}\nCetak spanduk,-\n"
    assert brought(settings, "sheet", written(tmp_path, table, "a.csv"), capsys, yes=True)["new"] == 2
    assert len(all_calls(settings)[0].detail) <= 4000


def test_classify_takes_long_cells_and_marks(environment: dict[str, str], tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16"):
        file = written(tmp_path, f"text,x\n{'nasi kotak ' * 20_000},1\ncetak spanduk,2\n".encode(encoding), "a.csv")
        done = lapak(environment, "classify", str(file))
        assert done.returncode == 0, done.stderr
        assert [json.loads(line)["etalase"][0]["code"] for line in done.stdout.splitlines()] == ["mamin", "cetak"]


def test_a_source_that_answers_without_end_gives_an_odd_answer() -> None:
    with pytest.raises(Trouble, match="odd_answer"):
        asyncio.run(Answer(DEEP).json())


def test_a_source_that_answers_a_number_without_end_has_rows_all_the_same() -> None:
    assert asyncio.run(Answer('[{"kd_rup": 1, "pagu": ' + "9" * 5000 + '}, {"kd_rup": 2}]').json())[1] == {"kd_rup": 2}
