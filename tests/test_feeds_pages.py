"""SPSE's own pages of packages over real HTTP: what they add to the rows of the tables, and that nobody's name comes along."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from bot.feeds import spse_pages
from bot.feeds.fetching import Answer, Trouble
from bot.feeds.tables import Tables, labelled, listed
from tests.rows import NIP, OFFICIAL, PHONE
from tests.sites import PAGES, asked, calls, on_both, small, spse
from tests.spse_pages import CLOSES, STAGES, announcement, pages, schedule
from tests.standin_sources import tender
from tests.watching import Watch

__all__ = ["on_both", "small", "spse"]


def test_what_stands_beside_labels_and_in_lists() -> None:
    tables = Tables(announcement(501, (1, 2))).found
    found = labelled(tables)
    assert found["namatender"] == "Pengadaan Meja Sekolah" and found["nilaihpspaket"] == "Rp. 989.999.995,40"
    assert found["lokasipekerjaan"] == "SDN 5 - Samarinda (Kota)\nAula - Bontang (Kota)"
    assert [row["koderup"] for row in listed(tables, "koderup")] == ["1", "2"]
    steps = list(listed(Tables(schedule()).found, "tahap", "mulai", "sampai"))
    assert [(row["tahap"], row["mulai"], row["sampai"]) for row in steps] == list(STAGES)
    assert Tables("</table><td>x<table><tr><td>a").found and not list(listed([], "koderup"))


def test_a_package_gets_what_the_table_does_not_say(on_both: Watch) -> None:
    on_both.standin.cells = {"lelang": [tender(501)], "pl": []}
    on_both.standin.pages = {501: pages(501)}
    on_both.all()
    (call,) = calls(on_both)
    assert (call.closes_at, call.estimate, call.budget, call.small_only) == (CLOSES, 989_999_995, 1_000_000_000, True)
    assert (call.places, call.region, call.buyer, call.title) == (["64.72", "64.74"], "64", "DINAS PENDIDIKAN", "Pengadaan Meja Sekolah")
    assert on_both.feed(PAGES).counts == {"read": 1, "merged": 1, "pages": 1}
    before = call.history
    on_both.pass_by(days=1)
    assert calls(on_both)[0].history == before
    assert {one.status for one in on_both.standin.asked[-20:] if one.kind in ("page", "steps")} == {304}


def test_direct_procurement_has_addresses_of_its_own(spse: Watch) -> None:
    cells = tender(502, "Belanja Kursi")
    cells[6] = "Pengadaan Langsung"
    spse.standin.cells = {"lelang": [], "pl": [cells]}
    spse.standin.pages = {502: pages(502, kind="Non Tender", title="Belanja Kursi")}
    spse.all()
    (call,) = calls(spse)
    assert (call.closes_at, call.method, call.link.rpartition("/")[2]) == (CLOSES, "langsung", "pengumumanpl")
    assert spse.feed(PAGES).counts["merged"] == 1


def test_a_closing_that_moves_on_the_page_alone_is_noticed(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(501)], "pl": []}
    spse.standin.pages = {501: pages(501)}
    spse.all()
    moved = [(name, begin, end.replace("1 Desember", "4 Desember")) for name, begin, end in STAGES]
    spse.standin.pages[501] = (spse.standin.pages[501][0], schedule(moved))
    spse.pass_by(hours=3)
    (call,) = calls(spse)
    assert call.closes_at == CLOSES + timedelta(days=3) and call.title == "Pengadaan Meja Sekolah"
    spse.standin.asked.clear()
    spse.world.now = datetime(2026, 12, 6, tzinfo=UTC)
    spse.pass_by(days=1)
    assert asked(spse) == 0, "what is over is not looked at any more"


def test_a_page_that_is_too_long_is_not_taken_apart(spse: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spse_pages, "LONGEST", 100)
    with pytest.raises(Trouble, match="too_big"):
        spse_pages.announcement(Answer(announcement(501)))
    spse.standin.cells = {"lelang": [tender(501)], "pl": []}
    spse.standin.pages = {501: pages(501)}
    spse.all()
    assert (spse.feed(PAGES).counts["aside"], calls(spse)[0].closes_at) == ({"page_unread": 1}, None)


def test_pages_are_taken_apart_beside_the_talk(small: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    class Seen(Tables):
        def __init__(self, page: str) -> None:
            seen.append(threading.current_thread().name.startswith("asyncio"))
            super().__init__(page)

    monkeypatch.setattr(spse_pages, "Tables", Seen)
    small.standin.cells = {"lelang": [tender(501)], "pl": []}
    small.standin.pages = {501: pages(501)}
    small.all()
    assert seen == [True, True]


def test_no_official_of_a_page_is_kept(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(501), tender(502)], "pl": []}
    spse.standin.pages = {501: pages(501), 502: (announcement(502, title=f"Pengadaan Kursi ({OFFICIAL} NIP {NIP})"), "")}
    spse.all()

    def everything(session: Session) -> str:
        tables: Any = SQLModel.metadata.sorted_tables
        rows = [row for table in tables for row in session.execute(select(table)).mappings()]
        return json.dumps([dict(row) for row in rows], default=str)

    kept = spse.world.read(everything)
    assert [call.title for call in calls(spse)] == ["Pengadaan Meja Sekolah", "Pengadaan Kursi"]
    assert not [secret for secret in (OFFICIAL, NIP, PHONE) if secret in kept]
