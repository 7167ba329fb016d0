"""What the office lets WhatsApp cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Terms:
    """`prices` in rupiah by category, `ceiling` in rupiah for each number and month, `tier` in people a day as long as the platform told
    none, `marketing` whether calls may be paid for, `zone` whose months count.
    """

    prices: Mapping[str, int] = field(default_factory=dict)
    ceiling: int = 0
    tier: int = 250
    marketing: bool = False
    zone: str = "Asia/Makassar"


NOTHING = Terms()
"""Nothing that costs."""
