"""What a text is about, as terms that two texts can have in common: stems, and one term for all phrases that mean the same."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from pathlib import Path

from models.lexicon import WORD, grammar, lexicon, stem_of
from models.tokens import find_matches, read_tokens

HERE = Path(__file__).parent
SPOKEN_NUMBERS = {"satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delap", "delapan", "sembilan", "sembil", "puluh", "sepuluh"}
MEASURES = {"gram", "gsm", "kilo", "liter", "pcs"}
ANYTHING = frozenset({"paket", "jasa", "produk", "barang", "ada", "belanja", "asli", "khas"} | MEASURES | SPOKEN_NUMBERS)
"""Stems that say nothing of what is sold."""
ALIKE = "="
"""Begins a term that stands for phrases which mean the same."""


AHEAD = 16
"""So many words are read at a time."""


@lru_cache(20_000)
def terms(text: str) -> tuple[str, ...]:
    """In the order of the text. A typo that the lexicon knows is read as it spells it; words of budgets and offices are none.

    Of the lexicon's own reading, a tenth of the work: nothing is weighed here.
    """
    return tuple(read_terms(text))


def read_terms(text: str) -> Iterator[str]:
    """One after the other, each once: of a long text no more is read than somebody asks for."""
    words, plain, seen = WORD.findall(text.lower()), _plain(), set[str]()
    stems, at = list[str](), 0
    for start in range(0, len(words), AHEAD):
        stems += _stems(words, start)
        # A phrase that is cut off here is looked at with what follows it.
        ready = len(stems) if start + AHEAD >= len(words) else len(stems) - _longest() + 1
        while at < ready:
            said, length = _told(stems, at)
            at += length
            for term in said:
                if term not in seen and len(term) > 2 and term not in plain:
                    seen.add(term)
                    yield term


def _told(stems: Sequence[str], at: int) -> tuple[tuple[str, ...], int]:
    """What the stems say from there on, and how many of them say it: as many as make a phrase, else one."""
    known = lexicon().phrases
    for length in range(min(lexicon().starts.get(stems[at], 0), len(stems) - at), 0, -1):
        phrase = tuple(stems[at : at + length])
        if (weights := known.get(phrase)) is not None:
            return _said(phrase) if weights else (), length
    return (stems[at],), 1


@cache
def _longest() -> int:
    return max(lexicon().starts.values())


def touches(text: str, among: AbstractSet[str]) -> bool:
    """Whether the terms of a text may be among these: where no word of it can be one or begin one, there is no need to read it."""
    return not all(map(among.isdisjoint, map(_leads, WORD.findall(text.lower()))))


@lru_cache(50_000)
def _leads(word: str) -> frozenset[str]:
    """All terms that a word can be, or be a part of."""
    stems = _read(word)
    return frozenset(stems).union(*(_within().get(stem, ()) for stem in stems))


@cache
def _within() -> dict[str, set[str]]:
    """What stands for the phrases that a stem is of."""
    made: dict[str, set[str]] = defaultdict(set)
    for phrase, weights in lexicon().phrases.items():
        for stem in phrase if weights else ():
            made[stem].update(_alike(phrase))
    return dict(made)


def known(term: str) -> bool:
    """Whether it is of the lexicon's words, or stands for some of them."""
    return term.startswith(ALIKE) or term in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(stem for stems in lexicon().vocabulary.values() for stem in stems)


def _stems(words: Sequence[str], start: int) -> list[str]:
    """Of the next words of a text, but for what a word such as "Kecamatan" names."""
    places, stems = grammar("places"), list[str]()
    for at in range(start, min(start + AHEAD, len(words))):
        if not at or words[at - 1] not in places:
            stems += _read(words[at])
    return stems


@lru_cache(50_000)
def _read(word: str) -> tuple[str, ...]:
    """The stems of a word: none of a measure, two of words typed together, a known one for a typo."""
    tokens = read_tokens(word)
    found = [match.phrase for match in find_matches(tokens)]
    return found[0] if len(found) == 1 and len(found[0]) == len(tokens) else tuple(token.stem for token in tokens)


@lru_cache(20_000)
def _said(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """The terms of a phrase of the lexicon: its stems, and what stands for phrases that mean the same."""
    return (*phrase, *_alike(phrase))


@cache
def _plain() -> frozenset[str]:
    return grammar("links") | grammar("purposes") | ANYTHING


@cache
def synonyms() -> dict[tuple[str, ...], tuple[str, ...]]:
    """The terms that a phrase, as its stems, stands for."""
    made: dict[tuple[str, ...], tuple[str, ...]] = {}
    for place, line in enumerate(tomllib.loads((HERE / "synonyms.toml").read_text(encoding="utf-8"))["alike"]):
        for phrase in line.split(","):
            stems = tuple(stem_of(word) for word in WORD.findall(phrase.lower()))
            made[stems] = (*made.get(stems, ()), f"{ALIKE}{place:02}")
    return made


def _alike(phrase: tuple[str, ...]) -> tuple[str, ...]:
    """Of the longest known phrase within it: "snack rapat" is a snack."""
    known = synonyms()
    return next((known[part] for part in _parts(phrase) if part in known), ())


def _parts(phrase: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for length in range(len(phrase), 0, -1):
        for at in range(len(phrase) - length + 1):
            yield phrase[at : at + length]


def spoken(text: str, shared: Sequence[str]) -> str:
    """The words of a text that stand for these terms, as they are written there; "" for none."""
    among = set(shared)
    own = [word for word in WORD.findall(text.lower()) if stem_of(word) in among]
    if not own:
        own = [word for word in WORD.findall(text.lower()) if among & set(terms(word))]
    return " ".join(dict.fromkeys(own))
