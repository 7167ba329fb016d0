"""Sources that throttle, fail or answer with something else: left alone as they want, and read on later from where it was."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from models import polling
from tests.sites import RUP, gateway
from tests.standin_sources import Refusal, plans
from tests.watching import Watch, watching

__all__ = ["gateway"]


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


def test_pages_that_never_end_are_left(gateway: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST_PAGES", 3)
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 5
    gateway.look()
    assert gateway.feed(RUP).error == "too_big"
    assert gateway.standin.times("rup") == 3


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


def test_a_page_in_place_of_data_is_no_data(gateway: Watch) -> None:
    gateway.standin.fail("rup", Refusal(200, text="<html>Sedang dalam pemeliharaan</html>"))
    gateway.look()
    assert gateway.feed(RUP).error == "odd_answer"
