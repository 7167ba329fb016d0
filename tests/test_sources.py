"""What a row of each source says, and rows that say too little."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from models.package import Package, Unreadable
from models.sources import KNOWN, READERS, ocds
from models.sources.columns import compare
from tests.rows import ZONE, cells, funds, nontender, place, real, record, release, renumbered, rup, sirup, tender


def read(source: str, row: Mapping[str, Any]) -> Package:
    return READERS[source](row, ZONE)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_plan() -> None:
    found = read("inaproc-rup", rup())
    assert found.keys == (("rup", "61000001"),) and found.title == "Belanja Makanan dan Minuman Rapat"
    assert found.detail == "Nasi kotak rapat koordinasi\nNasi kotak\nKudapan"
    assert (found.buyer, found.institution, found.budget) == ("DINAS KESEHATAN", "Kota Samarinda", 18_500_000)
    assert (found.method, found.kind, found.small_only, found.domestic, found.status) == ("epurchasing", "goods", True, True, "planned")
    assert (found.opens_at, found.closes_at) == (utc(2026, 10, 31, 16), utc(2026, 12, 31, 15, 59))
    assert found.link.endswith("=61000001") and found.fresh_at == utc(2026, 10, 2, 2, 6, 33)


def test_a_plan_that_was_taken_back_or_renamed() -> None:
    assert read("inaproc-rup", rup(status_aktif_rup=False)).status == "cancelled"
    assert read("inaproc-rup", rup(status_delete_rup=True)).status == "cancelled"
    assert read("inaproc-rup", rup(kd_rup_lama=60000000)).replaces == (("rup", "60000000"),)
    found = read("inaproc-rup", renumbered(60000000, 61000001))
    assert found.keys == (("rup", "61000001"),) and found.replaces == (("rup", "60000000"),) and not found.title
    gone = read("inaproc-rup", renumbered(60000000, 0, "Pembatalan"))
    assert gone.keys == (("rup", "60000000"),) and (gone.status, gone.reason) == ("cancelled", "anggaran bergeser")


def test_funds_and_places_are_rows_of_their_own() -> None:
    assert read("inaproc-rup", funds(source="APBD,APBDP")).funds == ("APBD", "APBDP")
    assert read("inaproc-rup", place(name="Penajem Paser Utara (Kab.)")).places == ("64.09",)


def test_announcements() -> None:
    found = read("inaproc-tender", tender(plan="61000001;61000002", hps=999995334.78))
    assert found.keys == (("tender", "10900001000"), ("rup", "61000001"), ("rup", "61000002"))
    assert (found.budget, found.estimate, found.funds, found.places) == (18_500_000, 999_995_335, ("APBD",), ("64.72",))
    assert (found.method, found.kind, found.small_only, found.status) == ("tender", "services", True, "active")
    assert found.opens_at == utc(2026, 11, 16, 2) and found.link == "https://spse.example/samarindakota/lelang/10900001000/pengumumanlelang"
    direct = read("inaproc-nontender", nontender())
    assert direct.keys[0] == ("nontender", "10800001000") and direct.method == "langsung" and direct.opens_at == utc(2026, 11, 16, 0)
    assert read("inaproc-nontender", nontender(status_nontender="-")).status == "planned"
    failed = read("inaproc-tender", tender(status_tender="Gagal/Batal", ket_ditutup="HPS keliru"))
    assert (failed.status, failed.reason) == ("cancelled", "HPS keliru")


def test_what_was_only_written_down_is_over() -> None:
    found = read("inaproc-nontender", record())
    assert found.keys[0] == ("record", "10700001000") and found.status == "complete" and found.detail == "Nasi kotak\nKudapan"
    assert read("inaproc-nontender", record(status_nontender_pct_ket="Paket Dibatalkan")).status == "cancelled"


def test_the_zone_of_a_buyer_elsewhere_is_its_own() -> None:
    found = read("inaproc-tender", tender(nama_klpd="Kab. Bandung", lokasi_pekerjaan=None))
    assert found.opens_at == utc(2026, 11, 16, 3)


def test_a_schedule_says_when_offers_end() -> None:
    stage = {"kd_tender": 10900001000, "tgl_awal": "2026-11-17 08:00", "tgl_akhir": "2026-11-24 14:00"}
    assert read("inaproc-tender", {**stage, "nama_tahapan": "Upload Dokumen Penawaran"}).closes_at == utc(2026, 11, 24, 6)
    assert read("inaproc-tender", {**stage, "nama_tahapan": "Evaluasi Administrasi"}).closes_at is None


def test_cells_of_spse() -> None:
    title = "Pengadaan Kursi Rapat  (ABT) <span class='label label-warning'>Tender Ulang</span>"
    found = read("spse", cells(title=title))
    assert (found.keys, found.title) == ((("tender", "13107035"),), "Pengadaan Kursi Rapat (ABT)")
    assert (found.estimate, found.method, found.kind, found.status) == (990_000_000, "tender", "goods", "active")
    assert found.institution == "Pemerintah Daerah Provinsi Kalimantan Timur"
    assert found.link == "https://spse.example/kaltimprov/lelang/13107035/pengumumanlelang"
    direct = ["11048278000", "Belanja Kursi", "Kota Bontang", "Evaluasi Penawaran", "19,9 Jt", "Pengadaan Langsung",
              "Jasa Lainnya - TA 2026", "5", "Nilai Kontrak belum dibuat", None, "0", "0"]  # fmt: skip
    short = read("spse", {"cells": direct})
    assert (short.keys[0][0], short.estimate, short.method, short.kind) == ("nontender", 19_900_000, "langsung", "services")
    assert short.link == "" and short.status == "complete"


def test_rows_of_sirups_search() -> None:
    found = read("sirup", sirup())
    assert found.keys == (("rup", "61000001"),) and found.places == ("64.72",) and found.small_only and found.domestic
    assert (found.opens_at, found.closes_at) == (utc(2026, 10, 31, 16), utc(2026, 11, 30, 15, 59))


def test_releases_and_records() -> None:
    found = read("ocds", release())
    assert found.keys == (("ocds", "ocds-abc123-1"),) and (found.buyer, found.institution) == ("Dinas Kesehatan", "Kota Samarinda")
    assert (found.budget, found.estimate, found.method, found.kind, found.status) == (
        18_500_000,
        18_400_001,
        "tender",
        "services",
        "active",
    )
    assert (found.opens_at, found.closes_at) == (utc(2026, 11, 16), utc(2026, 11, 30, 7))
    assert found.places == ("64.72",) and found.link == "https://spse.example/1" and found.detail == "Nasi kotak 200 kotak"
    compiled = {"ocid": "ocds-abc123-1", "releases": [{"url": "https://x.example/r.json"}], "compiledRelease": release()}
    assert read("ocds", compiled) == found
    later = {**release(), "date": "2026-11-20T00:00:00Z", "tag": ["tenderUpdate"], "tender": {"status": "cancelled"}}
    merged = read("ocds", {"ocid": "ocds-abc123-1", "releases": [later, release()]})
    assert merged.status == "cancelled" and merged.title == found.title
    plan = {
        "ocid": "ocds-abc123-1",
        "id": "p",
        "date": "2026-10-01T00:00:00Z",
        "planning": {"budget": {"amount": {"amount": 5, "currency": "IDR"}}},
    }
    package = {"releases": [release(), {**release("ocds-2"), "id": "2"}, plan]}
    assert [read("ocds", row).budget for row in ocds.processes(package)] == [18_500_000, 18_500_000]
    dollars = release(value={"amount": 5, "currency": "USD"})
    assert read("ocds", dollars).estimate is None


@pytest.mark.parametrize(
    ("source", "row", "why"),
    [
        ("inaproc-rup", rup(kd_rup=None), "no_number"), ("inaproc-rup", rup(nama_paket=" "), "no_title"),
        ("inaproc-rup", {}, "no_number"),
        ("inaproc-rup", {"kd_paket": "01K", "kd_rup": "61", "total_harga": 5}, "purchase"),
        ("inaproc-tender", tender(kd_tender=""), "no_number"),
        ("inaproc-tender", tender(nama_paket=None), "no_title"), ("inaproc-nontender", nontender(kd_nontender=None), "no_number"),
        ("spse", {"cells": ["13107035"]}, "too_few_cells"), ("spse", {}, "too_few_cells"),
        ("spse", {"cells": ["abc", *"12345678"]}, "no_number"),
        ("sirup", sirup(id=None), "no_number"), ("ocds", {"ocid": "x", "releases": [{"url": "https://x.example"}]}, "no_release"),
        ("ocds", {"ocid": "x", "tender": {}}, "no_title"), ("ocds", {}, "no_release"), ("sheet", {"title": ""}, "no_title"),
    ],
)  # fmt: skip
def test_a_row_that_says_too_little_says_why(source: str, row: dict[str, Any], why: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(source, row)
    assert raised.value.reason == why


@pytest.mark.parametrize(
    ("source", "make"), [("inaproc-rup", rup), ("inaproc-tender", tender), ("sirup", sirup), ("inaproc-nontender", nontender)]
)
def test_columns_in_another_spelling_are_the_same(source: str, make: Callable[[], dict[str, Any]]) -> None:
    row = make()
    camel = {"".join(word.title() for word in name.split("_")) if "_" in name else name.upper(): value for name, value in row.items()}
    assert read(source, camel) == read(source, row)


def test_columns_that_came_went_or_were_renamed_are_named() -> None:
    names = [*rup(), "skor_baru"]
    names[names.index("nama_paket")] = "nama_paket_pengadaan"
    names.remove("pagu")
    found = compare("inaproc-rup", names)
    assert found.unknown == ["skor_baru"] and "pagu" in found.missing and found.renamed == {"nama_paket": "nama_paket_pengadaan"}
    renamed = rup()
    renamed["nama_paket_terbaru"] = renamed.pop("nama_paket")
    assert read("inaproc-rup", renamed).title == "Belanja Makanan dan Minuman Rapat"


@pytest.mark.parametrize(
    ("file", "source"),
    [("rup_paket_penyedia_terumumkan.json", "inaproc-rup"), ("rup_paket_anggaran_penyedia.json", "inaproc-rup"),
     ("rup_paket_penyedia_lokasi.json", "inaproc-rup"), ("spse_tender_pengumuman.json", "inaproc-tender"),
     ("spse_nontender_pengumuman.json", "inaproc-nontender"), ("spse_pencatatan_nontender.json", "inaproc-nontender"),
     ("spse_datatables_kaltim.json", "spse")],
)  # fmt: skip
def test_real_rows_have_the_columns_we_know_and_are_read(file: str, source: str) -> None:
    rows = real(file)
    found = compare(source, rows[0])
    assert not found.unknown and not found.renamed and not found.missing
    packages = [read(source, row) for row in rows]
    assert all(package.keys[0][1] for package in packages)
    titled = [package for package in packages if package.title]
    assert all(package.budget or package.estimate for package in titled) and all(package.method and package.kind for package in titled)
    assert all(package.status in ("planned", "active", "cancelled", "complete") for package in titled)


def test_known_columns_hold_nobody() -> None:
    assert not [name for name in KNOWN if any(word in name for word in ("nip", "ppk", "username", "pemesan", "telp", "rekening", "bank"))]
