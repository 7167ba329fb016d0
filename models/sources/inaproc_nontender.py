"""Rows of data.inaproc.id's non-tenders: announcements, their schedules, and records of what was bought already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.package import NONTENDER, RECORD, Package, Unreadable
from models.sources.spse_rows import STAGE, announced, scheduled, state
from models.sources.values import Fields, number

SOURCE = "inaproc-nontender"
COLUMNS = """tahun_anggaran kd_klpd nama_klpd jenis_klpd kd_satker kd_satker_str nama_satker lls_id kd_lpse nama_lpse kd_nontender
kd_pkt_dce kd_rup nama_paket pagu hps sumber_dana mak kualifikasi_paket jenis_pengadaan mtd_pemilihan kontrak_pembayaran status_nontender
versi_nontender ket_diulang ket_ditutup tgl_buat_paket tgl_kolektif_kolegial tgl_pengumuman_nontender url_lpse repeat_order"""
RECORDS = """tahun_anggaran kd_klpd nama_klpd jenis_klpd kd_satker kd_satker_str nama_satker kd_lpse kd_nontender_pct kd_pkt_dce kd_rup
nama_paket pagu total_realisasi nilai_pdn_pct nilai_umk_pct sumber_dana uraian_pekerjaan informasi_lainnya kategori_pengadaan
mtd_pemilihan bukti_pembayaran status_nontender_pct status_nontender_pct_ket alasan_pembatalan tgl_buat_paket tgl_mulai_paket
tgl_selesai_paket _event_date"""
SCHEDULE = "kd_nontender nama_tahapan tgl_awal tgl_akhir"
SHAPES = (COLUMNS, RECORDS, SCHEDULE)


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Raises Unreadable."""
    fields = Fields(row)
    if key := number(fields.of("kd_nontender_pct")):
        return _record(fields, key, zone)
    key = number(fields.of("kd_nontender", "kode_nontender"))
    if not key:
        raise Unreadable("no_number")
    if fields.of(*STAGE) and not fields.of("nama_paket"):
        return scheduled(SOURCE, (NONTENDER, key), fields, zone)
    return announced(
        SOURCE, (NONTENDER, key), fields, zone, status=state(fields.of("status_nontender")),
        opens_at=fields.of("tgl_pengumuman_nontender"), page=f"nontender/{key}/pengumumanpl",
    )  # fmt: skip


def _record(fields: Fields, key: str, zone: str) -> Package:
    """Its vendor was chosen before it was written down: over, whether the work goes on or not."""
    cancelled = "cancelled" in (state(fields.of("status_nontender_pct_ket")), state(fields.of("status_nontender_pct")))
    return announced(
        SOURCE, (RECORD, key), fields, zone, status="cancelled" if cancelled else "complete", opens_at=fields.of("tgl_mulai_paket"),
        page=f"pencatatan/pengumumannonspk?id={key}",
    )  # fmt: skip
