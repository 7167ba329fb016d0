"""The choice that WhatsApp makes of an announcement: paid for outside of a window, or held until the person writes again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from handlers.announcements.foresight import plan_words
from handlers.dialogue import Answers
from handlers.said import Facts
from handlers.visit import Visit
from messages import Option, Params, Value, rupiah, say
from models.audience import Audience
from models.forecast import Plan, forecast

WAIT, PAY = "wait", "pay"


@dataclass(frozen=True, slots=True)
class Outlook:
    """`paid` and `waits` say it in words for either choice; `price` is what paying costs at most, in rupiah; `plan` is kept."""

    paid: Value
    waits: Value
    price: int = 0
    plan: Mapping[str, Any] = field(default_factory=dict)


def outlook(visit: Visit, audience: Audience) -> Outlook | None:
    """As it stands now, for a later start too: who writes until then is free. None where nobody has to be told by a template."""
    plan = visit.count(("plan", audience), partial(forecast, audience=audience, now=visit.now, terms=visit.terms))
    if not (plan.outside or plan.unapproved):
        return None
    return Outlook(plan_words(plan, True), plan_words(plan, False), plan.rupiah, plan.to_json())


def costs(seen: Outlook | None) -> bool:
    """Whether there is a choice to make."""
    return seen is not None and seen.price > 0


def price_words(seen: Outlook | None) -> Params:
    """To how many it would go for how much: nobody chooses a price unseen."""
    plan = Plan.from_json(seen.plan if seen else {})
    return {"n": plan.outside, "sent": plan.outside - plan.beyond, "rupiah": rupiah(plan.rupiah)}


def choices(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option(WAIT, say("announcement.paid.is_wait")), Option(PAY, say("announcement.paid.is_pay")))
