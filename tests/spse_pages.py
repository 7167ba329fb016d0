"""Pages of SPSE as tests need them: the layout of real ones, with invented names and an official in every corner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from tests.rows import NIP, OFFICIAL, PHONE

FRAME = """<!DOCTYPE html><html><head><title>SPSE</title><script src="/public/captcha.js"></script></head><body>
<div class="user">{official} - Pokja Pemilihan</div><div class="content">{body}</div></body></html>"""
STAGES = (
    ("Pengumuman Pascakualifikasi", "20 November 2026 10:00", "1 Desember 2026 10:00"),
    ("Upload Dokumen Penawaran", "24 November 2026 08:00", "1 Desember 2026 10:00"),
    ("Upload Berita Acara Hasil Pelelangan", "6 Desember 2026 08:00", "9 Desember 2026 15:00"),
)


CLOSES = datetime(2026, 12, 1, 2, tzinfo=UTC)
"""When offers end there."""
QUALIFYING = (
    ("Pengumuman Prakualifikasi", "20 November 2026 10:00", "28 November 2026 10:00"),
    ("Kirim Persyaratan Kualifikasi", "21 November 2026 08:00", "28 November 2026 10:00"),
    ("Upload Dokumen Penawaran", "10 Desember 2026 08:00", "20 Desember 2026 10:00"),
)


def announcement(number: int, plans: Sequence[int | str] = (), title: str = "Pengadaan Meja Sekolah", kind: str = "Tender",
                 stage: str = "Upload Dokumen Penawaran", files: str = "Pascakualifikasi Satu File") -> str:  # fmt: skip
    way = "Tender" if kind == "Tender" else "Pengadaan Langsung"
    listed = "".join(f"<tr><td><a href='#'>{plan}</a></td><td>Belanja {plan}</td><td>APBD</td></tr>" for plan in plans)
    body = f"""<table class="table table-sm table-bordered">
    <tr><th class="bg-warning">Kode {kind}</th><td colspan="3"><strong>{number}</strong></td></tr>
    <tr><th>Nama {kind if kind == "Tender" else "Paket"}</th>
      <td colspan="3"><strong>{title}</strong> <span class="badge badge-danger">{kind} Ulang</span></td></tr>
    <tr><th>Rencana Umum Pengadaan</th><td colspan="3"><table class="table">
      <tr><th>Kode RUP</th><th>Nama Paket</th><th>Sumber Dana</th></tr>{listed}</table></td></tr>
    <tr><th>Uraian Singkat Pekerjaan</th><td colspan="3">Hubungi {OFFICIAL} {PHONE}</td></tr>
    <tr><th>Tahap {kind if kind == "Tender" else "Paket"} Saat Ini</th><td colspan="3"><a href="jadwal">{stage} [...]</a></td></tr>
    <tr><th>K/L/PD/Instansi Lainnya</th><td colspan="3">Pemerintah Daerah Kota Samarinda</td></tr>
    <tr><th>Satuan Kerja</th><td colspan="3">DINAS PENDIDIKAN</td></tr>
    <tr><th>Pejabat Pembuat Komitmen</th><td colspan="3">{OFFICIAL} NIP {NIP}</td></tr>
    <tr><th>Jenis Pengadaan</th><td>Pengadaan Barang</td><th>Metode Pengadaan</th><td>{way} - {files}</td></tr>
    <tr><th>Nilai Pagu Paket</th><td>Rp. 1.000.000.000,00</td><th>Nilai HPS Paket</th><td>Rp. 989.999.995,40</td></tr>
    <tr><th>Lokasi Pekerjaan</th><td colspan="3"><ul><li>SDN 5 - Samarinda (Kota)</li><li>Aula - Bontang (Kota)</li></ul></td></tr>
    <tr><th>Kualifikasi Usaha</th><td colspan="3">Perusahaan Kecil</td></tr>
    </table>"""
    return FRAME.format(official=OFFICIAL, body=body)


def schedule(stages: Sequence[tuple[str, str, str]] = STAGES) -> str:
    """Some cells are left open, as there."""
    rows = "".join(
        f"<tr><td>{place}<td>{name}</td><td>{begin}</td><td>{end}<td><a href='#'>Tidak Ada</a></td></tr>"
        for place, (name, begin, end) in enumerate(stages, 1)
    )
    body = f"<table class='table'><tr><th>No</th><th>Tahap</th><th>Mulai</th><th>Sampai</th><th>Perubahan</th></tr>{rows}</table>"
    return FRAME.format(official=OFFICIAL, body=body)


def pages(number: int, plans: Sequence[int | str] = (), **more: str) -> tuple[str, str]:
    return announcement(number, plans, **more), schedule()
