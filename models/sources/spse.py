"""Rows of SPSE's DataTables: cells without names, amounts in "Jt" and "M", the buyer in a cell, labels in HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.package import NONTENDER, TENDER, Package, Unreadable
from models.sources.door import line
from models.sources.regions import region_of
from models.sources.spse_rows import status_at
from models.sources.values import number, rupiah
from models.sources.words import complete, kind_of, link_of, method_of

SOURCE = "spse"
COLUMNS = "cells url"
SHAPES = (COLUMNS,)
CATEGORY = re.compile(r"(?<!\s)\s+-\s+TA\s+[\d,\s]+$")
AMOUNT = re.compile(r"(?<![\d.,])[\d.,]+\s*(?:rb|jt|m|t)\b|rp\.?\s*\d", re.I)


def read(row: Mapping[str, Any], zone: str) -> Package:
    """Of {"cells": [...], "url": the site's address}; without the url there is no link. Raises Unreadable."""
    cells = _cells(row)
    key = number(cells[0]) if cells else ""
    if len(cells) < 9:
        raise Unreadable("too_few_cells")
    if not key.isdecimal():
        raise Unreadable("no_number")
    method = next((found for cell in (cells[6], cells[5]) if (found := method_of(cell))), "")
    system = NONTENDER if method == "langsung" or "nontender" in str(row.get("list") or "") else TENDER
    kind = next((cell for cell in (cells[8], cells[6]) if CATEGORY.search(str(cell or ""))), "")
    base, institution = link_of(row.get("url")).rstrip("/"), line(cells[2])
    page = f"lelang/{key}/pengumumanlelang" if system == TENDER else f"nontender/{key}/pengumumanpl"
    return complete(Package(
        SOURCE, ((system, key),), line(cells[1]), buyer=institution, institution=_government(institution),
        estimate=next((rupiah(cell) for cell in cells[3:6] if AMOUNT.search(str(cell or ""))), None),
        method=method, kind=kind_of(CATEGORY.sub("", str(kind))), status=status_at(line(cells[3]), line(cells[5])),
        link=f"{base}/{page}" if base else "",
    ))  # fmt: skip


def _cells(row: Mapping[str, Any]) -> list[Any]:
    cells = row.get("cells")
    if cells is None:
        cells = [row[name] for name in sorted((name for name in row if str(name).isdecimal()), key=int)]
    return list(cells) if isinstance(cells, list | tuple) else []


def _government(buyer: str) -> str:
    """The buyer in a cell is a government as a whole, in most rows; an office of one is named with it after a dash or a comma."""
    parts = [part for part in reversed(re.split(r"\s-\s|,", buyer)) if region_of(part)]
    return (parts[0].strip() if parts else buyer) if region_of(buyer) else buyer
