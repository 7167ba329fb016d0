"""Rows of data.inaproc.id's tenders and selections: announcements, and their schedules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.package import TENDER, Package, Unreadable
from models.sources.spse_rows import STAGE, announced, scheduled, state
from models.sources.values import Fields, number

SOURCE = "inaproc-tender"
COLUMNS = """tahun_anggaran list_tahun_anggaran kd_klpd nama_klpd jenis_klpd kd_satker kd_satker_str nama_satker kd_lpse nama_lpse kd_tender
kd_pkt_dce kd_rup nama_paket pagu hps sumber_dana kualifikasi_paket jenis_pengadaan mtd_pemilihan mtd_evaluasi mtd_kualifikasi
kontrak_pembayaran status_tender tanggal_status versi_tender ket_ditutup ket_diulang tgl_buat_paket tgl_kolektif_kolegial
tgl_pengumuman_tender lokasi_pekerjaan url_lpse _event_date"""
SCHEDULE = "kd_tender nama_tahapan tgl_awal tgl_akhir"
SHAPES = (COLUMNS, SCHEDULE)


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Raises Unreadable."""
    fields = Fields(row)
    key = number(fields.of("kd_tender", "kode_tender"))
    if not key:
        raise Unreadable("no_number")
    if fields.of(*STAGE) and not fields.of("nama_paket"):
        return scheduled(SOURCE, (TENDER, key), fields, zone)
    return announced(
        SOURCE, (TENDER, key), fields, zone, status=state(fields.of("status_tender")), opens_at=fields.of("tgl_pengumuman_tender"),
        page=f"lelang/{key}/pengumumanlelang",
    )  # fmt: skip
