"""What goes wrong with a request to a platform, drawn for each one."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass

LATE, REFUSED, CUT_BEFORE, CUT_AFTER = "late", "connection refused", "cut before", "cut after"
HALF, HUNG, STORM, BROKEN_BEFORE, BROKEN_AFTER, ODD = "half an answer", "hung", "429", "5xx before", "5xx after", "no JSON"
TROUBLES = (LATE, REFUSED, CUT_BEFORE, CUT_AFTER, HALF, HUNG, STORM, BROKEN_BEFORE, BROKEN_AFTER, ODD)
"""Before and after: the platform took the message. Half an answer is one after, and of those hung or without JSON each second one is."""
TAKEN = {LATE: 1.0, REFUSED: 1.0, CUT_AFTER: 1.0, HALF: 1.0, HUNG: 0.5, BROKEN_AFTER: 1.0, ODD: 0.5}
"""How often the message is taken all the same; of those refused it is the one in whose answer the platform goes away."""
FALLEN = (500, 502, 503, 504)
SHARE = 0.4
"""So many requests have the trouble of the hour."""


@dataclass
class Weather:
    """`now` are the troubles of the hour, none when it is empty."""

    draw: random.Random
    now: Collection[str] = ()
    share: float = SHARE

    def trouble(self) -> str:
        """Of the next request, "" for none."""
        return self.draw.choice(sorted(self.now)) if self.now and self.draw.random() < self.share else ""

    def taken(self, trouble: str) -> bool:
        return not trouble or self.draw.random() < TAKEN.get(trouble, 0.0)
