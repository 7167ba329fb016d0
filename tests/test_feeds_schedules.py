"""When the gateway says that offers end, and that a plan's number took another's place: lists of their own, read over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.call import Call, CallKey, CallNotice
from models.feed import SetAside
from models.sources.spse_rows import takes_offers
from tests.alerting import taste, tended, vendor
from tests.standin_sources import announced, plans, revised, stages
from tests.watching import Watch, watching
from tests.world import text_of

TENDER, STAGES, REVISIONS = "inaproc-tender", "inaproc-tender:jadwal", "inaproc-rup:revisi"


@pytest.fixture
def gateway(sqlite_database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(sqlite_database, tmp_path, "inaproc") as made:
        made.standin.proofs = False
        yield made


@pytest.fixture
def on_both(database: str, tmp_path: Path) -> Iterator[Watch]:
    with watching(database, tmp_path, "inaproc") as made:
        made.standin.proofs = False
        yield made


def calls(watch: Watch) -> list[Call]:
    return watch.world.read(lambda session: list(session.exec(select(Call).order_by(col(Call.id)))))


def keys(session: Session) -> dict[str, int]:
    return {key.number: key.call_id for key in session.exec(select(CallKey))}


@pytest.mark.parametrize(
    ("stage", "counts"),
    [
        ("Upload Dokumen Penawaran", True),
        ("Upload Dokumen Penawaran dan Kualifikasi", True),
        ("Upload Dokumen Kualifikasi dan Penawaran", True),
        ("Pemasukan Dokumen Penawaran", True),
        ("PEMASUKAN_PENAWARAN", True),
        ("Batas Akhir Upload Dokumen Penawaran", True),
        ("Upload Dokumen Penawaran File I", True),
        ("Upload Dokumen Penawaran File II", False),
        ("Penyampaian Penawaran Ulang", False),
        ("Upload Berita Acara Hasil Pelelangan", False),
        ("UPLOAD_BA_HASIL_LELANG", False),
        ("Upload Dokumen Kualifikasi", False),
        ("Kirim Persyaratan Kualifikasi", False),
        ("PEMASUKAN_DOK_PRA", False),
        ("Pembukaan Dokumen Penawaran", False),
        ("Pembukaan dan Evaluasi Penawaran File I: Administrasi dan Teknis", False),
        ("Pendaftaran dan Download Dokumen Pemilihan", False),
        (None, False),
    ],
)
def test_only_the_stage_in_which_offers_are_handed_in_ends_them(stage: str | None, counts: bool) -> None:
    assert takes_offers(stage) is counts


@pytest.mark.parametrize("kind", ["tender", "nontender"])
def test_announcements_get_their_closing_from_the_schedule(on_both: Watch, kind: str) -> None:
    row, steps = announced(501, 1), stages(501)
    if kind == "nontender":
        row |= {"kd_nontender": 501, "status_nontender": "Berlangsung", "mtd_pemilihan": "Pengadaan Langsung", "kd_tender": None}
        steps = [{**one, "kd_nontender": 501, "kd_tender": None} for one in steps]
    on_both.standin.rows = {(kind, "D107"): [row], ("stages" if kind == "tender" else "nontender-stages", "D107"): steps}
    on_both.look()
    (call,) = calls(on_both)
    assert call.closes_at == datetime(2026, 12, 1, 2, tzinfo=UTC)  # 10.00 WITA, not the 9th on which a report is uploaded
    name = f"inaproc-{kind}:jadwal"
    assert on_both.feed(name).counts["read"] == 6 and "aside" not in on_both.feed(name).counts
    before = call.history
    on_both.pass_by(days=2)
    assert calls(on_both)[0].history == before and on_both.feed(name).counts["same"] == 6


def test_a_closing_that_moves_is_told(gateway: Watch) -> None:
    world = gateway.world
    taste(world, vendor(world, "siti"), rhythm="instant")
    gateway.standin.rows = {("tender", "D107"): [announced(501, 1)], ("stages", "D107"): stages(501)}
    gateway.look()
    tended(world)
    assert "Tutup 1 Desember 2026, 10.00 WITA" in text_of(world.hears("siti"))
    gateway.standin.rows["stages", "D107"] = stages(501, "2026-12-03 10:00:00")
    gateway.pass_by(days=1)
    tended(world)
    assert "tutup dari 1 Desember 2026, 10.00 WITA jadi 3 Desember 2026, 10.00 WITA" in text_of(world.hears("siti"))


def test_stages_of_what_nobody_knows_are_set_aside_only_where_they_say_something(gateway: Watch) -> None:
    gateway.standin.rows = {("stages", "D107"): stages(777), ("revisions", "D107"): [revised(8, 9, jenis_paket="SWAKELOLA")]}
    gateway.look()
    aside = gateway.world.read(lambda session: [(one.number, one.reason) for one in session.exec(select(SetAside))])
    assert aside == [("777", "no_package")] and gateway.feed(REVISIONS).counts == {"read": 1, "same": 1, "pages": 4}
    gateway.standin.rows["tender", "D107"] = [announced(777, 1)]
    gateway.pass_by(days=1)
    assert calls(gateway)[0].closes_at == datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert gateway.world.read(lambda session: session.exec(select(SetAside)).all()) == []


def test_a_plan_with_a_new_number_stays_one_call_and_is_told_once(on_both: Watch) -> None:
    world = on_both.world
    person = vendor(world, "siti")
    taste(world, person, rhythm="instant")
    on_both.standin.rows = {("rup", "D107"): plans(1, 1)}
    on_both.look()
    tended(world)
    assert "Rapat 1" in text_of(world.hears("siti"))
    (new,) = plans(2, 1)
    old = plans(1, 1, status_aktif_rup=False)[0]
    on_both.standin.rows = {("rup", "D107"): [{**new, "nama_paket": plans(1, 1)[0]["nama_paket"], "pagu": 10_000_001}, old],
                            ("revisions", "D107"): [revised(1, 2)]}  # fmt: skip
    on_both.pass_by(days=1)
    tended(world)
    (call,) = calls(on_both)
    assert world.read(keys) == {"1": call.id, "2": call.id} and call.status == "planned"
    assert world.hears("siti") == [], "nothing is different for whoever knows it"
    assert world.read(lambda session: {one.person_id for one in session.exec(select(CallNotice))}) == {person}
    before = call.history
    on_both.pass_by(days=2)
    assert calls(on_both)[0].history == before


@pytest.mark.parametrize("rows", [[revised(1, 2), revised(2, 3)], [revised(2, 3), revised(1, 2)]])
def test_numbers_that_were_replaced_twice_lead_to_one_call_in_any_order(gateway: Watch, rows: list[dict[str, Any]]) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 1)}
    gateway.look()
    gateway.standin.rows = {("rup", "D107"): plans(3, 1), ("revisions", "D107"): rows}
    gateway.pass_by(days=1)
    (call,) = calls(gateway)
    assert set(gateway.world.read(keys).values()) == {call.id} and call.budget == 10_000_003
    before = call.history
    gateway.pass_by(days=2)
    assert calls(gateway)[0].history == before


def test_it_is_known_later_that_the_first_of_three_numbers_is_the_same(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): [*plans(1, 1), *plans(3, 1)], ("revisions", "D107"): [revised(2, 3)]}
    gateway.look()
    assert len(calls(gateway)) == 2
    gateway.standin.rows = {("rup", "D107"): plans(3, 1), ("revisions", "D107"): [revised(1, 2), revised(2, 3)]}
    gateway.pass_by(days=1)
    alive = [call for call in calls(gateway) if call.status == "planned"]
    assert len(alive) == 1 and alive[0].budget == 10_000_003
    assert set(gateway.world.read(keys).values()) == {alive[0].id}
