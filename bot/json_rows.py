"""Rows of a text that is JSON, or lines of it. One that is broken stands for itself, and the others are rows all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from models.sources.ocds import processes
from models.sources.soundness import BROKEN, fault

Row = Mapping[str, Any]
LISTS = ("data", "rows", "results", "aaData")
"""Where the rows are in what interfaces answer."""
LONGEST = 4000
"""Digits of a number; Python reads no more at once."""
BEGIN = re.compile(rf'"(?:{"|".join((*LISTS, "releases", "records"))})"\s*:\s*\[')
"""What comes before the first row where it is not the list itself; anything may stand before it."""
PART = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.S)


class NoRows(ValueError):
    """Says why, to whoever gave the file."""


def rows_in(text: str) -> list[Row]:
    """Raises NoRows."""
    try:
        found = loaded(text)
    except RecursionError:
        found = [_read(part) for part in _parts(text)]
        if not found:
            raise NoRows("it is nested too deep to be rows") from None
    except ValueError as error:
        found = _lines(text, error)
    if isinstance(found, Mapping) and "ocid" not in found and ("releases" in found or "records" in found):
        found = processes(found)
    if isinstance(found, Mapping):
        found = next((found[name] for name in LISTS if isinstance(found.get(name), list) and "ocid" not in found), [found])
    if not isinstance(found, list):
        raise NoRows("there are no rows in it")
    return [_row(one) for one in found]


def loaded(text: str) -> Any:
    """A number too long to be read is one without end: it belongs to one row, which is put aside."""
    return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < LONGEST else float("inf"))


def _lines(text: str, error: ValueError) -> list[Any]:
    """Lines of JSON, most of which are; else it is something else."""
    found = [_read(line) for line in text.splitlines() if line.strip()]
    good = sum(isinstance(one, dict | list) and not (isinstance(one, dict) and BROKEN in one) for one in found)
    if good * 2 < len(found) or not good:
        at = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise NoRows(f"this is no JSON{at}, CSV (.csv) or spreadsheet (.xlsx)") from error
    return found


def _read(text: str) -> Any:
    try:
        return loaded(text)
    except RecursionError:
        return {BROKEN: "too_deep"}
    except ValueError:
        return {BROKEN: "no_json"}


def _parts(text: str) -> Iterator[str]:
    """The rows of a list as they are written, found by their brackets alone."""
    start = len(text) - len(text.lstrip()) + 1
    if text[start - 1 : start] != "[":
        begin = BEGIN.search(text)
        start = begin.end() if begin else len(text)
    depth = 0
    for found in PART.finditer(text, start):
        mark = found[0]
        depth += (mark in "[{") - (mark in "]}") if len(mark) == 1 else 0
        if depth < 0 or (not depth and mark == ","):
            if part := text[start : found.start()].strip():
                yield part
            start = found.end()
        if depth < 0:
            return


def _row(one: Any) -> Row:
    """A row without names is of cells, as SPSE gives them; what is no row at all is kept, to be counted as one that cannot be read."""
    row = one if isinstance(one, Mapping) else {"cells": one if isinstance(one, list) else [one]}
    return {BROKEN: "too_deep"} if fault(row) == "too_deep" else row
