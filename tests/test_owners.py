"""What owners really type: half an answer, the answer to another question, words that answer nothing."""

from __future__ import annotations

import pytest

from handlers.pricelist.lines import doubts, line_reader, lines_of
from handlers.reading.answers import number
from handlers.reading.identifiers import nib
from handlers.reading.prices import price_with_unit
from handlers.reading.telling import caption, details, in_unit, owner_name, product_name
from handlers.said import Found, Rejected, Said
from messages import Voice, worded
from tests.test_registration import register
from tests.world import World, text_of

BUNGKUS = {"answers": {"price": {"amount": 25_000, "unit": "bungkus"}}}


def started(world: World, *said: str) -> str:
    """The last answer to these words, said after the first meeting."""
    for words in ("halo", "setuju", "Bu Siti", *said):
        heard = world.say("siti", words)
    return text_of(heard)


@pytest.mark.parametrize(
    ("words", "name", "also"),
    [
        ("Amplang pipih 25rb per bungkus", "Amplang pipih", {"price": {"amount": 25_000, "unit": "bungkus"}}),
        ("amplang pipih 25rb", "Amplang pipih", {"amount": 25_000}),
        ("Keripik 250 gram", "Keripik 250 gram", None),
        ("Printer Epson L3110", "Printer Epson L3110", None),
        ("Spanduk flexi 280gr", "Spanduk flexi 280gr", None),
    ],
)
def test_a_price_said_with_the_name_is_kept(words: str, name: str, also: dict[str, object] | None) -> None:
    assert product_name.read(Said(text=words), {}) == (Found(name, also) if also else name)


def test_only_a_price_for_a_name_is_kept_and_the_name_asked_again() -> None:
    with pytest.raises(Rejected) as caught:
        product_name.read(Said(text="25rb per bungkus"), {})
    assert caught.value.also == {"price": {"amount": 25_000, "unit": "bungkus"}}


@pytest.mark.parametrize("words", ["kirim", "gak tau", "iya", "belum ada", "lewati", "😀😀😀😀😀", "12345"])
def test_words_that_say_nothing_are_no_description(words: str) -> None:
    with pytest.raises(Rejected, match="text_own"):
        details.read(Said(text=words), {})


def test_an_nib_is_noted_whatever_was_asked() -> None:
    with pytest.raises(Rejected) as caught:
        owner_name.read(Said(text="9120001234567"), {})
    assert caught.value.also == {"nib": "9120001234567"}


def test_a_phone_number_with_the_country_in_front_is_not_surely_an_nib() -> None:
    with pytest.raises(Rejected, match="nib_phone"):
        nib.read(Said(text="62 812 3456 7890"), {})
    assert nib.read(Said(text=nib.words("6281234567890")), {}) == "6281234567890"


@pytest.mark.parametrize("words", ["200", "200 bks", "200 pcs", "sekitar 200 bungkus"])
def test_a_number_of_what_is_sold(words: str) -> None:
    assert in_unit(1, 1000, "product.capacity_unit").read(Said(text=words), BUNGKUS) == 200


@pytest.mark.parametrize(("words", "offered"), [("500 lbr", ["500 bungkus"]), ("2 ton", [])])
def test_a_number_of_something_else_is_asked_back(words: str, offered: list[str]) -> None:
    with pytest.raises(Rejected, match="capacity_unit") as caught:
        in_unit(1, 1000, "product.capacity_unit").read(Said(text=words), BUNGKUS)
    assert [offer.label for offer in caught.value.offers] == offered


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({"name": "Nasi kotak"}, "kotak"),
        ({"name": "Amplang 250 gram"}, "bungkus"),
    ],
)
def test_the_likeliest_unit_is_offered_first(answers: dict[str, object], first: str) -> None:
    with pytest.raises(Rejected, match="unit_missing") as caught:
        price_with_unit.read(Said(text="25rb"), {"answers": answers})
    assert caught.value.offers[0].value["unit"] == first and len(caught.value.offers) == 3


def test_doubts_are_told_by_what_is_the_matter() -> None:
    told = worded(doubts([(1, "photo"), (2, "two_prices"), (5, "photo")]), Voice())
    assert told == "no. 1, 5 (belum ada foto), no. 2 (ada 2 harga)"


def test_two_weeks_are_offered_in_days() -> None:
    with pytest.raises(Rejected, match="number_check_one") as caught:
        number(0, 365, ("hari",)).read(Said(text="2 minggu"), {})
    assert [offer.value for offer in caught.value.offers] == [14]


def test_a_caption_keeps_half_a_price() -> None:
    assert caption("kursi kayu ulin 450rb") == {"name": "Kursi kayu ulin", "amount": 450_000}


