"""What tender and non-tender rows of data.inaproc.id have in common: both are SPSE's own columns."""

from __future__ import annotations

import re
from typing import Any

from models.package import RUP, Package
from models.sources.door import clean, line
from models.sources.regions import places_of, region_of, zone_at
from models.sources.values import Fields, moment, numbers, rupiah
from models.sources.words import complete, funds_of, kind_of, link_of, method_of, reason_of, small_of, status_of

HANDED_IN = r"^(?:batas (?:akhir |waktu )?)?(?:upload|unggah|kirim|pengiriman|pemasukan|penyampaian|pengajuan)\b.*"
OFFERS = re.compile(rf"{HANDED_IN}\bpenawaran\b", re.I)
"""Stages by whose end a vendor must have handed in the offer, alone or with the papers of the qualification."""
PAPERS = re.compile(rf"{HANDED_IN}\b(?:(?:pra[ -]?)?kualifikasi|pra|pq)\b", re.I)
"""Stages of the papers of the qualification alone, which only a prequalification has. Who is late for them cannot offer any more."""
BEFOREHAND = re.compile(r"\bpra[ -]?kualifikasi\b", re.I)
QUALIFIED = re.compile(
    r"\bpenawaran\b|\bdokumen (?:pemilihan|pengadaan|tender|seleksi)\b|\bhasil\b|\bpemberian penjelasan\b(?!.*kualifikasi)", re.I
)
"""Stages of a prequalification in which only those take part who handed in their papers."""
LATER = re.compile(r"berita acara|hasil|ulang|undangan|pembuktian|\b(?:tahap|file|sampul) *(?:ii|2|dua|kedua)\b", re.I)
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
    """A row of a schedule: only a stage in which something is handed in says when it closes."""
    stage = fields.of(*STAGE)
    papers = takes_papers(stage)
    closes = moment(fields.of("tgl_akhir", "tanggal_akhir"), zone, closes=True) if papers or takes_offers(stage) else None
    return Package(source, (key,), "", closes_at=closes, qualifying=papers and closes is not None)


def takes_offers(stage: Any) -> bool:
    """Of a stage by its name, or by the name that it has in the system (PEMASUKAN_PENAWARAN)."""
    words = _words(stage)
    return bool(OFFERS.search(words)) and not LATER.search(words)


def takes_papers(stage: Any) -> bool:
    """Whether the papers of a prequalification are handed in in it, and no offer (PEMASUKAN_DOK_PRA)."""
    words = _words(stage)
    return bool(PAPERS.search(words)) and not OFFERS.search(words) and not LATER.search(words)


def _words(stage: Any) -> str:
    return " ".join(str(stage or "").replace("_", " ").split())


def status_at(stage: str, way: str) -> str:
    """The status of the stage that a package has come to: in a prequalification nobody can join once its papers are handed in."""
    found = status_of(stage)
    return "complete" if found == "active" and BEFOREHAND.search(way) and QUALIFIED.search(stage) else found


def state(value: Any) -> str:
    """A status without a word ("-") is of a package that is still being written."""
    return status_of(value) or ("planned" if value in (None, "", "-") else "")
