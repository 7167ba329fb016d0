"""A tender with prequalification closes when the papers of the qualification must be there: whoever has not handed them in is out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlmodel import Session, select

from models.call import Call
from models.history import qualifying
from models.sources import READERS
from models.sources.spse_rows import takes_offers, takes_papers
from tests.alerting import taste, tended, vendor
from tests.rows import ZONE, cells, tender
from tests.sites import calls, gateway, spse
from tests.spse_pages import CLOSES, QUALIFYING, STAGES, announcement, schedule
from tests.standin_sources import announced, stages
from tests.standin_sources import qualifying as steps
from tests.standin_sources import tender as listed
from tests.test_intake import HOUR, NOW, only, put, session, state
from tests.watching import Watch
from tests.world import text_of

__all__ = ["gateway", "session", "spse"]
PAPERS, OFFERS = datetime(2026, 11, 28, 2, tzinfo=UTC), datetime(2026, 12, 20, 2, tzinfo=UTC)
SOURCE, NUMBER = "inaproc-tender", 10900001000


@pytest.mark.parametrize(
    ("stage", "counts"),
    [
        ("Kirim Persyaratan Kualifikasi", True),
        ("Upload Dokumen Kualifikasi", True),
        ("Upload Dokumen Prakualifikasi", True),
        ("Pemasukan Dokumen Pra-Kualifikasi", True),
        ("Penyampaian Data Kualifikasi", True),
        ("PEMASUKAN_DOK_PRA", True),
        ("Upload Dokumen Penawaran dan Kualifikasi", False),
        ("Upload Dokumen Penawaran", False),
        ("Upload Berita Acara Hasil Kualifikasi", False),
        ("Pengiriman Undangan Pembuktian Kualifikasi", False),
        ("Evaluasi Dokumen Kualifikasi", False),
        ("Pengumuman Prakualifikasi", False),
        ("Download Dokumen Kualifikasi", False),
        (None, False),
    ],
)
def test_only_the_stage_in_which_papers_are_handed_in_is_one(stage: str | None, counts: bool) -> None:
    assert takes_papers(stage) is counts
    assert not (counts and takes_offers(stage))


def test_it_closes_with_the_papers_though_offers_are_not_scheduled_yet(gateway: Watch) -> None:
    gateway.standin.rows = {("tender", "D107"): [announced(501, 1)], ("stages", "D107"): steps(501, offers="")}
    gateway.look()
    (call,) = calls(gateway)
    assert (call.closes_at, call.status) == (PAPERS, "active")
    gateway.standin.rows["stages", "D107"] = steps(501)
    gateway.pass_by(days=1)
    before = calls(gateway)[0]
    assert before.closes_at == PAPERS
    gateway.pass_by(days=1)
    assert calls(gateway)[0].history == before.history


def test_nobody_is_told_after_the_papers(gateway: Watch) -> None:
    """Not even where the schedule comes late, while those who passed hand in their offers."""
    world = gateway.world
    taste(world, vendor(world, "siti"), rhythm="instant")
    gateway.standin.rows = {("tender", "D107"): [announced(501, 1)], ("stages", "D107"): steps(501, papers="2026-11-22 10:00:00")}
    gateway.look()
    tended(world)
    assert (calls(gateway)[0].status, world.hears("siti")) == ("complete", [])
    gateway.pass_by(days=2)
    tended(world)
    assert (calls(gateway)[0].status, world.hears("siti")) == ("complete", [])


def test_papers_that_are_taken_longer_are_told(gateway: Watch) -> None:
    world = gateway.world
    taste(world, vendor(world, "siti"), rhythm="instant")
    gateway.standin.rows = {("tender", "D107"): [announced(501, 1)], ("stages", "D107"): steps(501)}
    gateway.look()
    tended(world)
    assert "Tutup 28 November 2026, 10.00 WITA" in text_of(world.hears("siti"))
    gateway.standin.rows["stages", "D107"] = steps(501, papers="2026-11-30 10:00:00", offers="2026-12-22 10:00:00")
    gateway.pass_by(days=1)
    tended(world)
    assert "tutup dari 28 November 2026, 10.00 WITA jadi 30 November 2026, 10.00 WITA" in text_of(world.hears("siti"))


STEPS = (("Kirim Persyaratan Kualifikasi", "2026-11-28 10:00:00"), ("Upload Dokumen Penawaran", "2026-12-20 10:00:00"))


def rows(named: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"kd_tender": NUMBER, "nama_tahapan": name, "tgl_awal": "2026-11-20 10:00:00", "tgl_akhir": end} for name, end in named]


@pytest.mark.parametrize("order", list(permutations(STEPS)))
def test_stages_in_any_order_and_again_end_in_the_same_closing(session: Session, order: Sequence[tuple[str, str]]) -> None:
    put(session, SOURCE, tender(NUMBER))
    for row in rows(order):
        put(session, SOURCE, row, NOW + HOUR)
    call = only(session)
    assert call.closes_at == PAPERS and qualifying(call)
    before = state(session)
    assert [put(session, SOURCE, row, NOW + 2 * HOUR) for row in (*rows(order), *rows(order))] == ["same"] * 4
    assert state(session) == before


def test_papers_that_are_asked_for_after_the_offers_end_nothing(session: Session) -> None:
    put(session, SOURCE, tender(NUMBER))
    late = (("Upload Dokumen Penawaran", "2026-12-20 10:00:00"), ("Upload Dokumen Kualifikasi", "2026-12-28 10:00:00"))
    for row in (*rows(late), *rows(late)):
        put(session, SOURCE, row, NOW + HOUR)
    assert only(session).closes_at == OFFERS
    put(session, SOURCE, rows([("Upload Dokumen Penawaran", "2026-12-22 10:00:00")])[0], NOW + 2 * HOUR)
    assert only(session).closes_at == OFFERS + timedelta(days=2)


def test_a_page_of_spse_shows_both_and_the_earlier_closes_it(spse: Watch) -> None:
    files = "Prakualifikasi Dua File"
    spse.standin.cells = {"lelang": [listed(501)], "pl": []}
    spse.standin.pages = {501: (announcement(501, stage="Kirim Persyaratan Kualifikasi", files=files), schedule(QUALIFYING))}
    spse.all()
    (call,) = calls(spse)
    assert (call.closes_at, call.status) == (PAPERS, "active") and qualifying(call)
    spse.pass_by(days=7)
    assert calls(spse)[0].status == "complete"


def test_a_plan_that_people_know_closes_with_the_papers_of_its_announcement(session: Session) -> None:
    """The pages of the row in the table join it to the plan; what it closes with comes along."""
    put(
        session,
        "sirup",
        {"id": 1, "paket": "Belanja Alat Tulis", "pagu": 5_000_000, "pemilihan": "Desember 2026", "kldi": "Kota Samarinda"},
    )
    only(session).told_at = NOW
    session.commit()
    put(session, "spse", cells(str(NUMBER)), NOW + HOUR)
    page = {"number": str(NUMBER), "list": "lelang", "url": "https://spse.example/kaltimprov", "namatender": "Belanja Alat Tulis"}
    stages = [{"tahap": name, "mulai": begin, "sampai": end} for name, begin, end in QUALIFYING]
    put(session, "spse-paket", {**page, "stages": stages}, NOW + HOUR)
    put(session, "spse-paket", {**page, "koderup": "1", "stages": stages}, NOW + 2 * HOUR)
    session.expire_all()
    plan = session.exec(select(Call).where(Call.source == "sirup")).one()
    assert plan.closes_at == PAPERS and qualifying(plan)


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Pengumuman Prakualifikasi", "active"),
        ("Kirim Persyaratan Kualifikasi", "active"),
        ("Penjelasan Dokumen Prakualifikasi", "active"),
        ("Penetapan Hasil Kualifikasi", "complete"),
        ("Pengumuman Hasil Prakualifikasi", "complete"),
        ("Download Dokumen Pemilihan", "complete"),
        ("Pemberian Penjelasan", "complete"),
        ("Pemberian Penjelasan Dokumen Kualifikasi", "active"),
        ("Upload Dokumen Penawaran", "complete"),
    ],
)
def test_a_row_of_the_table_is_over_once_the_papers_are_in(stage: str, status: str) -> None:
    row = cells(stage=stage)
    row["cells"][5] = "Prakualifikasi Dua File"
    assert READERS["spse"](row, ZONE).status == status
    row["cells"][5] = "Pascakualifikasi Satu File"
    assert READERS["spse"](row, ZONE).status == "active"


def test_a_tender_without_prequalification_closes_with_its_offers() -> None:
    page = {"number": "501", "list": "lelang", "stages": [{"tahap": name, "mulai": begin, "sampai": end} for name, begin, end in STAGES]}
    found = READERS["spse-paket"](page, ZONE)
    assert (found.closes_at, found.qualifying) == (CLOSES, False)
    assert [row["nama_tahapan"] for row in stages(1) if takes_papers(row["nama_tahapan"])] == []
