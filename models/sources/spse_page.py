"""A package as its own pages in SPSE show it: what stands beside their labels, and the stages of its schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.package import NONTENDER, RUP, TENDER, Package, Unreadable
from models.sources.door import line
from models.sources.regions import places_of, region_of, zone_at
from models.sources.spse_rows import status_at, takes_offers, takes_papers
from models.sources.values import Fields, moment, number, numbers, rupiah
from models.sources.words import complete, funds_of, kind_of, link_of, method_of, reason_of, small_of

SOURCE = "spse-paket"
SHOWN = """namatender namaseleksi namapaket tahaptendersaatini tahapseleksisaatini tahappaketsaatini klpdinstansilainnya klpd instansi
satuankerja jenispengadaan kategori metodepengadaan sistempengadaan nilaipagupaket nilaihpspaket lokasipekerjaan kualifikasiusaha sumberdana
alasanpembatalan alasanditutup"""
LABELS = frozenset(SHOWN.split())
"""Folded labels of what is read; everything else stays where it is."""
UNREAD = "unread"
"""The column that names a page which could not be read."""
COLUMNS = f"{SHOWN} number list url koderup stages tahap mulai sampai {UNREAD}"
SHAPES = (COLUMNS,)


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Raises Unreadable. Where only the schedule has changed there is no title, and it adds to the package that is known."""
    fields = Fields(row)
    key = number(fields.of("number"))
    if not key.isdecimal():
        raise Unreadable("no_number")
    if fields.of(UNREAD):
        raise Unreadable("page_unread")
    own = (NONTENDER if fields.of("list") == "nontender" else TENDER, key)
    institution = line(fields.of("klpdinstansilainnya", "klpd", "instansi"))
    times = _times(fields.of("stages"), zone_at(region_of(institution), zone))
    if not LABELS & fields.keys():
        return Package(SOURCE, (own,), "", **times)
    return complete(_announced(own, fields, institution, times))


def _announced(own: tuple[str, str], fields: Fields, institution: str, times: Mapping[str, Any]) -> Package:
    ways = [line(fields.of(name)) for name in ("metodepengadaan", "sistempengadaan")]
    status = status_at(line(fields.of("tahaptendersaatini", "tahapseleksisaatini", "tahappaketsaatini")), " ".join(ways))
    base = link_of(fields.of("url")).rstrip("/")
    table, end = ("nontender", "pengumumanpl") if own[0] == NONTENDER else ("lelang", "pengumumanlelang")
    return Package(
        SOURCE, (own, *((RUP, plan) for plan in numbers(fields.of("koderup")))), line(fields.of("namatender", "namaseleksi", "namapaket")),
        buyer=line(fields.of("satuankerja")), institution=institution, places=places_of(fields.of("lokasipekerjaan")),
        budget=rupiah(fields.of("nilaipagupaket")), estimate=rupiah(fields.of("nilaihpspaket")), funds=funds_of(fields.of("sumberdana")),
        method=next(filter(None, map(method_of, ways)), ""), kind=kind_of(fields.of("jenispengadaan", "kategori")),
        small_only=small_of(fields.of("kualifikasiusaha")), **times, status=status,
        reason=reason_of(fields.of("alasanpembatalan", "alasanditutup")) if status == "cancelled" else "",
        link=f"{base}/{table}/{own[1]}/{end}" if base else "",
    )  # fmt: skip


def _times(stages: Any, zone: str) -> dict[str, Any]:
    """When the first stage begins, and when the first ends in which something is handed in: papers of a prequalification, or offers."""
    known = [Fields(stage) for stage in stages if isinstance(stage, Mapping)] if isinstance(stages, list) else []
    begins = [begin for stage in known if (begin := moment(stage.of("mulai"), zone))]
    ends = [
        (end, papers) for stage in known if (papers := takes_papers(stage.of("tahap"))) or takes_offers(stage.of("tahap"))
        if (end := moment(stage.of("sampai"), zone, closes=True))
    ]  # fmt: skip
    closes, qualifying = min(ends, default=(None, False))
    return {"opens_at": min(begins, default=None), "closes_at": closes, "qualifying": qualifying}
