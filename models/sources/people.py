"""Where a text speaks of a person: numbers that belong to somebody, words that announce one, and names by what they are not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from models.lexicon import grammar, lexicon, stem_of
from models.screening import screen

LISTS = Path(__file__).parent / "people.toml"
NIP = r"(?<!\d)(?:19[4-9]\d|20[0-2]\d)(?:0[1-9]|1[0-2])[0-3]\d[ .\-]?(?:19[6-9]\d|20\d\d)(?:0[1-9]|1[0-2])[ .\-]?[12][ .\-]?\d{3}(?!\d)"
MOBILE = r"(?<![\d.])(?<![Rr][Pp])(?<![Rr][Pp][ .])(?:\+?62[ .\-]?|0)8\d{1,2}[ .\-]?\d{3,4}[ .\-]?\d{2,5}(?!\d)"
LANDLINE = r"(?<![\d.])\(?0(?:2[1-9]|[3-9]\d)\d?\)?[ \-]{1,3}\d{3,4}[ \-]?\d{2,4}(?![\d.])"
MAIL = r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,64}\.[\w.\-]{1,64}"
NUMBER = re.compile(f"{NIP}|{MOBILE}|{LANDLINE}|{MAIL}")

OFFICE = (
    r"(?:pejabat\s+(?:pembuat\s+komitmen|pengadaan|pelaksana\s+teknis\s+kegiatan)|(?:kuasa\s+)?pengguna\s+anggaran|ppk|kpa|pptk|pphp|"
    r"pic|narahubung|ketua\s+pokja|(?:contact|kontak)\s+person|penanggung\s?jawab|bendahara|pemesan|hubungi|cp|atas\s+nama|a\.\s?n\.?|a/n|an\.)"
)
"""Words that a person's name follows, also without a number."""
ROLE = (
    rf"(?:{OFFICE}|nip|pokja|pejabat|panitia|kontak|hub|(?:no\W{{0,2}}|nomor )?(?:telp(?:on)?|telepon|hp|wa|whatsapp)|e-?mail|user ?name)"
)
ENDS = r"(?:(?<=\.)|(?!\w))"
NAMED = re.compile(rf"^\W*(?:nama\s+)?{ROLE}\b[\w ./]{{0,40}}[:=]", re.I)
"""A clause that says who somebody is, with or without a number."""
ABOUT = re.compile(rf"^\W*(?:nama\s+)?{ROLE}{ENDS}", re.I)
LABEL = re.compile(rf"\W*(?:nama(?:\s+(?:lengkap|{ROLE}))?|{ROLE})\W*", re.I)
"""A clause that only says what the next one is."""
CALLED = re.compile(r"^\W*nama(?:\s+lengkap)?\W+", re.I)
FOLLOWED = re.compile(
    rf"(?<!\w)(?:nama\s+)?{OFFICE}(?:\s?[/&,]\s?{OFFICE})*{ENDS}[ .:,=\-]{{0,4}}(?=((?:[a-z][\w'’.\-]*,? ?){{1,7}}))", re.I
)
LED = re.compile(rf"(?<!\w)(?i:{ROLE}){ENDS}[^;\n]{{0,80}}?\W{{0,5}}(?:{NUMBER.pattern})")
"""A number with all from the word that announces it."""
WORD = re.compile(r"[A-Z][\w'’\-]*\.?,?|[A-Z](?:\.[A-Z])*\.?,?")
DEGREE = re.compile(r"(?:S|M|A)\.?(?:T|E|H|M|P|Si|Sos|Kom|Pd|Ag|IP|AP|KM|Hut|Pi|Kes|Kep|Ak|Hum|Md|Eng)\.?")
"""As many write them, without a comma: "Budi Santoso ST"."""
MOST = 5
"""Words of a name."""
SHORT = (3, 4)
"""Letters of an abbreviation beside other words ("BPJN Kaltim"); longer ones may be a family name."""


def tells(words: str) -> bool:
    """Whether a number of somebody stands in it, or an account."""
    return any(char.isdigit() or char == "@" for char in words) and bool(NUMBER.search(words) or screen(words)[1])


@cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(tomllib.loads(LISTS.read_text(encoding="utf-8"))[kind].split())


@cache
def _ordinary() -> frozenset[str]:
    grammars = (grammar(kind) for kind in ("common", "official", "links", "purposes", "places"))
    return frozenset(lexicon().stems) | {stem_of(word) for words in (*grammars, _listed("offices")) for word in words}


def is_ordinary(word: str) -> bool:
    """Whether packages, offices or places are called so."""
    bare = re.sub(r"[^\w]", "", word).casefold()
    return len(bare) > 1 and bare not in _listed("given") and (bare in grammar("official") or stem_of(bare) in _ordinary())


def is_person(words: str) -> bool:
    """Whether this is a name and nothing else: capitalised words, most of which mean nothing here."""
    parts = CALLED.sub("", words).strip(" .,:;-").split()
    honoured = bool(parts) and _bare(parts[0]) in _listed("honours")
    parts = _named(parts) if parts else []
    if not 1 <= len(parts) <= MOST or not all(WORD.fullmatch(part) for part in parts) or is_ordinary(parts[0]):
        return False
    if len(parts) == 1 and not honoured:
        return len(parts[0]) > 2 and not parts[0].isupper()
    return sum(map(is_ordinary, parts)) * 2 <= len(parts)


def may_be_person(words: str) -> bool:
    """Of what should be an office, where nothing says that it is one: a word that offices are called by, or an abbreviation in capitals."""
    name = [part[:1].upper() + part[1:] for part in _without_degrees(words)]
    short = not words.isupper() and any(part.isupper() and part.isalpha() and len(part) in SHORT for part in name)
    return not short and is_person(" ".join(name))


def _without_degrees(words: str) -> list[str]:
    return [part for part in words.replace(",", " ").split() if not DEGREE.fullmatch(part)]


def is_surely_person(words: str) -> bool:
    """Of what may as well be an office, with a sign that it is none: an honour, a degree, or a name that people are given."""
    parts, name = words.replace(",", " ").split(), _without_degrees(words)
    if not is_person(" ".join(name)):
        return False
    called = len(name) > 1 and any(_bare(part) in _listed("names") for part in name)
    return called or len(name) < len(parts) or any(_bare(part) in _listed("honours") for part in name)


def _named(parts: Sequence[str]) -> list[str]:
    return [part for part in parts if _bare(part) not in _listed("honours") and part not in _listed("between")]


def _bare(word: str) -> str:
    return word.casefold().rstrip(".,")


def unnamed(words: str) -> str:
    """Without the names that follow an office: "Belanja ATK, PPK Budi Santoso" is "Belanja ATK,"."""
    at, kept = 0, ""
    while found := FOLLOWED.search(words, at):
        length = _name_length(found[1])
        kept += words[at : found.start()] if length else words[at : found.end()]
        at = found.end() + length
    return kept + words[at:] if at else words


def _name_length(words: str) -> int:
    """Letters of the name that a text begins with, 0 for none."""
    length, names, honoured, capitals = 0, 0, False, 0
    for part in re.finditer(r"\S+\s?", words):
        word = part[0].strip()
        if _bare(word) in _listed("honours"):
            honoured = True
        elif word in _listed("between") and names:
            pass
        elif names == MOST or is_ordinary(word) or not (WORD.fullmatch(word) or (honoured and not names)):
            break
        else:
            names, capitals, length = names + 1, capitals + word.isupper(), part.end()
    # One word in capitals is rather what an office is called in short.
    return 0 if names == capitals == 1 and not honoured else length


def without_name_at_end(words: str) -> str:
    """Up to the name that a text ends in."""
    parts = words.rstrip(" ,.:-").split(" ")
    last = len(parts)
    while last and len(parts) - last < MOST and (_bare(parts[last - 1]) in _listed("honours") or _is_name(parts[last - 1])):
        last -= 1
    return " ".join(parts[:last]) if last < len(parts) else words


def _is_name(word: str) -> bool:
    return bool(WORD.fullmatch(word)) and not is_ordinary(word)
