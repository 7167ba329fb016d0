"""What can be told from other answers is not asked: it stands on the card and is changed there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from handlers.dialogue import Answers
from handlers.said import Facts
from messages import Option, Voice, say, worded
from models.business import legal_form
from models.etalase import Guess, classify, etalases, sure

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
LEAD_DAYS = {"mamin": 2, "sembako": 2, "atk": 2, "cetak": 3, "pakaian": 14, "mebel": 14, "sewa-kendaraan": 2, "sewa-acara": 3}


@lru_cache(maxsize=1024)
def guesses(name: str) -> tuple[Guess, ...]:
    return tuple(classify(name, 3))


def etalase_default(answers: Answers, facts: Facts) -> str | None:
    found = guesses(str(answers.get("name") or ""))
    return found[0].code if found and sure(found) else None


def etalase_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    """The likely ones first, then all the others: a withdrawn one is simply no longer there."""
    table = etalases()
    likely = [guess.code for guess in guesses(str(answers.get("name") or "")) if guess.code in table]
    codes = [*likely, *(code for code in table if code not in likely)]
    return [Option(code, table[code].short, detail="; ".join(table[code].examples[:4])) for code in codes]


def etalase_of(answers: Answers, facts: Facts) -> str:
    return str(answers.get("etalase") or etalase_default(answers, facts) or "")


def is_packaged_food(answers: Answers, facts: Facts) -> bool:
    """Food that is sold in a package has a PIRT or BPOM number; what is cooked for an event has not."""
    if etalase_of(answers, facts) != "mamin":
        return False
    name = str(answers.get("name") or "").casefold()
    return not any(word in name for word in COOKED)


def brand_default(answers: Answers, facts: Facts) -> str:
    return worded(say("product.no_brand"), Voice())


def lead_default(answers: Answers, facts: Facts) -> int:
    return LEAD_DAYS.get(etalase_of(answers, facts), 7)


def scope_default(answers: Answers, facts: Facts) -> str:
    return "region"


def form_default(answers: Answers, facts: Facts) -> str:
    return legal_form(str(answers.get("business") or ""))


def region_of(answers: Answers, facts: Facts) -> str:
    place: Any = answers.get("place")
    return str(place["region"] if isinstance(place, dict) else facts["business"].get("region", facts["province"]))
