"""What is dropped before anything is kept: officials' names, numbers and accounts, in columns of their own or in free text."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from typing import Any

from models.screening import readable
from models.sources.people import ABOUT, LABEL, LED, NAMED, NUMBER, OFFICE, ROLE, is_person, tells, unnamed, without_name_at_end
from models.sources.soundness import DEEPEST, is_sound
from models.sources.values import folded

TAG = re.compile(r"<[^<>]{0,500}>")
BADGE = re.compile(r"<span[^<>]*label[^<>]*>[^<>]*</span>", re.I)
BREAK = re.compile(r"<\s*(?:br|/p|/li|/div|/tr)\s*/?\s*>", re.I)

PIECES = re.compile(r"[;|()\[\]]+|\s[-–—]\s|(?<=\w{4})\.\s+(?=[A-Z])")
QUALIFIES = re.compile(rf"^\s*(?:(?i:{ROLE})\W{{0,4}})?(?:{NUMBER.pattern})|^\s*(?i:nip\b|{OFFICE}\s*$)")
"""What belongs to the name before its bracket: "Budi Santoso, S.T. (NIP ...)", "Budi Santoso (PPK)"."""
TITLED = re.compile(
    r"(?<!\w)(?:(?:Prof|Dr|dr|Drs|Dra|Ir|Hj?)\.\s*)*(?:[A-Z][\w']*\.?\s+){0,4}[A-Z][\w']*"
    r"(?:,\s*(?:S|M|A)\.\s?[A-Z][A-Za-z]{0,4}\.?(?:[A-Z][a-z]{0,4}\.?)*)+"
)
"""A name that is known by the degrees behind it: "Budi Santoso, S.T., M.Si"."""
CELLS = 9
"""Of a row without names of columns, so many first cells hold texts that are known; of the others only numbers are."""
LONGEST = 4000
ASKED = 10 * LONGEST
"""Letters of a cell that are looked at: markup takes more than what it says."""


def clean(value: Any, longest: int = LONGEST) -> str:
    """Plain words on one line or several: no markup, and no clause in which a NIP, a telephone, an address or an account stands."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    words = str(value)[:ASKED]
    if "<" in words:
        words = TAG.sub(" ", BREAK.sub("\n", BADGE.sub(" ", words)))
    words = readable(html.unescape(words).replace("\xa0", " "))
    lines = (" ".join(line.split()) for line in words.splitlines())
    plain = "\n".join(line for line in lines if line)
    return silent(re.sub(r" {2,}", " ", TITLED.sub("", plain)) if ", " in plain else plain)[:longest].strip()


def line(value: Any, longest: int = 500) -> str:
    return " ".join(clean(value).split())[:longest].strip(" -;|")


def silent(words: str) -> str:
    """Without the names that follow an office, and without the clauses that tell of a person; of one clause, without the person."""
    told = tells(words)
    left = "\n".join(filter(None, (_silent_line(line, told) for line in _apart(words.split("\n"), told))))
    return left if left or not told else _cut(words)


def _silent_line(line: str, told: bool) -> str:
    pieces = PIECES.split(line)
    kept: list[str] = []
    for piece in _apart(pieces, told):
        if not _of_person(piece, told):
            kept.append(unnamed(piece))
        elif kept and QUALIFIES.match(piece):
            kept[-1] = without_name_at_end(kept[-1])
    return line if kept == pieces else " ".join(" ".join(kept).split()).strip(" ,-:")


def _apart(parts: list[str], told: bool) -> list[str]:
    """Clauses without those that only say what follows, such as "Nama PPK", and the name or number that does."""
    if len(parts) == 1:
        return parts
    left: list[str] = []
    for place, part in enumerate(parts):
        before, after = parts[place - 1] if place else "", parts[place + 1] if place + 1 < len(parts) else ""
        if _announces(part, after, told) or _announces(before, part, told) or (after and QUALIFIES.match(after) and is_person(part)):
            continue
        left.append(part)
    return left


def _announces(label: str, after: str, told: bool) -> bool:
    """A "Nama" alone may be of a thing, unless numbers of people stand there too."""
    found = LABEL.fullmatch(label)
    if not found or not (is_person(after) or re.fullmatch(r"\W*(?:\d\W{0,2}){8,}", after)):
        return False
    return told or label.strip(" .:").casefold() != "nama"


def _of_person(piece: str, told: bool) -> bool:
    return bool(NAMED.search(piece)) or (told and (tells(piece) or bool(ABOUT.search(piece)) or is_person(piece)))


def _cut(words: str) -> str:
    """Of a text that is one clause with a number in it: without the number, the name before it, and what announces them."""
    if ABOUT.search(words):
        return ""
    parts = NUMBER.split(LED.sub("\n", words))
    left = " ".join(re.sub(r"\(\W*\)", " ", " ".join(map(without_name_at_end, parts))).split()).strip(" ,.-:")
    left = re.sub(r"(?:,\s*){2,}", ", ", left)
    return "" if len(left) <= 4 or tells(left) or is_person(left) else unnamed(left).strip(" ,.-:")


def kept(row: Mapping[str, Any], known: Collection[str], depth: int = DEEPEST) -> dict[str, Any]:
    """What of a row may be set aside: the columns that are known to hold nobody, their texts cleaned; of others not even the value."""
    found = {readable(str(name)): _kept(value, known, depth - 1) for name, value in row.items() if folded(str(name)) in known}
    if is_person(str(found.get("name") or "")):
        found["name"] = ""
    if isinstance(cells := found.get("cells"), list):
        found["cells"] = [cell if place in range(1, CELLS) or re.fullmatch(r"\d*", str(cell)) else "" for place, cell in enumerate(cells)]
    return found


def _kept(value: Any, known: Collection[str], depth: int) -> Any:
    if isinstance(value, Mapping):
        return kept(value, known, depth) if depth else {}
    if isinstance(value, list | tuple):
        return [_kept(one, known, depth - 1) for one in value] if depth else []
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return None if not is_sound(value) or tells(str(value)) else value
    return clean(value)
