"""A call typed in one line: "konsumsi rapat, Dinas Kesehatan, 18,5 juta, tutup 25 November 15.00"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from handlers.announcements.reach import read_region
from handlers.reading.answers import budget, date, text
from handlers.said import Facts, Found, Reader, Rejected, Said

SPLIT = re.compile(r"[,;|]\s+|\s*\n\s*|\s+(?=(?:tutup|ditutup|closes|anggaran|pagu|budget)(?!\w)|https?://|rp\.?\s?\d)", re.I)
LINK = re.compile(r"https?://\S+|(?:www\.)?[\w-]+(?:\.[\w-]+)*\.go\.id(?:/\S*)?", re.I)
MONEY = re.compile(
    r"^(?:(?:anggaran|pagu|hps|senilai|budget)(?:nya)?\s*:?\s*|(?=rp)|(?=[\d.,]+\s*(?:jt|juta|m|miliar|milyar|rb|ribu|million|billion)(?!\w)))",
    re.I,
)
CLOSES = re.compile(r"^(?:di)?tutup(?:nya)?(?!\w)|^closes(?!\w)", re.I)
BUYER = re.compile(
    r"^(?:dinas|dinkes|disdik\w*|dis\w+|badan|bappeda|bpbd|bkd|kantor|biro|bagian|rsud|rs|uptd?|setda|sekretariat|kecamatan|kelurahan|puskesmas|sd|smp|sma|smk|satpol|inspektorat|office|agency)(?!\w)",
    re.I,
)
SOUGHT = re.compile(
    r"(?P<buyer>.+?)\s+(?:lagi\s+|mau\s+|sedang\s+)?(?:cari|mencari|butuh|membutuhkan|perlu|memerlukan|looks for|needs)\s+(?P<title>.+)",
    re.I | re.S,
)
_title = text(5, 256)


def read_line(said: Said, facts: Facts) -> Found:
    """The title, and what else stands in the line; what cannot be read for sure is asked like anything else."""
    found = parts_of(said.text, facts)
    return Found(_title.read(Said(text=found.pop("title")), facts), found)


def parts_of(line: str, facts: Facts) -> dict[str, Any]:
    first, *rest = [part.strip() for part in SPLIT.split(line.strip()) if part.strip()] or [""]
    found: dict[str, Any] = {}
    if BUYER.match(first) and (sought := SOUGHT.fullmatch(first)):
        first, found["buyer"] = sought["title"], sought["buyer"]
    title = [first]
    for part in rest:
        key, value = _named(part, facts)
        if not key or key in found:
            title.append(part)
        elif value is not None:
            found[key] = value
    return {"title": ", ".join(title), **found}


def _named(part: str, facts: Facts) -> tuple[str, Any]:
    """Which question a part answers and its answer; None where it must be asked, "" where it belongs to the title."""
    if link := LINK.fullmatch(part):
        address = link.group()
        return "link", address if "://" in address else f"https://{address}"
    if money := MONEY.match(part):
        return "budget", _read(budget.read, part[money.end() :], facts)
    if CLOSES.match(part):
        return "closes", _read(date.read, part, facts)
    if BUYER.match(part):
        return "buyer", part
    if closes := _read(date.read, part, facts):
        return "closes", closes
    region = _read(read_region, part, facts) if len(part.split()) <= 3 else None
    return ("region", region) if region else ("", None)


def _read(read: Callable[[Said, Facts], Any], part: str, facts: Facts) -> Any:
    try:
        return read(Said(text=part), facts)
    except Rejected:
        return None


line = Reader(read_line, _title.keeps)
