"""What one answer says of many lines: the description and the food licence, for all of them or by number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from handlers.derived import is_packaged_food
from handlers.dialogue import Answers
from handlers.pricelist.lines import Item, kept
from handlers.pricelist.photos import ready
from handlers.reading.answers import no, pirt_or_bpom, says
from handlers.reading.telling import details
from handlers.reading.units import canonical
from handlers.said import Facts, Reader, Rejected, Said
from messages import Params, Value, joined, say
from models.checks import LEAST_DETAILS

ALL = "all"
FOOD = ("mamin", "sembako")
TIMES = ("jam", "hari", "hr", "minggu", "mgg", "bulan", "bln", "tahun", "thn", "kali", "hour", "hours", "days", "weeks", "months", "years")
LEAD = re.compile(r"^\s*(?P<said>(?:no|nomor|nomer|number)\.?\s*)?(?P<numbers>\d{1,2}(?:\s*(?:-|–|,|&|dan|and|s/?d|sampai|to)\s*\d{1,2})*)"
                  r"(?P<mark>\s*[.):=])?\s+(?P<rest>\S.*)$", re.I | re.S)  # fmt: skip
PART = re.compile(r"[;\n]|,\s*(?=(?:no|nomor|nomer)\.?\s*\d)", re.I)
MOST = 1_900


def numbers_of(part: str, count: int, loose: bool = False) -> tuple[list[int], str]:
    """The numbers a part begins with and what it says of them; none where it is about all.

    "no 3: kopi arabika" and "1-3 art paper" have some, "250 gram" and "2-3 bulan" have none. `loose`: "3 2063472010123-27" has.
    """
    found = LEAD.match(part)
    if not found:
        return [], part
    told: list[int] = []
    for one in re.split(r",|&|\bdan\b|\band\b", found["numbers"]):
        ends = [int(digits) for digits in re.findall(r"\d+", one)]
        told += range(ends[0], ends[-1] + 1) if ends else []
    first = re.split(r"[\s,.]", found["rest"].casefold())[0]
    counted = bool(canonical(first)) or first in TIMES
    meant = found["said"] or found["mark"] or loose or (len(told) > 1 and not counted)
    return (told, found["rest"]) if meant and told and all(1 <= one <= count for one in told) else ([], part)


def by_number(one: Reader, loose: bool, keeps: Callable[[Any], bool]) -> Reader:
    """Reads the answer of `one` for all lines, or for some by number: {"all": ..., "3": ...}."""

    def read(said: Said, facts: Facts) -> Any:
        if says(said.text, "unknown"):
            return None  # as good as skipping it
        found: dict[str, Any] = {}
        for part in filter(str.strip, PART.split(said.text)):
            numbers, words = numbers_of(part, len(facts["lines"]), loose)
            if loose and no(words):
                continue
            value = one.read(Said(text=words.strip()), facts)
            found |= {str(number): value for number in numbers} if numbers else {ALL: value}
        if not found:
            raise Rejected("problem.choose")
        return found

    def words(value: Mapping[str, Any]) -> str:
        return "; ".join(one.words(part) if key == ALL else f"no {key}: {one.words(part)}" for key, part in value.items())

    def shown(value: Mapping[str, Any]) -> Value:
        return joined([one.show(part) for part in value.values()], "; ")

    return Reader(read, keeps, words, shown, numeric=True, free=one.free, marked=one.marked)


def _each(value: Any, keeps: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and bool(value) and all((key == ALL or key.isdecimal()) and keeps(part) for key, part in value.items())


def _keeps_licence(value: Any) -> bool:
    """One by itself is for all: what was sent where the NIB is asked."""
    return pirt_or_bpom.keeps(value) or _each(value, pirt_or_bpom.keeps)


descriptions = by_number(details, False, lambda value: _each(value, details.keeps))
licences = by_number(pirt_or_bpom, True, _keeps_licence)


def told_of(value: Any, item: Item) -> Any:
    """What an answer by number says of one line; None where it says nothing."""
    if pirt_or_bpom.keeps(value):
        return value
    return (value or {}).get(str(item.number)) or (value or {}).get(ALL)


def description(answers: Answers, item: Item) -> str:
    """The line's own words, and what was told of it besides."""
    more = told_of(answers.get("details"), item)
    return f"{item.words}. {more}"[:MOST] if more else item.words[:MOST]


def details_wanted(answers: Answers, facts: Facts) -> bool:
    """A line may carry its description; where one does not, it is asked once for all."""
    return any(len(item.words) < LEAST_DETAILS for item in kept(answers, facts))


def details_params(answers: Answers, facts: Facts) -> Params:
    groups = Counter("food" if item.etalase in FOOD else "goods" for item in kept(answers, facts) if item.etalase)
    return {"question": say(f"pricelist.details_{groups.most_common(1)[0][0] if groups else 'goods'}")}


def packaged(answers: Answers, facts: Facts) -> list[Item]:
    return [item for item in ready(answers, facts) if licence_needed(item, facts)]


def licence_needed(item: Item, facts: Facts) -> bool:
    return is_packaged_food({"name": item.name, "etalase": item.etalase}, facts)


def licence_wanted(answers: Answers, facts: Facts) -> bool:
    return bool(packaged(answers, facts))


def licence_params(answers: Answers, facts: Facts) -> Params:
    found = packaged(answers, facts)
    every = len(found) == len(kept(answers, facts))
    numbers = ", ".join(str(item.number) for item in found)
    first = found[0].number if found else 1
    return {"which": say("pricelist.food_all") if every else say("pricelist.food_some", numbers=numbers), "number": first}
