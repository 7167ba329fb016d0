"""What is said in passing while something else is asked: a paper that is not there, another price, thanks, what everybody asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers.matching import looks_like_question
from handlers.reading.telling import caption, product_name
from handlers.said import Said
from handlers.typed import lacked
from models.contact import Person
from models.conversation import current_of
from models.places import name_of
from tests.vendors import add_vendor
from tests.world import World, text_of


@pytest.fixture
def asked(small_world: World) -> Iterator[World]:
    """Bu Siti at the question what her product is like."""
    for said in ("halo", "setuju", "Bu Siti", "nasi kotak 25rb per kotak"):
        small_world.say("siti", said)
    small_world.photos("siti", [40])
    yield small_world


def answers(world: World) -> dict[str, object]:
    return world.read(lambda session: dict(current_of(session, 1).answers))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "paper"),
    [
        ("ga punya nib", "nib"),
        ("nibnya blm punya bu", "nib"),
        ("belum ada pirt", "pirt"),
        ("saya gak ada nib", "nib"),
        ("saya nib", ""),
        ("gk ada suratnya", "paper"),
        ("i don't have a nib", "nib"),
        ("nib 9120001234567", ""),
        ("ga punya", ""),
        ("toko nib", ""),
    ],
)
def test_a_paper_that_is_not_there(words: str, paper: str) -> None:
    assert lacked(words) == paper


@pytest.mark.parametrize("words", ["ga punya nib", "nibnya blm ada", "belum punya nib bu"])
def test_no_nib_is_an_answer_where_it_is_asked_and_none_before(asked: World, words: str) -> None:
    heard = text_of(asked.say("siti", words))
    assert "oss.go.id" in heard and "Isinya apa" in heard
    for said in ("nasi, ayam, sayur", "100", "jl gerilya samarinda", "Dapur Siti", "Siti Aminah"):
        asked.say("siti", said)
    assert "Nomor HP" in text_of(asked.say("siti", words))
    assert answers(asked)["nib"] is None


def test_another_paper_than_the_one_that_is_asked_puts_nothing_off(asked: World) -> None:
    for said in ("nasi, ayam, sayur", "100", "jl gerilya samarinda", "Dapur Siti", "Siti Aminah"):
        asked.say("siti", said)
    heard = text_of(asked.say("siti", "pirt belum ada"))
    assert "izin makanan" in heard and "NIB" in heard and "nib" not in answers(asked)
    asked.say("siti", "suratnya belum ada")
    assert answers(asked)["nib"] is None


@pytest.mark.parametrize("words", ["30rb", "harganya 30rb", "ganti harganya jadi 30rb", "30 ribu per kotak"])
def test_another_price_is_no_description(asked: World, words: str) -> None:
    assert "Rp30.000 per kotak, sudah saya catat." in text_of(asked.say("siti", words))
    assert answers(asked)["price"] == {"amount": 30_000, "unit": "kotak"} and "details" not in answers(asked)


def test_a_price_is_heard_at_other_questions_too(asked: World) -> None:
    for said in ("nasi, ayam, sayur", "harganya 30rb", "100", "jl gerilya samarinda", "Dapur Siti", "Siti Aminah", "hrg 35rb"):
        asked.say("siti", said)
    assert answers(asked)["price"] == {"amount": 35_000, "unit": "kotak"}
    asked.say("siti", "9120001234567")
    asked.say("siti", "0812-3456-7890")
    assert "Rp40.000 per kotak" in text_of(asked.say("siti", "harganya jadi 40rb ya"))


def test_how_many_is_no_description(asked: World) -> None:
    asked.say("siti", "nasi, ayam, sayur")
    asked.say("siti", "kembali")
    assert "kata-kata sendiri" in text_of(asked.say("siti", "100 ktk"))
    assert answers(asked)["details"] == "nasi, ayam, sayur"


def test_numbers_that_come_early_are_not_asked_again(asked: World) -> None:
    asked.say("siti", "nasi, ayam, sayur")
    assert "0812-3456-7890 sudah dicatat" in text_of(asked.say("siti", "081234567890"))
    assert "NIB sudah dicatat" in text_of(asked.say("siti", "9120001234567"))
    for said in ("100", "jl gerilya samarinda", "Dapur Siti"):
        asked.say("siti", said)
    assert "[Kirim ke petugas]" in text_of(asked.say("siti", "Siti Aminah"))


def test_a_phone_number_at_the_nib_is_a_phone_number(asked: World) -> None:
    for said in ("nasi, ayam, sayur", "100", "jl gerilya samarinda", "Dapur Siti", "Siti Aminah"):
        asked.say("siti", said)
    assert "0812-3456-7890 sudah dicatat" in text_of(asked.say("siti", "081234567890"))
    assert "nib" not in answers(asked)


def test_the_kecamatan_may_follow_the_town(asked: World) -> None:
    for said in ("nasi, ayam, sayur", "100", "smd"):
        asked.say("siti", said)
    assert "Kecamatan Sungai Pinang" in text_of(asked.say("siti", "sungai pinang"))
    asked.say("siti", "Dapur Siti")
    kept = answers(asked)
    assert kept["business"] == "Dapur Siti" and name_of(kept["place"]["district"]) == "Sungai Pinang"  # type: ignore[index]


@pytest.mark.parametrize("words", ["terima kasih", "mksh bu", "makasih ya", "🙏"])
def test_thanks_are_no_answer(asked: World, words: str) -> None:
    heard = text_of(asked.say("siti", words))
    assert heard.startswith("Sama-sama, Bu Siti.") and "Isinya apa" in heard and "details" not in answers(asked)


@pytest.mark.parametrize("words", ["terima kasih", "mksh", "👍", "ok", "sip"])
def test_thanks_and_a_nod_are_understood_while_nothing_is_asked(asked: World, words: str) -> None:
    asked.say("siti", "menu")
    assert text_of(asked.say("siti", words)).startswith("Sama-sama, Bu Siti.")


@pytest.mark.parametrize("words", ["saya mau berhenti", "jangan kirim lagi", "stop kabar", "ga usah kabari lagi ya"])
def test_stopping_is_understood_as_people_say_it(asked: World, words: str) -> None:
    asked.say("siti", words)
    assert asked.read(lambda session: session.get(Person, 1).stopped_at)  # type: ignore[union-attr]


def test_a_long_wish_that_nobody_understands_is_not_lost(asked: World) -> None:
    asked.say("siti", "menu")
    heard = text_of(asked.say("siti", "ganti harga nasi kotak ayam saya jadi 30rb"))
    assert "ganti harga nasi kotak ayam saya jadi 30rb" in heard and "[Tanya petugas]" in heard


@pytest.mark.parametrize("words", ["kmrn sampe mana ya", "sampai mana", "lanjut yg tadi"])
def test_where_were_we(asked: World, words: str) -> None:
    asked.say("siti", "menu")
    assert "Isinya apa" in text_of(asked.say("siti", words))


def test_how_far_it_is_with_a_draft_with_products_and_of_an_announcement(asked: World) -> None:
    assert "Isinya apa" in text_of(asked.say("siti", "sampai mana ya"))
    asked.say("siti", "menu")
    assert "Isinya apa" in text_of(asked.say("siti", "udah sampe mana bu"))
    asked.write(lambda session: add_vendor(session, "rina", product="Kue lapis"))
    assert "1. Kue lapis" in text_of(asked.say("rina", "sudah sampai mana?"))
    asked.officer("petugas")
    assert "Belum ada pengumuman" in text_of(asked.say("petugas", "sampai mana"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("minta uang ga?", "Gratis"),
        ("minta uang ga", "Gratis"),
        ("apa itu katalog", "daftar belanja dinas"),
        ("untungnya apa", "daftar belanja dinas"),
        ("brp lama", "10 menit"),
    ],
)
def test_what_everybody_asks_first(small_world: World, words: str, expected: str) -> None:
    """Under the answer the consent is asked without its long opening, which has just been read."""
    small_world.say("siti", "halo")
    heard = text_of(small_world.say("siti", words))
    assert expected in heard and "Setuju mulai?" in heard and "Halo!" not in heard and len(heard) < 400
    assert "Halo! Ini *Lapak*" in text_of(small_world.say("siti", "halo"))


def test_the_opening_is_whole_where_a_question_is_the_first_word(small_world: World) -> None:
    assert "Ini *Lapak*" in text_of(small_world.say("siti", "ini apa?"))


@pytest.mark.parametrize("words", ["trus gmn", "untungnya apa", "uang muka brp", "minta uang ga", "kantornya di mana", "fee how much"])
def test_questions_without_a_mark(words: str) -> None:
    assert looks_like_question(words)


@pytest.mark.parametrize(
    "words",
    [
        "ayam kampung tidak pedas",
        "pakai ikan tidak pakai pengawet",
        "Toko Kapan Hari",
        "tidak apa apa",
        "gak apa-apa bu",
        "tidak apa",
        "belum tahu kapan",
        "gak tau di mana ya",
    ],
)
def test_what_is_no_question(words: str) -> None:
    assert not looks_like_question(words)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("nasi ktk ayam bkr", "Nasi kotak ayam bakar"),
        ("Kue BKS", "Kue bungkus"),
        ("Kotak kado", "Kotak kado"),
        ("souvenir IKN", "Souvenir IKN"),
        ("Modul BKR", "Modul BKR"),
        ("AYAM BKR", "AYAM bakar"),
    ],
)
def test_a_name_is_written_out(words: str, name: str) -> None:
    assert caption(f"{words} 25rb per kotak")["name"] == name == product_name.read(Said(text=words), {})


def test_a_meal_is_asked_as_a_meal(asked: World) -> None:
    assert "ayam bakar" in text_of(asked.say("siti", "lanjut"))
