"""Where the money is in a text: amounts, the unit they are for, and what is left besides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from handlers.reading.numerals import Figure, figures
from handlers.reading.units import MEASURES, PATTERN, canonical

Price = dict[str, Any]
LEAST = 500
MOST = 10**13

PER = re.compile(
    rf"(?:/|(?<!\w)(?:(?:per|tiap|setiap|untuk|for|an?)(?!\w)|per(?={PATTERN})))\s*(?P<count>\d+|satu)?\s*(?P<unit>{PATTERN})", re.I
)
ONE = re.compile(rf"(?<!\w)(?:se|satu )(?P<unit>{PATTERN})", re.I)
MANY = re.compile(rf"\s*(?:/|per|dapat|isi)?\s*(?P<count>\d+)\s*(?P<unit>{PATTERN})", re.I)
NEXT = re.compile(rf"\s*(?:=\s*)?(?P<unit>{PATTERN})", re.I)
SIZE = re.compile(rf"\s*(?:{PATTERN}|(?:cm|mm|inch|inci|watt|gsm|volt|va|hp|pk|gb|tb|mp)(?!\w)|%|x\s*\d)", re.I)
BETWEEN = re.compile(r"\s*(?:-|~|s/?d|sampai(?: dengan)?|hingga|atau|dan|to|or)\s*(?:rp\.?\s*)?", re.I)
HALF = re.compile(r"(?<![\w/])(?P<part>1/2|setengah|stengah|1/4|seperempat)\s*(?P<unit>kg|kilo(?:gram)?|liter|ltr|lt|l)(?!\w)", re.I)
FREE = re.compile(r"(?<!\w)(?:gratis|free|cuma-cuma|tidak bayar)(?!\w)", re.I)
BELOW = re.compile(r"^\W*(?:rp\.?|minus)?\s*(?:-|minus)\s*(?:rp\.?)?\s*\d", re.I)
EXACTLY = re.compile(r"^\s*(?:tepat|persis|exactly)(?!\w)", re.I)
FILLER = re.compile(
    r"(?<!\w)(?:harga(?:nya)?|hrg(?:nya)?|jual(?:nya)?|dijual|saja|aja|cuma|hanya|ya|yah|saya|kami|bu|pak|kak|mas|mbak|rupiah|perak|price|only|the|is|it's|tepat|persis|exactly)(?!\w)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What of a text is money, what unit it is for, and what is left of it."""

    money: tuple[Figure, ...]
    units: tuple[tuple[int, str], ...]
    left: str
    sizes: tuple[Figure, ...] = ()


def look_at(text: str) -> Look:
    """`text` went through `plain`."""
    found = shared_scale(text, figures(text))
    spans: list[tuple[int, int]] = []
    units: list[tuple[int, str]] = []
    for pattern in (PER, ONE):
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in spans):
                count = match.groupdict().get("count") or "1"
                units.append((1 if count == "satu" else int(count), canonical(match["unit"])))
                spans.append(match.span())
    rest = [figure for figure in found if not any(start <= figure.start < end for start, end in spans)]
    marked = any(figure.marked for figure in rest)
    money = [figure for figure in rest if figure.marked or not (SIZE.match(text, figure.end) or (marked and figure.value < 1_000))]
    sizes = [figure for figure in rest if figure not in money]
    if len(money) == 1 and not units:
        near = _beside(text, money[0], sizes)
        units += [unit for unit, _ in near]
        spans += [span for _, span in near]
        sizes = [size for size in sizes if not any(start <= size.start < end for _, (start, end) in near)]
    spans += [(figure.start, figure.end) for figure in money]
    return Look(tuple(money), tuple(units), left_of(text, spans), tuple(sizes))