def test_a_number_picks_the_unit_of_a_line() -> None:
    lines = lines_of("Spanduk flexi 25rb/m\nBanner 20rb/m2")
    assert line_reader(1).read(Said(text="1"), {"lines": lines}) == "m2"


def test_half_a_price_asks_for_the_other_half(small_world: World) -> None:
    assert "Kursi kayu ulin, Rp450.000, sudah saya catat" in started(small_world, "kursi kayu ulin 450rb")
    assert "Rp450.000, ya." in text_of(small_world.photos("siti", [1]))
    assert "Rp450.000 per buah, siap." in text_of(small_world.say("siti", "per buah"))


def test_the_latest_half_counts(small_world: World) -> None:
    started(small_world, "kursi kayu ulin 450rb")
    small_world.photos("siti", [1])
    small_world.say("siti", "500rb")
    assert "Rp500.000, ya." in text_of(small_world.say("siti", "gratis kah daftarnya?"))
    assert "Rp500.000 per buah" in text_of(small_world.say("siti", "buah"))


@pytest.mark.parametrize("sure", ["1", "iya", "betul bu"])
def test_an_offered_price_is_taken_and_its_unit_follows(small_world: World, sure: str) -> None:
    started(small_world)
    small_world.photos("siti", [1], "Amplang pipih")
    assert "Maksudnya Rp15.000?" in text_of(small_world.say("siti", "15 000"))
    assert "Rp15.000, ya." in text_of(small_world.say("siti", sure))
    assert "belum menangkap" in text_of(small_world.say("siti", "hmm"))
    assert "Rp15.000 per bungkus, siap." in text_of(small_world.say("siti", "bungkus"))


def test_a_title_alone_completes_the_name(small_world: World) -> None:
    for words in ("halo", "setuju", "rina"):
        small_world.say("siti", words)
    assert "Senang kenal, Bu Rina." in text_of(small_world.say("siti", "ibu"))


def test_a_caption_before_the_consent_is_not_lost(small_world: World) -> None:
    small_world.say("siti", "halo")
    small_world.photos("siti", [1], "Nasi kotak ayam 25rb per kotak")
    small_world.say("siti", "setuju")
    assert "Ceritakan singkat" in text_of(small_world.say("siti", "Bu Siti"))


def test_a_photo_of_another_product_is_told_where_it_went(small_world: World) -> None:
    started(small_world)
    small_world.photos("siti", [1], "Keripik pisang 15rb per bungkus")
    heard = text_of(small_world.photos("siti", [2], "Keripik singkong 12rb per bungkus"))
    assert "saya masukkan ke Keripik pisang" in heard.replace("*", "")


def test_a_caption_that_says_more_is_the_name(small_world: World) -> None:
    started(small_world, "mau daftar nasi kotak")
    assert "Rp25.000 per kotak" not in text_of(small_world.photos("siti", [1], "Nasi kotak ayam bakar 25rb per kotak"))
    assert "Nasi kotak ayam bakar" in text_of(small_world.say("siti", "batal"))


def test_later_puts_the_whole_aside(small_world: World) -> None:
    started(small_world)
    small_world.photos("siti", [1], "Amplang pipih 25rb per bungkus")
    assert "Sudah tersimpan" in text_of(small_world.say("siti", "nanti dulu"))


def test_the_street_after_the_town_joins_the_address(small_world: World) -> None:
    started(small_world)
    small_world.photos("siti", [1], "Amplang pipih 25rb per bungkus")
    for words in ("250 gram, ikan pipih", "200", "belum", "samarinda"):
        small_world.say("siti", words)
    assert "Jalannya sudah" in text_of(small_world.say("siti", "jl pahlawan 12"))
    assert "NIB sudah dicatat" in text_of(small_world.say("siti", "9120001234567"))
    for words in ("Dapur Ani", "Ani Suryani"):
        small_world.say("siti", words)
    card = text_of(small_world.say("siti", "081234567890"))
    assert "jl pahlawan 12, Samarinda" in card and "Usaha: Dapur Ani" in card and "NIB: 9120001234567" in card


def test_like_the_old_product_keeps_the_photos_just_sent(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    small_world.photos("siti", [77])
    assert "Apa nama produknya?" in text_of(small_world.say("siti", "seperti produk lama"))


def test_a_list_that_is_too_long_says_what_is_left(small_world: World) -> None:
    heard = started(small_world, "\n".join(f"Kue kering {number} 10rb/toples" for number in range(1, 41)))
    assert "40 produk" in heard and "Kue kering 31" in heard and "30 produk terbaca" in heard
