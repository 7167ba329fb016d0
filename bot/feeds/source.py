"""What a source of calls is: a name, its hours, and how one page of it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.feeds.fetching import Fetcher

Row = Mapping[str, Any]
Mark = Mapping[str, Any]
"""Where a page is, as plain data that a row of the database keeps; {} is the first."""

BEFORE, PACKAGES, AFTER = 0, 1, 2
"""Turns of a look: what says which packages are the same, the packages, and what adds to them."""
NAME = 45
"""Characters of a source's name: it stands on buttons."""


@dataclass(frozen=True, slots=True)
class Page:
    """`following` is where to go on, None at the end. `changed` is False where the source says that nothing here has."""

    rows: Sequence[Row]
    following: Mark | None = None
    proof: Mapping[str, Any] = field(default_factory=dict)
    """What asks the next time whether it has changed."""
    changed: bool = True
    columns: Sequence[frozenset[str]] = ()
    """Of each row, where all rows of a kind have the same."""
    group: str = ""
    """Which kind that is, where a source has several."""
    trouble: str = ""
    """Why the source is asked on only later, although this page is done."""


@dataclass(frozen=True, slots=True)
class Where:
    """A page to ask for: its `mark`, the local time, and the proof kept of it by the last look."""

    mark: Mark
    now: datetime
    proof: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """`name` up to a colon names its reader; after it stands which of several sites it is. `hours` in the office's zone."""

    name: str
    hours: tuple[int, ...]
    page: Callable[[Fetcher, Where], Awaitable[Page]]
    token: str = field(default="", repr=False)
    turn: int = PACKAGES
    seek: Callable[[Session, datetime], Mark] | None = None
    """Where a round begins, for a source that reads what is known already; {} where there is nothing to read."""

    @property
    def reader(self) -> str:
        return self.name.partition(":")[0]


def names_of(rows: Sequence[Row]) -> list[frozenset[str]]:
    return [frozenset(row) for row in rows]


def whole(value: Any, most: int = 10**9) -> int:
    """A number of a mark or an answer, 0 for anything else."""
    return value if isinstance(value, int) and 0 <= value <= most else 0
