"""`lapak classify FILE`: the etalase of every text of a file, in its order."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from bot.rows import encoding_of
from models.etalase import NOTHING, Guess, Taught, classify, meant, offered, vended

MOST = 5
"""A package may be of several etalase; what comes after the first three is only of use to those who buy."""


LONGEST = 10_000
"""Letters of a text that are looked at; what a package is of stands at its begin."""


def told(text: str, taught: Taught = NOTHING) -> list[Guess]:
    """All that a package is of; of a vendor's product what it is first, then what it may be."""
    return offered(text, taught) if vended(text) else meant(classify(text, MOST, taught))


def opened(file: Path) -> TextIO:
    """In what the mark at its begin says, else UTF-8."""
    with file.open("rb") as begin:
        encoding = encoding_of(begin.read(4))
    return file.open(encoding=encoding, newline="")


def lines(source: TextIO, name: str) -> Iterator[dict[str, Any]]:
    """One dict a text: the `text` column of a CSV, known by that header, else each line. ValueError for a .csv without the column."""
    first = source.readline()
    header = [column.strip() for column in next(csv.reader([first.lstrip("\ufeff")]), [])]
    if "text" in header:
        texts = (row["text"] or "" for row in csv.DictReader(source, fieldnames=header))
    elif name.lower().endswith(".csv"):
        raise ValueError(f"{name}: a column named text is needed, found {', '.join(header) or 'nothing'}")
    else:
        texts = (line.strip().lstrip("\ufeff") for line in chain([first], source) if line.strip())
    try:
        for text in texts:
            yield {"text": text, "etalase": [{"code": guess.code, "score": guess.score} for guess in told(text[:LONGEST])]}
    except csv.Error as error:
        raise ValueError(f"{name}: this is no table ({error})") from error
