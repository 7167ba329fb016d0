"""Rows that no database can keep and no reader can trust: numbers that are none, halves of letters, things within things without end."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

BROKEN = "lapak:broken"
"""The one column of what stands for a row that could not be read at all; its value is the reason."""
MOST = 10**18
"""Beyond the numbers of any column, and of any official; still greater ones are no float either."""
DEEPEST = 30
"""Things within things; releases of OCDS have about eight."""


def fault(row: Mapping[str, Any]) -> str:
    """Why this is no row, "" where it is one. Asks no deeper than it must, so that nothing here overflows."""
    if BROKEN in row:
        return str(row[BROKEN])
    level: list[Any] = [row]
    for _ in range(DEEPEST):
        if reason := next(filter(None, map(_odd, level)), ""):
            return reason
        level = [one for value in level for one in _within(value)]
        if not level:
            return ""
    return "too_deep"


def is_sound(number: float) -> bool:
    """Whether it is a number that can be kept."""
    return -MOST < number < MOST if isinstance(number, int) else isfinite(number)


def _within(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list | tuple) else []


def _odd(value: Any) -> str:
    if isinstance(value, int | float) and not is_sound(value):
        return "odd_number"
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        return "odd_letters"
    return ""
