"""Rows of a spreadsheet whose columns an officer confirmed: our fields by their names, the cells as the sheet has them."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from models.package import NONTENDER, RUP, SHEET, TENDER, Package, Unreadable
from models.sources.door import clean, line
from models.sources.regions import places_of, region_of, zone_at
from models.sources.values import flag, moment, number, numbers, rupiah
from models.sources.words import complete, domestic_of, funds_of, kind_of, link_of, method_of, reason_of, small_of, status_of

Keys = tuple[tuple[str, str], ...]
SOURCE = "sheet"
FIELDS = (
    "number", "rup", "tender", "nontender", "title", "detail", "buyer", "institution", "places", "budget", "estimate", "funds", "method",
    "kind", "small_only", "domestic", "opens_at", "closes_at", "status", "reason", "link",
)  # fmt: skip
COLUMNS = " ".join(FIELDS)
SHAPES = (COLUMNS,)
READ = ("places", "budget", "estimate", "method", "opens_at", "closes_at")
"""Fields of which a cell is told that says something nobody understands; a row goes on without them."""
COPY = "copy"
"""Which of several rows with one title, buyer and place a row is, from 2 on."""
NOTHING = re.compile(r"[\W_0]*|n/?a|nihil|kosong|(?:belum|tidak) (?:ada|tahu|ditentukan)|menyusul|belum|tbd|none|null|nan", re.I)
LETTERS = str.maketrans("0123456789", "ghijklmnop")
SHOWN = 30
"""Letters of an example."""


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Raises Unreadable. A row without a number of any system is known by a hash of its title, buyer and places."""
    title, buyer, institution = line(row.get("title")), line(row.get("buyer")), line(row.get("institution"))
    if not title:
        raise Unreadable("no_title")
    zone = zone_at(region_of(institution or buyer), zone)
    status = status_of(row.get("status"))
    places = places_of(row.get("places"))
    keys, formerly = _keys(row, title, buyer or institution, places)
    return complete(Package(
        SOURCE, keys, title, detail=clean(row.get("detail")),
        buyer=buyer or institution, institution=institution or buyer, places=places,
        budget=rupiah(row.get("budget")), estimate=rupiah(row.get("estimate")), funds=funds_of(row.get("funds")),
        method=method_of(row.get("method")), kind=kind_of(row.get("kind")),
        small_only=_either(row.get("small_only"), small_of), domestic=_either(row.get("domestic"), domestic_of),
        opens_at=moment(row.get("opens_at"), zone), closes_at=moment(row.get("closes_at"), zone, closes=True),
        status=status or "active", reason=reason_of(row.get("reason")) if status == "cancelled" else "", link=link_of(row.get("link")),
        formerly=formerly,
    ))  # fmt: skip


def _either(value: Any, read: Any) -> bool | None:
    found: bool | None = flag(value) if value is not None else None
    return read(value) if found is None else found


def _keys(row: Mapping[str, Any], title: str, buyer: str, places: Sequence[str]) -> tuple[Keys, Keys]:
    """Its own, and those that the release before knew it by."""
    ties = _ties(row)
    if own := number(row.get("number")) or "-".join(key for _, key in ties):
        return ((SHEET, own), *ties), ()
    own = _named_by(title, buyer, *places, str(row.get(COPY) or ""))
    return ((SHEET, own),), ((SHEET, _hashed(title, buyer, number(row.get("budget")))),)


def _ties(row: Mapping[str, Any]) -> Keys:
    return tuple((system, key) for system in (TENDER, NONTENDER, RUP) for key in numbers(row.get(system)))


def _named_by(*parts: str) -> str:
    """A hash in letters alone: digits among them may look like somebody's number, and such a row would be set aside."""
    return _hashed(*parts).translate(LETTERS)


def _hashed(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).casefold().encode()).hexdigest()[:16]


def told_apart(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of a sheet; those without a number that have title, buyer and places in common are counted through in their order."""
    names = [_name(row) for row in rows]
    often = Counter(names)
    met: Counter[tuple[Any, ...]] = Counter()
    found: list[Mapping[str, Any]] = []
    for row, name in zip(rows, names, strict=True):
        same = (*name, *places_of(row.get("places"))) if name and often[name] > 1 else ()
        met[same] += 1
        found.append({**row, COPY: met[same]} if same and met[same] > 1 else row)
    return found


def _name(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a row without a number goes by, as its key is made of it, () for one with a number."""
    if number(row.get("number")) or _ties(row):
        return ()
    return line(row.get("title")).casefold(), (line(row.get("buyer")) or line(row.get("institution"))).casefold()


def unread(row: Mapping[str, Any], package: Package) -> dict[str, str]:
    """What stands in cells that could not be read, by field, without people."""
    return {field: words for field in READ if getattr(package, field) in (None, "", ()) and (words := _said(row.get(field)))}


def _said(value: Any) -> str:
    words = line(value, SHOWN)
    return "" if NOTHING.fullmatch(words) else words
