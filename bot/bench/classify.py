"""How well the etalase of product names and of procurement packages are guessed, on the labelled rows of the shared data."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from models.etalase import Guess, Taught, classify, teach

Row = tuple[str, tuple[str, ...]]
Answered = list[tuple[tuple[str, ...], list[Guess]]]
THRESHOLD = 0.4
FOLDS = 5


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], tuple(row["etalase"].split())) for row in csv.DictReader(file)]


def label(guesses: Sequence[Guess], threshold: float = THRESHOLD) -> set[str]:
    return {guess.code for guess in guesses if guess.score >= threshold}


def guess_alone(rows: Sequence[Row]) -> Answered:
    return [(labels, classify(text)) for text, labels in rows]


def guess_taught(rows: Sequence[Row]) -> Answered:
    """Each row guessed with the corrections learned from the other folds only."""
    lessons: list[Taught] = [teach(row for at, row in enumerate(rows) if at % FOLDS != fold) for fold in range(FOLDS)]
    return [(labels, classify(text, taught=lessons[at % FOLDS])) for at, (text, labels) in enumerate(rows)]


def top(answered: Answered, most: int) -> float:
    return sum(any(guess.code in labels for guess in guesses[:most]) for labels, guesses in answered) / len(answered)


def micro_f1(answered: Answered) -> float:
    right = sum(len(label(guesses) & set(labels)) for labels, guesses in answered)
    said = sum(len(label(guesses)) for _, guesses in answered)
    return 2 * right / (said + sum(len(labels) for labels, _ in answered))


def by_category(answered: Answered) -> Iterator[tuple[str, float, int]]:
    """Code, F1, rows of it."""
    for code in sorted({code for labels, _ in answered for code in labels}):
        wanted = [code in labels for labels, _ in answered]
        said = [code in label(guesses) for _, guesses in answered]
        right = sum(a and b for a, b in zip(wanted, said, strict=True))
        yield code, 2 * right / (sum(wanted) + sum(said)), sum(wanted)


def confusions(answered: Answered, most: int = 8) -> list[tuple[tuple[str, str], int]]:
    pairs = Counter(
        (wanted, guesses[0].code if guesses else "-")
        for labels, guesses in answered
        for wanted in labels[:1]
        if not guesses or guesses[0].code not in labels
    )
    return pairs.most_common(most)


def show(figure: str, value: float, unit: str, against: str = "", ratio: float | None = None) -> None:
    print(json.dumps({"figure": figure, "value": round(value, 4), "unit": unit, "against": against, "ratio": ratio}))


def show_aim(figure: str, value: float, aim: float) -> None:
    show(figure, value, "share", f"aim {aim}", round(value / aim, 3))


def report(name: str, answered: Answered) -> None:
    for code, score, count in by_category(answered):
        show(f"{name}: {code}", score, "F1", f"{count} rows")
    for (wanted, got), count in confusions(answered):
        show(f"{name}: {wanted} taken for {got}", count, "rows", f"of {len(answered)}")


def run(shared: Path) -> None:
    products, calls = shared / "data" / "labels_products.csv", shared / "data" / "labels_calls.csv"
    if not (products.is_file() and calls.is_file()):
        show("classify: not measured, the shared labels (labels_products.csv, labels_calls.csv) are absent", 0, "rows")
        return
    measure(read_rows(products), read_rows(calls))


def measure(products: Sequence[Row], calls: Sequence[Row]) -> None:
    ways: dict[str, Callable[[Sequence[Row]], Answered]] = {
        "lexicon alone": guess_alone,
        f"with corrections, {FOLDS}-fold": guess_taught,
    }
    for way, guess in ways.items():
        started = time.perf_counter()
        typed, packages = guess(products), guess(calls)
        spent = (time.perf_counter() - started) / (len(typed) + len(packages))
        show_aim(f"products, {way}: first guess", top(typed, 1), 0.85)
        show_aim(f"products, {way}: among three", top(typed, 3), 0.95)
        show_aim(f"calls, {way}: micro-F1", micro_f1(packages), 0.85)
        show(f"{way}: time", spent * 1000, "ms a text", "aim 1")
        report(f"products, {way}", typed)
        report(f"calls, {way}", packages)
