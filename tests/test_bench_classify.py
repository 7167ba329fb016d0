"""`classify` prints what a file's texts speak of, and the bench counts it against labels."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from bot.bench.classify import acted, chosen, guess_alone, guess_taught, measure, micro_f1, read_rows, run, score, top
from bot.classify import lines
from models.etalase import etalases

SHARED = Path(os.environ.get("LAPAK_SHARED", Path(__file__).parents[2] / "shared"))
NAMES = Path(__file__).with_name("names.csv")
LABELS = SHARED / "data" / "labels_products.csv"
needs_labels = pytest.mark.skipif(not LABELS.is_file(), reason=f"the shared labels are absent ({LABELS}); LAPAK_SHARED names their folder")


def test_a_file_is_classified_in_its_order() -> None:
    found = list(lines(io.StringIO("roti bakar\n\nsemen, 40 kg\n"), "names.txt"))
    assert [line["text"] for line in found] == ["roti bakar", "semen, 40 kg"]
    assert found[1]["etalase"][0]["code"] == "material"


def test_a_package_of_many_things_keeps_them_all() -> None:
    (line,) = lines(io.StringIO("Belanja Meja, Laptop, Spanduk, Beras dan Semen\n"), "names.txt")
    assert {guess["code"] for guess in line["etalase"]} == {"mebel", "elektronik", "cetak", "sembako", "material"}


def test_what_is_only_thinkable_is_not_printed() -> None:
    (line,) = lines(io.StringIO("Pemeliharaan Kursi Kantor\n"), "names.txt")
    assert [guess["code"] for guess in line["etalase"]] == ["pemeliharaan"]


def test_a_csv_is_read_by_its_text_column() -> None:
    found = list(lines(io.StringIO('\ufeffid,text\n1,"meja, kursi"\n2,\n'), "names.csv"))
    assert [line["text"] for line in found] == ["meja, kursi", ""]
    assert found[0]["etalase"][0]["code"] == "mebel"
    assert found[1]["etalase"] == []
    with pytest.raises(ValueError, match="text"):
        list(lines(io.StringIO("a,b\n1,2\n"), "names.csv"))


def test_names_of_all_etalase_are_met() -> None:
    """Names as vendors of the province type them, and packages as offices call them, made up for this."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = [(row["kind"], row["text"], tuple(row["etalase"].split())) for row in csv.DictReader(file)]
    products = [(text, labels) for kind, text, labels in rows if kind == "product"]
    calls = [(text, labels) for kind, text, labels in rows if kind == "call"]
    assert {code for _, labels in products for code in labels} == {code for _, labels in calls for code in labels} == set(etalases())
    assert top(guess_alone(products), 1) >= 0.95
    assert top(guess_alone(products), 3) >= 0.98
    assert micro_f1(guess_alone(calls)) >= 0.95


@needs_labels
def test_the_shared_labels_are_met() -> None:
    products, calls = read_rows(LABELS), read_rows(LABELS.with_name("labels_calls.csv"))
    for guess in (guess_alone, guess_taught):
        assert top(guess(products), 1) >= 0.98
        assert top(guess(products), 3) >= 0.98
        assert micro_f1(guess(calls)) >= 0.98


def test_the_bench_counts_what_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("Belanja meja kerja", ("mebel",)), ("Belanja semen", ("mebel",)), ("qwrtzx", ("atk",)), ("ATK dan spanduk", ("atk",))]
    answered = guess_alone(rows)
    assert score(answered, "mebel") == (1.0, 0.5, 2 / 3, 2)
    assert score(answered, "atk") == (1.0, 0.5, 2 / 3, 2)
    assert score(answered) == (0.5, 0.5, 0.5, 4)
    measure(rows, rows)
    told = [json.loads(line)["figure"] for line in capsys.readouterr().out.splitlines()]
    first, whole = "products, lexicon alone: first guess", "calls, lexicon alone: acted on"
    assert {f"{way}: {pair}" for way in (first, whole) for pair in ("mebel taken for material", "atk taken for -")} <= set(told)
    assert f"{whole}: - taken for cetak" in told and f"{first}: - taken for cetak" not in told


def test_what_only_fills_up_a_choice_is_no_confusion(capsys: pytest.CaptureFixture[str]) -> None:
    """A vendor's name is offered three etalase, and a package that reads like one would be, with scores that nobody acts on."""
    rows = [("ayam potong segar 1kg", ("sembako",)), ("kapasitas internet 100 mbps", ("internet-aplikasi",))]
    assert [len(codes) > 1 for _, codes in guess_alone(rows)] == [True, True]
    assert score(chosen(guess_alone(rows))) == (1.0, 1.0, 1.0, 2)
    assert score(guess_alone(rows, acted)) == (1.0, 1.0, 1.0, 2)
    assert chosen([(("atk", "cetak"), ["cetak", "atk"]), (("atk", "cetak"), ["mebel"])]) == [(("cetak",), ["cetak"]), (("atk",), ["mebel"])]
    measure(rows, rows)
    figures = {(one := json.loads(line))["figure"]: one["value"] for line in capsys.readouterr().out.splitlines()}
    assert figures["products, lexicon alone: first guess: confused"] == figures["calls, lexicon alone: acted on: confused"] == 0
    assert (
        figures["calls, lexicon alone: micro-F1 of all that is returned"]
        < 1
        == figures["calls, lexicon alone: micro-F1 of what is acted on"]
    )


@needs_labels
def test_the_bench_prints_one_figure_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    run(SHARED)
    figures = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"figure", "value", "unit", "against", "ratio"} == set(figures[0])
    assert any("micro-F1" in figure["figure"] for figure in figures)


def test_the_bench_says_that_the_labels_are_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path)
    assert "absent" in json.loads(capsys.readouterr().out)["figure"]
