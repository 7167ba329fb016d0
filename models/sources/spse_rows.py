"""What tender and non-tender rows of data.inaproc.id have in common: both are SPSE's own columns."""

from __future__ import annotations

import re
from typing import Any

from models.package import RUP, Package
from models.sources.door import clean, line
from models.sources.regions import places_of, region_of, zone_at
from models.sources.values import Fields, moment, numbers, rupiah
from models.sources.words import complete, funds_of, kind_of, link_of, method_of, reason_of, small_of, status_of

OFFERS = re.compile(
    r"^(?:batas (?:akhir |waktu )?)?(?:upload|unggah|kirim|pengiriman|pemasukan|penyampaian|pengajuan)\b.*\bpenawaran\b", re.I
)
"""Stages by whose end a vendor must have handed in the offer, alone or with the papers of the qualification."""
LATER = re.compile(r"berita acara|hasil|ulang|\b(?:tahap|file|sampul) *(?:ii|2|dua|kedua)\b", re.I)
"""What is handed in afterwards, by the office or by those who offered before."""
STAGE = ("nama_tahapan", "tahapan", "nama_tahap", "nama_akt", "tahap")


def announced(source: str, key: tuple[str, str], fields: Fields, zone: str, **own: Any) -> Package:
    """`own`: status, opens_at as written, page (the end of its address)."""
    institution = line(fields.of("nama_klpd"))
    region = region_of(institution)
    zone = zone_at(region, zone)
    ties = tuple((RUP, other) for other in numbers(fields.of("kd_rup", "kd_rup_paket")))
    base, status = link_of(fields.of("url_lpse")), own["status"]
    title = line(fields.of("nama_paket"))
    opens = moment(own["opens_at"], zone)
    return complete(Package(
        source, (key, *ties), title,
        detail=clean(fields.of("uraian_pekerjaan", "lingkup_pekerjaan")),
        buyer=line(fields.of("nama_satker")), institution=institution, places=places_of(fields.of("lokasi_pekerjaan")),
        budget=rupiah(fields.of("pagu")), estimate=rupiah(fields.of("hps")), funds=funds_of(fields.of("sumber_dana")),
        method=method_of(fields.of("mtd_pemilihan")), kind=kind_of(fields.of("jenis_pengadaan", "kategori_pengadaan")),
        small_only=small_of(fields.of("kualifikasi_paket")), opens_at=opens,
        closes_at=moment(fields.of("tgl_akhir_pemasukan", "tgl_akhir_penawaran", "tgl_penutupan"), zone, closes=True),
        status=status, reason=reason_of(fields.of("ket_ditutup"), fields.of("ket_diulang"), fields.of("alasan_pembatalan"))
        if status == "cancelled" else "",
        link=f"{base.rstrip('/')}/{own['page']}" if base else "",
        fresh_at=opens or moment(fields.of("tgl_buat_paket"), zone),
    ))  # fmt: skip


def scheduled(source: str, key: tuple[str, str], fields: Fields, zone: str) -> Package:
    """A row of a schedule: only the stage in which offers are handed in says when it closes."""
    closes = moment(fields.of("tgl_akhir", "tanggal_akhir"), zone, closes=True) if takes_offers(fields.of(*STAGE)) else None
    return Package(source, (key,), "", closes_at=closes)


def takes_offers(stage: Any) -> bool:
    """Of a stage by its name, or by the name that it has in the system (PEMASUKAN_PENAWARAN)."""
    words = " ".join(str(stage or "").replace("_", " ").split())
    return bool(OFFERS.search(words)) and not LATER.search(words)


def state(value: Any) -> str:
    """A status without a word ("-") is of a package that is still being written."""
    return status_of(value) or ("planned" if value in (None, "", "-") else "")
