"""Rows as the sources give them, with invented names: what a lone clone tests with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ZONE = "Asia/Makassar"
NIP, PHONE, OFFICIAL = "198004172006041003", "0812-5550-1234", "Hartono Wibisana"


def rup(number: int = 61000001, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "tahun_anggaran": 2026, "kd_klpd": "D999", "nama_klpd": "Kota Samarinda", "jenis_klpd": "KOTA", "nama_satker": "DINAS KESEHATAN",
        "kd_rup": number, "nama_paket": "Belanja Makanan dan Minuman Rapat", "pagu": 18_500_000, "metode_pengadaan": "E-Purchasing",
        "jenis_pengadaan": "Barang", "status_pdn": "PDN", "status_ukm": "UKM", "volume_pekerjaan": "1 Paket",
        "urarian_pekerjaan": "Nasi kotak rapat koordinasi", "spesifikasi_pekerjaan": "Nasi kotak\r\nKudapan",
        "tgl_awal_pemilihan": "2026-11-01", "tgl_akhir_pemilihan": "2026-12-01", "tgl_pengumuman_paket": "2026-10-02 10:06:33",
        "status_aktif_rup": True, "status_delete_rup": False, "status_umumkan_rup": "Terumumkan", "_event_date": "2026-10-03",
    }  # fmt: skip
    return row | more


def funds(number: int = 61000001, source: str = "APBD") -> dict[str, Any]:
    return {"kd_rup": number, "pagu": 9_000_000, "mak": "5.1.02.01", "sumber_dana": source, "nama_klpd": "Kota Samarinda"}


def place(number: int = 61000001, name: str = "Samarinda (Kota)") -> dict[str, Any]:
    return {"kd_rup": number, "detail_lokasi": "aula", "kd_kab_kota": 14903, "kab_kota": name, "provinsi": "Kalimantan Timur"}


def renumbered(old: int, new: int, kind: str = "Revisi") -> dict[str, Any]:
    return {"kd_rup_lama": old, "kd_rup_baru": new, "jenis_revisi": kind, "alasan_kajiulang": "anggaran bergeser",
            "tgl_kaji_ulang": "2026-10-20 09:00:00", "nama_klpd": "Kota Samarinda"}  # fmt: skip


def tender(number: int = 10900001000, plan: str = "61000001", **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "nama_klpd": "Kota Samarinda", "nama_satker": "DINAS KESEHATAN", "kd_tender": number, "kd_rup": plan,
        "nama_paket": "Belanja Makanan dan Minuman Rapat", "pagu": 18_500_000, "hps": 18_400_000.5, "sumber_dana": "APBD",
        "kualifikasi_paket": "Kecil", "jenis_pengadaan": "Jasa Lainnya", "mtd_pemilihan": "Tender", "status_tender": "Berlangsung",
        "tgl_buat_paket": "2026-11-10 12:22:01", "tgl_pengumuman_tender": "2026-11-16 10:00:00",
        "lokasi_pekerjaan": "Aula - Samarinda (Kota) - Kalimantan Timur", "url_lpse": "https://spse.example/samarindakota",
    }  # fmt: skip
    return row | more


def nontender(number: int = 10800001000, plan: str = "61000001", **more: Any) -> dict[str, Any]:
    row = tender(0, plan, kd_nontender=number, mtd_pemilihan="Pengadaan Langsung", status_nontender="Berlangsung",
                 tgl_pengumuman_nontender="2026-11-16 08:00:00.000000Z")  # fmt: skip
    for name in ("kd_tender", "status_tender", "tgl_pengumuman_tender", "lokasi_pekerjaan"):
        del row[name]
    return row | more


def record(number: int = 10700001000, plan: str = "61000001", **more: Any) -> dict[str, Any]:
    return nontender(0, plan, kd_nontender_pct=number, status_nontender_pct="Aktif", status_nontender_pct_ket="Paket Sedang Berjalan",
                     uraian_pekerjaan="<p>Nasi kotak\r\n</p><p>Kudapan</p>", tgl_mulai_paket="2026-11-10 10:06:52") | more  # fmt: skip


def cells(
    number: str = "13107035", stage: str = "Upload Dokumen Penawaran", title: str = "Pengadaan Kursi Rapat", **more: Any
) -> dict[str, Any]:
    """A row of SPSE's table of tenders."""
    row = [number, title, "Pemerintah Daerah Provinsi Kalimantan Timur", stage, "990 Jt", "Pascakualifikasi Satu File", "Tender Cepat",
           "Harga Terendah Sistem Gugur", "Pengadaan Barang - TA 2026", "3", "Nilai Kontrak belum dibuat", None, None, "0"]  # fmt: skip
    return {"cells": row, "url": "https://spse.example/kaltimprov"} | more


def sirup(number: int = 61000001, **more: Any) -> dict[str, Any]:
    row = {
        "id": number, "paket": "Belanja Makanan dan Minuman Rapat", "pagu": 18_500_000, "satuanKerja": "DINAS KESEHATAN",
        "kldi": "Kota Samarinda", "lokasi": "Kalimantan Timur, Samarinda (Kota)", "jenisPengadaan": "Barang", "metode": "E-Purchasing",
        "sumberDana": "APBD", "pemilihan": "November 2026", "idBulan": 11, "isPDN": True, "isUMK": True,
    }  # fmt: skip
    return row | more


def release(ocid: str = "ocds-abc123-1", **tender: Any) -> dict[str, Any]:
    told = {
        "id": "1", "title": "Konsumsi rapat koordinasi", "description": "Nasi kotak 200 kotak", "status": "active",
        "value": {"amount": 18_400_000.5, "currency": "IDR"}, "procurementMethod": "open", "procurementMethodDetails": "Tender Cepat",
        "mainProcurementCategory": "services",
        "tenderPeriod": {"startDate": "2026-11-16T00:00:00Z", "endDate": "2026-11-30T15:00:00+08:00"},
        "items": [{"id": "1", "deliveryLocation": {"description": "Samarinda (Kota)"}}],
        "documents": [{"id": "1", "documentType": "tenderNotice", "url": "https://spse.example/1"}],
    } | tender  # fmt: skip
    parties = [
        {"id": "a", "name": "Kota Samarinda", "roles": ["buyer"], "contactPoint": {"name": OFFICIAL, "telephone": PHONE}},
        {"id": "b", "name": "Dinas Kesehatan", "roles": ["procuringEntity"]},
    ]
    return {"ocid": ocid, "id": "r1", "date": "2026-11-15T00:00:00Z", "tag": ["tender"], "tender": told, "parties": parties,
            "planning": {"budget": {"amount": {"amount": 18_500_000, "currency": "IDR"}}}}  # fmt: skip


def shared(name: str) -> Path:
    """A file of real rows beside the project; without it the test is skipped."""
    folder = Path(os.environ.get("LAPAK_SHARED") or Path(__file__).parent.parent.parent / "shared")
    file = folder / "data" / "calls" / name
    if not file.exists():
        pytest.skip(f"{name} is not here: LAPAK_SHARED names the folder of shared data")
    return file


def real(name: str) -> list[dict[str, Any]]:
    found = json.loads(shared(name).read_text(encoding="utf-8"))
    return found if isinstance(found, list) else [{"cells": row} for row in found["data"]]
