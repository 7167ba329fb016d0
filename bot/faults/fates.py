"""What became of every message: what the rows say, held against what the platform took."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from bot.faults.laws import ARRIVED
from bot.faults.mail import KINDS
from bot.faults.platform import Key
from models.outbox import REPEATED

COLUMNS = ("once", "never", "more than once", "unknown")
Row = tuple[int, Key, str, str]


class Fate(NamedTuple):
    """`trouble` is what went wrong with the message first; `times` how often the platform took it."""

    key: Key
    kind: str
    status: str
    trouble: str
    times: int

    @property
    def column(self) -> str:
        if self.status == "unknown":
            return "unknown"
        return "never" if not self.times else "once" if self.times == 1 else "more than once"


def fates(rows: Sequence[Row], times: Mapping[Key, int], troubles: Mapping[Key, str], around: Callable[[int], str]) -> list[Fate]:
    """`around` is what happened to the whole process or the database in the round in which the row was made."""
    return [Fate(key, kind, status, troubles.get(key) or around(row), times.get(key, 0)) for row, key, kind, status in rows]


def broken(found: Sequence[Fate], acknowledged: Collection[int]) -> list[str]:
    """The laws that do not hold, in words."""
    said = []
    for one in found:
        named = f"{one.kind} {one.key} is {one.status} and was taken {one.times} times after {one.trouble}"
        if one.status in ("queued", "claimed", "held"):
            said.append(f"not done: {named}")
        elif one.status != "unknown" and not one.times:
            said.append(f"never: {named}")
        if one.times > 1 and one.kind not in REPEATED:
            said.append(f"more than once, against its policy: {named}")
        if one.status == "unknown" and one.kind in REPEATED:
            said.append(f"unknown, but its kind is repeated: {named}")
    answered = {chat for (chat, _), *_ in found}
    said += [f"what chat {chat} said was acknowledged and is lost" for chat in acknowledged if chat not in answered]
    doubled = [key for key, rows in Counter(one.key for one in found).items() if rows > 1]
    return said + [f"two rows for {key}" for key in doubled]


def table(found: Sequence[Fate]) -> list[str]:
    """By what went wrong and by kind."""
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in found:
        cells[one.trouble, one.kind][one.column] += 1
    lines = [f"{'what went wrong first':24}{'kind':14}" + "".join(f"{name:>16}" for name in COLUMNS)]
    for trouble, kind in sorted(cells, key=lambda cell: (cell[0], KINDS.index(cell[1]))):
        lines.append(f"{trouble:24}{kind:14}" + "".join(f"{cells[trouble, kind][name]:16}" for name in COLUMNS))
    return lines


def arrived_unknown(found: Sequence[Fate]) -> int:
    return sum(one.status == "unknown" and one.times > 0 for one in found)


def settled(found: Sequence[Fate]) -> int:
    return sum(one.status in ARRIVED for one in found)
