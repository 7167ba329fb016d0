"""What WhatsApp makes of an announcement: how many days it takes, what it costs, who hears of it only after writing again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.dialogue import Answers
from handlers.said import Facts
from handlers.visit import Visit
from messages import Option, Value, say
from models.audience import Audience

WAIT, PAY = "wait", "pay"


@dataclass(frozen=True, slots=True)
class Outlook:
    """`paid` and `waits` say it in words for either choice; `price` is what paying costs at most, in rupiah; `plan` is kept."""

    paid: Value
    waits: Value
    price: int = 0
    plan: Mapping[str, Any] = field(default_factory=dict)


def outlook(visit: Visit, audience: Audience, when: datetime) -> Outlook | None:
    """None where nobody would have to be told by a template."""
    return None


def costs(seen: Outlook | None) -> bool:
    """Whether there is a choice to make."""
    return seen is not None and seen.price > 0


def choices(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option(WAIT, say("announcement.paid.is_wait")), Option(PAY, say("announcement.paid.is_pay")))
