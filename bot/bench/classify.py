"""How well the etalase of product names and of procurement packages are guessed, on the labelled rows of the shared data."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from bot.classify import told
from models.etalase import NOTHING, Guess, Taught, classify, meant
from models.lessons import OFFICER, Said, teach

Row = tuple[str, tuple[str, ...]]
Answered = list[tuple[tuple[str, ...], list[str]]]
"""(labels, codes returned with the best first), a row each."""
Hear = Callable[[str, Taught], list[Guess]]
FOLDS, WORST = 5, 8


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], tuple(row["etalase"].split())) for row in csv.DictReader(file)]


def acted(text: str, taught: Taught = NOTHING) -> list[Guess]:
    """Of a package what an officer or a match takes as what it is: without what only fills up a vendor's choice."""
    return meant(told(text, taught))


def guess_alone(rows: Sequence[Row], heard: Hear = told) -> Answered:
    return [(labels, [guess.code for guess in heard(text, NOTHING)]) for text, labels in rows]


def guess_taught(rows: Sequence[Row], heard: Hear = told) -> Answered:
    """Each row guessed with what the other folds teach, every row of them said by an officer of its own."""
    said = [Said(text, labels, OFFICER, number) for number, (text, labels) in enumerate(rows)]
    lessons = [teach(one for at, one in enumerate(said) if at % FOLDS != fold) for fold in range(FOLDS)]
    return [(labels, [guess.code for guess in heard(text, lessons[at % FOLDS])]) for at, (text, labels) in enumerate(rows)]


def chosen(answered: Answered) -> Answered:
    """Of a product its first guess alone, which is what the card says; the others are there to choose from. A name that is rightly of
    several is judged by the one that was guessed.
    """
    firsts = [(labels, codes[:1]) for labels, codes in answered]
    return [(tuple(set(labels) & set(first)) or labels[:1], first) for labels, first in firsts]


def top(answered: Answered, most: int) -> float:
    return sum(any(code in labels for code in codes[:most]) for labels, codes in answered) / len(answered)


class Score(NamedTuple):
    precision: float
    recall: float
    f1: float
    support: int


def score(answered: Answered, code: str = "") -> Score:
    """Of one code, else of all together (micro): everything returned counts."""
    wanted = [{one for one in labels if code in ("", one)} for labels, _ in answered]
    said = [{one for one in codes if code in ("", one)} for _, codes in answered]
    right = sum(len(a & b) for a, b in zip(wanted, said, strict=True))
    support, returned = sum(map(len, wanted)), sum(map(len, said))
    return Score(right / max(returned, 1), right / max(support, 1), 2 * right / max(support + returned, 1), support)


def micro_f1(answered: Answered) -> float:
    return score(answered).f1


def confusions(answered: Answered) -> list[tuple[tuple[str, str], int]]:
    """(wanted, returned) where they differ, the most frequent first; "-" stands for nothing: what is lacking, or is returned besides."""
    pairs: Counter[tuple[str, str]] = Counter()
    for labels, codes in answered:
        lacking, more = sorted(set(labels) - set(codes)), sorted(set(codes) - set(labels))
        pairs.update((wanted, got) for wanted in lacking or ["-"] for got in more or ["-"] if lacking or more)
    return pairs.most_common()


def show(figure: str, value: float, unit: str, against: str = "", ratio: float | None = None) -> None:
    print(json.dumps({"figure": figure, "value": round(value, 4), "unit": unit, "against": against, "ratio": ratio}))


def show_aim(figure: str, value: float, aim: float) -> None:
    show(figure, value, "share", f"aim {aim}", round(value / aim, 3))


def report(name: str, answered: Answered) -> None:
    for code in sorted({code for labels, codes in answered for code in (*labels, *codes)}):
        of = score(answered, code)
        show(f"{name}: {code}", of.f1, "F1", f"precision {of.precision:.3f}, recall {of.recall:.3f}, {of.support} rows")
    confused = confusions(answered)
    show(f"{name}: confused", sum(count for _, count in confused), "pairs", f"of {len(answered)} rows")
    for (wanted, got), count in confused[:WORST]:
        show(f"{name}: {wanted} taken for {got}", count, "rows", f"of {len(answered)}")


def run(shared: Path) -> None:
    products, calls = shared / "data" / "labels_products.csv", shared / "data" / "labels_calls.csv"
    if not (products.is_file() and calls.is_file()):
        show("classify: not measured, the shared labels (labels_products.csv, labels_calls.csv) are absent", 0, "rows")
        return
    measure(read_rows(products), read_rows(calls))


def measure(products: Sequence[Row], calls: Sequence[Row]) -> None:
    classify("amplang")  # reads the words
    ways: dict[str, Callable[[Sequence[Row], Hear], Answered]] = {
        "lexicon alone": guess_alone,
        f"with corrections, {FOLDS}-fold": guess_taught,
    }
    for way, guess in ways.items():
        started = time.process_time()
        typed, packages = guess(products, told), guess(calls, told)
        spent = (time.process_time() - started) / (len(typed) + len(packages))
        show_aim(f"products, {way}: first guess", top(typed, 1), 0.85)
        show_aim(f"products, {way}: among three", top(typed, 3), 0.95)
        show_aim(f"calls, {way}: micro-F1 of all that is returned", micro_f1(packages), 0.85)
        taken = guess(calls, acted)
        show_aim(f"calls, {way}: micro-F1 of what is acted on", micro_f1(taken), 0.85)
        show(f"{way}: time", spent * 1000, "ms of CPU a text", "aim 1")
        report(f"products, {way}: first guess", chosen(typed))
        report(f"calls, {way}: acted on", taken)
