"""Officials' names, numbers and accounts stay at the door: in every column, in free text, nested, and in rows that are set aside."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from bot.importing import keep, read
from bot.store import open_engine
from models.sources import READERS
from models.sources.door import clean
from tests.rows import NIP, OFFICIAL, PHONE, ZONE, cells, nontender, real, record, release, rup, sirup, tender

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
LOGIN, MAIL, ACCOUNT, BANK = "hartono.w", "hartono@dinas.example", "0034-01-001234-50-1", "Bank Contoh"
TOLD = f"Untuk keterangan hubungi PPK {OFFICIAL}, S.T., NIP. {NIP}, HP {PHONE}"
SPACED = f"{NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]}"
SECRETS = ("Hartono", "Wibisana", NIP, NIP[:8], PHONE, PHONE.replace("-", ""), LOGIN, MAIL, ACCOUNT, BANK)
PEOPLE: dict[str, Any] = {
    "nama_ppk": OFFICIAL, "nip_ppk": NIP, "username_ppk": LOGIN,
    "nip": int(NIP), "nama_pokja": OFFICIAL, "nip_pokja": NIP,
    "nama_pp": OFFICIAL,
    "nama_kpa": OFFICIAL, "nama_pemesan": OFFICIAL, "no_telp_pemesan": PHONE, "email_pemesan": MAIL,
    "nama_bank": BANK, "no_rekening": ACCOUNT,
    "an_rekening": OFFICIAL, "jabatan_ppk": "Kepala Bidang " + OFFICIAL, "penanggungJawab": OFFICIAL, "contactPoint": {"name": OFFICIAL},
    "pejabat": [{"nama": OFFICIAL, "nip": NIP}],
}  # fmt: skip


@pytest.fixture
def session(sqlite_database: str) -> Any:
    engine = open_engine(sqlite_database)
    with Session(engine) as made:
        yield made
    engine.dispose()


def everything(session: Session) -> str:
    """All that the database holds, as text."""
    tables: Any = SQLModel.metadata.sorted_tables
    rows = [row for table in tables for row in session.execute(select(table)).mappings()]
    return json.dumps([dict(row) for row in rows], default=str, ensure_ascii=False)


TEXTS: dict[str, tuple[str, ...]] = {
    "inaproc-rup": ("nama_paket", "urarian_pekerjaan", "spesifikasi_pekerjaan", "nama_satker", "nama_klpd"),
    "inaproc-tender": ("nama_paket", "lokasi_pekerjaan", "ket_ditutup", "nama_satker", "sumber_dana"),
    "inaproc-nontender": ("nama_paket", "uraian_pekerjaan", "ket_ditutup", "nama_satker"),
    "sirup": ("paket", "satuanKerja", "lokasi", "kldi"),
    "sheet": ("title", "detail", "buyer", "institution", "places", "reason", "funds"),
}
ROWS: dict[str, Callable[[], dict[str, Any]]] = {
    "inaproc-rup": rup, "inaproc-tender": lambda: tender(status_tender="Gagal/Batal"), "inaproc-nontender": record, "sirup": sirup,
    "sheet": lambda: {"title": "Nasi kotak", "buyer": "Dinas", "status": "batal", "number": "S-1"},
}  # fmt: skip


@pytest.mark.parametrize("source", ROWS)
@pytest.mark.parametrize("written", [TOLD, f"PPK: {OFFICIAL}", f"CP {OFFICIAL} {PHONE}", f"{OFFICIAL}, S.T. (NIP {SPACED})",
                                     f"Transfer ke {BANK} no rek {ACCOUNT} a.n. {OFFICIAL}"])  # fmt: skip
def test_no_package_carries_an_official(source: str, written: str) -> None:
    row = ROWS[source]()
    row |= {name: f"{row.get(name) or 'Rapat'}; {written}" for name in TEXTS[source]} | (PEOPLE if source != "sheet" else {})
    said = json.dumps(asdict(READERS[source](row, ZONE)), default=str, ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in said]


def test_no_release_carries_an_official() -> None:
    row = release(description=f"Nasi kotak 200 kotak. {TOLD}", title=f"Konsumsi rapat ({TOLD})", contactPoint={"name": OFFICIAL})
    found = READERS["ocds"](row, ZONE)
    said = json.dumps(asdict(found), default=str, ensure_ascii=False)
    assert (
        not [secret for secret in SECRETS if secret in said] and found.title == "Konsumsi rapat" and found.detail == "Nasi kotak 200 kotak"
    )


def test_no_cell_carries_an_official() -> None:
    row = cells(title=f"Pengadaan Kursi Rapat - {TOLD}")
    row["cells"] = [*row["cells"], OFFICIAL, NIP, int(NIP)]
    found = READERS["spse"](row, ZONE)
    assert found.title == "Pengadaan Kursi Rapat" and not [secret for secret in SECRETS if secret in str(found)]


def test_nothing_in_the_database_carries_an_official(session: Session) -> None:
    """Rows that are read, rows that add to nothing, and rows that are set aside, with people in every place."""
    people: dict[str, Any] = PEOPLE | {"uraian_pekerjaan": TOLD, "ket_ditutup": TOLD}
    told: dict[str, list[dict[str, Any]]] = {
        "inaproc-rup": [rup(**people), rup(0, **people), rup(61000009, nama_paket="", urarian_pekerjaan=TOLD, **people),
                        {"kd_rup": 61000077, "kab_kota": "Samarinda (Kota)", "detail_lokasi": TOLD, **people}],
        "inaproc-tender": [tender(**people), tender(0, **people), tender(10900001009, **people | {"nama_paket": ""})],
        "inaproc-nontender": [nontender(**people), record(**people), nontender(0, **people)],
        "sirup": [sirup(**people), sirup(0, lokasi=TOLD, **people)],
        "ocds": [release(**people), {"ocid": "ocds-2", "tender": {"description": TOLD, **people},
                                     "parties": [{"contactPoint": people}], **people}],
        "spse": [{"cells": ["1", TOLD, NIP, int(NIP), PHONE], **people}, {"cells": [OFFICIAL]},
                 {"cells": [OFFICIAL, *"12345678", OFFICIAL]}],
        "sheet": [{"title": "", "detail": TOLD, "buyer": TOLD, **people}],
    }  # fmt: skip
    for source, rows in told.items():
        good, bad = read(source, rows, ZONE)
        counts = keep(session, source, good, bad, NOW)
        assert sum(counts["aside"].values()) >= 1, source
    session.commit()
    kept = everything(session)
    assert not [secret for secret in SECRETS if secret in kept]
    assert "61000009" in kept and "Belanja Makanan dan Minuman Rapat" in kept


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"Belanja ATK - PPK {OFFICIAL} NIP {NIP}", "Belanja ATK"),
        (f"Belanja ATK, PPK {OFFICIAL}, S.T., NIP {NIP}, HP {PHONE}", "Belanja ATK"),
        (f"Nasi kotak rapat (CP: {OFFICIAL} {PHONE})", "Nasi kotak rapat"),
        ("Hubungi Pak Hartono 0541-733333 untuk info. Pekerjaan mengecat dinding.", "Pekerjaan mengecat dinding."),
        (f"Pengadaan Kursi NIP {NIP}", "Pengadaan Kursi"),
        ("Nama PPK: Hartono", ""),
        ("Kegiatan oleh Drs. Hartono Wibisana, S.T., M.Si di aula", "Kegiatan oleh di aula"),
        (PHONE, ""),
        ("Belanja Honorarium PPK dan Pokja", "Belanja Honorarium PPK dan Pokja"),
        ("Rehab Jalan RT.01,02, 03 / RW.11 Tahun 2025", "Rehab Jalan RT.01,02, 03 / RW.11 Tahun 2025"),
        ("Nomor 500.4.4.4/3189/2025 tanggal 12-11-2025", "Nomor 500.4.4.4/3189/2025 tanggal 12-11-2025"),
        ("<p>Baris satu&nbsp;&amp; dua\r\n</p><ul><li>tiga</li></ul>", "Baris satu & dua\ntiga"),
    ],
)  # fmt: skip
def test_the_rest_of_a_text_stays(written: str, left: str) -> None:
    assert clean(written) == left


@pytest.mark.parametrize(
    ("written", "left"),
    [
        (f"Narahubung: {OFFICIAL} ({PHONE})", ""),
        (f"Kontak person {OFFICIAL} - {MAIL}", ""),
        (f"PIC {OFFICIAL} {PHONE}", ""),
        (f"Belanja kursi. PIC {OFFICIAL} {PHONE}", "Belanja kursi"),
        (f"{OFFICIAL} {PHONE}", ""),
        (f"{PHONE} {OFFICIAL}", ""),
        (f"Nama {OFFICIAL} HP {PHONE}", ""),
        (f"{OFFICIAL} (HP {PHONE})", ""),
        (f"Nasi kotak; {OFFICIAL}; {PHONE}", "Nasi kotak"),
        (f"Pengadaan Kursi {OFFICIAL} {PHONE}", "Pengadaan Kursi"),
        (f"Kursi rapat, email {MAIL}, 10 buah", "Kursi rapat, 10 buah"),
        (f"Belanja ATK PPK {OFFICIAL}", "Belanja ATK"),
        (f"BELANJA ATK PPK {OFFICIAL.upper()}", "BELANJA ATK"),
        (f"KPA {OFFICIAL}", ""),
        (f"Belanja ATK, Pejabat Pembuat Komitmen {OFFICIAL}", "Belanja ATK"),
        (f"Bantuan rehab rumah an. {OFFICIAL} di Sempaja", "Bantuan rehab rumah di Sempaja"),
        ("Nasi kotak 200 kotak, hubungi Pak Hartono", "Nasi kotak 200 kotak"),
        ("Nasi kotak, PPK/KPA H. Hartono", "Nasi kotak"),
        (f"Nama PPK\n{OFFICIAL}\nNIP\n{NIP}", ""),
        (f"Nama PPK; {OFFICIAL}; NIP; {NIP}", ""),
        (f"Belanja ATK\nPejabat Pembuat Komitmen\n\n{OFFICIAL}\nNIP. {NIP}", "Belanja ATK"),
    ],
)  # fmt: skip
def test_a_name_goes_wherever_it_stands(written: str, left: str) -> None:
    assert clean(written) == left


@pytest.mark.parametrize(
    "words",
    [
        "Belanja Honorarium PPK Kegiatan Sekretariat", "Honorarium Bendahara Pengeluaran", "HONORARIUM PPK DINAS KESEHATAN",
        "Honor KPA Kota Samarinda", "Honor PPK Bina Marga", "Honorarium Pejabat Pengadaan Barang dan Jasa", "Laptop HP Pavilion 14",
        "Nama\nSemen Portland", "Bantuan atas nama Kelompok Tani Sumber Rejeki", "Jl. Ir. Sutami no 3", "Belanja PPK BAPPEDA",
        "Honorarium Pengelola Keuangan (PPK)", "Pelatihan PIC Program Stunting",
        "Honorarium PPK PPS Pilkada Serentak", "Makan Minum Rapat PPK Pemilu Kecamatan Loa Janan", "Honorarium PPK Panwaslu",
    ],
)  # fmt: skip
def test_what_names_no_person_stays(words: str) -> None:
    assert clean(words) == words


@pytest.mark.parametrize("file", ["rup_paket_penyedia_terumumkan.json", "spse_nontender_pengumuman.json", "spse_tender_pengumuman.json"])
def test_real_names_of_packages_are_left_as_they_are(file: str) -> None:
    for row in real(file):
        for name in ("nama_paket", "nama_satker", "url_lpse"):
            words = " ".join(str(row.get(name) or "").split())
            assert clean(words) == words
