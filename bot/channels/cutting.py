"""Cuts a text that is longer than a platform takes in one message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from messages import Span

Size = Callable[[Sequence[Span]], int]
"""How long a platform counts a piece to be, marks included."""


def cut(spans: Sequence[Span], most: int, size: Size) -> list[list[Span]]:
    """Pieces that fit a message each: between lines where possible, else between words, else anywhere."""
    if size(spans) <= most:
        return [list(spans)] if "".join(span.text for span in spans).strip() else []
    pieces: list[list[Span]] = [[]]
    room = most
    for atom in _atoms(spans, most, size):
        long = size([atom])
        if long > room:
            pieces.append([])
            room = most
        if pieces[-1] or atom.text.strip():
            pieces[-1].append(atom)
            room -= long
    return [piece for piece in pieces if "".join(span.text for span in piece).strip()]


def _atoms(spans: Sequence[Span], most: int, size: Size) -> Iterator[Span]:
    """The smallest parts that a cut leaves whole."""
    for span in spans:
        for line in re.findall(r"[^\n]*\n|[^\n]+", span.text):
            if size([replace(span, text=line)]) <= most // 2:
                yield replace(span, text=line)
            else:
                yield from (replace(span, text=word) for word in re.findall(r"\s*\S{1,60}|\s+", line))
