"""Prices: what is sure is taken, every doubt is offered back, nothing is guessed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.lists import looks_like_list, read_lines
from handlers.reading.numerals import figures, spoken
from handlers.reading.prices import budget, find_price, price_with_unit
from handlers.reading.units import SPELLINGS, UNITS, is_meal
from handlers.said import Rejected, Said
from messages import Voice, worded


def read(text: str) -> dict[str, object]:
    price: dict[str, object] = price_with_unit.read(Said(text=text), {})
    return price


def refused(text: str) -> Rejected:
    with pytest.raises(Rejected) as caught:
        price_with_unit.read(Said(text=text), {})
    return caught.value


prices = st.fixed_dictionaries({"amount": st.integers(1, 10**12), "unit": st.sampled_from(sorted(SPELLINGS))})


@given(prices)
def test_words_of_a_price_read_to_the_same_price(price: dict[str, object]) -> None:
    assert price_with_unit.keeps(price)
    assert read(price_with_unit.words(price)) == price


@given(prices.filter(lambda price: int(str(price["amount"])) >= 500), st.sampled_from(["id", "en"]))
def test_a_price_as_shown_reads_back(price: dict[str, object], locale: str) -> None:
    assert read(worded(price_with_unit.show(price), Voice(locale))) == price


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("25rb per bungkus", 25_000, "bungkus"),
        ("Rp 25.000/bks", 25_000, "bungkus"),
        ("25 ribu sebungkus", 25_000, "bungkus"),
        ("1,5jt per meter", 1_500_000, "meter"),
        ("1.5 juta/m2", 1_500_000, "m2"),
        ("25rb/m²", 25_000, "m2"),
        ("dua puluh lima ribu per kotak", 25_000, "kotak"),
        ("satu juta dua ratus ribu per paket", 1_200_000, "paket"),
        ("2 juta 500 ribu per unit", 2_500_000, "unit"),
        ("@25rb/pcs", 25_000, "buah"),
        ("harga 25k /kg ya bu", 25_000, "kg"),
        ("per bungkus 25rb", 25_000, "bungkus"),
        ("1 kg 25rb", 25_000, "kg"),
        ("350rb/orang/hari", 350_000, "orang-hari"),
        ("Rp750/lbr", 750, "lembar"),
        ("25.000 per 1 dos", 25_000, "dus"),
        ("Rp 25.000,- per botol", 25_000, "botol"),
        ("tepat Rp300 per lembar", 300, "lembar"),
    ],
)
def test_a_sure_price_is_taken(text: str, amount: int, unit: str) -> None:
    assert read(text) == {"amount": amount, "unit": unit}


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("15 000", ["Rp15.000"]),
        ("25", ["Rp25.000"]),
        ("25-30rb", ["Rp25.000", "Rp30.000"]),
        ("25 - 30 ribu", ["Rp25.000", "Rp30.000"]),
        ("10rb-15rb", ["Rp10.000", "Rp15.000"]),
        ("20000 - 25000 per kg", ["Rp20.000", "Rp25.000"]),
        ("antara 25 dan 30rb", ["Rp25.000", "Rp30.000"]),
        ("25rb kecil, 30rb besar", ["Rp25.000", "Rp30.000"]),
        ("25rb/30rb", ["Rp25.000", "Rp30.000"]),
        ("Rp300 per lembar", ["Rp300", "Rp300.000"]),
        ("750", ["Rp750", "Rp750.000"]),
        ("25rb nego", ["Rp25.000"]),
        ("sekitar 25rb per kg", ["Rp25.000"]),
        ("25rb isi 10", ["Rp25.000"]),
        ("25rb per bungkus 250 gram", ["Rp25.000"]),
        ("25000 kg", ["Rp25.000"]),
        ("-25rb", ["Rp25.000"]),
        ("100rb/10 bungkus", ["Rp10.000"]),
        ("25000", ["per bungkus", "per kg", "per buah"]),
        ("dua puluh lima ribu", ["per bungkus", "per kg", "per buah"]),
    ],
)
def test_a_doubt_is_offered_back(text: str, labels: list[str]) -> None:
    assert [offer.label for offer in refused(text).offers] == labels


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("280gr", "problem.price_not"),
        ("500 lbr", "problem.price_not"),
        ("A3", "problem.price_unclear"),
        ("081234567890", "problem.price_unclear"),
        ("1234567890123", "problem.price_unclear"),
        ("dua lima", "problem.price_unclear"),
        ("1jt2", "problem.price_unclear"),
        ("$25", "problem.price_unclear"),
        ("murah", "problem.price_unclear"),
        ("0", "problem.price_zero"),
        ("gratis", "problem.price_free"),
    ],
)
def test_what_is_no_price_is_not_guessed(text: str, key: str) -> None:
    assert (refused(text).key, refused(text).offers) == (key, ())


@given(st.text(alphabet="0123456789.,- rbjtkpRm/@agxsd", max_size=14))
def test_any_text_is_a_kept_price_or_a_kind_refusal(text: str) -> None:
    try:
        price = read(text)
    except Rejected as rejected:
        assert rejected.key.startswith("problem.")
        assert all(len(offer.label) <= 20 for offer in rejected.offers)
    else:
        assert price_with_unit.keeps(price)
        assert int(str(price["amount"])) >= 500


@given(st.integers(500, 10**8), st.integers(500, 10**8), st.sampled_from(["-", " - ", " atau ", " sampai ", "/", " "]))
def test_two_prices_never_become_one(first: int, second: int, between: str) -> None:
    if first != second:
        rejected = refused(f"Rp{first}{between}Rp{second} per kg")
        assert [offer.value["amount"] for offer in rejected.offers] == [first, second]


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_spelling_of_a_unit_is_read(unit: str) -> None:
    assert read(f"Rp25.000 per {unit}") == {"amount": 25_000, "unit": UNITS[unit]}


@pytest.mark.parametrize(
    ("name", "meal"),
    [("Mie ayam", True), ("Nasi kotak", True), ("Katering 3 hari", True), ("Mie kering", False), ("Mie telur 200gr", False),
     ("Bakso beku", False), ("Bubur instan", False), ("Amplang", False)],
)  # fmt: skip
def test_what_is_packed_or_weighed_is_no_meal(name: str, meal: bool) -> None:
    assert is_meal(name) is meal


@pytest.mark.parametrize(
    ("caption", "price", "rest"),
    [
        ("Amplang ikan tenggiri 25rb/bungkus", {"amount": 25_000, "unit": "bungkus"}, "Amplang ikan tenggiri"),
        ("Amplang ikan 250 gram 25rb", {"amount": 25_000, "unit": ""}, "Amplang ikan 250 gram"),
        ("Rp 25.000/kg beras adan", {"amount": 25_000, "unit": "kg"}, "beras adan"),
        ("Kopi robusta, harga Rp 35.000 per bungkus", {"amount": 35_000, "unit": "bungkus"}, "Kopi robusta"),
        ("A3 plus 5rb/lbr", {"amount": 5_000, "unit": "lembar"}, "A3 plus"),
        ("Printer Epson 3110", None, "Printer Epson 3110"),
        ("Keripik pisang 15rb-20rb", None, "Keripik pisang 15rb-20rb"),
        ("Amplang 100rb 3 bungkus", None, "Amplang 100rb 3 bungkus"),
        ("25rb per 10 bungkus amplang", None, "25rb per 10 bungkus amplang"),
        ("Kopi 200gr 35rb 500gr 80rb", None, "Kopi 200gr 35rb 500gr 80rb"),
        ("Amplang", None, "Amplang"),
    ],
)
def test_a_price_in_a_caption(caption: str, price: dict[str, object] | None, rest: str) -> None:
    assert find_price(caption) == (price, rest)


LIST = """DAFTAR HARGA 2026
1. Spanduk flexi 280gr 25rb/m
2. Kartu nama 35.000 / box
- Undangan = 2500
• Stiker A3 ..... 5.000
Brosur A4\t2.500\tlembar
*Plakat akrilik* Rp 150.000/buah
Kopi 200gr 35rb, 500gr 80rb

