"""Spreadsheets and other files that people send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    kind: str
    content: bytes


def book(header: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> bytes:
    """A workbook as offices make them, with a title above the names of the columns if there is one."""
    made = BytesIO()
    with xlsxwriter.Workbook(made) as opened:
        sheet = opened.add_worksheet()
        for at, row in enumerate([*([[title]] if title else []), header, *rows]):
            sheet.write_row(at, 0, row)
    return made.getvalue()


HEADER = ["No", "Nama Paket", "Satuan Kerja", "Pagu", "Harga Satuan", "Lokasi", "Nama PPK", "Batas Akhir"]
DINAS = "Dinas Kesehatan Kota Samarinda"
ROWS = [
    [1, "Konsumsi rapat koordinasi kader", DINAS, 18_500_000, 35_000, "Kota Samarinda", "Budi Santoso", "2026-12-10"],
    [2, "Cetak spanduk dan baliho imunisasi", DINAS, 42_000_000, 120_000, "", "Budi Santoso", "pertengahan Desember"],
    [3, "", DINAS, 7_000_000, 50_000, "Kota Samarinda", "Budi Santoso", "2026-12-12"],
    [4, "Sewa tenda dan kursi upacara", "Dinas Pendidikan Kota Bontang", 9_000_000, 75_000, "Kota Bontang", "Siti Aminah", "2026-12-13"],
    [5, "Servis AC ruang rapat", "Bagian Umum", 6_500_000, 250_000, "", "Siti Aminah", "2026-12-14"],
]
CSV = "Kode RUP;Uraian Kegiatan;Instansi\n61000001;12;Kota Samarinda\n61000002;13;Kota Samarinda\n"
SNACK = 'Nama Paket,Satuan Kerja,Pagu\nSnack box rapat RT,Kecamatan Sungai Pinang,"6.500.000"\n'
PAPERS = {
    "rencana": Paper("Rencana 2026.xlsx", XLSX, book(HEADER, ROWS, "Rencana pengadaan 2026")),
    "snack": Paper("snack.csv", "text/csv", SNACK.encode()),
    "untitled": Paper("kode.csv", "text/comma-separated-values", CSV.encode()),
    "old": Paper("lama.xls", XLS, OLD + bytes(600)),
    "locked": Paper("rahasia.xlsx", XLSX, OLD + "EncryptedPackage".encode("utf-16-le") + bytes(600)),
    "empty": Paper("kosong.xlsx", XLSX, book([], [])),
    "damaged": Paper("rusak.xlsx", XLSX, book(HEADER, ROWS)[:2000]),
    "web": Paper("unduhan.xls", XLS, b"<html><table><tr><td>Nama Paket</td></tr></table></html>"),
    "long": Paper("panjang.csv", "text/csv", b"Nama Paket,Pagu\n" + b"Konsumsi rapat,5000000\n" * 20_001),
    "heavy": Paper("berat.csv", "text/csv", b"Nama Paket,Pagu\n" + b" " * (10 * 1024 * 1024)),
    "pdf": Paper("profil.pdf", "application/pdf", b"%PDF-1.4 profil usaha"),
}
