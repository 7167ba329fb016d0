"""What is asked of the lines that were read: whether they are right, a unit for many of them, each doubt by its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handlers.dialogue import Answers, Step
from handlers.pricelist.lines import (
    EACH,
    MOST,
    common_units,
    doubtful,
    doubts,
    fix_options,
    item_of,
    kept,
    line_reader,
    read_corrections,
    settled,
    without_unit,
)
from handlers.reading.answers import no, says, yes
from handlers.reading.units import SPELLINGS, canonical
from handlers.said import Facts, Found, Reader, Rejected, Said
from messages import Option, Params, Value, rupiah, say

MANY = 3
"""Lines without a unit for which it is asked once."""
CHECKED = ("ok", "numbers", "clear")


def summary(answers: Answers, facts: Facts) -> Params:
    found = [(item.number, item.problem) for item in doubtful(answers, facts)]
    told = say("pricelist.check_some", n=len(found), rows=doubts(found)) if found else say("pricelist.check_none")
    return {"n": len(kept(answers, facts)), "doubts": told}


def check_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("ok", say("pricelist.ok")), Option("numbers", say("pricelist.numbers_option")))


def _read_check(said: Said, facts: Facts) -> Any:
    if yes(said.text) or says(said.text, "go"):
        return "ok"
    if no(said.text):
        return "numbers"
    return _corrected(said, facts)


def _corrected(said: Said, facts: Facts) -> Any:
    """Corrections that settle the last doubt are the answer: nobody is asked whether it is right once more."""
    answers = facts.get("answers", {})
    try:
        return read_corrections(said, facts)
    except Rejected as noted:
        clear = not doubtful({**answers, **noted.also}, facts)
        if not noted.also or not clear or not doubtful(answers, facts) or answers.keys() & noted.also.keys():
            raise
        return Found("clear", noted.also)


def _understood(value: str) -> Value:
    return say("pricelist.clear" if value == "clear" else "pricelist.understood")


def _read_numbers(said: Said, facts: Facts) -> str:
    return "done" if says(said.text, "done") or yes(said.text) else read_corrections(said, facts)


def _unit_shown(value: str) -> Value:
    return say("pricelist.each") if value == EACH else say("pricelist.per", unit=value)


def units_wanted(answers: Answers, facts: Facts) -> bool:
    """Where many lines have no unit it is asked once: as many questions as lines wear anybody out."""
    return "units" in answers or len(without_unit(answers, facts)) >= MANY


def units_params(answers: Answers, facts: Facts) -> Params:
    return {"n": len(without_unit(answers, facts))}


def units_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    same = [Option(unit, say("pricelist.all_per", unit=unit)) for unit in common_units(without_unit(answers, facts))]
    return (*same, Option(EACH, say("pricelist.each")))


def _read_units(said: Said, facts: Facts) -> str:
    """ "per kotak semua"; else what is said of some lines by their numbers."""
    if no(said.text) or says(said.text, "differ"):
        return EACH
    words = re.sub(r"(?<!\w)(?:per|se|semua(?:nya)?|all|ya|aja|saja|bu)(?!\w)|/", " ", said.text.casefold())
    return canonical(" ".join(words.split()).strip(" .!")) or read_corrections(said, facts)


def fix_step(number: int) -> Step:
    """The question that settles the doubt of one line; skipped, the product waits as a draft."""

    def wanted(answers: Answers, facts: Facts) -> bool:
        if number > len(facts["lines"]) or not facts["lines"][number - 1]["problem"]:
            return False
        return f"fix_{number}" in answers or not settled(number, facts["lines"][number - 1], answers)

    def item(answers: Answers, facts: Facts) -> Any:
        return item_of(number, facts["lines"][number - 1], None)

    def params(answers: Answers, facts: Facts) -> Params:
        one = item(answers, facts)
        price = say("pricelist.at", price=rupiah(one.price["amount"])) if one.price["amount"] else ""
        return {"n": number, "name": one.name, "price": price, "question": say(f"pricelist.ask_{one.problem}", text=one.text)}

    def options(answers: Answers, facts: Facts) -> Sequence[Option]:
        return (*fix_options(item(answers, facts), facts), Option("later"))

    return Step(f"fix_{number}", line_reader(number), options=options, when=wanted, optional=True, params=params, texts="pricelist.fix")


CHECKING = (
    Step("check", Reader(_read_check, lambda value: value in CHECKED, shown=_understood, numeric=True), options=check_options,
         params=summary),
    Step("numbers", Reader(_read_numbers, lambda value: value == "done", numeric=True), params=summary,
         options=lambda answers, facts: (Option("done"),), when=lambda answers, facts: answers.get("check") == "numbers"),
    Step("units", Reader(_read_units, lambda value: value == EACH or value in SPELLINGS, shown=_unit_shown), options=units_options,
         when=units_wanted, params=units_params),
    *(fix_step(n) for n in range(1, MOST + 1)),
)  # fmt: skip
