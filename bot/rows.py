"""The rows of a file: JSON as the interfaces give it, JSON lines, CSV, XLSX."""

from __future__ import annotations

import codecs
import csv
import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

from bot.json_rows import NoRows, rows_in
from bot.ownership import Complaint

Row = Mapping[str, Any]
Cells = tuple[Any, ...]
"""Not a list: the search for garbage passes over tuples of plain values, and would hold up everybody while a long sheet is in memory."""
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
"""The longer before the shorter that it begins with."""
LONGEST_CELL = 64 * 1024 * 1024
"""Letters; the reader's own limit would refuse a whole file for one long cell."""
csv.field_size_limit(LONGEST_CELL)
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
    if not text.strip():
        raise Complaint(f"{file}: this file is empty")
    try:
        return _named(table_of(text)) if file.suffix.casefold() in (".csv", ".tsv", ".txt") else rows_in(text)
    except NoRows as error:
        raise Complaint(f"{file}: {error}") from error
    except csv.Error as error:
        raise Complaint(f"{file}: this is no table ({error})") from error


def encoding_of(begin: bytes) -> str:
    """What the mark at its begin says that a text is written in, UTF-8 where there is none."""
    return next((name for mark, name in MARKS if begin.startswith(mark)), "utf-8")


def text_of(content: bytes) -> str:
    """In what its mark says, else UTF-8, else what Excel saves on Windows."""
    encoding = encoding_of(content)
    try:
        return content.decode(encoding, errors="strict" if encoding == "utf-8" else "replace")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


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
