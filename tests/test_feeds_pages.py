"""SPSE's own pages of packages over real HTTP: which are read, what they add, and that one package stays one call."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select

from bot.feeds import spse_pages
from bot.feeds.fetching import Answer, Trouble
from bot.feeds.tables import Tables, labelled, listed
from models.call import Call, CallKey, CallNotice, answered_by
from models.history import OPENED, entries
from tests.alerting import taste, tended, vendor
from tests.rows import NIP, OFFICIAL, PHONE
from tests.spse_pages import STAGES, announcement, pages, schedule
from tests.standin_sources import ROBOTS, Refusal, searched, tender
from tests.watching import Watch, watching
from tests.world import text_of

TABLE, PAGES = "spse:samarindakota", "spse-paket:samarindakota"
CLOSES = datetime(2026, 12, 1, 2, tzinfo=UTC)


@pytest.fixture
def spse(sqlite_database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(sqlite_database, tmp_path, "spse") as made:
        yield made


@pytest.fixture
def on_both(database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(database, tmp_path, "spse") as made:
        yield made


@pytest.fixture
def small(sqlite_database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(sqlite_database, tmp_path, "spse", "sirup", sirup_places="14903") as made:
        yield made


def calls(watch: Watch) -> list[Call]:
    return watch.world.read(lambda session: list(session.exec(select(Call).order_by(col(Call.id)))))


def keys(session: Session) -> dict[str, int]:
    return {key.number: key.call_id for key in session.exec(select(CallKey))}


def asked(watch: Watch, kind: str = "page") -> int:
    return watch.standin.times(kind)


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


def test_a_plan_of_sirup_and_its_row_in_spse_become_one_call(small: Watch) -> None:
    world = small.world
    taste(world, vendor(world, "siti", product="Kertas HVS", etalase="atk"), rhythm="instant")
    small.standin.rows = {("sirup", "14903"): searched(1, 1)}
    small.standin.rows["sirup", "14903"][0]["pemilihan"] = "November 2026"
    small.standin.cells = {"lelang": [], "pl": []}
    small.all()
    tended(world)
    assert "Tutup rencananya November 2026" in text_of(world.hears("siti"))
    world.tap("siti", "Saya berminat")
    small.standin.cells["lelang"] = [tender(501, "Belanja Alat Tulis Kantor 1")]
    small.standin.pages = {501: pages(501, (1,), title="Belanja Alat Tulis Kantor 1")}
    small.pass_by(minutes=80)
    tended(world)
    first, part = calls(small)
    assert world.read(keys) == {"1": first.id, "501": first.id} and part.status == "complete"
    assert (first.closes_at, first.status, first.budget) == (CLOSES, "active", 1_000_000_000)
    assert next(entries(first, OPENED))["source"] == "spse" and {one["field"] for one in entries(first)} >= {"joined", "closes_at"}
    heard = text_of(world.hears("siti"))
    assert "yang Bu Siti catat sekarang sudah dibuka. Tutup 1 Desember 2026, 10.00 WITA" in heard
    assert world.hears("siti") == [] and {one.call_id for one in world.read(notices)} == {first.id}
    before = first.history
    small.pass_by(days=2)
    assert calls(small)[0].history == before


def test_who_answered_the_row_before_it_was_known_to_be_a_plan_keeps_the_answer(small: Watch) -> None:
    world = small.world
    for name in ("siti", "rina"):
        taste(world, vendor(world, name, product="Kertas HVS", etalase="atk"), rhythm="instant")
    small.standin.rows = {("sirup", "14903"): [{**searched(1, 1)[0], "pemilihan": "November 2026"}]}
    small.standin.cells = {"lelang": [tender(501, "Belanja Alat Tulis Kantor 1")], "pl": []}
    small.all()
    world.later(minutes=31)
    tended(world)
    plan, row = (call.id or 0 for call in calls(small))
    world.press("siti", f"c:call_yes:{row}:0")
    small.standin.pages = {501: pages(501, (1,), title="Belanja Alat Tulis Kantor 1")}
    small.pass_by(hours=3)
    world.press("rina", f"c:call_yes:{row}:0")
    assert sorted(world.read(partial(answered_by, call_id=plan, answer="interested"))) == [1, 2]
    tended(world)
    assert "yang Bu Siti catat sekarang sudah dibuka" in text_of(world.hears("siti"))


def notices(session: Session) -> list[CallNotice]:
    return list(session.exec(select(CallNotice)))


def test_a_row_of_the_table_is_not_told_before_its_pages_were_read(spse: Watch) -> None:
    world = spse.world
    taste(world, vendor(world, "siti", product="Meja sekolah", etalase="mebel"), rhythm="instant")
    spse.standin.cells = {"lelang": [tender(501)], "pl": []}
    spse.standin.fail("page", Refusal(503), 9)
    spse.look()
    tended(world)
    assert world.read(notices) == []
    world.later(minutes=31)
    tended(world)
    assert len(world.read(notices)) == 1, "it is told without them where they cannot be read"


def test_a_page_that_cannot_be_read_leaves_the_row_as_it_was_and_is_reported(on_both: Watch) -> None:
    on_both.standin.cells = {"lelang": [tender(number) for number in (501, 502, 503)], "pl": []}
    on_both.standin.pages = {501: pages(501), 502: (announcement(502), "<html><p>Jadwal belum tersedia</p></html>")}
    on_both.all()
    first, second, third = calls(on_both)
    assert (first.closes_at, second.closes_at, second.budget) == (CLOSES, None, 1_000_000_000)
    assert (third.status, third.estimate, third.history) == ("active", 990_000_000, [])
    feed = on_both.feed(PAGES)
    assert feed.counts["aside"] == {"page_unread": 2} and feed.error == ""
    on_both.standin.pages |= {502: pages(502), 503: pages(503)}
    on_both.pass_by(hours=4)
    assert [call.closes_at for call in calls(on_both)] == [CLOSES] * 3
    assert "aside" not in on_both.feed(PAGES).counts


def test_a_check_for_robots_ends_the_look_and_is_not_fought(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(501), tender(502)], "pl": []}
    spse.standin.fail("page", Refusal(200, {"content-type": "text/html"}, ROBOTS), 99)
    spse.look()
    assert (spse.feed(PAGES).error, spse.feed(TABLE).error, asked(spse)) == ("antibot", "", 1)
    spse.pass_by(hours=5)
    assert asked(spse) == 1 and all(not call.history for call in calls(spse))


def test_a_first_connection_is_caught_up_over_rounds_a_second_apart(spse: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spse_pages, "MOST", 20)
    numbers = range(501, 551)
    spse.standin.cells = {"lelang": [tender(number) for number in numbers], "pl": []}
    spse.standin.pages = {number: pages(number) for number in numbers}
    spse.standin.proofs = False
    spse.all()
    assert asked(spse) == asked(spse, "steps") == 20 and spse.feed(PAGES).counts["read"] == 20
    read = {call.source_id for call in calls(spse) if call.closes_at}
    assert read == {f"tender:{number}" for number in range(531, 551)}, "the newest first"
    assert spse.clock.seconds >= len(spse.standin.asked)
    spse.pass_by(hours=5)
    assert all(call.closes_at for call in calls(spse)) and asked(spse) <= 80


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


def test_a_look_that_is_killed_goes_on_with_the_next_package(on_both: Watch) -> None:
    on_both.standin.cells = {"lelang": [tender(number) for number in range(501, 504)], "pl": []}
    on_both.standin.pages = {number: pages(number) for number in range(501, 504)}
    on_both.standin.fail("steps", "cut")
    on_both.look()
    assert (on_both.feed(PAGES).error, asked(on_both)) == ("no_answer", 1)
    assert on_both.feed(PAGES).marks["round"]["at"] == {"package": "tender:503", "rest": ["tender:502", "tender:501"]}
    on_both.pass_by(minutes=5)
    assert [call.closes_at for call in calls(on_both)] == [CLOSES] * 3 and asked(on_both) == 4


def test_a_site_that_is_down_is_left_alone_and_not_called_well(spse: Watch) -> None:
    numbers = range(501, 531)
    spse.standin.cells = {"lelang": [tender(number) for number in numbers], "pl": []}
    spse.standin.pages = {number: pages(number) for number in numbers}
    spse.standin.fail("page", Refusal(503), 9)
    spse.look()
    assert (spse.feed(PAGES).error, asked(spse)) == ("source_down", 3)
    spse.pass_by(minutes=30)
    assert (spse.feed(PAGES).marks["tries"], asked(spse)) == (5, 7), "longer and longer, each time one page"
    spse.pass_by(hours=6)
    assert spse.feed(PAGES).error == "" and all(call.closes_at for call in calls(spse))


def test_a_site_that_asks_for_a_pause_gets_it(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(501), tender(502)], "pl": []}
    spse.standin.pages = {501: pages(501), 502: pages(502)}
    spse.standin.fail("page", Refusal(503, {"retry-after": "1800"}))
    spse.look()
    spse.pass_by(minutes=29)
    assert (spse.feed(PAGES).error, asked(spse)) == ("source_down", 1)
    spse.pass_by(minutes=2)
    assert [call.closes_at for call in calls(spse)] == [CLOSES] * 2


def test_one_page_at_which_the_site_stumbles_is_that_page_s_own(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(number) for number in range(501, 505)], "pl": []}
    spse.standin.pages = {number: pages(number) for number in range(501, 505)}
    spse.standin.fail("page", Refusal(500), 2)
    spse.all()
    feed = spse.feed(PAGES)
    assert (feed.error, feed.counts["aside"], feed.counts["merged"]) == ("", {"page_unread": 2}, 2)


def test_all_that_are_open_come_round(spse: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that close last, and one whose page could not be read, while others that close before them fill every round."""
    monkeypatch.setattr(spse_pages, "MOST", 12)
    numbers, last = range(501, 531), range(516, 531)
    spse.standin.cells = {"lelang": [tender(number) for number in numbers], "pl": []}
    spse.standin.pages = {number: closing(number, 9 if number in last else 1) for number in numbers if number != 530}
    spse.standin.proofs = False
    spse.pass_by(hours=9)
    assert sum(call.closes_at is not None for call in calls(spse)) == 29
    spse.standin.pages |= {number: closing(number, 12) for number in last}
    spse.pass_by(days=3)
    found = {call.source_id: call.closes_at for call in calls(spse)}
    assert {found[f"tender:{number}"] for number in last} == {CLOSES + timedelta(days=11)}


def closing(number: int, day: int) -> tuple[str, str]:
    """In December."""
    moved = [(name, begin, end.replace("1 Desember", f"{day} Desember")) for name, begin, end in STAGES]
    return pages(number)[0], schedule(moved)


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
