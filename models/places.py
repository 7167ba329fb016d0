"""Places by their Kemendagri codes: names, zones, the nearest seat, and the reading of a line such as "sei pinang smd"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from math import asin, cos, radians, sin, sqrt
from typing import Any, Literal

from models.gazetteer import PROVINCE, TOKEN, Index, covers, districts, index, level, listed, matches, name_of, plain, regions, table

__all__ = ["Place", "covers", "districts", "full_name", "name_of", "nearest", "read_place", "regions", "zone_of", "zones"]

FARTHEST = 300.0
"""Kilometres from a seat beyond which a pin says nothing."""
LONGEST = 5
"""Words that one name is looked for in; "Mook Manaar Bulatn" in pieces needs no more."""
LINE = 300
"""Characters of a line that are read."""
ALIKE = 0.85
"""The share of the best reading's weight from which another is a real alternative."""
MOST = 4
"""Names in a row: a kelurahan, its kecamatan, kabupaten and a nickname."""

BREAK = re.compile(r"[,;|/\n]|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Place:
    """Codes of the kabupaten/kota, the kecamatan and the kelurahan, as far as they are known; the street as typed."""

    region: str
    district: str = ""
    street: str = ""
    village: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(parts: Mapping[str, Any]) -> Place:
        return Place(**{name: str(parts.get(name) or "") for name in Place.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Token:
    key: str
    start: int
    end: int
    level: int | None = None
    """Of a word that only introduces a name: 2 (kab.), 3 (kec.), 4 (kel.), 0 (says nothing). None: a word of its own."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of the line that were taken for a place. `tail`: nothing unknown follows; `whole`: nor stands before it."""

    code: str
    key: str
    start: int
    end: int
    typos: int
    words: int
    where: Literal["whole", "tail", "head"]
    shop: bool = False

    @property
    def level(self) -> int:
        return level(self.code)

    @property
    def weight(self) -> float:
        return len(self.key) - 2 * self.typos


Reading = tuple[Hit, ...]


def segments(text: str, words: Mapping[str, str]) -> list[list[Token]]:
    """The words of each part of the line; a comma ends a part, "Jl", "dekat" or "toko" begins one."""
    parts: list[list[Token]] = [[]]
    leads, marks, end = listed("leads", "street") | listed("leads", "shop"), table()["marks"], 0
    for found in TOKEN.finditer(text):
        word = plain(found[0])
        if BREAK.search(text[end : found.start()]) or word in leads:
            parts.append([])
        nothing = word.startswith("(") or re.fullmatch(r"\d{5}", word) is not None
        parts[-1].append(Token(words.get(word, word), found.start(), found.end(), 0 if nothing else marks.get(word)))
        end = found.end()
    if parts[-1] and parts[-1][0].key not in marks and parts[-1][0].key in listed("polite", "words"):
        parts.pop()
    while parts and parts[-1] and parts[-1][-1].key in listed("polite", "words"):
        parts[-1].pop()
    return [part for part in parts if part]


def hits(part: Sequence[Token], start: int, end: int, names: Index) -> Iterator[Hit]:
    """The places that the words from `start` to `end` may name, of the level that a word before them asks for if any is."""
    if any(token.level is not None and token.key != "kota" for token in part[start:end]):
        return
    key = "".join(token.key for token in part[start:end])
    found = matches(key, names)
    asked = part[start - 1].level if start else 0
    fitting = [(code, typos) for code, typos in found if level(code) == asked]
    where: Literal["whole", "tail"] = (
        "whole" if fitting or (not asked and all(token.level is not None for token in part[:start])) else "tail"
    )
    shop = not listed("trade", "words").isdisjoint(token.key for token in part)
    for code, typos in fitting or found:
        yield Hit(code, key, part[start].start, part[end - 1].end, typos, end - start, where, shop)


def tails(part: Sequence[Token], end: int, first: int, names: Index, room: int = MOST) -> Iterator[Reading]:
    """Every way to read the end of a part as places with nothing unknown between or after them."""
    yield ()
    if end <= first or not room:
        return
    if part[end - 1].level is not None:
        yield from (reading for reading in tails(part, end - 1, first, names, room) if reading)
    for start in range(max(first, end - LONGEST), end):
        for hit in hits(part, start, end, names):
            longer = ((*before, hit) for before in tails(part, start, first, names, room - 1))
            yield from (reading for reading in longer if nested(reading))


def heads(part: Sequence[Token], names: Index) -> Iterator[Reading]:
    """A kabupaten or kecamatan in exact spelling at the beginning, with the street after it: "Samarinda Pramuka 6"."""
    first = next((at for at, token in enumerate(part) if token.level is None), len(part))
    for end in range(first + 1, min(first + LONGEST, len(part))):
        for hit in hits(part, first, end, names):
            if hit.level < 4 and not hit.typos and len(hit.key) > 4 and not hit.shop:
                yield (replace(hit, where="head"),)


def readings(part: Sequence[Token], names: Index) -> list[Reading]:
    leads = listed("leads", "street") | listed("leads", "shop")
    first = 2 if part[0].key in leads else 0
    found = list(tails(part, len(part), first, names))
    begun = [] if first else list(heads(part, names))
    return found + [head + tail for head, tail in product(begun, found) if not tail or head[0].end < tail[0].start]


def nested(reading: Reading) -> bool:
    """Whether every place lies in every larger one."""
    codes = sorted((hit.code for hit in reading), key=len)
    return all(codes[-1] == code or codes[-1].startswith(code + ".") for code in codes)


def alone(hit: Hit, names: Index) -> bool:
    """Whether these words name a place without another place beside them: a shop's or a person's name must not."""
    name, sole = names.names[hit.code], len(names.keys.get(hit.key, ())) == 1
    if hit.level == 2 and hit.where == "whole":
        return len(hit.key) >= 8 or not hit.typos or (hit.start == 0 and len(hit.key) >= 5 and hit.key[0] == name[0].casefold())
    if hit.typos and (len(name) < 7 or hit.key[0] != name[0].casefold()):
        return False
    if hit.level == 2:
        return len(hit.key) > 8 if hit.typos else sole
    if hit.level == 3:
        return hit.where == "whole" or (hit.where == "tail" and hit.words > 1 and not hit.shop)
    unique = sole and (hit.words > 1 or len(hit.key) > 5)
    return unique and hit.where != "head" and not hit.shop and (hit.where == "whole" or hit.words > 1)


def read_place(text: str, province: str = PROVINCE) -> list[Place]:
    """The places a line may mean, best first; several: ask which one, none: nothing was recognised. What is left is the street."""
    names = index(province)
    found: list[Reading] = [()]
    for part in segments(text[:LINE], names.words):
        joined = (old + new for old, new in product(found, readings(part, names)))
        found = sorted((reading for reading in joined if nested(reading)), key=weight, reverse=True)[:40]
    sure = [reading for reading in found if any(alone(hit, names) for hit in reading)]
    return chosen(text, sorted(sure, key=weight, reverse=True), names)


def weight(reading: Reading) -> float:
    return sum(hit.weight for hit in reading)


def chosen(text: str, best: Sequence[Reading], names: Index) -> list[Place]:
    """A place for each reading that comes near the best, without those that only say less."""
    codes: list[str] = []
    places: list[Place] = []
    for reading in best:
        code = max((hit.code for hit in reading), key=len)
        if weight(reading) < ALIKE * weight(best[0]) or any(covers(code, known) for known in codes):
            continue
        codes.append(code)
        place = placed(code, street(text, reading, names))
        if (place.region, place.district) not in [(other.region, other.district) for other in places]:
            places.append(place)
    return places


def placed(code: str, rest: str = "") -> Place:
    district, village = (code[:8] if level(code) > 2 else ""), (code if level(code) == 4 else "")
    return Place(code[:5], district, rest, village)


def street(text: str, reading: Reading, names: Index) -> str:
    """The line without the words that were taken for places and those that introduced them."""
    kept, taken = list(text), [(hit.start, hit.end) for hit in reading]
    for part in segments(text[:LINE], names.words):
        for at, token in enumerate(part):
            beside = [other for other in part[max(0, at - 1) : at + 2] if any(a <= other.start < b for a, b in taken)]
            if any(a <= token.start < b for a, b in taken) or (token.level is not None and beside):
                kept[token.start : token.end] = [""] * (token.end - token.start)
    parts = (re.sub(r"\s+", " ", part).strip(" .-–—") for part in re.split(r"[,;|\n]", "".join(kept)))
    return ", ".join(part for part in parts if not silent(part))


def silent(part: str) -> bool:
    """Whether these words say nothing of a place: "saya ... aja"."""
    return all(word in table()["marks"] or word in listed("polite", "words") for word in map(plain, TOKEN.findall(part)))


def full_name(place: Place) -> str:
    """ "Sungai Pinang, Samarinda" """
    return ", ".join(name_of(code) for code in (place.district, place.region) if code)


def nearest(latitude: float, longitude: float, province: str = PROVINCE) -> Place | None:
    """The kabupaten/kota whose seat of government is nearest, as a proposal: there are no boundaries here."""
    seats = table().get(province, {}).get("seats", {})
    far, code = min(((kilometres(latitude, longitude, *seat), code) for code, seat in seats.items()), default=(FARTHEST + 1, ""))
    return Place(code) if far <= FARTHEST else None


def kilometres(latitude: float, longitude: float, north: float, east: float) -> float:
    """Along the great circle."""
    a, b = radians(latitude), radians(north)
    return 12742 * asin(sqrt(sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(east - longitude) / 2) ** 2))


def zones() -> tuple[str, ...]:
    """The IANA zones of the country."""
    return tuple(table()["zones"])


def zone_of(region_code: str) -> str:
    """The IANA zone. Raises KeyError for a province that does not exist."""
    zones = {code: zone for zone, codes in table()["zones"].items() for code in codes.split()}
    return str(zones[region_code[:2]])
