"""What a text is about, as terms that two texts can have in common: stems, and one term for all phrases that mean the same."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from models.lexicon import WORD, find_matches, grammar, lexicon, read_tokens, stem_of

HERE = Path(__file__).parent
SPOKEN_NUMBERS = {"satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delap", "delapan", "sembilan", "sembil", "puluh", "sepuluh"}
MEASURES = {"gram", "gsm", "kilo", "liter", "pcs"}
ANYTHING = frozenset({"paket", "jasa", "produk", "barang", "ada", "belanja", "asli", "khas"} | MEASURES | SPOKEN_NUMBERS)
"""Stems that say nothing of what is sold."""
ALIKE = "="
"""Begins a term that stands for phrases which mean the same."""


@lru_cache(20_000)
def terms(text: str) -> tuple[str, ...]:
    """In the order of the text. A typo that the lexicon knows is read as it spells it; words of budgets and offices are none.

    Of the lexicon's own reading, a tenth of the work: nothing is weighed here.
    """
    stems = _stems(text)
    found: dict[str, None] = {}
    known, starts, at = lexicon().phrases, lexicon().starts, 0
    while at < len(stems):
        for length in range(min(starts.get(stems[at], 0), len(stems) - at), 0, -1):
            phrase = stems[at : at + length]
            if (weights := known.get(phrase)) is not None:
                found.update(_said(phrase) if weights else {})
                at += length
                break
        else:
            found[stems[at]] = None
            at += 1
    plain = _plain()
    return tuple(term for term in found if len(term) > 2 and term not in plain)


def known(term: str) -> bool:
    """Whether it is of the lexicon's words, or stands for some of them."""
    return term.startswith(ALIKE) or term in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(stem for stems in lexicon().vocabulary.values() for stem in stems)


def _stems(text: str) -> tuple[str, ...]:
    stems: list[str] = []
    place = False
    for word in WORD.findall(text.lower()):
        if not place:
            stems.extend(_read(word))
        place = word in grammar("places")
    return tuple(stems)


@lru_cache(50_000)
def _read(word: str) -> tuple[str, ...]:
    """The stems of a word: none of a measure, two of words typed together, a known one for a typo."""
    tokens = read_tokens(word)
    found = [match.phrase for match in find_matches(tokens)]
    return found[0] if len(found) == 1 and len(found[0]) == len(tokens) else tuple(token.stem for token in tokens)


@lru_cache(20_000)
def _said(phrase: tuple[str, ...]) -> dict[str, None]:
    """The terms of a phrase of the lexicon: its stems, and what stands for phrases that mean the same."""
    return dict.fromkeys((*phrase, *_alike(phrase)))


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
