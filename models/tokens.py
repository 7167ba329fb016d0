"""Reads a text by the words of the lexicon: its tokens with what their place in it is worth, and the phrases found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from models.lexicon import WEIGHTS, Phrase, data, grammar, lexicon, stem_of

BRACKET, PURPOSE, TYPO, LED = 1.3, 0.4, 0.75, 1.8

MARK = re.compile(r"(?P<word>[a-z]+[0-9]*|[0-9]+[a-z]+)|(?P<open>[(\[]|\s-+\s?|-\s)|(?P<close>[)\]])|(?P<next>[,;+&/#.:-])")
TWICE = re.compile(r"\b([a-z]{3,})[2²](an|nya)?\b")
GRADE = re.compile(r"\bk[ -]?[1-5]\d\d\b|\b(?:mutu )?fc['’ -]{0,2}\d+\b(?! lembar)")
MEASURE = re.compile(r"\d+[.,]?\d*\s*(?:kg|gr?|gram|ml|l|ltr|liter|cm|mm|m|m2|m3|pcs|bh|inch|gsm|persen|%)\b")


@dataclass(frozen=True)
class Token:
    stem: str
    factor: float
    opens: bool  # the first word after a bracket, a comma or "dan": a head of its own


@cache
def _common() -> frozenset[str]:
    """Words and places that look like a typo of something sold."""
    return frozenset(stem_of(word) for word in grammar("common"))


@lru_cache(50_000)
def _known(stem: str) -> tuple[str, float]:
    """The stem as the lexicon spells it and how far to trust that."""
    choices = lexicon().vocabulary.get(stem[0], [])
    if len(stem) < 5 or not stem.isalpha() or stem in lexicon().stems or stem in _common():
        return stem, 1.0
    found = process.extractOne(stem, choices, scorer=OSA.distance, score_cutoff=1 if len(stem) < 9 else 2)
    return (found[0], TYPO) if found and len(found[0]) >= 4 and _slipped(stem, found[0]) else (stem, 1.0)


def _slipped(stem: str, meant: str) -> bool:
    """In a short word another letter makes another word; a letter too many, too few or swapped makes a typo."""
    return len(stem) > 5 or len(stem) != len(meant) or sorted(stem) == sorted(meant)


@lru_cache(50_000)
def _parts(word: str) -> tuple[str, ...]:
    """A word's stem, or the two stems of words typed together: "nasikotak"."""
    words, stem = lexicon(), stem_of(word)
    if len(word) < 8 or stem in words.stems:
        return (stem,)
    cuts = ((word[:at], word[at:]) for at in range(3, len(word) - 2))
    known = ((stem_of(first), stem_of(second)) for first, second in cuts if first in words.words and second in words.words)
    return next(known, (stem,))


@cache
def _shortened() -> dict[str, str]:
    return {short: word for word, shorts in data()["shortened"].items() for short in shorts.split()}


def _whole(word: str | None) -> str | None:
    return _shortened().get(word, word) if word else None


def read_tokens(text: str) -> list[Token]:
    plain = GRADE.sub(" mutubeton ", MEASURE.sub(" ", TWICE.sub(r"\1 \1\2", text.lower())))
    tokens: list[Token] = []
    bracket, purpose, opens, place = 1.0, 1.0, True, False
    for mark in MARK.finditer(plain):
        word = _whole(mark["word"])
        if word is None:
            if place and mark["next"] == ".":  # "Kec. Muara Badak"
                continue
            opens, place = True, False
            bracket = BRACKET if mark["open"] else 1.0 if mark["close"] else bracket
            purpose = purpose if (mark["next"] or "-") in ",/&+" else 1.0
        elif word in grammar("purposes"):
            purpose = PURPOSE
            tokens.append(Token(word, 1.0, False))
        elif word in grammar("links"):
            opens, place = True, False
            tokens.append(Token(word, 1.0, False))
        elif place or word in grammar("places"):
            place = word in grammar("places")
        else:
            tokens += [Token(stem, bracket * purpose, opens) for stem in _parts(word)]
            opens = False
    return _joined(tokens)


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Two words that are one, typed apart: "poly bag", where not both are words by themselves."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        both = last.stem + token.stem if last and not token.opens else ""
        if last and both in lexicon().stems and not (_has(last.stem) and _has(token.stem)):
            joined[-1] = Token(both, token.factor, last.opens)
        else:
            joined.append(token)
    return joined


class Words(NamedTuple):
    """The words of a text that say something, and those of them that the lexicon does not have."""

    all: frozenset[str]
    unknown: tuple[str, ...]


def words_of(tokens: Sequence[Token]) -> Words:
    telling = dict.fromkeys(token.stem for token in tokens if token.stem not in _little())
    return Words(frozenset(telling), tuple(stem for stem in telling if not _has(stem)))


@cache
def _little() -> frozenset[str]:
    return grammar("purposes") | grammar("links") | _common()


def _has(stem: str) -> bool:
    read, _ = _known(stem)
    return read in lexicon().stems


@dataclass(frozen=True)
class Match:
    phrase: Phrase
    weights: Mapping[str, float]
    factor: float
    opens: bool


def _leads(phrase: Phrase, then: Sequence[Token]) -> bool:
    """A maker of one kind of thing with a model behind it, "DAIKIN FTKC50", says what is sold."""
    known = lexicon()
    return phrase in known.makers and len(known.phrases[phrase]) == 1 and any(map(str.isdigit, "".join(token.stem for token in then)))


def find_matches(tokens: Sequence[Token]) -> Iterator[Match]:
    words, at = lexicon(), 0
    read = [_known(token.stem) for token in tokens]
    opens = True
    while at < len(tokens):
        opens = opens or tokens[at].opens
        for length in range(min(words.starts.get(read[at][0], 0), len(tokens) - at), 0, -1):
            phrase = tuple(stem for stem, _ in read[at : at + length])
            if (weights := words.phrases.get(phrase)) is not None:
                trust = min(trust for _, trust in read[at : at + length])
                led = at == 0 and _leads(phrase, tokens[length : length + 2])
                yield Match(phrase, weights, tokens[at + length - 1].factor * trust * (LED if led else 1.0), opens)
                opens = opens and not led and max(weights.values(), default=0.0) < WEIGHTS["firm"]
                at += length
                break
        else:
            at += 1
