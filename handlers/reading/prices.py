"""Prices, read strictly: one sure reading is taken, every doubt is offered back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handlers.reading.money import (
    BELOW,
    EXACTLY,
    FREE,
    LEAST,
    MOST,
    NEXT,
    Look,
    Price,
    halves,
    left_of,
    locate,
    look_at,
    plausible,
    shared_scale,
    small,
)
from handlers.reading.numerals import Figure, figures, grouped, plain
from handlers.reading.units import LIKELY, LIKELY_FOR, MEAL, MEASURES, OTHERWISE, SPELLINGS, canonical, is_meal
from handlers.said import Facts, Offer, Reader, Rejected, Said
from messages import Value, joined, rupiah
from models.etalase import classify, sure

SMALL = {"gram": "kg", "ml": "liter"}
"""A price for so many of these is that of a package of this size."""


def read_price(said: Said, facts: Facts) -> Price:
    text = halves(plain(said.text))
    if FREE.search(text):
        raise Rejected("problem.price_free")
    look = look_at(text)
    if not look.money:
        raise _no_money(text, look)
    amounts, unit = [figure.amount for figure in look.money], look.units[0][1] if len(look.units) == 1 else ""
    if BELOW.match(text) or (amounts == [0] and look.money[0].sure):
        raise Rejected("problem.price_zero", offers=[_offer(figure.amount, unit) for figure in look.money if plausible(figure.amount)])
    if len(amounts) > 1:
        raise _which(look.money, unit)
    return _one(look, unit or _unit_before(facts), bool(EXACTLY.match(text)), likely_units(facts))


def _unit_before(facts: Facts) -> str:
    """The price is changed: what it is for stays, unless another unit is told."""
    before = facts.get("answers", {}).get("price")
    return str(before["unit"]) if keeps_price(before) else ""


def likely_units(facts: Facts) -> list[str]:
    return units_for(str(facts.get("answers", {}).get("name") or ""))


def units_for(name: str) -> list[str]:
    """One that the product's name says ("Nasi kotak"), then the usual ones of what it is."""
    found, parts = classify(name, 3), name.casefold().split()
    usual = LIKELY_FOR.get(found[0].code, OTHERWISE) if sure(found) else LIKELY
    usual = MEAL if usual == LIKELY and is_meal(name) else usual
    named = [unit for word in parts if (unit := canonical(word)) and unit not in MEASURES]
    return list(dict.fromkeys([*named, *usual]))[:3]


