"""A plan is told as one, and whoever knows it hears when it is announced: over real HTTP, from the gateway's plans to its tenders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.call import Call, CallNotice
from models.history import OPENED, entries
from tests.alerting import taste, tended, vendor
from tests.standin_sources import announced, plans, stages
from tests.watching import Watch, watching
from tests.world import World, text_of

PLAN = plans(1, 1, tgl_awal_pemilihan="2026-11-01", tgl_akhir_pemilihan="2026-12-01")


@pytest.fixture
def gateway(database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(database, tmp_path, "inaproc") as made:
        made.standin.proofs = False
        yield made


def only(session: Session) -> Call:
    return session.exec(select(Call)).one()


def knows(watch: Watch, *names: str) -> None:
    """They hear at once of a plan of December."""
    for name in names:
        taste(watch.world, vendor(watch.world, name), rhythm="instant")
    watch.standin.rows = {("rup", "D107"): PLAN}
    watch.look()
    tended(watch.world)


def opens(watch: Watch, closes: str = "2026-12-03 10:00:00") -> None:
    watch.standin.rows |= {("tender", "D107"): [announced(501, 1)], ("stages", "D107"): stages(501, closes) if closes else []}
    watch.pass_by(minutes=20)  # they are read at 10.17
    tended(watch.world)


def test_a_plan_closes_in_a_month_and_not_at_a_minute(gateway: Watch) -> None:
    knows(gateway, "siti")
    heard = text_of(gateway.world.hears("siti"))
    assert "Tutup rencananya Desember 2026 (belum diumumkan)." in heard and "23.59" not in heard
    gateway.world.tap("siti", "Saya berminat")
    gateway.world.say("siti", "cari makanan")
    assert "tutup rencananya Desember 2026" in gateway.world.transcript[-1]
    gateway.standin.rows["rup", "D107"] = plans(1, 1, tgl_awal_pemilihan="2026-11-01", tgl_akhir_pemilihan="2027-01-01")
    gateway.pass_by(days=1)
    tended(gateway.world)
    assert "tutup dari Desember 2026 jadi Januari 2027" in text_of(gateway.world.hears("siti"))


def reminded(world: World, days: int) -> list[str]:
    said = []
    for _ in range(days):
        world.later(days=1)
        tended(world)
        said += [one.text for one in world.hears("siti")]
    return said


def test_nobody_is_reminded_of_a_closing_that_nobody_announced(gateway: Watch) -> None:
    knows(gateway, "siti")
    gateway.world.hears("siti")
    gateway.world.tap("siti", "Saya berminat")
    assert reminded(gateway.world, 40) == []


def test_whoever_knows_a_plan_hears_that_it_is_open_now_and_who_does_not_is_found(gateway: Watch) -> None:
    world = gateway.world
    knows(gateway, "siti", "rina", "tuti")
    for name in ("siti", "rina", "tuti"):
        world.hears(name)
    world.tap("siti", "Saya berminat")
    world.tap("tuti", "Bukan usaha saya")
    taste(world, vendor(world, "baru"), rhythm="instant")
    opens(gateway)
    heard = text_of(world.hears("siti"))
    assert heard.startswith("Kabar untuk Bu Siti: rencana *Belanja Makanan dan Minuman Rapat 1* yang Bu Siti catat sekarang sudah dibuka. ")
    assert "Tutup 3 Desember 2026, 10.00 WITA (10 hari lagi). Cara ikut: daftar di SPSE" in heard
    heard = text_of(world.hears("rina"))
    assert "sekarang sudah dibuka. Tutup 3 Desember 2026, 10.00 WITA (10 hari lagi). Tender: daftar dan menawar lewat SPSE." in heard
    assert world.hears("tuti") == [], "it is none of her business"
    tended(world)
    assert "Tutup 3 Desember 2026, 10.00 WITA" in text_of(world.hears("baru"))
    before = world.read(only).history
    gateway.pass_by(days=1)
    tended(world)
    assert world.read(only).history == before
    assert [name for name in ("siti", "rina", "tuti", "baru") if world.hears(name)] == []
    assert ["1 hari lagi" in said for said in reminded(world, 9)] == [False, True]


def test_an_announcement_waits_a_moment_for_its_schedule(gateway: Watch) -> None:
    world = gateway.world
    knows(gateway, "siti")
    world.hears("siti")
    opens(gateway, closes="")
    call = world.read(only)
    assert call.changed_at and call.closes_at is None and next(entries(call, OPENED))["to"] == ["tender", "501"]
    assert world.hears("siti") == []
    world.now = call.changed_at + timedelta(minutes=15)
    tended(world)
    assert "sekarang sudah dibuka. Waktu tutupnya belum disebut." in text_of(world.hears("siti"))
    gateway.standin.rows["stages", "D107"] = stages(501)
    gateway.pass_by(hours=5)
    tended(world)
    assert "tutup dari belum ada jadi 1 Desember 2026, 10.00 WITA" in text_of(world.hears("siti"))


def test_what_was_announced_all_along_is_no_news(gateway: Watch) -> None:
    world = gateway.world
    taste(world, vendor(world, "siti"), rhythm="instant")
    gateway.standin.rows = {("tender", "D107"): [announced(501, 1)], ("stages", "D107"): stages(501)}
    gateway.look()
    tended(world)
    assert "Tutup 1 Desember 2026" in text_of(world.hears("siti"))
    gateway.standin.rows["rup", "D107"] = PLAN
    gateway.pass_by(days=1)
    tended(world)
    assert world.hears("siti") == [] and not list(entries(world.read(only), OPENED))
    assert {one.kind for one in world.read(lambda session: session.exec(select(CallNotice)).all())} == {"new"}
