"""Phone numbers, NIB, PIRT and BPOM: read however they are spaced, and named when they are something else."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.reading import answers
from handlers.said import Reader, Rejected, Said


def read(reader: Reader, text: str, **said: Any) -> Any:
    return reader.read(Said(text=text, **said), {})


def refused(reader: Reader, text: str, **said: Any) -> Rejected:
    with pytest.raises(Rejected) as caught:
        read(reader, text, **said)
    return caught.value


@pytest.mark.parametrize(
    "text", ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "hp saya 081234567890 ya", "(0812) 3456 7890", "62-812-3456-7890"]
)
def test_a_phone(text: str) -> None:
    assert read(answers.phone, text) == "+6281234567890"
    assert answers.phone.words("+6281234567890") == "0812-3456-7890"


def test_a_contact_card_must_be_ones_own() -> None:
    assert read(answers.phone, "", kind="contact", phone="6281234567890") == "+6281234567890"
    assert refused(answers.phone, "", kind="contact", phone="6281234567890", own=False).key == "problem.contact_other"
    assert [offer.value for offer in refused(answers.phone, "081234567890 / 085234567890").offers] == ["+6281234567890", "+6285234567890"]
    assert refused(answers.phone, "Jl. Gerilya no 5").key == "problem.phone"


@pytest.mark.parametrize("text", ["1234567890123", "1234 5678 90123", "NIB: 1234.5678.90123", "1234-5678-90123"])
def test_a_nib(text: str) -> None:
    assert read(answers.nib, text) == "1234567890123"


def test_what_is_no_nib_is_named() -> None:
    licence = {"kind": "pirt", "number": "5106472010123-27", "expiry_year": 2027}
    pirt = refused(answers.nib, "5106472010123-27")
    assert (pirt.key, dict(pirt.also)) == ("problem.pirt_not_nib", {"pirt": licence})
    assert answers.pirt_or_bpom.keeps(licence)
    assert refused(answers.nib, "6472015201900001").key == "problem.nik"
    assert refused(answers.nib, "12345").params == {"count": 5}
    assert [offer.value for offer in refused(answers.nib, "0812345678901").offers] == ["0812345678901"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5106472010123-27", "5106472010123-27"),
        ("P-IRT 510 6472 010123 - 27", "5106472010123-27"),
        ("BPOM RI MD 867031001123", "MD 867031001123"),
    ],
)
def test_a_licence(text: str, number: str) -> None:
    assert read(answers.pirt_or_bpom, text)["number"] == number


def test_a_licence_without_its_year_is_asked_for_it() -> None:
    assert refused(answers.pirt_or_bpom, "pirt 5106472010123").key == "problem.pirt_year"
    assert [offer.label for offer in refused(answers.pirt_or_bpom, "510647201012327").offers] == ["5106472010123-27"]
