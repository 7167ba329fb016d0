"""Readers of answers: what is said of a value reads back to it; other words are understood or kindly asked again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reading import answers
from handlers.reading.names import TITLES
from handlers.reading.numerals import on_one_line
from handlers.said import Facts, Photo, Reader, Rejected, Said
from messages import Voice, has, template, worded

NOW: Facts = {"now": datetime(2026, 11, 22, 10, 0, tzinfo=UTC), "zone": "Asia/Makassar"}
HANDLERS = Path(answers.__file__).parent

letters = st.text("abcdefghijklmnopqrstuvwxyzé'", min_size=1, max_size=9).filter(lambda word: word[0].isalpha())
names = st.lists(letters.map(str.capitalize), min_size=1, max_size=3).map(" ".join)
titled = st.builds("{} {}".format, st.sampled_from(sorted(set(TITLES.values()))), names)
digits13 = st.text("0123456789", min_size=13, max_size=13)
pirts = st.builds(
    lambda number, year: {"kind": "pirt", "number": f"{number}-{year:02}", "expiry_year": 2000 + year}, digits13, st.integers(0, 99)
)
bpoms = st.builds(
    lambda kind, number: {"kind": "bpom", "number": f"{kind} {number}", "expiry_year": None},
    st.sampled_from(["MD", "ML", "TR", "NA"]),
    st.text("0123456789", min_size=9, max_size=15),
)
phones = st.builds(
    "+62{}{}".format, st.sampled_from(["811", "812", "813", "852", "878", "896"]), st.text("0123456789", min_size=7, max_size=8)
)
moments = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2099-12-31")).map(
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M")
)
lines = st.text(min_size=1, max_size=80).map(on_one_line).filter(lambda text: 3 <= len(text) <= 60)

LAW: list[tuple[str, Reader, st.SearchStrategy[Any]]] = [
    ("text", answers.text(3, 60), lines),
    ("call_name", answers.call_name, titled),
    ("person_name", answers.person_name, st.builds("Siti {}".format, names)),
    ("number", answers.number(0, 10**9), st.integers(0, 10**9)),
    ("choice", answers.choice("micro", "small", "not_yet"), st.sampled_from(["micro", "small", "not_yet"])),
    ("phone", answers.phone, phones),
    ("nib", answers.nib, digits13),
    ("pirt_or_bpom", answers.pirt_or_bpom, pirts | bpoms),
    ("date", answers.date, moments),
    ("confirmed", answers.confirmed, st.just(True)),
]


def read(reader: Reader, text: str, facts: Facts = NOW, **said: Any) -> Any:
    return reader.read(Said(text=text, **said), facts)


def refused(reader: Reader, text: str, facts: Facts = NOW, **said: Any) -> Rejected:
    with pytest.raises(Rejected) as caught:
        reader.read(Said(text=text, **said), facts)
    return caught.value


@pytest.mark.parametrize(("reader", "values"), [law[1:] for law in LAW], ids=[law[0] for law in LAW])
@settings(deadline=None)  # the first phone number loads a library
@given(data=st.data())
def test_words_of_a_value_read_to_the_same_value(reader: Reader, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    value = data.draw(values)
    assert reader.keeps(value)
    assert reader.read(Said(text=reader.words(value)), {}) == value


@pytest.mark.parametrize(("reader", "values"), [law[1:] for law in LAW if law[0] != "nib"], ids=[law[0] for law in LAW if law[0] != "nib"])
@given(data=st.data(), locale=st.sampled_from(["id", "en"]))
def test_a_value_as_shown_reads_back(reader: Reader, values: st.SearchStrategy[Any], data: st.DataObject, locale: str) -> None:
    value = data.draw(values)
    assert reader.read(Said(text=worded(reader.show(value), Voice(locale))), {}) == value


@pytest.mark.parametrize("reader", [law[1] for law in LAW], ids=[law[0] for law in LAW])
@given(text=st.text(max_size=40) | st.text("0123456789.,-/ jamrbsiti", max_size=30))
def test_any_text_is_a_kept_value_or_a_kind_refusal(reader: Reader, text: str) -> None:
    try:
        value = read(reader, text)
    except Rejected as rejected:
        assert has(rejected.key)
        assert all(reader.keeps(offer.value) for offer in rejected.offers)
    else:
        assert reader.keeps(value)


@pytest.mark.parametrize(
    "value", [None, 1, "", "x", [], {}, {"amount": 1, "unit": ""}, {"kind": "pirt", "number": "1"}, {"lat": 91, "lon": 0}]
)
@pytest.mark.parametrize(
    "reader",
    [
        answers.call_name,
        answers.phone,
        answers.nib,
        answers.pirt_or_bpom,
        answers.date,
        answers.photo,
        answers.location,
        answers.price_with_unit,
    ],
)
def test_a_foreign_value_is_not_kept(reader: Reader, value: Any) -> None:
    assert not reader.keeps(value)


def test_every_refusal_is_worded_in_both_languages() -> None:
    keys = {key for file in HANDLERS.glob("*.py") for key in re.findall(r'"(problem\.[a-z_]+)"', file.read_text(encoding="utf-8"))}
    assert len(keys) > 30
    for key in keys:
        assert has(key), key
        holes = [sorted(re.findall(r"\{(\w+)\}", template(key, locale))) for locale in ("id", "en")]
        assert holes[0] == holes[1], key
        assert len(template(key, "id")) <= 300 and len(template(key, "en")) <= 300
        assert template(key, "id") != template(key, "en")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bu siti", "Bu Siti"), ("ibu siti", "Bu Siti"), ("IBU SITI AMINAH", "Bu Siti Aminah"), ("panggil saja bu siti", "Bu Siti"),
        ("nama saya Pak Yusuf", "Pak Yusuf"), ("Bpk. H. Yusuf", "Pak H. Yusuf"), ("Kak Rani ya", "Kak Rani"), ("saya bu siti", "Bu Siti"),
    ],
)  # fmt: skip
def test_what_to_call_somebody(text: str, name: str) -> None:
    assert read(answers.call_name, text) == name


def test_a_title_is_never_guessed() -> None:
    assert [offer.value for offer in refused(answers.call_name, "siti").offers] == ["Bu Siti", "Pak Siti", "Kak Siti"]
    for text in ("halo", "123", "bapak", ""):
        assert refused(answers.call_name, text).key == "problem.call_name"


def test_text_is_one_line_within_its_lengths() -> None:
    assert read(answers.text(3, 20), "• Amplang\n  ipin ") == "Amplang ipin"
    assert refused(answers.text(3, 20), "ab").params == {"least": 3, "count": 2}
    assert refused(answers.text(3, 20), "x" * 30).params == {"most": 20, "count": 30}


@pytest.mark.parametrize("text", ["WA 0812-3456-7890", "lihat toko.com ya", "https://x.y", "ig @amplang", "+62 812 3456 7890"])
def test_a_description_carries_no_contact(text: str) -> None:
    assert refused(answers.text(3, 90, clean=True), text).key == "problem.contact_in_text"
    assert read(answers.text(3, 90), text) == text


def test_a_description_may_carry_sizes() -> None:
    assert read(answers.text(3, 90, clean=True), "250 gram, ikan pipih, tahan 3 bulan.") == "250 gram, ikan pipih, tahan 3 bulan."


@pytest.mark.parametrize(
    ("text", "number"),
    [("50", 50), ("50 bungkus", 50), ("lima puluh", 50), ("50an", 50), ("1.000", 1000), ("seribu", 1000), ("sekitar 200", 200),
     ("500 lbr", 500), ("bisa 50 kotak per bulan", 50), ("sebulan 50 bungkus", 50)],
)  # fmt: skip
def test_a_number(text: str, number: int) -> None:
    assert read(answers.number(1, 100_000), text) == number


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("50-60", [50, 60]),
        ("15 000", [15_000]),
        ("2-3 ribu", [2_000, 3_000]),
        ("50 per hari", [1_500, 50]),
        ("tidak sampai 50", [50]),
        ("banyak", []),
    ],
)
def test_a_doubtful_number_is_offered(text: str, offers: list[int]) -> None:
    assert [offer.value for offer in refused(answers.number(1, 100_000), text).offers] == offers


def test_weeks_are_offered_in_days() -> None:
    days = answers.number(0, 365, ("hari",))
    assert read(days, "3 hari") == 3
    assert [offer.value for offer in refused(days, "2 minggu").offers] == [14]
    assert [offer.value for offer in refused(days, "seminggu").offers] == [7]
    assert refused(days, "400").key == "problem.number_high"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("15 Desember 2026 16.00", "2026-12-15T16:00"), ("15/12/2026", "2026-12-15T23:59"), ("besok jam 4 sore", "2026-11-23T16:00"),
        ("jumat 15.00", "2026-11-27T15:00"), ("25 Nov, 15.00 WITA", "2026-11-25T15:00"), ("25 Nov 15.00 WIB", "2026-11-25T16:00"),
        ("1 januari", "2027-01-01T23:59"), ("hari ini jam 8 malam", "2026-11-22T20:00"), ("December 15, 2026 at 4 pm", "2026-12-15T16:00"),
        ("malam ini jam 9", "2026-11-22T21:00"), ("5 januari 10.00", "2027-01-05T10:00"),
        ("2026-12-15 16:00", "2026-12-15T16:00"), ("lusa", "2026-11-24T23:59"), ("tomorrow 10 am", "2026-11-23T10:00"),
        ("3 hari lagi", "2026-11-25T23:59"), ("dalam 3 hari lagi jam 15.00", "2026-11-25T15:00"),
        ("tgl 30 jam 12 siang", "2026-11-30T12:00"),
        ("tanggal 5", "2026-12-05T23:59"), ("tutup tgl 31", "2026-12-31T23:59"),
    ],
)  # fmt: skip
def test_a_date(text: str, moment: str) -> None:
    assert read(answers.date, text) == moment


@pytest.mark.parametrize(
    ("text", "key", "offers"),
    [
        ("20 nov 2026", "problem.date_past", []), ("20 November 15.00", "problem.date_past", []),
        ("32/12/2026", "problem.date", []), ("kapan saja", "problem.date", []),
        ("minggu depan", "problem.date", []),
        ("besok jam 4", "problem.date_check", ["2026-11-23T16:00", "2026-11-23T04:00"]),
        ("jumat 25 Nov 2026", "problem.date_check", ["2026-11-25T23:59"]), ("senin depan", "problem.date_check", ["2026-11-23T23:59"]),
    ],
)  # fmt: skip
def test_a_doubtful_date(text: str, key: str, offers: list[str]) -> None:
    rejected = refused(answers.date, text)
    assert (rejected.key, [offer.value for offer in rejected.offers]) == (key, offers)


def test_photos_and_places() -> None:
    stored = Photo("a.jpg", "f" * 64, 800, 600)
    assert read(answers.photo, "", kind="photo", photo=stored) == stored.to_json()
    assert answers.photo.keeps(stored.to_json())
    for problem in ("too_small", "not_a_picture", "too_big", "gone"):
        assert has(refused(answers.photo, "", kind="photo", photo=Photo(problem=problem)).key)
    place = read(answers.location, "", kind="location", location=(-0.5, 117.1))
    assert place == {"lat": -0.5, "lon": 117.1} and answers.location.keeps(place)
