"""What a text is about, as terms that two texts can have in common: stems, and one term for all phrases that mean the same."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from models.lexicon import WORD, find_matches, grammar, read_tokens, stem_of

HERE = Path(__file__).parent
ANYTHING = frozenset({"paket", "jasa", "produk", "barang", "ada", "belanja", "asli", "khas"})
"""Stems that say nothing of what is sold."""
ALIKE = "="
"""Begins a term that stands for phrases which mean the same."""


@lru_cache(20_000)
def terms(text: str) -> tuple[str, ...]:
    """In the order of the text. A typo that the lexicon knows has both spellings; words of budgets and offices are none."""
    tokens = read_tokens(text)
    found: dict[str, None] = {}
    ignored: set[str] = set()
    for match in find_matches(tokens):
        if match.weights:
            found.update(dict.fromkeys((*match.phrase, *_alike(match.phrase))))
        else:
            ignored.update(match.phrase)
    plain = _plain() | (ignored - found.keys())
    stems = dict.fromkeys(token.stem for token in tokens)
    return tuple(term for term in {**stems, **found} if len(term) > 2 and term not in plain)


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


@lru_cache(20_000)
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
