"""What can be told from other answers is not asked: it stands on the card and is changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import Any

from handlers.corrections import taught_in
from handlers.dialogue import Answers
from handlers.said import Facts
from handlers.vendor import chosen
from messages import Option, Voice, say, worded
from models.business import legal_form
from models.checks import far
from models.etalase import NOTHING, Guess, Taught, classify, etalases, offered, sure

COOKED = (
    "nasi",
    "katering",
    "catering",
    "prasmanan",
    "tumpeng",
    "snack",
    "box",
    "kotak",
    "porsi",
    "kue basah",
    "soto",
    "bakso",
    "mie ayam",
)
OTHER = "other"
"""The option that leads to all the etalase."""
LEAD_DAYS = {"mamin": 2, "sembako": 2, "atk": 2, "cetak": 3, "pakaian": 14, "mebel": 14, "sewa-kendaraan": 2, "sewa-acara": 3}


@lru_cache(maxsize=1024)
def guesses(name: str, taught: Taught = NOTHING) -> tuple[Guess, ...]:
    return tuple(classify(name, 3, taught))


def etalase_default(answers: Answers, facts: Facts) -> str | None:
    found = guesses(str(answers.get("name") or ""), taught_in(facts))
    return found[0].code if found and sure(found) else None


def likely_etalase(answers: Answers, facts: Facts) -> Sequence[Option]:
    """The likely ones, and the way to all the others; all of them where nothing is likely."""
    codes = [guess.code for guess in offered(str(answers.get("name") or ""), taught_in(facts)) if guess.code in etalases()]
    return [*map(_etalase_option, codes), Option(OTHER, say("product.other_group"))] if codes else every_etalase(answers, facts)


def every_etalase(answers: Answers, facts: Facts) -> Sequence[Option]:
    """A withdrawn one is simply no longer there."""
    return [_etalase_option(code) for code in etalases()]


def _etalase_option(code: str) -> Option:
    row = etalases()[code]
    return Option(code, row.short, detail="; ".join(row.examples[:4]))


def etalase_of(answers: Answers, facts: Facts) -> str:
    told = answers.get("etalase")
    if told == OTHER:
        told = answers.get("group")
    return str(told or etalase_default(answers, facts) or "")


def is_packaged_food(answers: Answers, facts: Facts) -> bool:
    """Food that is sold in a package has a PIRT or BPOM number; what is cooked for an event has not."""
    if etalase_of(answers, facts) != "mamin":
        return False
    name = str(answers.get("name") or "").casefold()
    return not any(word in name for word in COOKED)


def brand_default(answers: Answers, facts: Facts) -> str:
    return worded(say("product.no_brand"), Voice())


def _latest(answers: Answers, facts: Facts) -> tuple[int | None, int] | None:
    """What the business said of its latest product of the same etalase."""
    business, etalase = chosen(answers, facts), etalase_of(answers, facts)
    found: tuple[int | None, int] | None = facts["latest"](business["id"], etalase) if business and etalase else None
    return found


def capacity_default(answers: Answers, facts: Facts) -> int | None:
    latest = _latest(answers, facts)
    return latest[0] if latest else None


def lead_default(answers: Answers, facts: Facts) -> int:
    latest = _latest(answers, facts)
    return latest[1] if latest else LEAD_DAYS.get(etalase_of(answers, facts), 7)


def form_default(answers: Answers, facts: Facts) -> str:
    return legal_form(str(answers.get("business") or ""))


def usual_price(answers: Answers, facts: Facts) -> int:
    """The median of what others ask, where this price is far from it; else 0."""
    price: Any = answers.get("price")
    etalase = etalase_of(answers, facts)
    if not price or not etalase:
        return 0
    prices = facts["others"](chosen(answers, facts).get("id"), etalase, price["unit"]).prices
    return int(median(prices)) if far(price["amount"], prices) else 0


def price_doubtful(answers: Answers, facts: Facts) -> bool:
    return bool(usual_price(answers, facts))


DEFAULTS: Mapping[str, Callable[[Answers, Facts], Any]] = {
    "capacity": capacity_default,
    "brand": brand_default,
    "minimum": lambda answers, facts: 1,
    "lead": lead_default,
    "scope": lambda answers, facts: "region",
    "origin": lambda answers, facts: "lokal",
    "form": form_default,
    "size": lambda answers, facts: "mikro",
    "role": lambda answers, facts: "produsen",
}
"""By the step's key: what holds until the owner says otherwise."""


def complete(answers: Answers, facts: Facts) -> dict[str, Any]:
    """The answers with everything that can be told from them."""
    given = {key: value for key, value in answers.items() if value is not None}
    return {**{key: default(answers, facts) for key, default in DEFAULTS.items() if key not in given}, **given}
