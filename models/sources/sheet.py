"""Rows of a spreadsheet whose columns an officer confirmed: our fields by their names, the cells as the sheet has them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from models.package import NONTENDER, RUP, SHEET, TENDER, Package, Unreadable
from models.sources.door import clean, line
from models.sources.regions import places_of, region_of, zone_at
from models.sources.values import flag, moment, number, numbers, rupiah
from models.sources.words import complete, domestic_of, funds_of, kind_of, link_of, method_of, reason_of, small_of, status_of

SOURCE = "sheet"
FIELDS = (
    "number", "rup", "tender", "nontender", "title", "detail", "buyer", "institution", "places", "budget", "estimate", "funds", "method",
    "kind", "small_only", "domestic", "opens_at", "closes_at", "status", "reason", "link",
)  # fmt: skip
COLUMNS = " ".join(FIELDS)
SHAPES = (COLUMNS,)


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Raises Unreadable. A row without a number of any system is known by a hash of its title and buyer."""
    title, buyer, institution = line(row.get("title")), line(row.get("buyer")), line(row.get("institution"))
    if not title:
        raise Unreadable("no_title")
    zone = zone_at(region_of(institution), zone)
    status = status_of(row.get("status"))
    return complete(Package(
        SOURCE, _keys(row, title, buyer or institution), title, detail=clean(row.get("detail")),
        buyer=buyer or institution, institution=institution or buyer, places=places_of(row.get("places")),
        budget=rupiah(row.get("budget")), estimate=rupiah(row.get("estimate")), funds=funds_of(row.get("funds")),
        method=method_of(row.get("method")), kind=kind_of(row.get("kind")),
        small_only=_either(row.get("small_only"), small_of), domestic=_either(row.get("domestic"), domestic_of),
        opens_at=moment(row.get("opens_at"), zone), closes_at=moment(row.get("closes_at"), zone, closes=True),
        status=status or "active", reason=reason_of(row.get("reason")) if status == "cancelled" else "", link=link_of(row.get("link")),
    ))  # fmt: skip


def _either(value: Any, read: Any) -> bool | None:
    found: bool | None = flag(value) if value is not None else None
    return read(value) if found is None else found


def _keys(row: Mapping[str, Any], title: str, buyer: str) -> tuple[tuple[str, str], ...]:
    ties = [(system, key) for system in (TENDER, NONTENDER, RUP) for key in numbers(row.get(system))]
    own = number(row.get("number")) or "-".join(key for _, key in ties)
    if not own:
        own = hashlib.sha256(f"{title}|{buyer}|{number(row.get('budget'))}".casefold().encode()).hexdigest()[:16]
    return ((SHEET, own), *ties)
