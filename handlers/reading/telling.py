"""The free texts of a registration: words that answer nothing are asked again, and what belongs to another question is put there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.reading.answers import after_greeting, find_price, named_plainly, number, person_name, product_in, says, text, yes
from handlers.reading.elsewhere import changed_price, price_noted, put_there
from handlers.reading.location import place
from handlers.reading.prices import price_with_unit
from handlers.reading.units import MEASURES, PATTERN, canonical
from handlers.said import Facts, Found, Offer, Reader, Rejected, Said
from messages import Value, joined, rupiah
from models.etalase import classify, sure
from models.places import name_of, read_place

EMPTY_WORDS = ("send", "skip", "later", "no", "unknown", "fine", "done", "keep")
STREET = re.compile(r"(?:jl|jln|jalan|gg|gang)(?!\w)", re.I)
UNIT = re.compile(rf"(?<=\d)\s*(?P<unit>{PATTERN})", re.I)
COUNT = re.compile(rf"\d[\d.,]*\s*(?P<unit>{PATTERN})", re.I)
ONLY_UNIT = re.compile(rf"(?:/|per|se|satu)\s*(?P<unit>{PATTERN})(?:\s+(?:bu|pak|kak|ya|saja|aja))*[\s.!]*", re.I)
SHORTENED = {
    "ktk": "kotak",
    "bks": "bungkus",
    "aym": "ayam",
    "grg": "goreng",
    "grng": "goreng",
    "bkr": "bakar",
    "nsi": "nasi",
}
"""Words that are never anything else; IKN is the new capital."""
LOOSE = ("buah", "unit")
"""People count anything in pieces: "200 pcs" of what is sold by the package."""


def told(reader: Reader, otherwise: str = "problem.text_own") -> Reader:
    """`reader` for words that say something: "kirim" or "gak tau" is no description, and an emoji or "25" no name."""

    def read(said: Said, facts: Facts) -> Any:
        put_there(said.text, facts)
        if _says_nothing(said.text):
            raise Rejected(otherwise, empty=True)
        return reader.read(said, facts)

    return replace(reader, read=read)


def _says_nothing(words: str) -> bool:
    empty = yes(words) or any(says(words, name) for name in EMPTY_WORDS) or sum(map(str.isalpha, words)) < 2
    return empty or bool(unit_alone(words))


def unit_alone(words: str) -> str:
    """The unit of a text that says nothing else ("per set bu"), "" for any other."""
    found = ONLY_UNIT.fullmatch(words.strip())
    return canonical(found["unit"]) if found else ""


def read_business(said: Said, facts: Facts) -> Any:
    """The street or the kecamatan may follow the town in a message of its own."""
    before = facts.get("answers", {}).get("place")
    if before and not before.get("street") and STREET.match(said.text.strip()):
        found = place.read(Said(text=f"{said.text}, {place.words(before)}"), facts)
        raise Rejected("product.street_noted", also={"place": {**before, **found}})
    if before and not before.get("district") and (nearer := _within(said.text, before)):
        raise Rejected("product.district_noted", {"district": name_of(nearer)}, also={"place": {**before, "district": nearer}})
    return named_plainly(text(3, 100).read(said, facts))


def _within(words: str, before: Mapping[str, Any]) -> str:
    """The kecamatan of the known town that the words name, and nothing besides; "" for none."""
    known = [one for one in read_place(words, before["region"][:2]) if one.region == before["region"] and one.district]
    return known[0].district if len(known) == 1 and not known[0].street else ""


def read_name(said: Said, facts: Facts) -> Any:
    """ "Amplang pipih 25rb per bungkus" is a name and a price."""
    price, rest = find_price(said.text)
    if not price:
        return _named(said.text, facts)
    also = priced(price)
    if not rest.strip(" ,.-:"):
        raise Rejected("product.price_noted", {"price": price_with_unit.show(price)}, also=also)
    return Found(_named(rest.strip(" ,.-:"), facts), also)


def _named(words: str, facts: Facts) -> str:
    read: str = text(5, 150).read(Said(text=words), facts)
    return written_out(read)


def written_out(name: str) -> str:
    """A name as the catalogue shows it, where it cannot be changed any more: "nasi ktk" is "Nasi kotak"."""
    whole = re.sub(r"\w+", lambda found: _in_full(found.group(), name.isupper()), name)
    return whole[:1].upper() + whole[1:]


def _in_full(word: str, loud: bool) -> str:
    """In capitals among small letters it is rather what something is called in short, such as BKR, unless it counts what is sold."""
    named = word.isupper() and not loud and not canonical(word)
    return word if named else SHORTENED.get(word.casefold(), word)


def caption(words: str) -> Mapping[str, Any]:
    """Name and price as far as a photo's caption says them for sure."""
    price, rest = find_price(product_in(words) or words)
    found = priced(price) if price else {}
    name = " ".join(rest.split()).strip(" ,.-:")
    if 5 <= len(name) <= 150:
        found["name"] = written_out(name)
    return found


def first_words(words: str) -> Mapping[str, Any]:
    """Name and price, where a text is surely of a product."""
    found = caption(after_greeting(words))
    sold = product_in(words) or ("name" in found and sure(classify(words, 3)))
    return found if {"price", "amount"} & found.keys() or sold else {}


def priced(price: Mapping[str, Any]) -> dict[str, Any]:
    """A price as answers; without its unit it is half a price."""
    return {"price": dict(price)} if price["unit"] else {"amount": price["amount"]}


def shown_words(found: Mapping[str, Any]) -> Value:
    """The name and the price that were found, as they are read back."""
    parts: list[Value] = [found["name"]] if "name" in found else []
    parts += [price_with_unit.show(found["price"])] if "price" in found else []
    parts += [rupiah(found["amount"])] if "amount" in found else []
    return joined(parts, ", ")


def in_unit(least: int, most: int, rejection: str) -> Reader:
    """A number of what is sold: "500 lbr" of what is sold by the package is asked back."""
    plain = number(least, most)

    def read(said: Said, facts: Facts) -> int:
        amount: int = plain.read(said, facts)
        price = facts.get("answers", {}).get("price")
        sold = facts.get("unit") or (price["unit"] if price_with_unit.keeps(price) else "")
        found = UNIT.search(said.text)
        unit = canonical(found["unit"]) if found else ""
        if not unit or not sold or unit == sold or (unit in LOOSE and sold not in MEASURES):
            return amount
        same = unit in MEASURES or sold in MEASURES
        raise Rejected(rejection, {"unit": sold}, [] if same else [Offer(f"{amount} {sold}", amount)])

    return replace(plain, read=read)


def read_details(said: Said, facts: Facts) -> Any:
    """ "30rb" or "100 kotak" describes nothing: the one is another price, the other how many."""
    if price := changed_price(said.text, facts):
        raise price_noted(price)
    sold = facts.get("answers", {}).get("price")
    counted = COUNT.fullmatch(said.text.strip())
    if counted and price_with_unit.keeps(sold) and canonical(counted["unit"]) == sold["unit"]:
        raise Rejected("problem.text_own", empty=True)
    return text(5, 1900, clean=True).read(said, facts)


product_name = told(replace(text(5, 150), read=read_name))
details = told(replace(text(5, 1900, clean=True), read=read_details))
business_name = told(replace(text(3, 100), read=read_business))
owner_name = told(person_name, "problem.person_name")
