"""A plan of SiRUP and its row in SPSE's table, which its own pages show to be the same: one call, told once, with its answers."""

from __future__ import annotations

from functools import partial

from sqlmodel import Session, select

from models.call import CallNotice, answered_by
from models.history import OPENED, entries
from tests.alerting import taste, tended, vendor
from tests.sites import calls, keys, small, spse
from tests.spse_pages import CLOSES, pages
from tests.standin_sources import Refusal, searched, tender
from tests.watching import Watch
from tests.world import text_of

__all__ = ["small", "spse"]


def notices(session: Session) -> list[CallNotice]:
    return list(session.exec(select(CallNotice)))


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
