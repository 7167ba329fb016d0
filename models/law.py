"""Values of law: a dated table that is edited when the law changes, never a literal in the code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rule:
    """`verified` tells how sure we are: read in the law, in a secondary source, or nowhere ("no": shown with a badge)."""

    effective_from: date
    value: str | int
    verified: Literal["yes", "secondary", "no"]
    source: str = ""


@cache
def table() -> dict[str, tuple[Rule, ...]]:
    rows: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "law.toml").read_text(encoding="utf-8"))
    return {name: tuple(sorted((Rule(**row) for row in rules), key=lambda rule: rule.effective_from)) for name, rules in rows.items()}


def law(name: str, today: date) -> Rule | None:
    """What holds today; None while nothing has begun."""
    begun = [rule for rule in table().get(name, ()) if rule.effective_from <= today]
    return begun[-1] if begun else None
