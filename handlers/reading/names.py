"""Names: how a person is called, the owner's as on the NIB, and a business's, written as names are written."""

from __future__ import annotations

import re
from typing import Any

from handlers.matching import is_greeting, known, says
from handlers.reading.numerals import on_one_line, plain
from handlers.said import Facts, Offer, Reader, Rejected, Said

_WORD = r"[^\W\d_](?:[^\W\d_]|['’.\-])*"
NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,3}}")
POLITE = re.compile(r"(?:[\s,]+(?:saja|aja|ya|yah|please))+$", re.I)
TITLES = {
    "bu": "Bu", "ibu": "Bu", "bunda": "Bu", "pak": "Pak", "bapak": "Pak", "bpk": "Pak", "kak": "Kak", "kakak": "Kak", "ka": "Kak",
    "acil": "Acil", "amang": "Amang", "paman": "Paman", "julak": "Julak", "om": "Om", "tante": "Tante", "daeng": "Daeng", "mama": "Mama",
    "mas": "Mas", "mbak": "Mbak", "mba": "Mbak", "bang": "Bang", "abang": "Bang", "mr": "Mr", "mrs": "Mrs", "ms": "Ms",
}  # fmt: skip
CALLED = re.compile(
    r"^(?:(?:panggil(?:an(?:nya)?)?|nama(?:nya)?(?: saya| ku)?|saya|aku|sy|ulun|saja|aja|dengan|cukup|"
    r"just|call me|my name is|i am|i'm)(?!\w)[\s,:]*)+",
    re.I,
)
OWNER = re.compile(r"^(?:nama(?: saya| pemilik(?:nya)?)?|saya|my name is)(?!\w)[\s:]*", re.I)
TITLED = re.compile(r"^(?:bu|ibu|pak|bapak|bpk)\.?\s+(?=\w)", re.I)


def read_call_name(said: Said, facts: Facts) -> str:
    words = POLITE.sub("", CALLED.sub("", on_one_line(plain(said.text))).strip(" ,.!"))
    parts = words.split()
    title = TITLES.get(parts[0].casefold().rstrip(".")) if parts else None
    name = " ".join(_capital(part) for part in (parts[1:] if title else parts))
    nothing = any(says(said.text, told) for told in ("unknown", "no", "later", "skip", "yes"))
    if nothing or not NAME.fullmatch(name) or len(name) > 40 or is_greeting(words) or name.casefold() in known("question"):
        raise Rejected("problem.call_name")
    if not title:
        raise Rejected("problem.call_title", {"name": name}, [Offer(f"{one} {name}", f"{one} {name}") for one in ("Bu", "Pak", "Kak")])
    return f"{title} {name}"


def _capital(word: str) -> str:
    return word[:1].upper() + (word[1:].lower() if word.isupper() else word[1:])


def keeps_call_name(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    title, _, name = value.partition(" ")
    return title in TITLES.values() and bool(NAME.fullmatch(name)) and len(name) <= 40


def read_person_name(said: Said, facts: Facts) -> str:
    words = OWNER.sub("", on_one_line(plain(said.text))).strip(" ,!")
    name = named_plainly(TITLED.sub("", words))
    if not keeps_person_name(name):
        raise Rejected("problem.person_name")
    return name


ABBREVIATED = {
    "cv": "CV",
    "pt": "PT",
    "ud": "UD",
    "pd": "PD",
    "tb": "TB",
    "bumdes": "BUMDes",
    "kub": "KUB",
    "kwt": "KWT",
    "poktan": "Poktan",
}


def named_plainly(name: str) -> str:
    """A name typed in small letters only, as it is written: "cv. maju jaya" is CV. Maju Jaya."""
    if name != name.lower():
        return name
    return re.sub(r"[^\W\d_][\w'’]*", lambda word: ABBREVIATED.get(word.group(), word.group()[:1].upper() + word.group()[1:]), name)


def keeps_person_name(value: Any) -> bool:
    return isinstance(value, str) and 3 <= len(value) <= 100 and bool(re.fullmatch(r"[^\W\d_][^\d_@/:?!]*", value))


call_name = Reader(read_call_name, keeps_call_name)
person_name = Reader(read_person_name, keeps_person_name, free=True)
