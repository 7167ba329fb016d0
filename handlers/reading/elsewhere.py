"""What answers another question than the open one: a NIB, a phone number, a price that says it is one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from handlers.matching import bare, known
from handlers.reading.identifiers import PHONE_LIKE, nib, phone
from handlers.reading.prices import find_price, price_with_unit
from handlers.said import Facts, Reader, Rejected, Said

DIGITS = re.compile(r"(?:nib\W*)?(?:\d[ .-]?){13}", re.I)
PHONE_ONLY = re.compile(
    r"(?:(?:no|nomor|nomer|hp|wa|telp?|telepon|whatsapp|saya|nya|ini|phone|my|number)[\s.:]*)*(?P<phone>(?:\+?\s?62[\s-]*|0)8[\d\s.-]{7,14})",
    re.I,
)
PRICE_SAID = re.compile(
    r"\s*(?:(?:ganti|ubah|rubah|ralat|maaf|eh|change|sorry)\W+)*(?:harga(?:nya)?|hrg(?:nya)?|(?:the\s+)?price)(?!\w)\W*"
    r"(?:(?:jadi|itu|ganti|ubah|yang benar|is|to|sekarang)\W+)*(?P<price>\d.*)",
    re.I | re.S,
)


def elsewhere(reader: Reader, own: str = "") -> Reader:
    """`reader`, of the question `own`, for words that are not surely the answer to another one."""

    def read(said: Said, facts: Facts) -> Any:
        put_there(said.text, facts, own)
        return reader.read(said, facts)

    return replace(reader, read=read)


def put_there(words: str, facts: Facts, own: str = "") -> None:
    """Raises what is put where it belongs, so that it is not asked again."""
    words = words.strip()
    count = sum(map(str.isdigit, words))
    mobile = PHONE_ONLY.fullmatch(words)
    if own != "nib" and DIGITS.fullmatch(words) and not (own == "phone" and words.startswith(("+", *PHONE_LIKE))):
        raise Rejected("product.nib_noted", also={"nib": nib.read(Said(text=words), facts)})
    if mobile and own != "phone" and not (own == "nib" and count == 13):
        number = phone.read(Said(text=mobile["phone"]), facts)
        raise Rejected("product.phone_noted", {"phone": phone.show(number)}, also={"phone": number})
    if price := said_price(words, facts):
        raise price_noted(price)


def said_price(words: str, facts: Facts) -> dict[str, Any] | None:
    """ "harganya 30rb" """
    said = PRICE_SAID.fullmatch(words)
    return changed_price(said["price"], facts) if said else None


def changed_price(words: str, facts: Facts) -> dict[str, Any] | None:
    """Another price in words that say nothing else, where one is known already; its unit stays unless it is said."""
    before = facts.get("answers", {}).get("price")
    price, rest = find_price(words)
    if price is None or not price_with_unit.keeps(before) or facts.get("fixing") or not _polite(rest):
        return None
    return {"amount": price["amount"], "unit": price["unit"] or before["unit"]}


def _polite(rest: str) -> bool:
    """Whether nothing but "ya bu" is left over."""
    return set(re.findall(r"\w+", bare(rest))) <= known("polite")


def price_noted(price: dict[str, Any]) -> Rejected:
    return Rejected("product.price_noted", {"price": price_with_unit.show(price)}, also={"price": price})
