"""Readers of the rows of each source, by the source's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.package import NONTENDER, OCDS, RUP, SHEET, TENDER, Package, Unreadable

Reader = Callable[[Mapping[str, Any], str], Package]


def _reader(source: str, system: str, number: str, title: str, fresh: str = "") -> Reader:
    def read(row: Mapping[str, Any], zone: str) -> Package:
        name, key = str(row.get(title) or "").strip(), str(row.get(number) or "")
        if not key:
            raise Unreadable("no_number")
        if not name:
            raise Unreadable("no_title")
        return Package(source, ((system, key),), name, status="active", fresh_at=_moment(row.get(fresh), zone))

    return read


def _moment(written: Any, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(written)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        return None


def _spse(row: Mapping[str, Any], zone: str) -> Package:
    return Package("spse", ((TENDER, str(row["cells"][0])),), str(row["cells"][1]), status="active")


def key_of(source: str, row: Mapping[str, Any]) -> str:
    return next((str(row[name]) for name in ("kd_rup", "kd_tender", "kd_nontender", "id", "ocid") if row.get(name)), "")


READERS: Mapping[str, Reader] = {
    "inaproc-rup": _reader("inaproc-rup", RUP, "kd_rup", "nama_paket", "tgl_pengumuman_paket"),
    "inaproc-tender": _reader("inaproc-tender", TENDER, "kd_tender", "nama_paket", "tgl_pengumuman_tender"),
    "inaproc-nontender": _reader("inaproc-nontender", NONTENDER, "kd_nontender", "nama_paket", "tgl_pengumuman_nontender"),
    "sirup": _reader("sirup", RUP, "id", "paket"),
    "spse": _spse,
    "ocds": _reader("ocds", OCDS, "ocid", "ocid"),
    "sheet": _reader("sheet", SHEET, "number", "title"),
}
