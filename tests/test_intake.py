"""One call a package whatever its source, its history, what is told again, and rows that come twice or too early."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.importing import look_after
from bot.schedule import JOBS
from bot.store import Store, open_engine
from models.call import Call, CallKey, CallNotice
from models.feed import SetAside
from models.history import entries
from models.inserting import MANY
from models.intake import age, take, take_all
from models.leftovers import put_aside
from models.package import Package, Unreadable
from models.sources import READERS
from tests.databases import patient
from tests.rows import ZONE, cells, funds, nontender, place, record, renumbered, rup, sirup, tender
from tests.vendors import add_vendor

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine) as made:
        yield made
    engine.dispose()


def package(source: str, row: dict[str, Any]) -> Package:
    return READERS[source](row, ZONE)


def put(session: Session, source: str, row: dict[str, Any], now: datetime = NOW) -> str:
    outcome = take(session, package(source, row), now)
    session.commit()
    return outcome


def only(session: Session) -> Call:
    session.expire_all()
    return session.exec(select(Call)).one()


def state(session: Session) -> list[Any]:
    """All but when it was seen."""
    session.expire_all()
    calls = [call.model_dump(exclude={"seen_at"}) for call in session.exec(select(Call).order_by(col(Call.id)))]
    return [*calls, *[key.model_dump() for key in session.exec(select(CallKey).order_by(col(CallKey.system), col(CallKey.number)))]]


def test_a_plan_becomes_a_call(session: Session) -> None:
    assert put(session, "inaproc-rup", rup()) == "new"
    call = only(session)
    assert (call.source, call.source_id, call.status) == ("inaproc-rup", "rup:61000001", "active")
    assert (call.region, call.budget, call.etalase, call.method) == ("64.72", 18_500_000, ["mamin"], "epurchasing")
    assert call.seen_at == NOW and call.changed_at is None and call.told_at is None and not call.history
    assert session.get_one(CallKey, ("rup", "61000001")).call_id == call.id


def test_the_same_again_changes_nothing(session: Session) -> None:
    rows = [("inaproc-rup", rup()), ("inaproc-rup", funds()), ("inaproc-rup", place()), ("inaproc-tender", tender()), ("spse", cells())]
    assert [put(session, *row) for row in rows] == ["new", "merged", "merged", "merged", "new"]
    before = state(session)
    assert [put(session, *row, now=NOW + HOUR) for row in rows] == ["same"] * 5
    assert state(session) == before
    assert all(call.seen_at == NOW + HOUR for call in session.exec(select(Call)))


def test_funds_and_places_add_up(session: Session) -> None:
    put(session, "inaproc-rup", rup())
    for row in (funds(), funds(source="BLUD"), place(), place(name="Berau (Kab.)")):
        assert put(session, "inaproc-rup", row) == "merged"
    call = only(session)
    assert (call.funds, call.places, call.region) == (["APBD", "BLUD"], ["64.03", "64.72"], "64") and call.changed_at is None


def test_funds_and_places_that_came_first_wait_for_their_package(session: Session) -> None:
    for row in (place(name="Berau (Kab.)"), funds()):
        with pytest.raises(Unreadable, match="no_package"):
            put(session, "inaproc-rup", row)
        put_aside(session, "inaproc-rup", row, "61000001", "no_package", NOW)
    put(session, "inaproc-rup", rup())
    call = only(session)
    assert (call.places, call.region, call.funds) == (["64.03"], "64.03", ["APBD"])
    assert not session.exec(select(SetAside)).all()


def test_a_plan_and_its_announcement_are_one_call_with_a_history(session: Session) -> None:
    put(session, "inaproc-rup", rup())
    assert put(session, "inaproc-tender", tender(pagu=19_000_000), NOW + HOUR) == "merged"
    call = only(session)
    assert (call.budget, call.estimate, call.status, call.closes_at) == (19_000_000, 18_400_001, "active", None)
    assert call.changed_at == NOW + HOUR
    entry = next(entries(call, "budget"))
    assert entry == {"at": (NOW + HOUR).isoformat(), "source": "inaproc-tender", "field": "budget", "from": 18_500_000, "to": 19_000_000}
    assert put(session, "inaproc-rup", rup(), NOW + 2 * HOUR) == "same" and only(session).budget == 19_000_000


def test_a_plan_whose_month_is_over_opens_when_it_is_announced_after_all(session: Session) -> None:
    put(session, "inaproc-rup", rup())
    late = datetime(2027, 1, 6, tzinfo=UTC)
    assert age(session, late) == 1 and only(session).status == "complete"
    assert put(session, "inaproc-tender", tender(tgl_pengumuman_tender="2027-01-05 10:00:00"), late) == "merged"
    call = only(session)
    assert (call.status, call.closes_at, call.changed_at) == ("active", None, late) and next(entries(call, "opened"))


def test_the_order_does_not_matter(session: Session) -> None:
    put(session, "inaproc-tender", tender())
    assert put(session, "inaproc-rup", rup(pagu=17_000_000), NOW + HOUR) == "merged"
    call = only(session)
    assert call.budget == 18_500_000 and call.domestic is True and call.detail and call.changed_at is None
    assert put(session, "inaproc-rup", rup(pagu=17_000_000), NOW + HOUR) == "same"


def test_several_plans_announced_together_are_one_call(session: Session) -> None:
    person = add_vendor(session, "siti")
    put(session, "inaproc-rup", rup(1111111))
    put(session, "inaproc-rup", rup(2222222))
    second = session.exec(select(Call).where(Call.source_id == "rup:2222222")).one()
    second.told_at = NOW
    first = session.exec(select(Call).where(Call.source_id == "rup:1111111")).one()
    session.add(CallNotice(call_id=first.id or 0, person_id=person, at=NOW, told_at=NOW))
    session.commit()
    assert put(session, "inaproc-nontender", nontender(plan="1111111;2222222"), NOW + HOUR) == "merged"
    session.expire_all()
    keys = {(key.system, key.number): key.call_id for key in session.exec(select(CallKey))}
    assert set(keys) == {("rup", "1111111"), ("rup", "2222222"), ("nontender", "10800001000")} and set(keys.values()) == {second.id}
    assert first.status == "complete" and session.exec(select(CallNotice)).one().call_id == second.id
    before = state(session)
    rows = [("inaproc-rup", rup(1111111)), ("inaproc-rup", rup(2222222)), ("inaproc-nontender", nontender(plan="1111111;2222222"))]
    assert [put(session, *row) for row in rows] == ["same"] * 3
    assert state(session) == before


def test_another_announcement_of_one_plan_is_another_chance(session: Session) -> None:
    put(session, "inaproc-rup", rup())
    assert put(session, "inaproc-nontender", nontender(status_nontender="Gagal/Batal", ket_ditutup="HPS keliru")) == "merged"
    assert put(session, "inaproc-nontender", nontender(10800002000)) == "new"
    assert put(session, "inaproc-nontender", record()) == "new"
    found = session.exec(select(Call).order_by(col(Call.id))).all()
    assert [call.status for call in found] == ["cancelled", "active", "complete"] and found[0].reason == "HPS keliru"
    before = state(session)
    rows = (rup(), nontender(status_nontender="Gagal/Batal", ket_ditutup="HPS keliru"), nontender(10800002000), record())
    assert [put(session, source, row) for source, row in zip(("inaproc-rup", *["inaproc-nontender"] * 3), rows, strict=True)] == [
        "same"
    ] * 4
    assert state(session) == before


def test_what_changed_is_told_to_those_who_were_told(session: Session) -> None:
    put(session, "inaproc-tender", tender())
    assert put(session, "inaproc-tender", tender(nama_satker="Dinas Kesehatan Kota")) == "changed"
    assert only(session).changed_at is None
    schedule = {"kd_tender": 10900001000, "nama_tahapan": "Upload Dokumen Penawaran", "tgl_akhir": "2026-11-24 14:00"}
    assert put(session, "inaproc-tender", schedule, NOW + HOUR) == "changed"
    call = only(session)
    assert call.closes_at == datetime(2026, 11, 24, 6, tzinfo=UTC) and call.changed_at == NOW + HOUR
    assert (
        put(session, "inaproc-tender", tender(pagu=20_000_000), NOW + 2 * HOUR) == "changed" and only(session).changed_at == NOW + 2 * HOUR
    )
    cancelled = tender(pagu=20_000_000, status_tender="Gagal/Batal", ket_ditutup="Anggaran dialihkan")
    assert put(session, "inaproc-tender", cancelled, NOW + 3 * HOUR) == "changed"
    call = only(session)
    assert (call.status, call.reason, call.changed_at) == ("cancelled", "Anggaran dialihkan", NOW + 3 * HOUR)
    assert [(one["field"], one["from"], one["to"]) for one in entries(call)][:2] == [
        ("reason", "", "Anggaran dialihkan"), ("status", "active", "cancelled"),
    ]  # fmt: skip


def test_what_is_over_already_is_no_news(session: Session) -> None:
    assert put(session, "inaproc-tender", tender(status_tender="Selesai")) == "new"
    assert put(session, "inaproc-tender", tender(status_tender="Selesai", pagu=1_000_000)) == "changed"
    assert only(session).status == "complete" and only(session).changed_at is None


def test_a_number_that_took_anothers_place(session: Session) -> None:
    put(session, "inaproc-rup", rup(60000000))
    assert put(session, "inaproc-rup", renumbered(60000000, 61000001), NOW + HOUR) == "merged"
    call = only(session)
    assert call.changed_at == NOW + HOUR and next(entries(call, "number"))["to"] == ["rup", "61000001"]
    assert put(session, "inaproc-rup", rup(61000001, pagu=21_000_000), NOW + HOUR) == "changed"
    assert put(session, "inaproc-rup", rup(60000000)) == "same" and only(session).budget == 21_000_000
    assert put(session, "inaproc-rup", renumbered(60000000, 61000001)) == "same"


def test_both_numbers_were_met_before_it_was_known_that_one_took_the_others_place(session: Session) -> None:
    put(session, "inaproc-rup", rup(60000000))
    put(session, "inaproc-rup", rup(61000001, pagu=21_000_000))
    assert put(session, "inaproc-rup", renumbered(60000000, 61000001), NOW + HOUR) == "merged"
    session.expire_all()
    kept = session.exec(select(Call).where(Call.source_id == "rup:60000000")).one()
    assert kept.budget == 21_000_000 and kept.changed_at == NOW + HOUR
    assert {key.call_id for key in session.exec(select(CallKey))} == {kept.id}
    before = state(session)
    rows = (rup(60000000), rup(61000001, pagu=21_000_000), renumbered(60000000, 61000001))
    assert [put(session, "inaproc-rup", row, NOW + 2 * HOUR) for row in rows] == ["same"] * 3
    assert state(session) == before


def test_a_plan_that_was_called_off(session: Session) -> None:
    put(session, "inaproc-rup", rup())
    assert put(session, "inaproc-rup", renumbered(61000001, 0, "Pembatalan"), NOW + HOUR) == "changed"
    call = only(session)
    assert (call.status, call.reason, call.changed_at) == ("cancelled", "anggaran bergeser", NOW + HOUR)


def test_the_more_exact_source_is_believed(session: Session) -> None:
    put(session, "inaproc-tender", tender(13107035, plan="", hps=989_999_995.4))
    assert put(session, "spse", cells(title="Belanja Makanan")) == "merged"
    call = only(session)
    assert call.estimate == 989_999_995 and call.title == "Belanja Makanan dan Minuman Rapat" and call.status == "active"
    put(session, "spse", cells(stage="Tender Sudah Selesai"))
    assert only(session).status == "complete"
    put(session, "sirup", sirup())
    assert put(session, "inaproc-rup", rup(pagu=18_600_000)) == "merged"


def test_time_opens_plans_and_ends_calls(session: Session) -> None:
    early = datetime(2026, 10, 5, tzinfo=UTC)
    put(session, "inaproc-rup", rup(), early)
    put(session, "inaproc-tender", tender(plan=""), early)
    assert [call.status for call in session.exec(select(Call).order_by(col(Call.id)))] == ["planned", "active"]
    assert age(session, NOW) == 1 and age(session, NOW) == 0
    assert age(session, datetime(2026, 12, 20, tzinfo=UTC)) == 1
    assert age(session, datetime(2027, 1, 2, tzinfo=UTC)) == 1
    assert {call.status for call in session.exec(select(Call))} == {"complete"} and not any(
        call.history for call in session.exec(select(Call))
    )


def test_the_clock_goes_on_between_two_polls(database: str) -> None:
    """In transactions of some hundreds, until nothing is left to do."""
    store, early = Store(database), datetime(2026, 10, 5, tzinfo=UTC)
    try:
        packages = [package("inaproc-rup", rup(1000000 + at)) for at in range(MANY + 1)]
        store.submit(lambda session: take_all(session, packages, early)).result(60)
        assert asyncio.run(look_after(store, early)) == 0
        assert asyncio.run(look_after(store, NOW)) == MANY + 1
        assert "calls" in {job.name for job in JOBS}
    finally:
        store.close()


def test_a_package_that_is_over_is_kept_and_nobody_is_told(session: Session) -> None:
    put(session, "inaproc-rup", rup(tgl_awal_pemilihan="2025-01-01", tgl_akhir_pemilihan="2025-01-01"))
    put(session, "inaproc-tender", tender(plan="", tgl_pengumuman_tender="2026-08-01 10:00:00"))
    assert {call.status for call in session.exec(select(Call))} == {"complete"}


def test_the_detail_names_the_etalase_where_the_title_does_not(session: Session) -> None:
    put(session, "inaproc-rup", rup(nama_paket="Belanja Barang Habis Pakai Lainnya XYZ"))
    assert "mamin" in only(session).etalase


def test_many_are_taken_as_one_by_one(session: Session) -> None:
    rows = [*(("inaproc-rup", rup(1000000 + at)) for at in range(30)), *(("inaproc-rup", funds(1000000 + at)) for at in range(30)),
            ("inaproc-rup", rup(1000003, pagu=1_000_000)), ("inaproc-rup", funds(5))]  # fmt: skip
    found = take_all(session, [package(*row) for row in rows], NOW)
    assert found[:61] == ["new"] * 30 + ["merged"] * 30 + ["changed"] and isinstance(found[61], Unreadable)


def test_two_that_take_one_package_at_once_make_one_call(database: str) -> None:
    store = Store(database)
    try:
        both = [store.submit(partial(take, package=package("inaproc-rup", rup()), now=NOW)) for _ in range(2)]
        assert sorted(one.result(30) for one in both) == ["new", "same"]
        assert len(store.submit(lambda session: session.exec(select(Call)).all()).result(30)) == 1
    finally:
        store.close()


def test_a_row_is_set_aside_once(session: Session) -> None:
    for _ in range(2):
        put_aside(session, "inaproc-rup", rup(nama_paket=""), "61000001", "no_title", NOW)
    put_aside(session, "inaproc-rup", rup(nama_paket="", pagu=5), "61000001", "no_title", NOW)
    assert len(session.exec(select(SetAside)).all()) == 2
