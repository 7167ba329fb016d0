"""The sources of calls over real HTTP: each is read page by page to its end, politely, and each row kept once."""

from __future__ import annotations

from pathlib import Path

from bot.feeds.polling import sources
from bot.schedule import JOBS, run
from tests.sites import RUP, gateway, keys
from tests.standin_sources import plans, release, searched, tender
from tests.watching import Watch, watching

__all__ = ["gateway"]


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


def test_ocds_packages_follow_each_other_on_their_own_site_only(sqlite_database: str, tmp_path: Path) -> None:
    with watching(sqlite_database, tmp_path, "ocds") as ocds:
        name = next(source.name for source in sources(ocds.world.app.settings))
        ocds.standin.packages = [
            {"releases": [release(1), release(2)]},
            {"records": [{"ocid": f"ocds-contoh-{number}", "compiledRelease": release(number)} for number in (3, 4)]},
        ]
        ocds.all()
        assert ocds.feed(name).counts == {"read": 4, "new": 4, "pages": 2}
        assert sorted(ocds.world.read(keys)) == [f"ocds-contoh-{number}" for number in (1, 2, 3, 4)]
        ocds.standin.asked.clear()
        ocds.pass_by(days=1)
        assert {one.status for one in ocds.standin.asked} == {304}
        ocds.standin.packages = [{"releases": [], "links": {"next": "https://elsewhere.example/"}}]
        ocds.pass_by(days=1)
        assert ocds.feed(name).error == "odd_answer"


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
