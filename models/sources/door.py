"""What is dropped before anything is kept: officials' names, numbers and accounts, in columns of their own or in free text."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from typing import Any

from models.screening import readable, screen
from models.sources.values import folded

TAG = re.compile(r"<[^<>]{0,500}>")
LABEL = re.compile(r"<span[^<>]*label[^<>]*>[^<>]*</span>", re.I)
BREAK = re.compile(r"<\s*(?:br|/p|/li|/div|/tr)\s*/?\s*>", re.I)

NIP = r"(?<!\d)(?:19[4-9]\d|20[0-2]\d)(?:0[1-9]|1[0-2])[0-3]\d[ .\-]?(?:19[6-9]\d|20\d\d)(?:0[1-9]|1[0-2])[ .\-]?[12][ .\-]?\d{3}(?!\d)"
MOBILE = r"(?<![\d.])(?<![Rr][Pp])(?<![Rr][Pp][ .])(?:\+?62[ .\-]?|0)8\d{1,2}[ .\-]?\d{3,4}[ .\-]?\d{2,5}(?!\d)"
LANDLINE = r"(?<![\d.])\(?0(?:2[1-9]|[3-9]\d)\d?\)?[ \-]{1,3}\d{3,4}[ \-]?\d{2,4}(?![\d.])"
MAIL = r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,64}\.[\w.\-]{1,64}"
NUMBER = re.compile(f"{NIP}|{MOBILE}|{LANDLINE}|{MAIL}")
ROLE = (
    r"(?:nip|ppk|kpa|pptk|pokja|pejabat|panitia|narahubung|contact person|cp|kontak|hubungi|hub|telp(?:on)?|telepon|hp|wa|whatsapp|"
    r"e-?mail|a\.?n\.?|user ?name|bendahara|pemesan)"
)
NAMED = re.compile(rf"^\W*(?:nama\s+)?{ROLE}\b[\w ./]{{0,40}}[:=]", re.I)
"""A clause that says who somebody is, with or without a number."""
ABOUT = re.compile(rf"^\W*{ROLE}(?!\w)", re.I)
WORD = r"(?:[A-Z][\w']*|[A-Za-z]{1,3}\.(?:[A-Za-z]{1,4}\.?)*)[ ,.:]+"
LEAD = re.compile(rf"(?:(?<!\w)(?i:{ROLE})(?!\w)[^;\n]{{0,80}}?|(?:\b{WORD}){{0,4}}(?i:{ROLE})?)\W{{0,5}}(?:{NUMBER.pattern})")
"""A number with what stands before it: from the word that announces a person, else some capitalised words."""
BARE = re.compile(rf"(?:(?<!\w)(?i:{ROLE})\W{{0,3}})?(?:{NUMBER.pattern})")
PIECES = re.compile(r"[;|()\[\]]+|\s[-–—]\s|(?<=\w{4})\.\s+(?=[A-Z])")
QUALIFIES = re.compile(rf"^\s*(?:(?i:nip)\b|{NIP}|{MOBILE})")
"""What belongs to the name before its bracket: "Budi Santoso, S.T. (NIP ...)"."""
RUN = re.compile(rf"(?:\b{WORD}){{0,4}}\b(?:[A-Z][\w']*|[A-Za-z]{{1,3}}\.(?:[A-Za-z]{{1,4}}\.?)*)[\s,.]*$")
TITLED = re.compile(
    r"(?:(?:Prof|Dr|dr|Drs|Dra|Ir|Hj?)\.\s*)*(?:[A-Z][\w']*\.?\s+){0,4}[A-Z][\w']*"
    r"(?:,\s*(?:S|M|A)\.\s?[A-Z][A-Za-z]{0,4}\.?(?:[A-Z][a-z]{0,4}\.?)*)+"
)
"""A name that is known by the degrees behind it: "Budi Santoso, S.T., M.Si"."""
CELLS = 9
"""Of a row without names of columns, so many first cells hold texts that are known; of the others only numbers are."""
LONGEST = 4000


def clean(value: Any, longest: int = LONGEST) -> str:
    """Plain words on one line or several: no markup, and no clause in which a NIP, a telephone, an address or an account stands."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    words = str(value)
    if "<" in words:
        words = TAG.sub(" ", BREAK.sub("\n", LABEL.sub(" ", words)))
    words = readable(html.unescape(words).replace("\xa0", " "))
    lines = (" ".join(line.split()) for line in words.splitlines())
    plain = "\n".join(line for line in lines if line)
    return silent(re.sub(r" {2,}", " ", TITLED.sub("", plain)) if ", " in plain else plain)[:longest].strip()


def line(value: Any, longest: int = 500) -> str:
    return " ".join(clean(value).split())[:longest].strip(" -;|")


def silent(words: str) -> str:
    """Without the clauses that tell of a person; of a text that is one clause, without the person."""
    told = _tells(words)
    left = "\n".join(filter(None, (_silent_line(line, told) for line in words.split("\n"))))
    return left if left or not told else _cut(words)


def _silent_line(line: str, told: bool) -> str:
    pieces = PIECES.split(line)
    kept: list[str] = []
    for piece in pieces:
        if not _of_person(piece, told):
            kept.append(piece)
        elif kept and QUALIFIES.match(piece):
            kept[-1] = RUN.sub("", kept[-1])
    return line if len(kept) == len(pieces) else " ".join(" ".join(kept).split())


def _of_person(piece: str, told: bool) -> bool:
    return bool(NAMED.search(piece)) or (told and (_tells(piece) or bool(ABOUT.search(piece))))


def _tells(words: str) -> bool:
    return any(char.isdigit() or char == "@" for char in words) and bool(NUMBER.search(words) or screen(words)[1])


def _cut(words: str) -> str:
    left = next((left for pattern in (LEAD, BARE) if len(left := " ".join(pattern.sub(" ", words).split()).strip(" ,.-:")) > 4), "")
    return "" if _tells(left) else left


def kept(row: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """What of a row may be set aside: the columns that are known to hold nobody, their texts cleaned; of others not even the value."""
    found = {str(name): _kept(value, known) for name, value in row.items() if folded(str(name)) in known}
    if isinstance(cells := found.get("cells"), list):
        found["cells"] = [cell if place in range(1, CELLS) or re.fullmatch(r"\d*", str(cell)) else "" for place, cell in enumerate(cells)]
    return found


def _kept(value: Any, known: Collection[str]) -> Any:
    if isinstance(value, Mapping):
        return kept(value, known)
    if isinstance(value, list | tuple):
        return [_kept(one, known) for one in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return None if _tells(str(value)) else value
    return clean(value)
