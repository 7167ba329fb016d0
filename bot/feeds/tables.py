"""The tables of an HTML page as words: what a page shows beside its labels, and its lists by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

from models.sources.values import folded

BREAKS = frozenset({"br", "li", "p", "div", "tr"})
BADGE = re.compile(r"\b(?:label|badge)\b")
"""Of a span that is set beside a name, such as "Tender Ulang"."""
UNSHOWN = frozenset({"script", "style"})


@dataclass(slots=True)
class Cell:
    head: bool
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """On a line each of what stands apart."""
        lines = (" ".join(line.split()) for line in "".join(self.parts).splitlines())
        return "\n".join(line for line in lines if line)


Table = list[list[Cell]]


class Tables(HTMLParser):
    """One inside of another is a table of its own, and no part of the cell it stands in. What is left open is closed by what follows."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Table] = []
        self._open: list[Table] = []
        self._hidden: list[str] = []
        """Tags within something that is not read, the outermost first."""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSHOWN or (tag == "span" and (self._hidden or BADGE.search(dict(attrs).get("class") or ""))):
            self._hidden.append(tag)
        elif tag == "table":
            self._open.append([])
            self.found.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open and self._open[-1]:
            self._open[-1][-1].append(Cell(tag == "th"))
            self._hidden.clear()
        if tag in BREAKS:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        elif tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden and self._open and self._open[-1] and self._open[-1][-1]:
            self._open[-1][-1][-1].parts.append(data)


def labelled(tables: Sequence[Table]) -> dict[str, str]:
    """What stands beside each label, by its folded name; the first of two."""
    found: dict[str, str] = {}
    for row in (row for table in tables for row in table):
        for label, value in pairwise(row):
            if label.head and not value.head and value.text:
                found.setdefault(folded(label.text), value.text)
    return found


def listed(tables: Sequence[Table], *columns: str) -> Iterator[dict[str, str]]:
    """The rows of the first list that has all these columns, by their folded names."""
    for table in tables:
        names: list[str] = []
        for row in table:
            if not names:
                heads = [folded(cell.text) for cell in row]
                names = heads if set(columns) <= set(heads) else []
            else:
                yield dict(zip(names, (cell.text for cell in row), strict=False))
        if names:
            return
