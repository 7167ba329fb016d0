"""How a round over pages of one site goes on where the site stumbles: is it that page, or all of it?

A page at which it stumbles is set aside and the next one asked. After some in a row the site is asked again later, each time for another
page, the last ones first, which are those that were read before. So no page keeps the others waiting, and a site that is down is asked for
one page at a time, less and less often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.feeds.source import Mark, whole
from models.polling import AGAIN, DOWN, OFF, REST, WELL

IN_A_ROW = 3
"""So many pages at which the site stumbles one after the other are a site that is down."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where to go on. `down`: the site seems to be, and is asked later. `its_own`: what went wrong is that page's, which is set aside."""

    following: dict[str, Any] | None
    down: bool = False
    its_own: bool = True


def beginning(keys: Sequence[str], tries: int = 0) -> dict[str, Any]:
    """Where the first of these packages is, and what comes after it. After `tries` that failed, one more page decides."""
    return _at(list(keys), down=IN_A_ROW - 1 if tries else 0) or {}


def step(mark: Mark, stumbled: bool) -> Step:
    """What was put off while the site seemed down comes last, and is not put off again."""
    rest, off = ([str(key) for key in mark.get(name) or ()] for name in (REST, OFF))
    again, well = bool(mark.get(AGAIN)), bool(mark.get(WELL)) or not stumbled
    down = min(whole(mark.get(DOWN)) + 1, IN_A_ROW) if stumbled else 0
    seems_down = down == IN_A_ROW and (bool(rest) or not (well or again))
    if not rest and not seems_down:
        rest, off, again = off, [], True
    if not seems_down or again:
        return Step(_at(rest, off, down, well, again), down=seems_down)
    if not rest:
        return Step(None, down=True, its_own=False)
    *others, last = rest
    return Step(_at([last, *others], [*off, str(mark["package"])], down), down=True, its_own=False)


def _at(keys: list[str], off: Sequence[str] = (), down: int = 0, well: bool = False, again: bool = False) -> dict[str, Any] | None:
    """`well`: whether a page was read since the round began, or since the site last seemed down. `again`: these were put off."""
    if not keys:
        return None
    more = {OFF: list(off), DOWN: min(down, IN_A_ROW - 1), WELL: well, AGAIN: again}
    return {"package": keys[0], REST: keys[1:]} | {name: value for name, value in more.items() if value}
