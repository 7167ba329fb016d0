"""The lexicon: words and phrases by their stems, with the categories they speak of and what they do to those around them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from snowballstemmer import stemmer

HERE = Path(__file__).parent
WEIGHTS = {"firm": 3.0, "good": 2.0, "some": 1.0}
MAKER = 1.7
WORD = re.compile(r"[a-z]+[0-9]*|[0-9]+[a-z]+")


@cache
def data() -> dict[str, Any]:
    return tomllib.loads((HERE / "etalase_words.toml").read_text(encoding="utf-8"))


@cache
def makers() -> dict[str, str]:
    return tomllib.loads((HERE / "etalase_makers.toml").read_text(encoding="utf-8"))


@cache
def grammar(kind: str) -> frozenset[str]:
    return frozenset(data()["grammar"][kind].split())


@lru_cache(50_000)
def stem_of(word: str) -> str:
    # One stemmer a word: it keeps the word inside, and on PostgreSQL several turns run at once.
    return word if word in grammar("apart") or len(word) < 5 else str(stemmer("indonesian").stemWord(word))


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """What a word such as "sewa" does to what follows it: codes outside `keeps` count `damp` as much, `turns` are meant otherwise.

    `whole`: it rules what stands before it as well, as "(Perencanaan ...)" does after the name of a budget.
    """

    damp: float = 1.0
    keeps: frozenset[str] = frozenset()
    turns: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False


@dataclass
class Lexicon:
    """Phrases as tuples of stems. `turns`: what a phrase makes of the codes around it; `also`: the codes some would put it under;
    `starts`: the longest phrase a stem begins; `vocabulary`: the stems by their first letter, which typos are read as; `words`: those
    that may be typed together, as they are written.
    """

    phrases: dict[Phrase, dict[str, float]] = field(default_factory=dict)
    heads: dict[Phrase, Head] = field(default_factory=dict)
    turns: dict[Phrase, Mapping[str, str]] = field(default_factory=dict)
    makers: set[Phrase] = field(default_factory=set)
    also: dict[Phrase, tuple[str, ...]] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    stems: set[str] = field(default_factory=set)
    vocabulary: dict[str, list[str]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()


@cache
def lexicon() -> Lexicon:
    table, made = data(), Lexicon()
    for phrase in _phrases(table["ignored"]):
        made.phrases.setdefault(phrase, {})
    for code, levels in table["words"].items():
        for level, phrases in levels.items():
            _weigh(made, code, phrases, WEIGHTS[level])
    for code, phrases in makers().items():
        _weigh(made, code, phrases, MAKER)
        made.makers.update(_phrases(phrases))
    for code, phrases in table["also"].items():
        for phrase in _phrases(phrases):
            made.also[phrase] = (*made.also.get(phrase, ()), code)
    for code, row in table["heads"].items():
        head = Head(row["damp"], frozenset({code, *row["keeps"]}), row.get("turns", {}))
        made.heads |= dict.fromkeys(_phrases(row["words"]), head)
        made.heads |= dict.fromkeys(_phrases(row.get("whole", "")), replace(head, whole=True))
    for row in table["anywhere"].values():
        made.turns |= dict.fromkeys(_phrases(row["words"]), row["turns"])
    for phrase in (*made.heads, *made.turns):
        made.phrases.setdefault(phrase, {})
    spelt = " ".join([table["ignored"], *(phrases for levels in table["words"].values() for phrases in levels.values())])
    made.words = frozenset(WORD.findall(spelt))
    return _indexed(made)


def _weigh(lexicon: Lexicon, code: str, phrases: str, weight: float) -> None:
    for phrase in _phrases(phrases):
        known = lexicon.phrases.setdefault(phrase, {})
        known[code] = max(known.get(code, 0.0), weight)


def _indexed(lexicon: Lexicon) -> Lexicon:
    for phrase in lexicon.phrases:
        lexicon.starts[phrase[0]] = max(lexicon.starts.get(phrase[0], 0), len(phrase))
        lexicon.stems.update(phrase)
    for stem in sorted(lexicon.stems):
        lexicon.vocabulary.setdefault(stem[0], []).append(stem)
    return lexicon


def _phrases(text: str) -> Iterator[Phrase]:
    for phrase in text.split(","):
        if stems := tuple(stem_of(word) for word in WORD.findall(phrase.lower())):
            yield stems