def _beside(text: str, money: Figure, sizes: Sequence[Figure]) -> list[tuple[tuple[int, str], tuple[int, int]]]:
    """A unit right after marked money ("25rb bungkus", "100rb 3 bungkus") or right before it ("1 kg 25rb")."""
    after = NEXT.match(text, money.end) if money.marked else None
    if after:
        return [((1, canonical(after["unit"])), after.span())]
    many = MANY.match(text, money.end)
    if many:
        return [((int(many["count"]), canonical(many["unit"])), many.span())]
    for size in sizes:
        before = NEXT.match(text, size.end)
        if before and size.start == 0 and not re.sub(r"[\s:=]", "", text[before.end() : money.start]):
            return [((size.amount, canonical(before["unit"])), (size.start, before.end()))]
    return []


def halves(text: str) -> str:
    """ "1/2 kg" is 500 gram."""

    def size(match: re.Match[str]) -> str:
        part = 250 if match["part"].casefold() in ("1/4", "seperempat") else 500
        return f"{part} {'gram' if match['unit'].casefold().startswith('k') else 'ml'}"

    return HALF.sub(size, text)


def shared_scale(text: str, found: list[Figure]) -> list[Figure]:
    """ "25-30rb" means 25rb to 30rb."""
    shared = list(found)
    for place in range(len(found) - 2, -1, -1):
        first, second = shared[place], shared[place + 1]
        between = BETWEEN.fullmatch(text, first.end, second.start)
        if between and second.scaled and not first.scaled and first.value < 1_000:
            scale = 10**9 if second.value >= 10**9 else 10**6 if second.value >= 10**6 else 1_000
            shared[place] = replace(first, value=first.value * scale, marked=True, scaled=True)
        elif between and second.marked and not first.marked:
            shared[place] = replace(first, marked=True)
    return shared


def left_of(text: str, spans: Sequence[tuple[int, int]]) -> str:
    kept, place = [], 0
    for start, end in sorted(spans):
        kept.append(text[place : max(start, place)])
        place = max(place, end)
    words = FILLER.sub(" ", " ".join([*kept, text[place:]]))
    return " ".join(re.sub(r"[^\w+%$€]+", " ", words).split())


def small(figure: Figure) -> bool:
    return figure.value < LEAST or (not figure.marked and figure.value < 1_000)


def plausible(amount: int) -> bool:
    return LEAST <= amount <= MOST


def locate(text: str, listed: bool = False) -> tuple[Price, int, int] | None:
    """The one sure price of a text with its place. In a list (`listed`) a round number that ends the line is a price too."""
    money = prices_in(text, listed)
    if len(money) != 1 or FREE.search(text):
        return None
    figure = money[0]
    if not figure.sure or not figure.whole or not plausible(figure.amount) or small(figure):
        return None
    match = PER.match(text, _skip(text, figure.end)) or ONE.match(text, _skip(text, figure.end))
    if match:
        count = match.groupdict().get("count") or "1"
        return ({"amount": figure.amount, "unit": canonical(match["unit"])}, figure.start, match.end()) if count in ("1", "satu") else None
    bare = NEXT.match(text, figure.end) if figure.marked or re.match(r"\s*=", text[figure.end :]) else None
    if bare:
        return {"amount": figure.amount, "unit": canonical(bare["unit"])}, figure.start, bare.end()
    many = MANY.match(text, figure.end)
    if (many and canonical(many["unit"]) not in MEASURES) or re.match(r"\s*(?:/|per(?!\w))", text[figure.end :]):
        return None
    return {"amount": figure.amount, "unit": ""}, figure.start, figure.end


def _skip(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip())


def prices_in(text: str, listed: bool = False) -> list[Figure]:
    """The figures that look like money among sizes and model numbers."""
    found = shared_scale(text, figures(text))
    return [figure for figure in found if figure.marked or (_priced(text, figure, listed) and not SIZE.match(text, figure.end))]


def _priced(text: str, figure: Figure, listed: bool) -> bool:
    """Whether an unmarked figure stands where a price stands."""
    told = re.search(r"(?:[=:]|(?<!\w)(?:harga|hrg)(?:nya)?)\s*$", text[: figure.start], re.I) or PER.match(text, _skip(text, figure.end))
    last = not text[figure.end :].strip(" .,)-")
    ends = listed and last and figure.value >= 1_000 and figure.amount % 100 == 0
    return bool(told) or ends or (figure.grouped and figure.value >= 1_000)
