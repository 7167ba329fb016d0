"""Spreadsheets that officers send: what they are is told by their content, and their rows wait in a file of our own, without people."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from bot.media import Media, put
from bot.rows import Cells, cells_of, encoding_of, named, table_of, text_of
from bot.sharing import sharing
from handlers.said import Document
from models.sheet import MOST_MEGABYTES, MOST_ROWS
from models.sources.door import line
from models.sources.guess import EXAMPLES, guess, header_of, of_people

PREFIX = "lembar-"
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024
HEADERS = 20
"""Rows above the first of the data that may be there besides."""
MOST_COLUMNS = 60
SHOWN = 40
"""Letters of an example."""
OLD_OFFICE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""A book with a password lies in a container of the old kind."""

Line = tuple[int, Sequence[Any]]


class Unusable(Exception):
    """Carries the problem of a document that is not kept."""


@sharing()
def keep(content: bytes, media: Media) -> Document:
    """The document with its rows stored, or one with a `problem` and nothing stored."""
    try:
        names, rows = named(_cells(content))
        if not rows or not names:
            raise Unusable("empty")
        if len(rows) > MOST_ROWS:
            raise Unusable("too_long")
    except Unusable as reason:
        return Document(problem=str(reason))
    places = [place for place, name in enumerate(names[:MOST_COLUMNS]) if not of_people(name)]
    columns = [names[place] for place in places]
    kept = [(number, tuple(row[place] if place < len(row) else None for place in places)) for number, row in rows]
    name = f"{PREFIX}{secrets.token_hex(16)}.jsonl"
    # Line by line: put into one text at once, a long sheet would hold up everybody for as long.
    put(media, name, "".join(json.dumps(one, ensure_ascii=False, default=str) + "\n" for one in (columns, *kept)).encode())
    return _described(Document(name, sha256(content).hexdigest(), header_of(names), len(rows)), columns, kept)


def rows_in(content: bytes) -> tuple[list[str], list[Line]]:
    """The columns and the numbered rows of a stored file."""
    columns, *rows = (json.loads(one) for one in content.decode().split("\n") if one)
    return columns, [(number, tuple(cells)) for number, cells in rows]


def _described(document: Document, columns: Sequence[str], rows: Sequence[Line]) -> Document:
    first = [dict(zip(columns, cells, strict=True)) for _, cells in rows[:EXAMPLES]]
    examples = (next((words for row in first if (words := line(row[column], SHOWN))), "") for column in columns)
    return replace(document, columns=tuple(columns), examples=tuple(examples), guessed=guess(columns, first))


def _cells(content: bytes) -> list[Cells]:
    most = MOST_ROWS + HEADERS
    if len(content) > MOST_BYTES:
        raise Unusable("too_big")
    if content.startswith(OLD_OFFICE):
        raise Unusable("locked" if LOCKED in content else "old")
    if content.startswith(ZIP):
        _look_into(content)
        try:
            return cells_of(BytesIO(content), most)
        except Exception as reason:  # damaged bytes make the readers raise nearly anything
            raise Unusable("damaged") from reason
    if not content.strip():
        raise Unusable("empty")
    if (b"\x00" in content and encoding_of(content) == "utf-8") or content.lstrip()[:1] in (b"<", b"%", b"{"):
        raise Unusable("not_a_sheet")
    try:
        return table_of(text_of(content), most)
    except Exception as reason:
        raise Unusable("damaged") from reason


def _look_into(content: bytes) -> None:
    """A packed file of another kind, and one that would fill the memory, are told before they are unpacked."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            sizes = {one.filename: one.file_size for one in packed.infolist()}
    except BadZipFile as reason:
        raise Unusable("damaged") from reason
    if "xl/workbook.xml" not in sizes:
        raise Unusable("not_a_sheet")
    if sum(sizes.values()) > MOST_UNPACKED:
        raise Unusable("too_big")
