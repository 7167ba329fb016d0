"""What short words mean: a button typed by hand, yes and no, a greeting, a question, a product named in passing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from rapidfuzz import fuzz

from messages import locales, words
from models.etalase import classify

CLOSE = 80
SHORT = {
    "yg": "yang", "blm": "belum", "blom": "belum", "sdh": "sudah", "udh": "sudah", "udah": "sudah", "aja": "saja", "utk": "untuk",
    "pake": "pakai", "sy": "saya", "gmn": "gimana", "brp": "berapa", "dmn": "dimana", "smp": "sampai", "sampe": "sampai",
}  # fmt: skip
"""How people type common words, and the words."""
Labels = Sequence[tuple[str, Sequence[str]]]
SALAM = re.compile(r"^ass?h?alam+u?[' ]?\s?'?al+a?ik+u?m\w*", re.I)


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Lower case, no punctuation; emoji stay, their skin colours go; "iyaaa" is "iya"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(
        char if char.isalnum() or unicodedata.category(char) == "So" else " " for char in folded if not "\U0001f3fb" <= char <= "\U0001f3ff"
    )
    plain = " ".join(re.sub(r"(\D)\1{2,}", r"\1", kept).split())
    return plain or folded.strip()


@cache
def known(name: str, locale: str = "") -> frozenset[str]:
    """The words of a list, of every language when none is named: people mix them."""
    return frozenset(bare(word) for one in ([locale] if locale else locales()) for word in words(name, one))


def match(text: str, labels: Labels, locale: str = "id") -> str | None:
    """The id whose label was typed: the same words first, then one close spelling; None for none or for two alike."""
    for said in _spellings(text):
        same = [id for id, spellings in labels if said and said in (bare(spelling) for spelling in spellings)]
        if same:
            return same[0]
    said = without_polite(bare(text)) or bare(text)
    scores = [(max((_closeness(said, bare(spelling)) for spelling in spellings), default=0.0), id) for id, spellings in labels]
    best = sorted((score, id) for score, id in scores if score >= CLOSE)
    if not best or (len(best) > 1 and best[-1][0] == best[-2][0]):
        return None
    return best[-1][1]


def _closeness(said: str, label: str) -> float:
    """How near two texts of as many words are; words under four letters must be the same."""
    pairs = list(zip(said.split(), label.split(), strict=False))
    if not pairs or len(said.split()) != len(label.split()):
        return 0.0
    return min(100.0 if one == other else fuzz.ratio(one, other) if _long(one) and _long(other) else 0.0 for one, other in pairs)


def _long(word: str) -> bool:
    return len(word) >= 4 and word.isalpha()


def without_polite(text: str) -> str:
    """A bare text without "ya bu" at its end."""
    parts = text.split()
    while len(parts) > 1 and parts[-1] in known("polite"):
        parts.pop()
    return " ".join(parts)


def says(text: str, name: str, locale: str = "") -> bool:
    """Whether a text is one of the words of a list, politeness aside."""
    return any(said in known(name, locale) for said in _spellings(text))


@lru_cache(maxsize=4096)
def _spellings(text: str) -> Sequence[str]:
    """A text as it was typed, without "ya bu" at its end, and both with the short forms written out."""
    typed = (bare(text), without_polite(bare(text)))
    return tuple(dict.fromkeys((*typed, *(" ".join(SHORT.get(word, word) for word in one.split()) for one in typed))))


def place_in(text: str) -> int:
    """The place that digits name, 0 for none: more than four are a NIB, a telephone number or a slip."""
    return int(text) if text.isdecimal() and len(text) <= 4 else 0


def yes(text: str) -> bool:
    return says(text, "yes") or _all_in(text, "yes")


def no(text: str) -> bool:
    return says(text, "no")


def _all_in(text: str, name: str) -> bool:
    """ "iya betul", "ok siap" """
    parts = without_polite(bare(text)).split()
    return bool(parts) and all(part in known(name) for part in parts)


def is_greeting(text: str) -> str:
    """How a text greets: "salam", "hello", or "" for not at all."""
    return _greeting(text)[0]


def after_greeting(text: str) -> str:
    """What a greeting is followed by, "" for nothing."""
    kind, length = _greeting(text)
    return _trimmed(text.strip()[length:]) if kind else text.strip()


@lru_cache(maxsize=256)
def _greeting(text: str) -> tuple[str, int]:
    text = text.strip()
    salam = SALAM.match(text)
    if salam:
        wish = re.match(r"[\s,.]*(?:wr\.?\s*wb\.?|wr\W+wb\W*|wa\s?rahmatull?ah\w*(?:\s+wa\s?bar+ak+atuh?u?)?)", text[salam.end() :], re.I)
        return "salam", salam.end() + (wish.end() if wish else 0)
    for kind, phrase, pattern in _greetings():
        found = pattern.match(text)
        if found and _greets(phrase, text[found.end() :]):
            return kind, found.end()
    return "", 0


@cache
def _greetings() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Kind, phrase and pattern, the longest phrases of a kind first. Every text that is said passes these."""
    phrases = [(kind, phrase) for kind in ("salam", "hello") for phrase in sorted(known(kind), key=len, reverse=True)]
    return tuple((kind, phrase, re.compile(re.escape(phrase).replace(r"\ ", r"\s+") + r"(?!\w)", re.I)) for kind, phrase in phrases)


