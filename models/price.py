"""What a delivered template costs: a dated table that is edited when the platform's prices change."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Price:
    """`usd` for one template that was delivered outside the person's window."""

    effective_from: date
    usd: Decimal
    source: str


@cache
def prices() -> dict[str, tuple[Price, ...]]:
    """By category, the oldest first."""
    rows = tomllib.loads((HERE / "prices.toml").read_text(encoding="utf-8"))
    made = {name: [Price(row["effective_from"], Decimal(row["usd"]), row["source"]) for row in listed] for name, listed in rows.items()}
    return {name: tuple(sorted(listed, key=lambda price: price.effective_from)) for name, listed in made.items()}


def price(category: str, today: date) -> Price | None:
    """What holds today; None while nothing has begun."""
    begun = [one for one in prices().get(category, ()) if one.effective_from <= today]
    return begun[-1] if begun else None
