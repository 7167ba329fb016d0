"""Cells of a source as values: rupiah, moments, months, yes and no, numbers that are names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from models.months import MONTHS

SCALES = {
    "rb": 3, "ribu": 3, "k": 3, "jt": 6, "juta": 6, "m": 9, "mil": 9, "milyar": 9, "miliar": 9, "milliar": 9, "t": 12, "tr": 12,
    "triliun": 12, "trilyun": 12,
}  # fmt: skip
MOST = 10**17
"""More rupiah than any package has, and less than a column holds."""
LONGEST = 200
"""Letters of an amount with all that is said of it."""
MONEY = re.compile(r"(?:rp|idr)?\.?\s*(\d[\d.,]*)\s*([a-z]*)\.?(?:\s*,?-+)?", re.I)
ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
WORDED = re.compile(r"(?<!\d)(\d{1,2})[ -]+([a-z]{3,9})\.?,?[ -]+(\d{4})", re.I)
SHORT = re.compile(r"^(?!\D*\b(?:jam|pukul|pkl)\b)\D*?(?<![\d.])(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})(?![\d.:/-])", re.I)
SHORT_WORDED = re.compile(r"(?<!\d)(\d{1,2})[ -]+([a-z]{3,9})\.?,?[ -]+'?(\d{2})(?![\d.:])", re.I)
WRITTEN_SERIAL = re.compile(r"[3-7]\d{4}(?:[.,]\d+)?")
ASIDE = re.compile(r"\s*\((?!\s*(?:dalam|ribu|juta|jt|rb|mil|tril))[^()]*\)\s*$|^\s*(?:±|~|\+/-|kurang lebih|sekitar)\s*", re.I)
"""What says nothing more of an amount: "(lima juta)"."""
DATES = ((ISO, (1, 2, 3)), (NUMERIC, (3, 2, 1)), (WORDED, (3, 2, 1)), (SHORT, (3, 2, 1)), (SHORT_WORDED, (3, 2, 1)))
"""With the groups of year, month and day; those that may be something else last."""
MONTHLY = re.compile(r"^\s*([a-z]{3,9})\.?,?\s+(\d{4})\s*$", re.I)
CLOCK = re.compile(r"(?<![\d.:])([01]?\d|2[0-4])[:.]([0-5]\d)(?:[:.]([0-5]\d))?(?!\d)")
OFFSET = re.compile(r"(?<=\d)\s?([+-])(\d\d):?(\d\d)$")
SERIAL = datetime(1899, 12, 30)  # noqa: DTZ001 - local, as the days after it
"""Day 0 of a spreadsheet's dates."""
END = time(23, 59)
"""The last minute of a day that is named without an hour and closes something."""

YES = frozenset({"ya", "y", "yes", "true", "1", "benar", "v", "✓"})
NO = frozenset({"tidak", "t", "no", "n", "false", "0", "bukan", "-"})


def rupiah(value: Any) -> int | None:
    """Whole rupiah, a half rounded up; None for what is no amount: "990 Jt", "1,3 M", "Rp 342.122.275,00", 999995334.78."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        return _whole(str(value), 0)
    words = " ".join(str(value).split())[:LONGEST]
    found = MONEY.fullmatch(ASIDE.sub("", words).strip())
    scale = SCALES.get(found[2].casefold(), -1) if found and found[2] else 0
    return _whole(_dotted(found[1], scale), scale) if found and scale >= 0 else None


def _dotted(digits: str, scale: int) -> str:
    """A written number with a point before its fraction: what stands last and once divides, unless three digits follow.

    "1.300 Jt" is of thousands as well; "1.300 M" is not, since nothing costs a thousand milliards.
    """
    digits = digits.rstrip(".,")
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return digits
    last = marks[-1]
    tail = digits.rpartition(last)[2]
    grouped = not scale or (scale < 9 and last == "." and not digits.startswith("0"))
    if marks.count(last) > 1 or (len(set(marks)) == 1 and len(tail) == 3 and grouped):
        return digits.replace(".", "").replace(",", "")
    whole = digits.rpartition(last)[0]
    return f"{whole.replace('.', '').replace(',', '')}.{tail}"


def _whole(number: str, scale: int) -> int | None:
    try:
        amount = Decimal(number).scaleb(scale)
        whole = int(amount.quantize(Decimal(1), ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return whole if 0 < whole < MOST else None


def moment(value: Any, zone: str, *, closes: bool = False, disguised: bool = True) -> datetime | None:
    """In UTC. Without an hour it is the day's begin, or its last minute where it `closes`. Words for a zone and offsets count.

    `disguised`: a "Z" says nothing. data.inaproc.id writes it behind local times (docs/decisions.md); OCDS means it.
    """
    if isinstance(value, datetime):
        return _local(value, zone, closes and value.time() == time())
    if isinstance(value, date):
        return _local(datetime.combine(value, time()), zone, closes)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _counted(value, zone, closes)
    words = " ".join(str(value or "").split())
    if WRITTEN_SERIAL.fullmatch(words):
        return _counted(float(words.replace(",", ".")), zone, closes)
    day, rest = _day(words)
    if day is None:
        return month(words, zone, closes=closes)
    clock = CLOCK.search(rest)
    said = next((ZONES[word] for word in re.findall(r"[a-z]+", rest.casefold()) if word in ZONES), zone)
    hour = int(clock[1]) if clock else 0
    made = datetime.combine(day, time()) + timedelta(
        hours=hour, minutes=int(clock[2]) if clock else 0, seconds=int(clock[3] or 0) if clock else 0
    )
    if found := OFFSET.search(rest):
        away = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return (made - (away if found[1] == "+" else -away)).replace(tzinfo=UTC)
    if clock and rest.rstrip().endswith(("Z", "z")) and not disguised:
        return made.replace(tzinfo=UTC)
    return _local(made, said, closes and clock is None)


def _counted(days: float, zone: str, closes: bool) -> datetime | None:
    """Of a spreadsheet's days since 1899, to the minute: their fractions are often cut off."""
    if not 30_000 < days < 80_000:
        return None
    made = SERIAL + timedelta(minutes=round(days * 24 * 60))
    return _local(made, zone, closes and made.time() == time())


