"""The readers of plain answers: text, names, numbers, choices, photos, places. The other readers are named here too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.matching import after_greeting, is_greeting, looks_like_question, match, no, product_in, says, yes
from handlers.reading.dates import date
from handlers.reading.identifiers import PHONE, nib, phone, pirt_or_bpom
from handlers.reading.lists import looks_like_list, read_lines
from handlers.reading.names import call_name, named_plainly, person_name
from handlers.reading.numerals import Figure, figures, grouped, on_one_line, plain
from handlers.reading.prices import budget, find_price, price_with_unit
from handlers.reading.units import PATTERN, canonical
from handlers.said import Facts, Offer, Photo, Reader, Rejected, Said
from messages import Value, decimal, say

__all__ = [
    "after_greeting",
    "budget",
    "call_name",
    "choice",
    "confirmed",
    "date",
    "find_price",
    "is_greeting",
    "location",
    "looks_like_list",
    "looks_like_question",
    "match",
    "named_plainly",
    "nib",
    "no",
    "number",
    "person_name",
    "phone",
    "photo",
    "pirt_or_bpom",
    "price_with_unit",
    "product_in",
    "read_lines",
    "says",
    "text",
    "yes",
]

LINK = re.compile(
    r"https?://|(?<!\w)www\.|(?<!\w)(?:[\w-]+\.)+(?:com|id|net|org|shop|store|me|ly|link|site|biz)(?:/|(?!\w))|(?<!\w)@[a-z]\w{3,}", re.I
)
RATE = re.compile(r"(?<!\w)(?:per|se|/|tiap|a)\s?(?P<span>hari|hr|minggu|mgg|day|week)(?!\w)", re.I)
AROUND = re.compile(
    r"(?<!\w)(?:bisa|sanggup|mampu|sekitar|kira-kira|kira2|kurang lebih|kurleb|krg lbh|lebih kurang|"
    r"an|saja|aja|ya|bu|pak|kak|per|se|tiap|setiap|sebulan|"
    r"bulan(?:nya)?|bln|about|around|up to|a|month|saya|kami|produk|maksimal|max|maks|paling banyak|"
    r"total(?:nya)?|jumlah(?:nya)?|stok(?:nya)?|tepat)(?!\w)",
    re.I,
)
SPREAD = re.compile(r"\s*(?:-|~|s/?d|sampai|hingga|atau|to|or)\s*")


def text(least: int, most: int, clean: bool = False) -> Reader:
    """Words on one line. `clean` refuses phone numbers and links, for what is published."""

    def read(said: Said, facts: Facts) -> str:
        words = on_one_line(said.text)
        if len(words) < least:
            raise Rejected("problem.text_short", {"least": least, "count": len(words)})
        if len(words) > most:
            raise Rejected("problem.text_long", {"most": most, "count": len(words)})
        if clean and (PHONE.search(words) or LINK.search(words)):
            raise Rejected("problem.contact_in_text")
        return words

    def keeps(value: Any) -> bool:
        return isinstance(value, str) and least <= len(value) <= most and on_one_line(value) == value

    return Reader(read, keeps, free=True)


def number(least: int, most: int, units: Sequence[str] = ()) -> Reader:
    """A whole number, with a word after it or none. With "hari" among `units`, weeks and months are offered in days."""

    def read(said: Said, facts: Facts) -> int:
        written = re.sub(r"(?<!\w)se(?=hari|minggu|bulan)", "1 ", plain(said.text)) if "hari" in units else plain(said.text)
        found = figures(written)
        amounts = _spread(written, found)
        if not amounts or not all(figure.whole for figure in found):
            raise Rejected("problem.number")
        if re.match(r"^\W*-\s?\d", written) or len(amounts) > 1 or not found[0].sure:
            raise _offered(amounts)
        amount, rest = amounts[0], written[: found[0].start] + " " + written[found[0].end :]
        per_day = re.search(r"(?<!\w)(?:minggu|week|bulan|bln|month)s?(?!\w)", rest, re.I) if "hari" in units else None
        if per_day:
            raise _offered([amount * (7 if per_day.group().casefold().startswith(("minggu", "week")) else 30)])
        rate = RATE.search(rest) if "hari" not in units else None
        if rate:
            monthly = amount * (4 if rate["span"].casefold() in ("minggu", "mgg", "week") else 30)
            raise _offered([monthly, amount], "problem.number_monthly")
        if _unknown(rest, units):
            raise _offered(amounts)
        return bounded(amount)

    def bounded(amount: int) -> int:
        if amount < least:
            raise Rejected("problem.number_low", {"least": decimal(least), "number": decimal(amount)})
        if amount > most:
            raise Rejected("problem.number_high", {"most": decimal(most), "number": decimal(amount)})
        return amount

    def _offered(amounts: Sequence[int], key: str = "problem.number_check") -> Rejected:
        offers = [Offer(grouped(amount), amount) for amount in dict.fromkeys(amounts) if least <= amount <= most][:4]
        if len(offers) == 1:
            sure = say("problem.in_days", n=offers[0].value) if "hari" in units else decimal(offers[0].value)
            return Rejected("problem.number_check_one", {"number": sure}, offers)
        return Rejected(key if offers else "problem.number", {}, offers)

    return Reader(read, lambda value: type(value) is int and least <= value <= most, grouped, _decimal, numeric=True)


def _decimal(value: int) -> Value:
    return decimal(value)


def _spread(written: str, found: Sequence[Figure]) -> list[int]:
    """The numbers of a text; "2-3 ribu" shares its scale."""
    amounts = [figure.amount for figure in found]
    if len(found) == 2 and found[1].scaled and not found[0].scaled and SPREAD.fullmatch(written, found[0].end, found[1].start):
        amounts[0] *= 1_000 if found[1].value < 10**6 else 10**6
    return amounts


def _unknown(rest: str, units: Sequence[str]) -> bool:
    """Whether more than a unit and a few harmless words stand around a number."""
    words = re.sub(rf"(?<!\w){PATTERN}", lambda match: "" if canonical(match.group()) else match.group(), AROUND.sub(" ", rest), flags=re.I)
    left = [word for word in re.findall(r"\w+", words) if word.casefold() not in units]
    return len(left) > 1 or any(word.casefold() in ("tidak", "kurang", "lebih", "belum", "gak") for word in left)


def choice(*ids: str) -> Reader:
    """One of these ids; the buttons are matched before it is asked."""

    def read(said: Said, facts: Facts) -> str:
        found = said.text if said.text in ids else match(said.text, [(id, (id,)) for id in ids])
        if found is None:
            raise Rejected("problem.choose")
        return found

    return Reader(read, lambda value: value in ids)


def read_photo(said: Said, facts: Facts) -> dict[str, Any]:
    if said.photo is None:
        raise Rejected("problem.photo_missing")
    if said.photo.problem:
        raise Rejected(f"problem.photo_{said.photo.problem}")
    return said.photo.to_json()


def keeps_photo(value: Any) -> bool:
    try:
        return bool(isinstance(value, Mapping) and value.get("name") and not Photo.from_json(value).problem)
    except TypeError:
        return False


def read_location(said: Said, facts: Facts) -> dict[str, float]:
    if said.location is None:
        raise Rejected("problem.location")
    return {"lat": said.location[0], "lon": said.location[1]}


def keeps_location(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    lat, lon = value.get("lat"), value.get("lon")
    return isinstance(lat, int | float) and isinstance(lon, int | float) and abs(lat) <= 90 and abs(lon) <= 180


def read_confirmed(said: Said, facts: Facts) -> bool:
    if not yes(said.text) and not says(said.text, "send"):
        raise Rejected("problem.confirm")
    return True


photo = Reader(read_photo, keeps_photo, lambda value: str(value["name"]), takes=("photo",))
location = Reader(read_location, keeps_location, lambda value: f"{value['lat']:.5f}, {value['lon']:.5f}", takes=("location",))
confirmed = Reader(read_confirmed, lambda value: value is True, lambda value: "ya")
