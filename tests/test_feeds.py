"""The sources of calls over real HTTP: read page by page, politely, once each; what fails goes on later where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.feeds import polling as feeding
from bot.feeds.polling import Lost, guarded, look_at, sources
from bot.importing import keep
from bot.schedule import JOBS, run
from models import polling
from models.call import CallKey
from models.feed import SetAside
from models.lease import Lease
from tests.standin_sources import Refusal, plans, release, searched, tender
from tests.watching import Watch, watching

RUP = "inaproc-rup"


@pytest.fixture
def gateway(database: str, tmp_path: Path) -> Iterator[Watch]:
    """data.inaproc.id, on both engines."""
    with watching(database, tmp_path, "inaproc") as made:
        yield made


def keys(session: Session) -> list[str]:
    return sorted(session.exec(select(CallKey.number)))


def test_every_page_of_every_government_is_read_and_each_row_kept_once(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60), ("rup", "D108"): plans(100, 5), ("tender", "D107"): []}
    gateway.standin.most = 25
    gateway.all()
    feed = gateway.feed(RUP)
    assert feed.counts == {"read": 65, "new": 65, "pages": 6}  # three and one of this year, one of each of the next
    assert gateway.calls(RUP) == 65
    assert feed.error == "" and feed.failed_since is None and feed.succeeded_at
    assert feed.fresh_at and feed.fresh_at.isoformat() == "2026-11-20T01:00:00+00:00"
    assert "kd_rup" in feed.columns


def test_the_scheduler_looks_at_them(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 3)}
    job = next(job for job in JOBS if job.name == "feeds")
    gateway.world.do(run(gateway.world.app, job))
    assert gateway.calls(RUP) == 3
    gateway.world.do(run(gateway.world.app, job))
    assert gateway.standin.times("rup") == 4  # not due again


def test_one_request_a_second_a_host_whoever_asks(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 50)}
    gateway.standin.most = 25
    gateway.all()
    asked = len(gateway.standin.asked)
    assert gateway.clock.seconds >= asked  # eight sources of one host, and a second before the first of all
    assert {one.headers["user-agent"].partition("/")[0] for one in gateway.standin.asked} == {"Lapak"}


def test_what_has_not_changed_is_not_sent_again(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 25
    gateway.all()
    gateway.standin.asked.clear()
    gateway.standin.rows["rup", "D107"][30] |= {"nama_paket": "Belanja Makanan Ringan"}
    gateway.pass_by(days=1)
    rup = [one.status for one in gateway.standin.asked if one.kind == "rup"]
    assert sorted(rup) == [200, 304, 304, 304, 304, 304]
    assert gateway.feed(RUP).counts == {"read": 25, "same": 24, "changed": 1, "pages": 6}


def test_a_source_that_throttles_is_left_alone_as_long_as_it_wants(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 25
    gateway.standin.fail("rup", Refusal(429, {"Retry-After": "1800"}))
    gateway.look()
    feed = gateway.feed(RUP)
    assert feed.error == "throttled"
    assert feed.next_at == gateway.world.now + timedelta(minutes=30)
    gateway.world.later(minutes=29)
    gateway.look()
    assert gateway.standin.times("rup") == 1
    gateway.world.later(minutes=2)
    gateway.all()
    assert gateway.calls(RUP) == 60
    assert gateway.feed(RUP).failed_since is None


def test_it_waits_longer_each_time_and_goes_on_at_the_page_where_it_failed(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most, gateway.standin.proofs = 25, False
    gateway.standin.fail("rup", Refusal(200, text='{"success": true, "data": [], "meta": {"has_more": true, "cursor": "c25"}}'))
    for how in (Refusal(500), Refusal(503), "cut", "half"):
        gateway.standin.fail("rup", how)
    waits = []
    for _ in range(4):
        gateway.look()
        feed = gateway.feed(RUP)
        assert feed.next_at
        waits.append((feed.error, feed.next_at - gateway.world.now))
        gateway.world.now = feed.next_at
    assert waits == [
        ("source_down", timedelta(minutes=1)),
        ("source_down", timedelta(minutes=2)),
        ("no_answer", timedelta(minutes=4)),
        ("no_answer", timedelta(minutes=8)),
    ]
    gateway.all()
    assert gateway.calls(RUP) == 35  # the first page, which the stand-in gave without rows, was not asked for again
    assert [one.params.get("cursor") for one in gateway.standin.asked if one.kind == "rup"][:6] == [None, *["c25"] * 5]


def test_a_place_that_the_source_does_not_know_any_more_is_begun_anew(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 30)}
    gateway.standin.fail("rup", Refusal(200, text='{"success": true, "data": [], "meta": {"has_more": true, "cursor": "old"}}'))
    gateway.look()
    assert gateway.feed(RUP).error == "refused"
    gateway.pass_by(minutes=5)
    assert gateway.calls(RUP) == 30


def test_a_row_that_cannot_be_read_or_kept_is_put_aside_and_the_others_go_on(gateway: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def clumsy(session: Session, source: str, packages: Any, bad: Any, now: Any) -> Any:
        if any(package.keys[0][1] == "7" for _, package in packages):
            raise ZeroDivisionError
        return keep(session, source, packages, bad, now)

    monkeypatch.setattr(feeding, "take_rows", clumsy)
    rows = plans(1, 30)
    rows[3] |= {"nama_paket": " "}
    rows[20] |= {"kd_rup": None}
    rows[28] |= {"nama_paket": "Nasi kotak, daftar di bit.ly/x"}
    gateway.standin.rows = {("rup", "D107"): rows}
    gateway.all()
    counts = gateway.feed(RUP).counts
    assert counts["aside"] == {"no_title": 1, "no_number": 1, "not_kept": 1, "not_told": 1}
    assert (counts["read"], counts["new"], gateway.calls(RUP)) == (30, 26, 26)
    asides = gateway.world.read(lambda session: sorted((one.number, one.reason) for one in session.exec(select(SetAside))))
    assert asides == [("", "no_number"), ("29", "not_told"), ("4", "no_title"), ("7", "not_kept")]


def test_a_row_that_cannot_even_be_put_aside_holds_up_no_other(gateway: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def clumsy(session: Session, source: str, packages: Any, bad: Any, now: Any) -> Any:
        if any(row.get("kd_rup") == 4 for row, *_ in bad):
            raise OverflowError
        return keep(session, source, packages, bad, now)

    monkeypatch.setattr(feeding, "take_rows", clumsy)
    rows = plans(1, 9)
    rows[3] |= {"nama_paket": " "}
    rows[6] |= {"pagu": 10**400, "nama_paket": ""}
    rows[7] |= {"kd_rup": None}
    gateway.standin.rows = {("rup", "D107"): rows}
    gateway.all()
    counts = gateway.feed(RUP).counts
    assert counts["aside"] == {"not_kept": 1, "odd_number": 1, "no_number": 1} and not gateway.feed(RUP).error
    assert (counts["read"], counts["new"], gateway.calls(RUP)) == (9, 6, 6)


def test_a_look_that_is_killed_goes_on_from_its_mark(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 25
    world = gateway.world
    seen = 0

    async def die_at_the_third_page(seconds: float) -> None:
        nonlocal seen
        seen += 1
        if gateway.standin.times("rup") == 2:
            raise asyncio.CancelledError
        await gateway.clock.sleep(seconds)

    world.app.manners.sleep = die_at_the_third_page
    rup = [source for source in sources(world.app.settings) if source.name == RUP]
    world.write(lambda session: polling.enrol(session, [RUP], world.now))
    with pytest.raises(asyncio.CancelledError):
        world.do(look_at(world.app, rup))
    assert gateway.feed(RUP).marks["round"]["at"] == {"place": 0, "cursor": "c50"}
    world.app.manners.sleep = gateway.clock.sleep
    gateway.all()
    cursors = [one.params.get("cursor") for one in gateway.standin.asked if one.kind == "rup" and one.params["kode_klpd"] == "D107"]
    assert cursors[:3] == [None, "c25", "c50"]
    assert gateway.feed(RUP).counts == {"read": 60, "new": 60, "pages": 6}


def test_two_processes_never_look_at_the_same_time(gateway: Watch) -> None:
    world = gateway.world
    far = world.now + timedelta(days=9_000)
    if world.app.store.sqlite:
        pytest.skip("one process owns the file")
    world.write(lambda session: session.add(Lease(name=feeding.LEASE, holder="another", until=far)))
    with pytest.raises(Lost):
        world.do(look_at(world.app, sources(world.app.settings)))
    assert gateway.standin.asked == []
    with pytest.raises(Lost):
        world.do(guarded(world.app, lambda session: None))


def test_what_is_taken_over_in_the_middle_writes_nothing_more(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 25
    world = gateway.world
    far = world.now + timedelta(days=9_000)

    async def taken_over(seconds: float) -> None:
        await gateway.clock.sleep(seconds)
        if gateway.standin.times("rup") == 1:
            await world.app.store.write(lambda session: session.merge(Lease(name=feeding.LEASE, holder="another", until=far)) and None)

    world.app.manners.sleep = taken_over
    rup = [source for source in sources(world.app.settings) if source.name == RUP]
    world.write(lambda session: polling.enrol(session, [RUP], world.now))
    with pytest.raises(Lost):
        world.do(look_at(world.app, rup))
    assert gateway.calls(RUP) == 25
    assert gateway.feed(RUP).marks["round"]["counts"]["read"] == 25


def test_pages_that_never_end_are_left(gateway: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST_PAGES", 3)
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 5
    gateway.look()
    assert gateway.feed(RUP).error == "too_big"
    assert gateway.standin.times("rup") == 3


def test_a_source_that_is_not_set_any_more_is_not_looked_at(gateway: Watch) -> None:
    gateway.all()
    gateway.world.app.settings.inaproc_offices = ""
    gateway.standin.asked.clear()
    gateway.pass_by(days=2)
    gateway.look()
    assert gateway.standin.asked == []
    assert gateway.feed(RUP).next_at is None


def test_nothing_is_asked_of_anybody_where_nothing_is_set(database: str, tmp_path: Path) -> None:
    with watching(database, tmp_path) as nothing:
        assert sources(nothing.world.app.settings) == []
        assert nothing.look() == 0


def test_sirup_is_read_place_by_place_until_a_page_is_not_full(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "sirup") as sirup:
        sirup.standin.rows = {("sirup", "14903"): searched(1, 230), ("sirup", "14902"): searched(1000, 100)}
        sirup.all()
        assert sirup.feed("sirup").counts == {"read": 330, "new": 330, "pages": 7}
        first = sirup.standin.asked[0].params
        assert first["order[0][dir]"] == "DESC"
        assert {"tahunAnggaran", "jenisPengadaan", "metodePengadaan", "start", "length"} <= first.keys()


def test_spse_is_read_with_the_token_of_its_page(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "spse") as spse:
        spse.standin.cells = {"lelang": [tender(number) for number in range(1, 151)], "pl": [tender(number) for number in range(500, 507)]}
        spse.all()
        assert spse.feed("spse:samarindakota").counts == {"read": 157, "new": 157, "pages": 3}
        assert [one.kind for one in spse.standin.asked if one.kind not in ("page", "steps")] == ["front", "spse", "spse", "front", "spse"]


def test_a_check_for_robots_is_reported_and_not_fought(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "spse") as spse:
        spse.world.officer("petugas")
        spse.standin.robots = True
        spse.look()
        assert spse.feed("spse:samarindakota").error == "antibot"
        (told,) = spse.world.hears("petugas")
        assert "SPSE samarindakota: situsnya menampilkan halaman pemeriksaan robot" in told.text
        spse.pass_by(hours=20)
        assert len(spse.standin.asked) == 4
        assert spse.world.hears("petugas") == []


def test_ocds_packages_follow_each_other_on_their_own_site_only(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "ocds") as ocds:
        name = next(source.name for source in sources(ocds.world.app.settings))
        ocds.standin.packages = [
            {"releases": [release(1), release(2)]},
            {"records": [{"ocid": f"ocds-contoh-{number}", "compiledRelease": release(number)} for number in (3, 4)]},
        ]
        ocds.all()
        assert ocds.feed(name).counts == {"read": 4, "new": 4, "pages": 2}
        assert ocds.world.read(keys) == [f"ocds-contoh-{number}" for number in (1, 2, 3, 4)]
        ocds.standin.asked.clear()
        ocds.pass_by(days=1)
        assert {one.status for one in ocds.standin.asked} == {304}
        ocds.standin.packages = [{"releases": [], "links": {"next": "https://elsewhere.example/"}}]
        ocds.pass_by(days=1)
        assert ocds.feed(name).error == "odd_answer"


def test_a_page_in_place_of_data_is_no_data(gateway: Watch) -> None:
    gateway.standin.fail("rup", Refusal(200, text="<html>Sedang dalam pemeliharaan</html>"))
    gateway.look()
    assert gateway.feed(RUP).error == "odd_answer"
