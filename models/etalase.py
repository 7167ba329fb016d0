"""The 34 etalase of the local catalogue: their table, which KBLI codes fit them, and which of them a text speaks of."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from models.lexicon import WORD, Head, Phrase, data, grammar, lexicon
from models.tokens import Match, Token, find_matches, read_tokens, words_of

HERE = Path(__file__).parent
SURE, CLEAR, MEANT, THINKABLE = 0.6, 0.7, 0.45, 0.3
MODIFIER = 0.45
ENOUGH, YIELDED = 5.0, 0.3
NO_HEAD = Head()
BUDGETS = re.compile(r"[,;]\s*(?=belanja\b)", re.I)


@dataclass(frozen=True)
class Etalase:
    code: str
    name: str
    short: str
    kind: Literal["goods", "services"]
    kbli: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    code: str
    score: float


@dataclass(frozen=True, eq=False)
class Taught:
    """What corrections add to the guess: weights by etalase for words nobody knew and for whole names."""

    weights: Mapping[frozenset[str], Mapping[str, float]]

    def of(self, tokens: Sequence[Token]) -> Iterator[tuple[str, float]]:
        words = words_of(tokens)
        for key in {words.all, *(frozenset({word}) for word in words.unknown)}:
            yield from self.weights.get(key, {}).items()


NOTHING = Taught({})


@cache
def etalases() -> Mapping[str, Etalase]:
    with (HERE / "etalase.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _etalase(row) for row in csv.DictReader(file)}


def _etalase(row: Mapping[str, str]) -> Etalase:
    kind: Literal["goods", "services"] = "goods" if row["kind"] == "goods" else "services"
    examples = tuple(example.strip() for example in row["examples"].split(";"))
    return Etalase(row["code"], row["name"], row["short"], kind, tuple(row["kbli"].split()), examples)


# --- KBLI ---


def fits_kbli(code: str, kbli: Iterable[str]) -> bool:
    """Whether one of the codes of a NIB covers products of the etalase: a code of its row, or of a group named beside its words."""
    prefixes = (*etalases()[code].kbli, *data()["kbli"][code].get("also", "").split())
    return any(number.startswith(prefixes) for number in kbli)


def kbli_of(code: str) -> list[tuple[str, str]]:
    """The typical KBLI codes of an etalase with what they mean in a few words."""
    glosses = data()["kbli"][code]
    return [(number, glosses[number]["gloss"]) for number in etalases()[code].kbli]


def kbli_for(code: str, name: str) -> list[tuple[str, str]]:
    """As `kbli_of`, the codes that fit this product's name first."""
    words = {token.stem for token in read_tokens(name)}
    return sorted(kbli_of(code), key=lambda pair: -len(words & _kbli_stems(code, pair[0])))


@cache
def _kbli_stems(code: str, number: str) -> frozenset[str]:
    entry = data()["kbli"][code][number]
    return frozenset(token.stem for token in read_tokens(f"{entry['gloss']} {entry.get('words', '')}"))


# --- what a text speaks of ---


def _scores(text: str) -> dict[str, float]:
    """Weights by code; where several budgets are named, each speaks for itself."""
    scores: dict[str, float] = {}
    for part in BUDGETS.split(text):
        for code, weight in _scored(read_tokens(part)).items():
            scores[code] = max(scores.get(code, 0.0), weight)
    return _yielded(scores)


def _scored(tokens: Sequence[Token]) -> dict[str, float]:
    """A phrase said twice counts once; a head, such as "pelatihan", makes little of what follows it."""
    said: dict[tuple[str, Phrase], float] = {}
    matches = list(find_matches(tokens))
    turns = {code: meant for match in matches for code, meant in lexicon().turns.get(match.phrase, {}).items()}
    head = next((found for match in matches if match.opens and (found := _head(match.phrase)).whole), NO_HEAD)
    for match in matches:
        ruled = head
        if head == NO_HEAD:
            head = _head(match.phrase)
        for code, weight in _weights(match, ruled):
            meant = turns.get(code, code)
            said[meant, match.phrase] = max(said.get((meant, match.phrase), 0.0), weight)
    scores: dict[str, float] = defaultdict(float)
    for (code, _), weight in said.items():
        scores[code] = min(ENOUGH, scores[code] + weight)
    return scores


def _weights(match: Match, head: Head) -> Iterator[tuple[str, float]]:
    for code, weight in match.weights.items():
        meant = head.turns.get(code, code)
        turned = meant != code
        kept = 1.0 if turned or code in head.keeps else head.damp
        yield meant, weight * match.factor * (1.0 if match.opens or turned else MODIFIER) * kept


def _yielded(scores: dict[str, float]) -> dict[str, float]:
    for general, particulars in data()["yields"].items():
        if general in scores and any(scores.get(code, 0.0) >= scores[general] / 2 for code in particulars):
            scores[general] *= YIELDED
    return scores


def _head(phrase: Phrase) -> Head:
    """The head a phrase begins with, else the one after its first word: "jasa perencanaan"."""
    heads = lexicon().heads
    parts = [phrase[start:end] for start in (0, 1) for end in range(len(phrase), start, -1)]
    return next((heads[part] for part in parts if part in heads), NO_HEAD)


def classify(text: str, most: int = 3, taught: Taught = NOTHING) -> list[Guess]:
    """The etalase a product's or a package's name speaks of, best first, scored 0 to 1; empty when nothing fits."""
    scores = _scores(text)
    for code, weight in taught.of(read_tokens(text)) if taught.weights else ():
        scores[code] = scores.get(code, 0.0) + weight
    best = max(scores.values(), default=0.0)
    guesses = [Guess(code, round((1 - math.exp(-score / 1.2)) * score / best, 3)) for code, score in scores.items() if score >= 0.3]
    return sorted(guesses, key=lambda guess: (-guess.score, guess.code))[:most]


def meant(guesses: Sequence[Guess]) -> list[Guess]:
    """Those that the text speaks of, without those that are only thinkable."""
    return [guess for guess in guesses if guess.score >= MEANT]


def offered(text: str, taught: Taught = NOTHING) -> list[Guess]:
    """As `classify`, filled up to three by what some would put the words under, and by the neighbours of the best.

    For whom three are no answer but a choice: a vendor, who picks one.
    """
    guesses = classify(text, 3, taught)
    if not guesses:
        return []
    likely = [guess for guess in guesses if guess.score >= THINKABLE] or guesses[:1]
    beside = (*_also(text), *(guess.code for guess in guesses), *data()["beside"][guesses[0].code])
    others = dict.fromkeys(code for code in beside if code not in {guess.code for guess in likely})
    return [*likely, *(Guess(code, min(likely[-1].score, THINKABLE)) for code in others)][:3]


def _also(text: str) -> Iterator[str]:
    for match in find_matches(read_tokens(text)):
        yield from lexicon().also.get(match.phrase, ())


def vended(text: str) -> bool:
    """Whether a vendor wrote it: with sizes, in small letters or in one word, and without the words of an office."""
    small = text.islower() or len(text.split()) == 1 or "+" in text or any(map(str.isdigit, text))
    return small and grammar("official").isdisjoint(WORD.findall(text.lower()))


def sure(guesses: Sequence[Guess]) -> bool:
    """Whether the first guess stands out enough not to ask the person."""
    if not guesses or guesses[0].score < SURE:
        return False
    return len(guesses) == 1 or guesses[1].score <= CLEAR * guesses[0].score
