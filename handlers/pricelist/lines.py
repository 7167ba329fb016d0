"""The lines of a pasted price list: what is doubtful about each, how a doubt is settled, and what each comes to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.corrections import taught_in
from handlers.derived import guesses
from handlers.dialogue import Answers
from handlers.reading.lists import read_lines
from handlers.reading.money import prices_in
from handlers.reading.numerals import plain
from handlers.reading.prices import find_price, price_with_unit, units_for
from handlers.reading.telling import written_out
from handlers.reading.units import SPELLINGS, canonical
from handlers.said import Facts, Reader, Rejected, Said
from messages import Option, Value, joined, rupiah, say
from models.etalase import NOTHING, Taught, sure

MOST = 30
"""A longer list is taken in parts."""
LONGEST = 150
"""The longest name of a product."""
DROP = "drop"
NUMBERED = re.compile(r"^\s*(?:no\.?|nomor|nomer|number)?\s*(?P<number>\d{1,2})\s*[.):=,-]?\s+(?P<rest>\S.*)$", re.I)
REMOVED = re.compile(r"^\s*(?:hapus|buang|coret|delete|remove|drop)\s*(?:no\.?|nomor)?\s*(?P<number>\d{1,2})\s*$|^\s*(?:no\.?|nomor)?\s*"
                     r"(?P<after>\d{1,2})\s*(?:hapus|buang|coret|delete|remove|drop)\s*$", re.I)  # fmt: skip
EACH = "each"
"""The units of the lines differ: each is asked."""


@dataclass(frozen=True, slots=True)
class Item:
    """A product of the list as it stands now; `problem` is "" when its price and unit are sure."""

    number: int
    name: str
    price: Mapping[str, Any]
    text: str
    problem: str = ""
    dropped: bool = False
    words: str = ""
    """All that the line says besides its price; a name is shorter."""
    taught: Taught = NOTHING

    @property
    def etalase(self) -> str:
        """ "" where it is not sure."""
        found = guesses(self.name, self.taught)
        return found[0].code if found and sure(found) else ""


def lines_of(text: str) -> list[dict[str, Any]]:
    """The products of a list as JSON, headings left out."""
    read = [line for line in read_lines(text) if line.number]
    return [
        {"name": line.name, "amount": line.amount, "unit": line.unit, "problem": line.problem, "text": " ".join(line.text.split())[:300]}
        for line in read
    ]


def items(answers: Answers, facts: Facts) -> list[Item]:
    """The lines with what was settled since."""
    taught = taught_in(facts)
    return [replace(item_of(number, line, settled(number, line, answers)), taught=taught) for number, line in enumerate(facts["lines"], 1)]


def settled(number: int, line: Mapping[str, Any], answers: Answers) -> Any:
    """What was said of this line, else the unit that was said once for all that have none."""
    shared = answers.get("units") if line["problem"] == "no_unit" else None
    return answers.get(f"fix_{number}") or (shared if shared != EACH else None)


def without_unit(answers: Answers, facts: Facts) -> list[Item]:
    """The lines whose only doubt is what the price is for, as long as no unit is said for all of them."""
    return [item for item in doubtful({**answers, "units": None}, facts) if item.problem == "no_unit"]


def common_units(found: Sequence[Item]) -> list[str]:
    """The units that most of these products are likely sold by."""
    counted = Counter(unit for item in found for unit in units_for(item.name))
    return [unit for unit, _ in counted.most_common(3)]


def item_of(number: int, line: Mapping[str, Any], said: Any) -> Item:
    name, price, problem = line["name"], {"amount": line["amount"], "unit": line["unit"]}, line["problem"]
    if isinstance(said, str) and said != DROP:
        price["unit"], problem = said, ""
    if isinstance(said, Mapping):
        price, name, problem = {"amount": said["amount"], "unit": said["unit"]}, said.get("name") or name, ""
    if not problem and len(name) < 5:
        problem = "short_name"
    words = written_out(name)
    name = words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,.-(")
    return Item(number, name, price, line["text"], problem, said == DROP, words)


def kept(answers: Answers, facts: Facts) -> list[Item]:
    return [item for item in items(answers, facts) if not item.dropped]


def doubtful(answers: Answers, facts: Facts) -> list[Item]:
    return [item for item in kept(answers, facts) if item.problem]


def doubts(found: Sequence[tuple[int, str]]) -> Value:
    """ "no. 1, 5 (per meter atau per m2?), no. 7 (ada 2 harga)": the numbers by what is the matter."""
    reasons = dict.fromkeys(reason for _, reason in found)
    parts = [
        say("pricelist.doubt", n=", ".join(str(number) for number, one in found if one == reason), why=say(f"pricelist.why_{reason}"))
        for reason in reasons
    ]
    return joined(parts, ", ")


def fix_options(item: Item, facts: Facts) -> Sequence[Option]:
    """Likely answers to the doubt of a line: units, or the prices that stand there when the unit is known."""
    if item.problem == "which_unit":
        return [Option(unit, say("pricelist.per", unit=unit)) for unit in ("m2", "meter")]
    if item.problem == "no_unit":
        told = [line["unit"] for line in facts["lines"] if line["unit"]]
        likely = dict.fromkeys([*sorted(dict.fromkeys(told), key=lambda unit: -told.count(unit)), *units_for(item.name)])
        return [Option(unit, say("pricelist.per", unit=unit)) for unit in list(likely)[:3]]
    return []


def line_reader(number: int) -> Reader:
    """Reads what settles the doubt of one line: a unit alone where the amount is known, else a price with its unit."""

    def read(said: Said, facts: Facts) -> Any:
        line = facts["lines"][number - 1]
        if REMOVED.match(f"{number} {said.text}"):
            return DROP
        likely = fix_options(item_of(number, line, None), facts)
        if said.text.strip() in map(str, range(1, len(likely) + 1)):
            return likely[int(said.text) - 1].id
        unit = canonical(re.sub(r"^\s*(?:per|/|se)\s*", "", plain(said.text).strip(" .!"), flags=re.I))
        if line["amount"] and unit:
            return unit
        return price_with_unit.read(said, facts)

    return Reader(read, _keeps, lambda value: value if isinstance(value, str) else price_with_unit.words(value), _shown, numeric=True)


def _keeps(value: Any) -> bool:
    return value == DROP or value in SPELLINGS if isinstance(value, str) else price_with_unit.keeps(value)


def _shown(value: Any) -> Value:
    return (
        say("pricelist.dropped" if value == DROP else "pricelist.per", unit=value)
        if isinstance(value, str)
        else price_with_unit.show(value)
    )


def read_corrections(said: Said, facts: Facts) -> str:
    """ "1 per m2; 7 Kopi 200gr 35rb per bungkus": each part settles a line, and the list is asked again."""
    fixed: dict[str, Any] = {}
    for part in re.split(r"[;\n]|,\s+(?=(?:no\.?\s*)?\d{1,2}\s)", said.text):
        number, value = correction(part, facts)
        if number:
            fixed[f"fix_{number}"] = value
    if not fixed:
        raise Rejected("pricelist.how")
    first = min(int(key.removeprefix("fix_")) for key in fixed)
    raise Rejected("pricelist.noted" if len(fixed) == 1 else "pricelist.noted_many", {"n": len(fixed), "number": first}, also=fixed)


def correction(part: str, facts: Facts) -> tuple[int, Any]:
    """The line a correction is about and what it becomes; 0 when it is not understood."""
    removed, found = REMOVED.match(part), NUMBERED.match(part)
    number = int(removed["number"] or removed["after"]) if removed else int(found["number"]) if found else 0
    if not 1 <= number <= len(facts["lines"]):
        return 0, None
    if removed or not found:
        return number, DROP
    line, rest = facts["lines"][number - 1], found["rest"]
    price, name = find_price(rest)
    unit = canonical(re.sub(r"^(?:per|/|se)\s*", "", rest.strip(" .!"), flags=re.I))
    if price is None:
        return (number, unit) if unit and line["amount"] else (number, _renamed(rest, line)) if _nameable(rest, line) else (0, None)
    price["unit"] = price["unit"] or line["unit"]
    if not price["unit"]:
        return 0, None
    return number, {**price, "name": name.strip(" ,.-:") if len(name.strip(" ,.-:")) >= 5 else line["name"]}


def _nameable(rest: str, line: Mapping[str, Any]) -> bool:
    return bool(line["amount"] and line["unit"]) and len(rest.strip()) >= 5 and not prices_in(plain(rest))


def _renamed(rest: str, line: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": rest.strip(), "amount": line["amount"], "unit": line["unit"]}


def row(item: Item) -> Value:
    """A line of the summary."""
    return say("pricelist.row", n=item.number, name=item.name, price=rupiah(item.price["amount"]), unit=item.price["unit"])
