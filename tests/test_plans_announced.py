"""What makes an announcement of a plan, and what does not: drafts, rows of a sheet, rows that were kept by a release before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.importing import read
from models.call import Call
from models.feed import SetAside
from models.history import OPENED, entries, of_plan
from models.leftovers import put_aside
from tests.rows import ZONE, cells, funds, release, rup, tender
from tests.test_intake import HOUR, NOW, only, put, session

__all__ = ["session"]
MONTH = datetime(2026, 12, 31, 16, tzinfo=UTC)
SHEET: dict[str, Any] = {"title": "Belanja Makanan dan Minuman Rapat", "buyer": "Dinas Kesehatan", "rup": "61000001"}
DRAFTS: dict[str, tuple[str, dict[str, Any]]] = {
    "an officer's sheet that names the plan": ("sheet", SHEET | {"closes_at": "2026-11-25"}),
    "a tender that is still being written": ("inaproc-tender", tender(status_tender="-")),
}


def opened(call: Call) -> list[dict[str, Any]]:
    return list(entries(call, OPENED))


@pytest.mark.parametrize("name", DRAFTS)
def test_a_plan_that_nobody_announced_stays_one(session: Session, name: str) -> None:
    put(session, "inaproc-rup", rup())
    month = only(session).closes_at
    put(session, *DRAFTS[name], now=NOW + HOUR)
    call = only(session)
    assert (call.closes_at, of_plan(call, "closes_at"), opened(call), call.changed_at) == (month, True, [], None)
    put(session, "inaproc-rup", rup(tgl_akhir_pemilihan="2027-01-01"), NOW + HOUR)
    assert only(session).closes_at != month, "the plan may still move its month"
    assert put(session, "inaproc-tender", tender(), NOW + 2 * HOUR) in ("merged", "changed")
    call = only(session)
    assert len(opened(call)) == 1 and (call.closes_at, call.changed_at) == (None, NOW + 2 * HOUR)
    put(session, "inaproc-tender", tender(), NOW + 3 * HOUR)
    assert len(opened(only(session))) == 1


def test_a_release_that_is_planned_announces_nothing_and_the_active_one_does(session: Session) -> None:
    draft = release(status="planned", tenderPeriod=None)
    put(session, "ocds", draft)
    assert (only(session).status, opened(only(session))) == ("planned", [])
    put(session, "ocds", draft, NOW + HOUR)
    assert opened(only(session)) == []
    put(session, "ocds", release(), NOW + 2 * HOUR)
    assert len(opened(only(session))) == 1


def test_an_officer_s_row_with_the_number_of_a_tender_is_an_announcement(session: Session) -> None:
    put(session, "inaproc-rup", rup())
    put(session, "sheet", SHEET | {"tender": "10900001000"}, NOW + HOUR)
    assert len(opened(only(session))) == 1


def test_a_kept_row_that_cannot_be_read_any_more_holds_up_nobody(session: Session) -> None:
    for row in ({"kd_rup": None}, funds()):
        put_aside(session, "inaproc-rup", row, "61000001", "no_package", NOW)
    assert put(session, "inaproc-rup", rup()) == "new"
    assert only(session).funds == ["APBD"] and len(session.exec(select(SetAside)).all()) == 1


def test_a_row_that_joins_a_plan_and_a_call_people_know_is_counted_as_joining(session: Session) -> None:
    put(session, "inaproc-rup", rup())
    put(session, "inaproc-tender", tender(13107035, plan=""))
    told = session.exec(select(Call).order_by(col(Call.id).desc()).limit(1)).one()
    told.told_at = NOW
    session.commit()
    assert put(session, "inaproc-tender", tender(13107035), NOW + HOUR) == "merged"
    assert put(session, "inaproc-tender", tender(13107035), NOW + timedelta(hours=2)) == "same"


def test_a_call_that_is_called_off_ends_although_its_reason_cannot_be_told() -> None:
    row = tender(status_tender="Gagal/Batal", ket_ditutup="Lihat https://hadiah.example/x")
    ((_, package),), bad = read("inaproc-tender", [row], ZONE)
    assert (package.status, package.reason, bad) == ("cancelled", "", [])
    good, ((_, _, why),) = read("spse", [cells(title="Kursi, daftar di bit.ly/x")], ZONE)
    assert (good, why) == ([], "not_told")
