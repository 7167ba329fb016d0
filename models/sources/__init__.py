"""One file for each kind of row: `read(row, zone)` makes a package of it, or raises `Unreadable`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.package import Package
from models.sources import inaproc_nontender, inaproc_rup, inaproc_tender, ocds, sheet, sirup, spse, spse_page
from models.sources.door import line
from models.sources.values import folded

Reader = Callable[[Mapping[str, Any], str], Package]
"""Takes a row and the IANA zone of the source's local times."""

MODULES = (sheet, sirup, inaproc_rup, ocds, spse, spse_page, inaproc_nontender, inaproc_tender)
"""The less exact before the more exact."""
READERS: Mapping[str, Reader] = {module.SOURCE: module.read for module in MODULES}
RANKS: Mapping[str, int] = {module.SOURCE: rank for rank, module in enumerate(MODULES)}
"""Of two sources that differ, the one of the higher rank is believed."""
PLANS = frozenset({sirup.SOURCE, inaproc_rup.SOURCE})
"""Sources of plans: what they say of time ends when the package is announced."""
SHAPES: Mapping[str, tuple[frozenset[str], ...]] = {
    module.SOURCE: tuple(frozenset(shape.split()) for shape in module.SHAPES) for module in MODULES
}
"""The columns each source is known to have, a set for each kind of its rows."""
KNOWN = frozenset(folded(name) for shapes in SHAPES.values() for shape in shapes for name in shape)
"""Folded names of all of them; none holds a person."""


def key_of(source: str, row: Mapping[str, Any]) -> str:
    """The number of a row that could not become a package, "" where it has none."""
    fields = {folded(str(name)): value for name, value in row.items()}
    names = {"sirup": "id", "ocds": "ocid", "sheet": "number", "spse-paket": "number"}
    found = fields.get(names.get(source, "")) if source in names else None
    for name in ("kdtender", "kdnontender", "kdnontenderpct", "kdrup", "kdruplama"):
        found = found or fields.get(name)
    cells = fields.get("cells")
    found = found or (cells[0] if isinstance(cells, list) and cells else "")
    return line(found, 100)
