"""Amounts, local times, months, places, numbers and words as sources write them."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from models.sources import READERS
from models.sources.door import clean
from models.sources.regions import places_of, region_of
from models.sources.values import moment, month, number, numbers, rupiah
from models.sources.words import small_of, status_of
from tests.rows import ZONE, real


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("990 Jt", 990_000_000), ("1,3 M", 1_300_000_000), ("1.3 M", 1_300_000_000), ("259,2 Jt", 259_200_000), ("2 M", 2_000_000_000),
        ("950 Rb", 950_000), ("1,25 T", 1_250_000_000_000), ("2,5 Miliar", 2_500_000_000), ("Rp 342.122.275,00", 342_122_275),
        ("Rp568.972.270,50", 568_972_271), ("Rp. 1.000.000", 1_000_000), ("1,000,000.00", 1_000_000), ("18500000", 18_500_000),
        (999995334.78, 999_995_335), (899369196.4, 899_369_196), (0.5, 1), (2.5, 3), ("99999900.5", 99_999_901), (45_000_000, 45_000_000),
        ("75.000.000,-", 75_000_000), ("1.234", 1234), ("1.234.567", 1_234_567),
        ("1.300 Jt", 1_300_000_000), ("1.300,5 Jt", 1_300_500_000), ("0.750 Jt", 750_000), ("1.300 M", 1_300_000_000),
        ("Rp5.000.000 (lima juta)", 5_000_000), ("± Rp 5.000.000", 5_000_000), ("5.000 (dalam ribuan)", None),
        ("500 (juta rupiah)", None), ("500 (Jt)", None),
        (None, None), ("", None), ("-", None), (0, None), ("Nilai Kontrak belum dibuat", None), (True, None), ("12 kotak", None),
        (float("nan"), None), (float("inf"), None), (-5, None), (1e30, None),
    ],
)  # fmt: skip
def test_amounts_are_whole_rupiah_and_a_half_is_rounded_up(written: Any, amount: int | None) -> None:
    assert rupiah(written) == amount


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("15 Januari 2025 08:00", utc(2025, 1, 15, 0)), ("15 Jan 2025 08.00 WIB", utc(2025, 1, 15, 1)),
        ("2025-01-15 08:00:00", utc(2025, 1, 15, 0)),
        ("2025-07-31 08:00:00.000000Z", utc(2025, 7, 31, 0)), ("2024-08-29T10:00:01.679000Z", utc(2024, 8, 29, 2, 0, 1)),
        ("2025-01-15T08:00:00+08:00", utc(2025, 1, 15, 0)), ("15-01-2025 08:00", utc(2025, 1, 15, 0)),
        ("15/01/2025", utc(2025, 1, 14, 16)),
        ("Rabu, 15 Januari 2025 pukul 08.00 WIT", utc(2025, 1, 14, 23)), (45672.5, utc(2025, 1, 15, 4)),
        (datetime(2025, 1, 15, 8, tzinfo=UTC), utc(2025, 1, 15, 8)),
        ("31-12-26", utc(2026, 12, 30, 16)), ("31/12/26 15.00", utc(2026, 12, 31, 7)), ("31 Des 26", utc(2026, 12, 30, 16)),
        ("12/31/2026", utc(2026, 12, 30, 16)), ("15 Januari 2025 08.10.25", utc(2025, 1, 15, 0, 10, 25)), ("31 Des 10.00", None),
        ("46361,4166", utc(2026, 12, 5, 2)), ("46361", utc(2026, 12, 4, 16)), ("abc", None),
        ("Januari 2025", utc(2024, 12, 31, 16)), ("", None), (None, None), ("segera", None), ("31 Februari 2025", None),
        ("2025-13-01", None), ("jam 10.30.15 WITA", None), ("10.30.15", None),
        ("pukul 10.11.12", None), ("12/31/26", utc(2026, 12, 30, 16)),
    ],
)  # fmt: skip
def test_times_are_local_to_the_source(written: Any, meant: datetime | None) -> None:
    assert moment(written, ZONE) == meant


def test_a_z_means_it_only_where_the_standard_says_so() -> None:
    assert moment("2026-11-16T00:00:00Z", ZONE, disguised=False) == utc(2026, 11, 16)
    assert moment("2026-11-16T00:00:00Z", ZONE) == utc(2026, 11, 15, 16)


def test_what_closes_on_a_day_closes_at_its_end_and_in_a_month_at_the_months_end() -> None:
    assert moment("2026-11-30", ZONE, closes=True) == utc(2026, 11, 30, 15, 59)
    assert moment("30 November 2026 14:00", ZONE, closes=True) == utc(2026, 11, 30, 6)
    assert moment(46361.4166, ZONE, closes=True) == utc(2026, 12, 5, 2) and moment(46361, ZONE, closes=True) == utc(2026, 12, 5, 15, 59)
    assert month("2026-02-01", ZONE, closes=True) == month("Februari 2026", ZONE, closes=True) == utc(2026, 2, 28, 15, 59)
    assert month("2026-02-17", ZONE, closes=True) == utc(2026, 2, 17, 15, 59)


def test_announcements_of_data_inaproc_id_write_z_behind_local_times() -> None:
    """The evidence: most are of office hours as they stand, which seven hours later would be the night."""
    hours = [
        int(row["tgl_pengumuman_nontender"][11:13]) for row in real("spse_nontender_pengumuman.json") if row["tgl_pengumuman_nontender"]
    ]
    as_written, moved = (sum(7 <= (hour + away) % 24 <= 17 for hour in hours) / len(hours) for away in (0, 7))
    assert as_written > 0.9 and moved < 0.5


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Samarinda (Kota)", "64.72"), ("Berau (Kab.)", "64.03"), ("Penajem Paser Utara (Kab.)", "64.09"),
        ("Kab. Kutai Kartanegara", "64.02"),
        ("Kutai Kertanegara (Kab.)", "64.02"), ("Pemerintah Daerah Provinsi Kalimantan Timur", "64"),
        ("Pemerintah Daerah Kota Bontang", "64.74"),
        ("Provinsi Kalimantan Timur", "64"), ("Kab. Bandung", "32.04"), ("Kota Bandung", "32.73"), ("Bandung (Kab.)", "32.04"),
        ("Kecamatan Paseh - Bandung (Kab.) - Jawa Barat", "32.04"), ("Kementerian Pertanian", ""), ("", ""),
        ("Jakarta Selatan (Kota)", "31.74"),
    ],
)  # fmt: skip
def test_places_are_read_as_sources_write_and_misspell_them(written: str, code: str) -> None:
    assert region_of(written) == code


def test_a_cell_of_nothing_but_blanks_or_digits_holds_nobody_up() -> None:
    """Time grows as the cell does: patterns that begin anew at each of its letters took seconds of everybody."""
    began = process_time()
    for filler in (" " * 8_000, "1" * 8_000, "A" * 8_000, "\n" * 8_000):
        cell = f"a{filler}b"
        assert places_of(cell) == () and rupiah(cell) is None and moment(cell, ZONE) is None
        clean(f"{cell}, {cell}")
        READERS["spse"]({"cells": ["1", "Kursi", cell, cell, cell, cell, cell, cell, cell]}, ZONE)
    assert process_time() - began < 2


def test_several_places_are_each_named_once() -> None:
    assert places_of("Samarinda (Kota); Berau (Kab.)", "Samarinda (Kota)") == ("64.72", "64.03")


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Samarinda, Bontang", ("64.72", "64.74")), ("Kota Samarinda dan Kota Bontang", ("64.72", "64.74")),
        ("Kukar/Samarnda", ("64.02", "64.72")), ("Samarinda, Kalimantan Timur", ("64.72",)), ("Sungai Kunjang, Samarinda", ("64.72",)),
        ("Jl. Bontang, Samarinda", ("64.72",)), ("Loa Janan, Samarinda", ("64.72",)), ("Bontang Utara, Bontang", ("64.74",)),
    ],
)  # fmt: skip
def test_a_list_of_places_names_them_all_and_an_address_one(written: str, codes: tuple[str, ...]) -> None:
    assert places_of(written) == codes


def test_numbers_lose_what_a_spreadsheet_adds_and_several_are_told_apart() -> None:
    assert number(10285321000.0) == number("10285321000.0") == number(10285321000) == "10285321000"
    assert number(None) == number("-") == number(0) == ""
    assert numbers("56240316;60809865") == numbers("56240316, 60809865") == ("56240316", "60809865")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Selesai", "complete"), ("Berlangsung", "active"), ("Gagal/Batal", "cancelled"), ("Tender Sudah Selesai", "complete"),
        ("Upload Dokumen Penawaran [...]", "active"), ("Pengumuman Pascakualifikasi", "active"),
        ("Evaluasi Administrasi, Kualifikasi", "complete"),
        ("Penandatanganan Kontrak", "complete"), ("Masa Sanggah", "complete"), ("Tender Batal", "cancelled"),
        ("Tender Gagal", "cancelled"),
        ("Tidak Ada Jadwal", "planned"), ("Pembukaan Dokumen Penawaran", "complete"), ("Pengumuman Pemenang", "complete"), ("", ""),
        ("???", ""),
    ],
)  # fmt: skip
def test_a_status_says_whether_offers_can_still_be_made(said: str, meant: str) -> None:
    assert status_of(said) == meant


def test_who_may_offer() -> None:
    assert [small_of(word) for word in ("UKM", "Non-UKM", "Kecil", "Non Kecil", "Menengah", "Kecil dan Non Kecil", None)] == [
        True, False, True, False, False, None, None,
    ]  # fmt: skip
