"""Rows of SiRUP's public search: plans in few words, with the month of selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.package import RUP, Package, Unreadable
from models.sources.door import line
from models.sources.inaproc_rup import PAGE
from models.sources.regions import places_of, region_of, zone_at
from models.sources.values import Fields, flag, month, number, rupiah
from models.sources.words import complete, funds_of, kind_of, method_of

SOURCE = "sirup"
COLUMNS = "id id_referensi paket pagu satuanKerja kldi lokasi jenisPengadaan metode sumberDana pemilihan idBulan isPDN isUMK"
SHAPES = (COLUMNS,)


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Raises Unreadable."""
    fields = Fields(row)
    key = number(fields.of("id", "kode_rup", "kd_rup"))
    if not key:
        raise Unreadable("no_number")
    institution = line(fields.of("kldi", "nama_klpd"))
    zone, chosen = zone_at(region_of(institution), zone), fields.of("pemilihan", "waktu_pemilihan")
    return complete(Package(
        SOURCE, ((RUP, key),), line(fields.of("paket", "nama_paket")),
        buyer=line(fields.of("satuanKerja", "satker")), institution=institution, places=places_of(*_places(fields.of("lokasi"))),
        budget=rupiah(fields.of("pagu", "total_pagu")), funds=funds_of(fields.of("sumberDana")),
        method=method_of(fields.of("metode", "metodePengadaan")), kind=kind_of(fields.of("jenisPengadaan", "jenis")),
        small_only=flag(fields.of("isUMK", "isUKM", "ukm")), domestic=flag(fields.of("isPDN", "pdn")),
        opens_at=month(chosen, zone), closes_at=month(chosen, zone, closes=True), status="planned", link=PAGE.format(key),
    ))  # fmt: skip


def _places(value: Any) -> list[str]:
    """ "Kalimantan Timur, Samarinda (Kota), Berau (Kab.)": the provinces say no more than the places in them."""
    parts = [part.strip() for part in str(value or "").replace("<br>", ",").replace(";", ",").split(",") if part.strip()]
    codes = {part: region_of(part) for part in parts}
    return [part for part in parts if not any(code.startswith(codes[part] + ".") for code in codes.values() if codes[part])]