def _greets(phrase: str, rest: str) -> bool:
    """A time of day or a single letter greets only alone or before a pause: "Pagi Sore Catering" is a name."""
    if phrase not in ("pagi", "siang", "sore", "malam", "morning", "evening", "p", "salam", "hay", "misi"):
        return True
    following = bare(rest).split()[:1] if rest.strip() else []
    return not following or bool(re.match(r"\s*[,.!\n]", rest)) or following[0] in known("polite")


def _trimmed(rest: str) -> str:
    rest = rest.strip(" ,.!:;-\n\t")
    first = re.match(r"\w+", rest)
    while first and first.group().casefold() in known("polite"):
        rest = rest[first.end() :].strip(" ,.!:;-\n\t")
        first = re.match(r"\w+", rest)
    return rest if re.search(r"\w", rest) else ""


def looks_like_question(text: str) -> bool:
    """Whether a text reads like a question to somebody."""
    if text.rstrip(" !.)").endswith("?"):
        return True
    parts = bare(after_greeting(text) or text).split()
    if len(parts) < 2:
        return len(parts) == 1 and parts[0] in known("question") - known("help")
    opens = any(" ".join(parts[:count]) in known("question") for count in (1, 2))
    closing = without_polite(" ".join(parts)).split()
    return opens or _closes(closing) or (parts[0] in known("asking") and bool(known("question_end") & set(closing[2:])))


def _closes(said: list[str]) -> bool:
    """Whether the last word asks, or the last two: "untungnya apa", "trus gmn". Where somebody says that it does not matter ("tidak apa
    apa") or that they do not know ("belum tahu kapan") it asks nothing.
    """
    for count in (1, 2):
        before, asked = said[:-count], " ".join(said[-count:])
        if asked in known("question_last") and not says(" ".join(said), "fine"):
            return before[-1:] != said[-1:] and " ".join(before[-2:]) not in known("unknown")
    return False


def _after_name(parts: list[str]) -> list[str]:
    """ "Siti mau daftar amplang": who it is may be said first."""
    wishes = len(parts) > 3 and bare(parts[1]) in known("wishing") and bare(parts[2]) in known("offering")
    return parts[1:] if wishes and not classify(parts[0]) else parts


def product_in(text: str) -> str:
    """The product somebody names with a wish to sell ("mau daftar amplang" names "amplang"), "" when none."""
    rest = after_greeting(text)
    if looks_like_question(rest):
        return ""
    parts = _after_name(rest.split())
    offered = False
    while parts and (bare(parts[0]) in known("offering") | known("wishing") | (frozenset() if offered else known("polite"))):
        offered = offered or bare(parts[0]) in known("offering")
        parts.pop(0)
    while parts and bare(parts[-1]) in known("polite"):
        parts.pop()
    named = " ".join(parts).strip(" ,.!:;-")
    return named if offered and bare(named) not in known("registering") and len(named) >= 3 else ""