def _day(words: str) -> tuple[date | None, str]:
    """The first date of a text, and what is left beside it."""
    for pattern, order in DATES:
        found = pattern.search(words)
        named = found[order[1]].casefold() if found else ""
        month, day = MONTHS.get(named, int(named) if named.isdecimal() else 0), int(found[order[2]]) if found else 0
        timely = pattern is SHORT and found and found.string[found.end(1)] == "."  # 10.30.15 is rather an hour
        if named.isdecimal() and month > 12 >= day and pattern is not ISO and not timely:
            month, day = day, month  # as Americans write it, where only that is a date
        if found and 1 <= month <= 12:
            try:
                year = int(found[order[0]])
                return date(year if year > 99 else 2000 + year, month, day), words[: found.start()] + " " + words[found.end() :]
            except ValueError:
                return None, words
    return None, words


def month(value: Any, zone: str, *, closes: bool = False) -> datetime | None:
    """ "Januari 2025", or the date of a first day, as a month: its begin, or its last minute where it `closes`."""
    words = " ".join(str(value or "").split())
    named = MONTHLY.match(words)
    if named:
        if named[1].casefold() not in MONTHS:
            return None
        first = date(int(named[2]), MONTHS[named[1].casefold()], 1)
    else:
        found, _ = _day(words)
        if found is None:
            return None
        if found.day != 1:
            return moment(found, zone, closes=closes)
        first = found
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return moment(last if closes else first, zone, closes=closes)


def _local(value: datetime, zone: str, whole_day: bool) -> datetime:
    if whole_day:
        value = datetime.combine(value.date(), END)
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def flag(value: Any) -> bool | None:
    if isinstance(value, bool) or value is None:
        return value
    word = str(value).strip().casefold()
    return True if word in YES else False if word in NO else None


def number(value: Any) -> str:
    """A number that is a name: "10285321000", without the ".0" that a spreadsheet adds; "" for none."""
    if value is None or isinstance(value, bool):
        return ""
    words = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    words = re.sub(r"\.0+$", "", words) if re.fullmatch(r"\d+\.0+", words) else words
    return "" if words in ("", "-", "0", "None", "null") else words[:100]


def numbers(value: Any) -> tuple[str, ...]:
    """Several joined by ";" or ",", each once."""
    found = (number(part) for part in re.split(r"[;,|\s]+", str(value))) if isinstance(value, str) else (number(value),)
    return tuple(dict.fromkeys(one for one in found if one))


@lru_cache(maxsize=2000)
def folded(name: str) -> str:
    """A column's name without what changes when an interface is rewritten: "namaPaket", "Nama Paket" and "nama_paket" are one."""
    return re.sub(r"[^0-9a-z]", "", name.casefold())


class Fields(dict[str, Any]):
    """A row by the folded names of its columns."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__((folded(str(name)), value) for name, value in row.items())

    def of(self, *names: str) -> Any:
        """The first of these columns that says something; a column that went on being called so with more behind it counts."""
        for name in names:
            key = folded(name)
            found = self[key] if key in self else self.get(self._longer(key))
            if found not in (None, "", [], {}):
                return found
        return None

    def _longer(self, key: str) -> str:
        return next((other for other in self if other.startswith(key)), "") if len(key) >= 8 else ""
