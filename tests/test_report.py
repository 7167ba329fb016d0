"""The report of an announcement: what stands in the spreadsheet, who gets it, and how it arrives."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from bot import documents
from bot import report as spreadsheet
from bot.channels.telegram import Telegram
from bot.channels.terminal import transcript
from bot.channels.whatsapp_sending import requests_of
from bot.commands import campaigns
from bot.documents import clear_reports, draw
from bot.ownership import Complaint
from bot.report import serial, write
from bot.settings import Settings
from bot.store import open_engine
from messages import Rendered, Span
from models.audience import Audience
from models.business import Business
from models.campaign import Campaign
from models.contact import Officer, Person
from models.outbox import Outgoing
from models.recipients import add_these
from models.report import TRIES, Report
from tests.served import Served, answers, history, say, until
from tests.standin_telegram import StandIn
from tests.telegram_app import CHAT, HELLO, with_standin
from tests.vendors import add_vendor
from tests.world import MORNING, World, text_of

STATUSES = {
    "sent": "", "delivered": "", "read": "", "failed": "blocked", "unknown": "restart", "expired": "expired", "cancelled": "stopped",
    "queued": "", "held": "window_closed", "claimed": "",
}  # fmt: skip
EVIL = '=HYPERLINK("http://evil.example")'


def told(session: Session, region: str = "64", now: datetime = MORNING) -> int:
    """An announcement with a recipient for every status there is."""
    people = [add_vendor(session, f"v{n}") for n in range(len(STATUSES))]
    campaign = Campaign(officer_id=people[0], text="Rapat\nKamis", audience={"region": region}, message={"key": "menu.help"},
                        total=len(people) + 1, excluded={"stopped": 2, "no_consent": 1}, created_at=now, started_at=now)  # fmt: skip
    session.add(campaign)
    session.flush()
    add_these(session, campaign.id or 0, Audience("64"), people, now)
    rows = session.exec(select(Outgoing).where(Outgoing.campaign_id == campaign.id).order_by(col(Outgoing.person_id)))
    for row, (status, reason) in zip(rows, STATUSES.items(), strict=True):
        row.status, row.reason = status, reason
        row.settled_at = now + timedelta(minutes=5) if status not in ("queued", "held", "claimed") else None
    person = session.get_one(Person, people[0])
    person.call_name = "+62 811"
    business = session.exec(select(Business).order_by(col(Business.id))).first()
    assert business
    business.name = EVIL
    session.flush()
    return campaign.id or 0


def cells(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(file)}


def test_every_status_has_its_words(database: str, tmp_path: Path) -> None:
    engine = open_engine(database)
    with Session(engine) as session:
        number = told(session)
        session.commit()
    assert write(engine, number, tmp_path / "a.xlsx", MORNING, "Asia/Makassar") == len(STATUSES)
    sheets = cells(tmp_path / "a.xlsx")
    head, *rows = sheets["Penerima"]
    assert head[-1] == "Waktu (WITA)"
    assert [row[5] for row in rows] == ["terkirim", "sampai", "dibaca", "tidak sampai", "tidak pasti", "lewat waktu", "dibatalkan",
                                        "menunggu giliran", "menunggu orangnya menulis", "sedang dikirim"]  # fmt: skip
    assert rows[0][1] == EVIL and rows[0][2] == "+62 811" and rows[0][3] == "Samarinda"
    assert [row[6] for row in rows[3:7]] == ["bot diblokir orangnya", rows[4][6], rows[5][6], "berhenti dikabari"]
    assert rows[0][7] == datetime(2026, 11, 23, 10, 5) and rows[-1][7] is None  # noqa: DTZ001
    summary = dict(row[:2] for row in sheets["Ringkasan"][2:])
    assert summary["Isi"] == "Rapat\nKamis" and summary["Ditulis"] == "23 November 2026, 10.00 WITA"
    counts = {label: n for label, n in summary.items() if isinstance(n, int)}
    assert counts == {
        "Jumlah penerima": 11, "Terkirim": 3, "Di antaranya sudah sampai (sejauh diketahui)": 2,
        "Di antaranya sudah dibaca (sejauh diketahui)": 1, "Tidak sampai": 2, "Tidak sampai: bot diblokir orangnya": 1,
        f"Tidak sampai: {rows[5][6]}": 1, "Tidak pasti sampai": 1, "Batal, orangnya berhenti dikabari": 1, "Belum dikirim": 4,
        "Tidak dikirimi: berhenti dikabari": 2, "Tidak dikirimi: belum minta dikabari": 1,
    }  # fmt: skip
    engine.dispose()


def test_no_name_becomes_a_formula_and_no_address_is_in_it(sqlite_database: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_database)
    with Session(engine) as session:
        number = told(session)
        session.commit()
    write(engine, number, tmp_path / "a.xlsx", MORNING, "Asia/Makassar", "en")
    book = load_workbook(tmp_path / "a.xlsx")
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert types <= {"s", "n", "d", "inlineStr"} and not any(cell.hyperlink for row in book["Recipients"].iter_rows() for cell in row)
    said = " ".join(str(cell) for sheet in cells(tmp_path / "a.xlsx").values() for row in sheet for cell in row)
    assert "v3" not in said.split() and "terminal" not in said
    engine.dispose()


def test_more_than_a_sheet_holds_goes_on_in_the_next(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "ROWS", 4)
    monkeypatch.setattr(spreadsheet, "PAGE", 3)
    engine = open_engine(sqlite_database)
    with Session(engine) as session:
        number = told(session)
        session.commit()
    write(engine, number, tmp_path / "a.xlsx", MORNING, "Asia/Makassar")
    sheets = cells(tmp_path / "a.xlsx")
    assert [len(rows) - 1 for name, rows in sheets.items() if name.startswith("Penerima")] == [4, 4, 2]
    assert [row[0] for name, rows in sheets.items() if name.startswith("Penerima") for row in rows[1:]] == list(range(1, 11))
    engine.dispose()


def test_an_empty_announcement_and_one_that_is_not_there(sqlite_database: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_database)
    with Session(engine) as session:
        officer = add_vendor(session, "siti")
        session.add(Campaign(officer_id=officer, text="x", audience={"region": "64"}, message={}, status="cancelled", created_at=MORNING))
        session.commit()
    assert write(engine, 1, tmp_path / "a.xlsx", MORNING, "Asia/Makassar") == 0
    with pytest.raises(spreadsheet.Missing):
        write(engine, 2, tmp_path / "b.xlsx", MORNING, "Asia/Makassar")
    assert sorted(file.name for file in tmp_path.glob("*.xlsx*")) == ["a.xlsx"]
    engine.dispose()


def reported(world: World) -> int:
    return world._run(draw(world.app))


def test_an_officer_gets_it_in_the_chat(world: World) -> None:
    world.officer("petugas", "64.72")
    number = world.write(lambda session: told(session, "64.72"))
    assert "sedang disusun" in text_of(world.press("petugas", f"c:report:{number}:0"))
    assert "sedang disusun" in text_of(world.say("petugas", "laporan pengumuman"))
    assert reported(world) == 1 and reported(world) == 0
    [heard] = world.hears("petugas")
    assert "Ini laporan pengumuman Rapat Kamis" in heard.text
    [name] = heard.media
    assert documents.FILE.fullmatch(name) and len(cells(world.app.settings.media_dir / name)["Penerima"]) == 1 + len(STATUSES)
    assert str(world.app.settings.media_dir / name) in transcript(heard, world.app.settings.media_dir)
    world.press("petugas", f"c:report:{number}:0")
    assert reported(world) == 1


def test_only_officers_of_the_region_get_it(small_world: World) -> None:
    small_world.officer("petugas", "64.74")
    number = small_world.write(told)
    small_world.say("siti", "halo")
    assert "sedang disusun" not in text_of(small_world.press("petugas", f"c:report:{number}:0"))
    assert "sedang disusun" not in text_of(small_world.press("siti", f"c:report:{number}:0"))
    assert "sedang disusun" not in text_of(small_world.press("petugas", "c:report:999:0"))
    assert "belum ada laporannya" in text_of(small_world.say("petugas", "laporan pengumuman"))
    assert reported(small_world) == 0 and small_world.read(lambda session: session.exec(select(Report)).all()) == []


def test_who_is_no_officer_any_more_gets_nothing(small_world: World) -> None:
    small_world.officer("petugas", "64")
    number = small_world.write(told)
    small_world.press("petugas", f"c:report:{number}:0")
    small_world.write(lambda session: session.delete(session.exec(select(Officer)).one()))
    assert reported(small_world) == 0 and small_world.hears("petugas") == []


def test_one_that_cannot_be_written_is_given_up_after_a_few_tries(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    small_world.officer("petugas", "64")
    number = small_world.write(told)
    small_world.press("petugas", f"c:report:{number}:0")

    def full(*_: Any) -> int:
        raise OSError("no room")

    monkeypatch.setattr(documents, "write", full)
    assert [reported(small_world) for _ in range(TRIES + 2)] == [0] * (TRIES + 2)
    [row] = small_world.read(lambda session: session.exec(select(Report)).all())
    assert (row.tries, bool(row.done_at)) == (TRIES + 1, True)


def test_a_large_one_is_written_by_a_process_of_its_own(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGE", 1)
    small_world.officer("petugas", "64")
    number = small_world.write(told)
    small_world.press("petugas", f"c:report:{number}:0")
    assert reported(small_world) == 1
    [heard] = small_world.hears("petugas")
    assert len(cells(small_world.app.settings.media_dir / heard.media[0])["Penerima"]) == 1 + len(STATUSES)


def test_old_ones_are_deleted(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for name, age in (("laporan-1-20261101-0123456789abcdef.xlsx", 8), ("laporan-2-20261101-0123456789abcdef.xlsx", 6), ("a.jpg", 99)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, ((now - timedelta(days=age)).timestamp(),) * 2)
    assert clear_reports(tmp_path, now) == 1 and not (tmp_path / "laporan-1-20261101-0123456789abcdef.xlsx").exists()


def test_a_moment_as_a_spreadsheet_counts() -> None:
    assert serial(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), ZoneInfo("Asia/Makassar")) == pytest.approx(46349 + 10 / 24)


def test_on_telegram_it_is_a_document_with_its_words(tmp_path: Path) -> None:
    (tmp_path / "laporan-1.xlsx").write_bytes(b"PK")

    async def work(standin: StandIn, telegram: Telegram) -> None:
        sent = await telegram.send(CHAT, Rendered(HELLO.spans, HELLO.buttons, ("laporan-1.xlsx",)), tmp_path, "")
        [shown] = standin.ledger
        assert (shown.method, shown.document, sent) == ("sendDocument", b"PK", str(shown.message_id))
        assert shown.text.startswith("Halo") and len(shown.buttons) == 2
        await telegram.send(CHAT, Rendered((Span("kata " * 300),), HELLO.buttons, ("laporan-1.xlsx",)), tmp_path, "")
        assert [(one.method, len(one.buttons)) for one in standin.ledger[1:]] == [("sendDocument", 0), ("sendMessage", 2)]
        standin.assert_well_behaved()

    with_standin(work)


def test_on_whatsapp_it_is_a_document_before_its_words() -> None:
    first, last = requests_of(Rendered((Span("Ini laporannya."),), (), ("laporan-1.xlsx",)), ["laporan-1.xlsx"])
    assert first.body == {"type": "document", "document": {"filename": "laporan-1.xlsx"}} and first.picture == "laporan-1.xlsx"
    assert last.body["text"]["body"] == "Ini laporannya."


@pytest.fixture
def served(sqlite_database: str, tmp_path: Path) -> Iterator[Served]:
    with Served(sqlite_database, tmp_path / "media") as running:
        yield running


def test_in_the_web_chat_it_is_a_link_for_whom_it_was_sent_to(served: Served) -> None:
    with served.client() as client:
        say(client, "petugas", text="menu")
        until(lambda: answers(client, "petugas"))
        number = served.app.store.submit(lambda session: told(session, now=served.clock())).result(10)
        say(client, "petugas", press=f"c:report:{number}:0")
        asyncio.run_coroutine_threadsafe(draw(served.app), served.loop).result(20)
        until(lambda: files(client))
        [file] = files(client)
        answer = client.get(file["url"])
        assert answer.status_code == 200 and answer.content.startswith(b"PK") and answer.headers["cache-control"] == "no-store"
        assert file["name"] in answer.headers["content-disposition"]
        assert client.get(file["url"].replace("petugas", "pemilik")).status_code == 404
        assert client.get(f"/chat/petugas/files/laporan-{number}-20261123-{'0' * 16}.xlsx").status_code == 404
        assert client.get("/chat/petugas/files/..%2Flapak.db").status_code == 404


def files(client: httpx.Client) -> list[dict[str, str]]:
    return [file for event in history(client, "petugas") for file in event.get("files", ())]


def test_on_the_command_line(sqlite_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(_env_file=None, database_url=sqlite_database)  # type: ignore[call-arg]
    campaigns.show(settings)
    assert "no announcements yet" in capsys.readouterr().out
    engine = open_engine(sqlite_database)
    with Session(engine) as session:
        number = told(session)
        session.commit()
    engine.dispose()
    campaigns.show(settings)
    assert "Rapat Kamis" in capsys.readouterr().out
    campaigns.report(settings, number, tmp_path / "a.xlsx", "id")
    assert "10 recipients" in capsys.readouterr().out and cells(tmp_path / "a.xlsx")
    for wrong, file, language in (
        (9, tmp_path / "b.xlsx", "id"),
        (number, tmp_path / "no" / "b.xlsx", "id"),
        (number, tmp_path / "b", "x"),
    ):
        with pytest.raises(Complaint):
            campaigns.report(settings, wrong, file, language)
