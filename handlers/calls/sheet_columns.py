"""The columns of a spreadsheet of calls: which fields they may be, and what words say that one is another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handlers.matching import bare
from handlers.said import Facts, Reader, Rejected, Said
from messages import Value, Voice, locales, say, worded
from models.sources.guess import NAMES

MAIN = ("title", "buyer", "places", "budget", "method", "closes_at")
"""What is shown of every sheet."""
FIELDS = (*MAIN, "opens_at", "kind", "rup", "number", "detail", "status", "link")
"""What may be mended; columns that are understood beyond that are taken as they are guessed."""
PLACE = re.compile(r"k([1-9]\d?)")
BETWEEN = re.compile(r"(?:^|\s)(?:itu|adalah|ada|di|dari|pakai|pake|ambil|yang|kolom|ganti|jadi|ke|is|in|the|column|use|should|be)(?=\s|$)")


def field_name(field: str) -> Value:
    return say(f"sheet.field_{field}")


def column_of(value: Any, columns: Sequence[str]) -> int:
    """The place of an answer's column from 1, 0 for none."""
    found = PLACE.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) if found and int(found[1]) <= len(columns) else 0


def read_column(said: Said, facts: Facts) -> str:
    """The name of a column, where it was not taken for a button already."""
    words = bare(said.text)
    found = [place for place, name in enumerate(facts["columns"], 1) if bare(name) in (words, BETWEEN.sub(" ", words).strip())]
    if len(found) != 1:
        raise Rejected("problem.choose")
    return f"k{found[0]}"


column = Reader(read_column, lambda value: isinstance(value, str) and bool(PLACE.fullmatch(value)))


def mended(text: str, columns: Sequence[str]) -> tuple[str, int] | None:
    """(field, place of its column) of "nilai = Pagu Total" or "nama paket di kolom Uraian": the column stands last."""
    words = bare(text)
    named = [(len(bare(name)), place) for place, name in enumerate(columns, 1) if bare(name) and f" {words}".endswith(f" {bare(name)}")]
    if not named:
        return None
    length, place = max(named)
    rest = " ".join(BETWEEN.sub(" ", words[: len(words) - length]).split())
    field = _field(rest) if rest else ""
    return (field, place) if field else None


def _field(words: str) -> str:
    """By its own name in any language, else by the words that name such a column."""
    for field in FIELDS:
        if words in {bare(worded(field_name(field), Voice(locale))) for locale in locales()}:
            return field
    return next((field for field in FIELDS if re.search(NAMES[field], words)), "")