Cetak:
Mug sablon
Fotokopi 250/lbr
Spanduk flexi 280gr 25rb/m2"""


def test_a_pasted_list() -> None:
    assert [(line.number, line.name, line.amount, line.unit, line.problem) for line in read_lines(LIST)] == [
        (0, "DAFTAR HARGA 2026", 0, "", "no_price"),
        (1, "Spanduk flexi 280gr", 25_000, "meter", "which_unit"),
        (2, "Kartu nama", 35_000, "kotak", ""),
        (3, "Undangan", 2_500, "", "no_unit"),
        (4, "Stiker A3", 5_000, "", "no_unit"),
        (5, "Brosur A4", 2_500, "lembar", ""),
        (6, "Plakat akrilik", 150_000, "buah", ""),
        (7, "Kopi 200gr", 0, "", "two_prices"),
        (0, "Cetak", 0, "", "no_price"),
        (8, "Mug sablon", 0, "", "no_price"),
        (9, "Fotokopi", 0, "", "price_check"),
        (10, "Spanduk flexi 280gr", 25_000, "m2", ""),
    ]


def test_what_is_a_list() -> None:
    assert looks_like_list(LIST)
    assert looks_like_list("Amplang 25rb/bks\nKeripik 15rb/bks")
    assert not looks_like_list("Amplang 25rb/bks")
    assert not looks_like_list("Amplang ikan pipih\n25rb per bungkus")
    assert not looks_like_list("Isinya 250 gram\nikan pipih\ntahan 3 bulan")


@given(st.integers(1, 10**13))
def test_words_of_a_budget_read_to_the_same_budget(amount: int) -> None:
    assert budget.keeps(amount)
    assert budget.read(Said(text=budget.words(amount)), {}) == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("18,5 juta", 18_500_000), ("990 Jt", 990_000_000), ("1,3 M", 1_300_000_000), ("Rp 990.000.000,00", 990_000_000)]
)
def test_a_budget(text: str, amount: int) -> None:
    assert budget.read(Said(text=text), {}) == amount


@pytest.mark.parametrize("text", ["18,5", "18.5"])
def test_a_budget_without_its_millions_is_offered_with_them(text: str) -> None:
    with pytest.raises(Rejected) as caught:
        budget.read(Said(text=text), {})
    assert [offer.value for offer in caught.value.offers] == [18_500_000]


@pytest.mark.parametrize(
    ("text", "offers"), [("990", [990_000_000]), ("10-15 juta", [10_000_000, 15_000_000]), ("sekitar 5 juta", [5_000_000])]
)
def test_a_doubtful_budget_is_offered(text: str, offers: list[int]) -> None:
    with pytest.raises(Rejected) as caught:
        budget.read(Said(text=text), {})
    assert [offer.value for offer in caught.value.offers] == offers


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("sebelas", 11),
        ("dua belas", 12),
        ("seratus lima", 105),
        ("dua ribu tiga ratus", 2_300),
        ("sejuta", 10**6),
        ("dua lima", None),
        ("puluh", None),
    ],
)
def test_spoken_numbers(words: str, number: int | None) -> None:
    assert spoken(words.split()) == number


@given(st.text(max_size=60))
def test_figures_lie_in_the_text(text: str) -> None:
    found = figures(text)
    assert all(0 <= figure.start < figure.end <= len(text) for figure in found)
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))