def _one(look: Look, unit: str, exactly: bool, units: Sequence[str]) -> Price:
    figure = look.money[0]
    amount = figure.amount
    if not amount or not figure.whole or amount > MOST or (amount > 10**8 and not figure.marked and not figure.grouped):
        raise Rejected("problem.price_unclear")
    if small(figure) and look.left:
        raise Rejected("problem.price_unclear")
    if small(figure) and not exactly:
        raise _asked(likely(figure), unit)
    if any(count != 1 for count, _ in look.units):
        count, unit = next((count, unit) for count, unit in look.units if count != 1)
        if unit in SMALL and count:
            raise _for_size(amount, count, unit, units)
        offers = [_offer(amount // count, unit)] if count and amount % count == 0 and amount // count >= LEAST else []
        raise Rejected("problem.price_for_many", {"price": rupiah(amount), "count": count, "unit": unit}, offers)
    if not figure.sure or look.left or len(look.units) > 1:
        raise _asked([amount], unit)
    if not unit:
        offers = [Offer(f"per {one}", {"amount": amount, "unit": one}) for one in units]
        raise Rejected("problem.unit_missing", {"price": rupiah(amount)}, offers, also={"amount": amount})
    return {"amount": amount, "unit": unit}


def _for_size(amount: int, count: int, unit: str, units: Sequence[str]) -> Rejected:
    """ "25rb per 250 gram": nobody sells by the gram, so it is the package or the kilogram."""
    by, whole = SMALL[unit], amount * 1_000 // count
    offers = [Offer(f"per {one}", {"amount": amount, "unit": one}) for one in units if one not in MEASURES][:2]
    offers.append(Offer(f"Rp{grouped(whole)}/{by}", {"amount": whole, "unit": by}))
    fitting = [one for one in offers if keeps_price(one.value) and len(one.label) <= 20]
    asked = Rejected("problem.price_for_size", {"price": rupiah(amount), "count": count, "unit": unit}, fitting, also={"amount": amount})
    asked.words = price_words({"amount": amount, "unit": ""})  # "botol" completes the price, not the size
    return asked


def _no_money(text: str, look: Look) -> Rejected:
    """ "280gr" is a size; "25000 kg" may be a price for one."""
    if len(look.sizes) == 1 and look.sizes[0].value >= 1_000:
        unit = NEXT.match(text, look.sizes[0].end)
        return _asked([look.sizes[0].amount], canonical(unit["unit"]) if unit else "")
    return Rejected("problem.price_not" if look.sizes else "problem.price_unclear")


def likely(figure: Figure) -> list[int]:
    """What a figure too small to be a price may mean, the likeliest first."""
    amount = int(figure.value * 1_000)
    return [amount] if figure.value < 100 else [int(figure.value), amount]


def _which(money: Sequence[Figure], unit: str) -> Rejected:
    amounts = list(dict.fromkeys(likely(one)[-1] if small(one) else one.amount for one in money))[:4]
    offers = [_offer(amount, unit) for amount in amounts if plausible(amount)]
    if len(offers) < 2:
        return Rejected("problem.price_unclear", offers=offers)
    return Rejected("problem.price_two", {"first": rupiah(amounts[0]), "second": rupiah(amounts[1])}, offers)


def _asked(amounts: Sequence[int], unit: str) -> Rejected:
    offers = [_offer(amount, unit) for amount in amounts if 0 < amount <= MOST]
    return Rejected("problem.price_check", {"price": rupiah(amounts[-1])}, offers)


def _offer(amount: int, unit: str) -> Offer:
    return Offer(f"Rp{grouped(amount)}", {"amount": amount, "unit": unit})


def keeps_price(value: Any) -> bool:
    if not isinstance(value, dict) or type(value.get("amount")) is not int:
        return False
    return 0 < value["amount"] <= MOST and value.get("unit") in SPELLINGS


def price_words(price: Price) -> str:
    sure = "tepat " if price["amount"] < LEAST else ""
    return f"{sure}Rp{grouped(price['amount'])}" + (f" per {price['unit']}" if price["unit"] else "")


def price_shown(price: Price) -> Value:
    return joined([rupiah(price["amount"]), f"per {price['unit']}"], " ") if price["unit"] else rupiah(price["amount"])


price_with_unit = Reader(read_price, keeps_price, price_words, price_shown, numeric=True, marked=True)


def read_rupiah(said: Said, facts: Facts) -> int:
    """A budget: "18,5 juta", "990 Jt", "1,3 M"."""
    text = re.sub(r"(?<=\d)\s*[mM](?!\w)", " miliar", plain(said.text))
    found = shared_scale(text, figures(text))
    if not found or any(not figure.whole and not _in_millions(figure) for figure in found):
        raise Rejected("problem.amount_unclear")
    offers = [Offer(f"Rp{grouped(figure.amount)}", figure.amount) for figure in found if 0 < figure.value <= MOST]
    if len(found) > 1 and len(offers) > 1:
        raise Rejected("problem.price_two", {"first": rupiah(offers[0].value), "second": rupiah(offers[1].value)}, offers[:4])
    figure = found[0]
    if BELOW.match(text) or not offers:
        raise Rejected("problem.amount_unclear")
    if _in_millions(figure) and not EXACTLY.match(text):
        amount = int(figure.value * 10**6)
        raise Rejected("problem.price_check", {"price": rupiah(amount)}, [Offer(f"Rp{grouped(amount)}", amount)])
    if not figure.sure or left_of(text, [(figure.start, figure.end)]):
        raise Rejected("problem.price_check", {"price": rupiah(figure.amount)}, offers)
    return figure.amount


def _in_millions(figure: Figure) -> bool:
    """ "18,5" for a budget can only be 18,5 juta."""
    return figure.value < 1_000 and not figure.scaled


def _rupiah_words(amount: int) -> str:
    return ("tepat " if amount < 1_000 else "") + f"Rp{grouped(amount)}"


budget = Reader(read_rupiah, lambda value: type(value) is int and 0 < value <= MOST, _rupiah_words, rupiah, numeric=True)


def find_price(text: str) -> tuple[Price | None, str]:
    """A sure price inside a longer text such as a caption, and the text without it; (None, text) when unsure.

    The unit is "" when only the amount is sure.
    """
    clean = " ".join(halves(plain(text)).split())
    spot = locate(clean)
    if spot is None:
        return None, text
    price, start, end = spot
    return price, " ".join(f"{without_price(clean[:start])} {clean[end:].lstrip(' ,.;)')}".split())


def without_price(text: str) -> str:
    """A name without the word and the signs that lead up to its price."""
    return re.sub(r"(?<!\w)(?:harga(?:nya)?|hrg(?:nya)?|price)\W*$", "", text.rstrip(), flags=re.I).strip(" -=:|,.(@")
