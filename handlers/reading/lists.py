"""A pasted list: the products that its lines name, each with its price or with what is doubtful of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.reading.money import halves, locate, prices_in
from handlers.reading.numerals import plain
from handlers.reading.prices import without_price

AREA = re.compile(
    r"(?<!\w)(?:spanduk|baliho|banner|flexi|fleksi|vinyl|stiker|sticker|backdrop|karpet|keramik|paving|kaca|kanopi|rumput|terpal|plafon|cat|pagar)",
    re.I,
)
TITLE = re.compile(r"^(?:daftar|list|price\s*list|harga|menu|katalog)(?!\w)[^\d]*$|:$", re.I)
BULLET = re.compile(r"^\s*(?:\d{1,3}[.)]\s+|[-*•·–▪●✅>]+\s*|\d{1,3}\s*[|\t]\s*)+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a pasted list. `number` counts the products, 0 for a heading. `problem` is "" for a sure line, else "no_price",
    "two_prices", "price_check", "which_unit" or "no_unit"."""

    number: int
    text: str
    name: str = ""
    amount: int = 0
    unit: str = ""
    problem: str = ""


def read_lines(text: str) -> list[Line]:
    lines: list[Line] = []
    for written in text.splitlines():
        clean = halves(plain(BULLET.sub("", re.sub(r"[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}", "", written.replace("\t", " | ")))))
        if clean.strip("|-=. "):
            title = re.sub(r"\W*20[23]\d\W*$", "", clean)
            if TITLE.search(title) and not prices_in(title, listed=True):
                lines.append(Line(0, written.strip(), without_price(clean), problem="no_price"))
                continue
            number = sum(line.number > 0 for line in lines) + 1
            lines.append(_line(number, written.strip(), re.sub(r"\s*(?:\.{2,}|…+|_{2,}|\|)\s*", " = ", clean).strip(" =")))
    return lines


def _line(number: int, written: str, clean: str) -> Line:
    spot = locate(clean, listed=True)
    if spot is None:
        money = prices_in(clean, listed=True)
        problem = "two_prices" if len(money) > 1 else "price_check" if money else "no_price"
        name = clean[: money[0].start] if money else clean
        return Line(number, written, without_price(name), problem=problem)
    price, start, end = spot
    name = without_price(f"{without_price(clean[:start])} {clean[end:].lstrip(' ,.;)')}")
    problem = "" if price["unit"] else "no_unit"
    if price["unit"] == "meter" and AREA.search(name):
        problem = "which_unit"
    return Line(number, written, name, price["amount"], price["unit"], problem or ("" if name else "price_check"))


def looks_like_list(text: str) -> bool:
    """Whether two lines or more carry a price."""
    written = text.splitlines()
    return len(written) > 1 and sum(line.problem not in ("no_price", "price_check") for line in read_lines(text)) > 1
