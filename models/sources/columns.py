"""How the columns that came differ from those a source is known to have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from models.sources import SHAPES
from models.sources.values import folded

ALIKE = 70
"""From here on, of a hundred, one name was made of the other."""
FREE = ("ocds", "sheet", "spse", "spse-paket")
"""Sources whose rows need not have all columns."""


@dataclass(frozen=True)
class Difference:
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    """What a known column is probably called now."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compare(source: str, names: Iterable[str]) -> Difference:
    """Against the kind of row of this source that is most like these names."""
    found = {folded(name): name for name in names}
    shape = max(SHAPES[source], key=lambda columns: len({folded(name) for name in columns} & found.keys()) - len(columns) / 1000)
    known = {folded(name): name for name in shape}
    unknown = sorted(name for key, name in found.items() if key not in known)
    missing = sorted(name for key, name in known.items() if key not in found)
    if source in FREE:
        return Difference(unknown)
    renamed: dict[str, str] = {}
    for name in missing:
        if now := _alike(name, [one for one in unknown if one not in renamed.values()]):
            renamed[name] = now
    return Difference(
        [name for name in unknown if name not in renamed.values()], [name for name in missing if name not in renamed], renamed
    )


def _alike(name: str, others: Sequence[str]) -> str:
    longer = next((one for one in others if name in one), "")
    best = None if longer else process.extractOne(name, others, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return best[0] if best else longer
