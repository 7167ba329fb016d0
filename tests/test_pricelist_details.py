"""What a price list says of all its products at once, or of some by number: descriptions, licences, capacity and days."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from handlers.pricelist.details import descriptions, licences, numbers_of
from handlers.pricelist.form import PRICELIST
from handlers.said import Found, Rejected, Said
from models.conversation import Conversation
from models.product import Product
from tests.test_registration import register
from tests.world import World, text_of

FACTS: dict[str, Any] = {"lines": [{}] * 5, "answers": {}}
PIRT = {"kind": "pirt", "number": "2063472010123-27", "expiry_year": 2027}
OTHER = {"kind": "pirt", "number": "2063472010124-28", "expiry_year": 2028}
FOOD = "Amplang 250gr 25rb/bks\nKeripik pisang 15rb/bks\nNasi kotak ayam 25rb/kotak"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("no 3: kopi arabika", ([3], "kopi arabika")),
        ("3. kopi arabika", ([3], "kopi arabika")),
        ("1-3 art paper", ([1, 2, 3], "art paper")),
        ("1, 2 dan 5: katun", ([1, 2, 5], "katun")),
        ("250 gram, ikan pipih", ([], "250 gram, ikan pipih")),
        ("3 bulan, ikan pipih", ([], "3 bulan, ikan pipih")),
        ("2-3 bulan tahannya", ([], "2-3 bulan tahannya")),
        ("1,5 kg isinya", ([], "1,5 kg isinya")),
        ("no 9: kopi", ([], "no 9: kopi")),
    ],
)
def test_the_numbers_a_part_begins_with(part: str, told: tuple[list[int], str]) -> None:
    assert numbers_of(part, 5) == told


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("250 gram, ikan pipih, 3 bulan", {"all": "250 gram, ikan pipih, 3 bulan"}),
        ("1-2: 250 gram, ikan\nno 3: ayam, nasi", {"1": "250 gram, ikan", "2": "250 gram, ikan", "3": "ayam, nasi"}),
        ("katun; no 4: kulit sapi", {"all": "katun", "4": "kulit sapi"}),
        ("katun, no 4: kulit sapi", {"all": "katun", "4": "kulit sapi"}),
    ],
)
def test_descriptions_read_back_to_themselves(words: str, value: dict[str, str]) -> None:
    assert descriptions.read(Said(text=words), FACTS) == value
    assert descriptions.keeps(value) and descriptions.read(Said(text=descriptions.words(value)), FACTS) == value


def test_a_phone_number_is_no_description() -> None:
    with pytest.raises(Rejected, match="contact_in_text"):
        descriptions.read(Said(text="pesan ke 081234567890 ya"), FACTS)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2063472010123-27", {"all": PIRT}),
        ("no 1: 2063472010123-27; no 2: 2063472010124-28", {"1": PIRT, "2": OTHER}),
        ("1 2063472010123-27\n2 belum", {"1": PIRT}),
    ],
)
def test_licences_by_number(words: str, value: dict[str, object]) -> None:
    assert licences.read(Said(text=words), FACTS) == value
    assert licences.keeps(value) and licences.read(Said(text=licences.words(value)), FACTS) == value
    assert licences.keeps(PIRT), "one that was sent where the NIB is asked"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("200", 200),
        ("200, siap 3 hari", Found(200, {"lead": 3})),
        ("200 bungkus, 3 hari", Found(200, {"lead": 3})),
        ("sekitar 200 siap dalam 2 hari", Found(200, {"lead": 2})),
        ("200 siap 5 hari", Found(200, {"lead": 5})),
    ],
)
def test_days_said_with_the_capacity(words: str, value: object) -> None:
    assert PRICELIST.steps_by_key["capacity"].reader.read(Said(text=words), FACTS) == value


def products(world: World) -> list[Product]:
    return world.read(lambda session: list(session.exec(select(Product).order_by(col(Product.id))).all()))


def test_food_of_a_list(small_world: World) -> None:
    """A line that carries its description needs no more, what is cooked needs no PIRT, and what is skipped is told the officer."""
    register(small_world)
    heard = text_of(small_world.say("siti", FOOD))
    assert "3 produk terbaca, semuanya jelas" in heard
    assert "tahan berapa lama?" in text_of(small_world.say("siti", "ya"))
    small_world.say("siti", "no 1: ikan tenggiri, tahan 3 bulan; no 2: pisang kepok, 250 gram")
    assert "No. 1, 2 makanan kemasan." in text_of(small_world.say("siti", "200, siap 2 hari"))
    small_world.say("siti", "no 1: 2063472010123-27; no 2: belum")
    small_world.photos("siti", [20, 21, 22], "1-3")
    small_world.say("siti", "kirim")
    made = products(small_world)[1:]
    assert [one.details for one in made] == [
        "Amplang 250gr. ikan tenggiri, tahan 3 bulan", "Keripik pisang. pisang kepok, 250 gram", "Nasi kotak ayam"
    ]  # fmt: skip
    assert [one.licence.get("number", "") for one in made] == ["2063472010123-27", "", ""]
    assert ["W:details_short" in one.findings for one in made] == [False, False, True]
    assert ["W:licence" in one.findings for one in made] == [False, True, True]


def test_lines_that_carry_their_description_are_asked_nothing(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "Amplang 250gr ikan tenggiri asli 25rb/bks\nKeripik pisang kepok manis 250gr 15rb/bks")
    assert "sanggup berapa" in text_of(small_world.say("siti", "ya"))


def test_a_pirt_where_the_nib_is_asked_is_that_of_the_list(small_world: World) -> None:
    for words in (
        "halo",
        "setuju",
        "Bu Siti",
        "Amplang 250gr 25rb/bks\nKeripik pisang 15rb/bks",
        "ya",
        "ikan, 3 bulan",
        "200, 2 hari",
        "blm",
    ):
        small_world.say("siti", words)
    small_world.photos("siti", [20, 21], "1-2")
    for words in ("Bontang", "Amplang Siti", "Siti Aminah"):
        small_world.say("siti", words)
    assert "sudah saya simpan sebagai PIRT" in text_of(small_world.say("siti", "2063472010123-27"))
    for words in ("9120001234568", "081234567890", "kirim"):
        small_world.say("siti", words)
    made = products(small_world)
    assert [one.licence["number"] for one in made] == ["2063472010123-27"] * 2


def test_what_stays_behind_keeps_its_description(small_world: World) -> None:
    register(small_world)
    for words in (
        "Amplang 250gr 25rb/bks\nKeripik pisang 15rb/bks",
        "ya",
        "ikan tenggiri, tahan 3 bulan",
        "200, 2 hari",
        "blm",
        "foto nanti semua",
        "ya",
    ):
        small_world.say("siti", words)
    drafts = small_world.read(lambda session: session.exec(select(Conversation).order_by(col(Conversation.id))).all())
    kept = drafts[-1]
    assert kept.answers["details"] == "Keripik pisang. ikan tenggiri, tahan 3 bulan" and kept.answers["pirt"] is None
