"""The rows of a file: JSON as the interfaces give it, JSON lines, CSV, XLSX."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

from bot.ownership import Complaint
from models.sources.ocds import processes

Row = Mapping[str, Any]
Cells = tuple[Any, ...]
"""Not a list: the search for garbage passes over tuples of plain values, and would hold up everybody while a long sheet is in memory."""
LISTS = ("data", "rows", "results", "aaData")
"""Where the rows are in what interfaces answer."""
HEADS = 15
"""A sheet's names of columns stand in one of its first rows."""


def rows_of(file: Path) -> list[Row]:
    """Raises Complaint for what is no file of rows."""
    try:
        if file.suffix.casefold() in (".xlsx", ".xlsm"):
            return _named(_book(file))
        text = text_of(file.read_bytes())
    except OSError as error:
        raise Complaint(f"{file}: {error.strerror or type(error).__name__}") from error
    if file.suffix.casefold() in (".csv", ".tsv", ".txt"):
        return _named(table_of(text))
    return _json(file, text)


def text_of(content: bytes) -> str:
    """UTF-8, else what Excel saves on Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _json(file: Path, text: str) -> list[Row]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            found = [json.loads(line) for line in lines]
        except json.JSONDecodeError:
            raise Complaint(f"{file}: this is no JSON (line {error.lineno}), CSV (.csv) or spreadsheet (.xlsx)") from error
    if isinstance(found, Mapping) and "ocid" not in found and ("releases" in found or "records" in found):
        found = processes(found)
    if isinstance(found, Mapping):
        found = next((found[name] for name in LISTS if isinstance(found.get(name), list) and "ocid" not in found), [found])
    if not isinstance(found, list):
        raise Complaint(f"{file}: there are no rows in it")
    return [_row(one) for one in found]


def _row(one: Any) -> Row:
    """A row without names is of cells, as SPSE gives them; what is no row at all is kept, to be counted as one that cannot be read."""
    return one if isinstance(one, Mapping) else {"cells": one if isinstance(one, list) else [one]}


def table_of(text: str, most: int | None = None) -> list[Cells]:
    """At most so many rows."""
    try:
        dialect: Any = csv.Sniffer().sniff(text[:10_000], ";,\t|")
    except csv.Error:
        dialect = csv.excel
    return [tuple(cells) for cells in islice(csv.reader(io.StringIO(text, newline=""), dialect), most)]


def _book(file: Path) -> list[Cells]:
    try:
        return cells_of(file)
    except OSError:
        raise
    except Exception as error:
        raise Complaint(f"{file}: this spreadsheet cannot be read ({type(error).__name__}); save it anew as .xlsx or .csv") from error


def cells_of(book: Path | IO[bytes], most: int | None = None) -> list[Cells]:
    """The first worksheet with anything in it, as values, at most so many rows. Raises nearly anything for what is damaged."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations that say nothing of the cells
        for sheet in load_workbook(book, read_only=True, data_only=True).worksheets:
            if found := [tuple(map(_plain, cells)) for cells in islice(sheet.iter_rows(values_only=True), most)]:
                return found
    return []


def _plain(value: Any) -> Any:
    """As JSON carries it."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else value


def _named(cells: Sequence[Sequence[Any]]) -> list[Row]:
    names, rows = named(cells)
    return [dict(zip(names, row, strict=False)) for _, row in rows]


def named(cells: Sequence[Sequence[Any]]) -> tuple[list[str], list[tuple[int, Sequence[Any]]]]:
    """The names of the columns, which stand in the row with the most texts of the first few; and what is below, without the empty rows,
    each with its number as the sheet counts.
    """
    heads = [
        sum(isinstance(value, str) and bool(value.strip()) and not value.strip()[0].isdigit() for value in row) for row in cells[:HEADS]
    ]
    if not heads or not max(heads):
        return [], []
    at = heads.index(max(heads))
    below = enumerate(cells[at + 1 :], at + 2)
    return _unique(cells[at]), [(number, row) for number, row in below if any(value not in (None, "") for value in row)]


def _unique(cells: Iterable[Any]) -> list[str]:
    names: list[str] = []
    for place, value in enumerate(cells, 1):
        name = " ".join(str(value if value is not None else "").split()) or f"kolom {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names
