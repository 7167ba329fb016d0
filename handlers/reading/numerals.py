"""Figures as people type them ("25.000", "25rb", "1,5 jt", "dua puluh lima ribu"), each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

SCALES = {
    "ribu": 1_000, "ribuan": 1_000, "rb": 1_000, "rbu": 1_000, "rebu": 1_000, "rib": 1_000, "k": 1_000, "thousand": 1_000,
    "jt": 1_000_000, "juta": 1_000_000, "jta": 1_000_000, "jut": 1_000_000, "million": 1_000_000,
    "miliar": 10**9, "milyar": 10**9, "milliar": 10**9, "billion": 10**9,
}  # fmt: skip
ONES = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}
WHOLE = {"sepuluh": 10, "sebelas": 11, "seratus": 100}
TIMES = {"puluh": 10, "ratus": 100}
LARGE = {"ribu": 1_000, "juta": 10**6, "miliar": 10**9, "milyar": 10**9}
LARGE_ONE = {"seribu": 1_000, "sejuta": 10**6}

_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_DIGITS = r"(?P<digits>\d{1,3}(?: \d{3})+(?![\d.,])|\d+(?:[.,]\d+)*)"
TYPED = re.compile(rf"(?:(?P<rp>(?<!\w)(?:rp\.?|idr|@)\s*)|(?<![\w.,])){_DIGITS}(?:[.,]-)?(?:\s*(?P<scale>{_SCALE})(?![^\W_]))?", re.I)
_START = "|".join([*ONES, *WHOLE, *LARGE_ONE, "nol"])
_MORE = "|".join([*ONES, *WHOLE, *TIMES, *LARGE, *LARGE_ONE, "belas"])
SPOKEN = re.compile(rf"(?<!\w)(?:{_START})(?:[ ]+(?:{_MORE}))*(?!\w)", re.I)
NUMERAL = re.compile(r"\d{1,3}(?:[.]\d{3})+(?:,\d{1,2})?|\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text. `marked`: money by its looks (Rp, ribu, juta); `grouped`: written 25.000; `sure`: one reading only."""

    start: int
    end: int
    value: Decimal
    marked: bool = False
    scaled: bool = False
    grouped: bool = False
    sure: bool = True

    @property
    def amount(self) -> int:
        return int(self.value)

    @property
    def whole(self) -> bool:
        return self.value == self.value.to_integral_value()


BULLET = re.compile(r"^(?:[-*•·–▪●>]+\s*)+")


def plain(text: str) -> str:
    """The text with one kind of space and of dash, wide digits made narrow; upper case stays."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def on_one_line(written: str) -> str:
    return BULLET.sub("", " ".join(written.split())).strip()


def figures(text: str) -> list[Figure]:
    """Every number of a text in its order; `text` went through `plain`."""
    found = [_typed(match) for match in TYPED.finditer(text)]
    found += [figure for match in SPOKEN.finditer(text) if (figure := _spoken(match))]
    return _joined(text, sorted(found, key=lambda figure: figure.start))


def grouped(number: int) -> str:
    """25.000"""
    return f"{number:,}".replace(",", ".")


def spoken(words: Iterable[str]) -> int | None:
    """The number that Indonesian number words say; None where they do not make one ("dua lima")."""
    total, part, one, below, large = 0, 0, 0, 1_000, 10**12
    for word in words:
        if word in ONES and not one and below > 1:
            one = ONES[word]
        elif word == "belas" and one and below >= 100:
            part, one, below = part + 10 + one, 0, 1
        elif word in TIMES and one and below > TIMES[word]:
            part, one, below = part + one * TIMES[word], 0, TIMES[word]
        elif word in WHOLE and not one and below > WHOLE[word]:
            part, below = part + WHOLE[word], 100 if word == "seratus" else 1
        elif word in LARGE and part + one and large > LARGE[word]:
            total, part, one, below, large = total + (part + one) * LARGE[word], 0, 0, 1_000, LARGE[word]
        elif word in LARGE_ONE and not part + one and large > LARGE_ONE[word]:
            total, below, large = total + LARGE_ONE[word], 1_000, LARGE_ONE[word]
        elif word != "nol":
            return None
    return total + part + one


def _typed(match: re.Match[str]) -> Figure:
    digits, scale = match["digits"], SCALES.get((match["scale"] or "").casefold(), 1)
    value, sure = _decimal(digits)
    marked = bool(match["rp"]) or scale > 1
    many = scale > 1 and value >= 1_000  # "1.500 juta": 1,5 juta or 1.500 juta?
    return Figure(match.start(), match.end(), value * scale, marked, scale > 1, bool(re.search(r"[.,]\d{3}\b", digits)), sure and not many)


def _decimal(digits: str) -> tuple[Decimal, bool]:
    """The number and whether it has one reading only."""
    if " " in digits:
        return Decimal(digits.replace(" ", "")), False
    if not NUMERAL.fullmatch(digits):
        return Decimal(re.sub(r"\D", "", digits)), False
    if re.search(r"[.,]\d{3}\b", digits):
        bare = re.sub(r",\d{1,2}$", "", digits)
        return Decimal(re.sub(r"\D", "", bare)), not digits.startswith("0")
    return Decimal(digits.replace(",", ".")), not re.match(r"0\d", digits)


def _spoken(match: re.Match[str]) -> Figure | None:
    words = match.group().casefold().split()
    value = spoken(words)
    start, end = match.span()
    if value is None:
        return Figure(start, end, Decimal(0), sure=False)
    large = any(word in LARGE or word in LARGE_ONE for word in words)
    # "dua juta lima ratus" is 2.000.500 in a book and 2,5 juta at a market
    return Figure(start, end, Decimal(value), large, large, sure=not (value > 10**6 and value % 1_000))


def _joined(text: str, found: list[Figure]) -> list[Figure]:
    """ "2 juta 500 ribu" and "25 ribu lima ratus" are one figure each."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if last and last.scaled and text[last.end : figure.start].isspace() and _completes(last, figure):
            joined[-1] = replace(last, end=figure.end, value=last.value + figure.value, sure=last.sure and figure.sure)
        else:
            joined.append(figure)
    return joined


def _completes(first: Figure, second: Figure) -> bool:
    if first.amount % 10**6 == 0 and second.scaled:
        return second.value < 10**6
    return first.amount % 10**6 != 0 and not second.marked and 100 <= second.value < 1_000 and second.sure and second.value % 100 == 0
