"""More of what owners type: units glued to a word, sizes for units, names in small letters, a number that comes early."""

from __future__ import annotations

import pytest

from handlers.reading.answers import call_name, number, person_name, product_in
from handlers.reading.location import place
from handlers.reading.prices import price_with_unit
from handlers.reading.telling import business_name, caption, details
from handlers.said import Rejected, Said
from tests.test_registration import register
from tests.world import World, text_of

SIZED = [("25rb per 250 gram", 100_000), ("30rb per 1/2 kg", 60_000), ("20rb per seperempat kilo", 80_000)]


@pytest.mark.parametrize(
    ("words", "price"),
    [
        ("rp.5000 perbiji", (5_000, "buah")),
        ("35rb perbox", (35_000, "kotak")),
        ("75rb perjam", (75_000, "jam")),
        ("450rb per meter kubik", (450_000, "m3")),
        ("25rb per mika", (25_000, "mika")),
        ("hrg 15rb per bungkus", (15_000, "bungkus")),
    ],
)
def test_units_as_they_are_written(words: str, price: tuple[int, str]) -> None:
    assert price_with_unit.read(Said(text=words), {}) == {"amount": price[0], "unit": price[1]}


@pytest.mark.parametrize(("words", "kilo"), SIZED)
def test_a_price_for_a_size_is_of_a_package_or_a_kilogram(words: str, kilo: int) -> None:
    with pytest.raises(Rejected, match="price_for_size") as caught:
        price_with_unit.read(Said(text=words), {"answers": {"name": "Kopi bubuk"}})
    first, *_, last = (offer.value for offer in caught.value.offers)
    assert first["unit"] == "bungkus" and last == {"amount": kilo, "unit": "kg"}


@pytest.mark.parametrize(
    ("name", "units"),
    [("Kursi rotan", ["buah", "set", "unit"]), ("Sewa mobil avanza", ["kendaraan", "hari", "trip"]), ("Zzyzx", ["bungkus", "kg", "buah"])],
)
def test_the_units_offered_are_those_of_what_it_is(name: str, units: list[str]) -> None:
    with pytest.raises(Rejected) as caught:
        price_with_unit.read(Said(text="250rb"), {"answers": {"name": name}})
    assert [offer.value["unit"] for offer in caught.value.offers] == units


@pytest.mark.parametrize("words", ["per set", "/sak ya", "per bks bu", "sebungkus"])
def test_a_unit_alone_is_no_description(words: str) -> None:
    with pytest.raises(Rejected, match="text_own") as caught:
        details.read(Said(text=words), {})
    assert caught.value.empty


def test_words_that_say_nothing_are_not_joined_to_a_description(small_world: World) -> None:
    for words in ("halo", "setuju", "Bu Siti", "nasi kuning 15rb per bungkus"):
        small_world.say("siti", words)
    small_world.photos("siti", [1])
    for words in ("per bungkus", "per bungkus ya bu"):
        assert "kata-kata sendiri" in text_of(small_world.say("siti", words))


@pytest.mark.parametrize("words", ["081234567890", "no hp saya 0812-3456-7890", "wa: +62 812 3456 7890"])
def test_a_phone_number_is_noted_whatever_was_asked(words: str) -> None:
    with pytest.raises(Rejected, match="phone_noted") as caught:
        business_name.read(Said(text=words), {"answers": {}})
    assert caught.value.also == {"phone": "+6281234567890"}


@pytest.mark.parametrize(
    ("words", "name"),
    [("cv. maju jaya", "CV. Maju Jaya"), ("toko inah", "Toko Inah"), ("ud tani", "UD Tani"), ("DAPUR inah", "DAPUR inah")],
)
def test_a_business_in_small_letters(words: str, name: str) -> None:
    assert business_name.read(Said(text=words), {"answers": {}}) == name


@pytest.mark.parametrize(
    ("words", "name"), [("ibu inah sari", "Inah Sari"), ("Pak Joko", "Joko"), ("siti aminah", "Siti Aminah"), ("Budi", "Budi")]
)
def test_the_owner_as_on_the_nib(words: str, name: str) -> None:
    assert person_name.read(Said(text=words), {}) == name


@pytest.mark.parametrize(("words", "name"), [("acil inah", "Acil Inah"), ("panggil julak udin aja", "Julak Udin"), ("Om Yus", "Om Yus")])
def test_people_are_called_as_here(words: str, name: str) -> None:
    assert call_name.read(Said(text=words), {}) == name


@pytest.mark.parametrize("words", ["kada tahu", "gak tau", "nanti aja"])
def test_no_answer_is_no_name(words: str) -> None:
    with pytest.raises(Rejected, match="call_name"):
        call_name.read(Said(text=words), {})


def test_a_product_told_instead_of_a_name_is_remembered(small_world: World) -> None:
    for words in ("halo", "setuju"):
        small_world.say("siti", words)
    assert "sudah saya ingat" in text_of(small_world.say("siti", "wadai cincin 2rb per biji"))
    assert "foto Wadai cincin" in text_of(small_world.say("siti", "acil inah"))


def test_a_run_on_wish() -> None:
    words = "bu mau daftarin kripik pisang hrg 15rb 250gr"
    assert product_in("bu mau daftarin kripik pisang") == "kripik pisang"
    assert caption(words) == {"name": "Kripik pisang 250gr", "amount": 15_000}


def test_a_weekly_number_is_counted_for_a_month() -> None:
    with pytest.raises(Rejected, match="number_monthly") as caught:
        number(1, 1_000_000).read(Said(text="100 bungkus per minggu"), {})
    assert [offer.value for offer in caught.value.offers] == [400, 100]


@pytest.mark.parametrize(("words", "district"), [("wahau", "64.08.02"), ("handil", "64.02.14")])
def test_places_as_they_are_called(words: str, district: str) -> None:
    assert place.read(Said(text=words), {})["district"] == district


def test_who_said_no_to_alerts_is_not_asked_with_every_product(small_world: World) -> None:
    register(small_world)
    for words in ("ya", "belum", "lewati"):
        small_world.say("siti", words)
    assert "Begitu petugas selesai" in text_of(small_world.say("siti", "tidak"))
    small_world.say("siti", "daftar produk")
    small_world.photos("siti", [77], "Kaos sablon dewasa 75rb per buah")
    for words in ("katun combed 30s, sablon plastisol", "300", "tidak ada", "gak tau", "kirim"):
        heard = text_of(small_world.say("siti", words))
        assert "Mau dikabari" not in heard


LIST = "Amplang 250gr 25rb/bks\nMadu hutan 1/2 kg 90rb per botol"


def test_half_a_kilogram_is_a_size_not_a_price(small_world: World) -> None:
    register(small_world)
    assert "2 produk terbaca, semuanya jelas" in text_of(small_world.say("siti", LIST))
    assert caption("madu hutan 1/2 kg 90rb per botol") == {"name": "Madu hutan 500 gram", "price": {"amount": 90_000, "unit": "botol"}}


def test_words_that_are_no_correction_are_kindly_asked_again(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "Amplang 250gr 25rb/bks\nMadu hutan 90rb")
    for words in ("gk punya", "bahan asli", "nanti dulu"):
        assert "gangguan" not in text_of(small_world.say("siti", words))


@pytest.mark.parametrize("told", [LIST, "amplang tenggiri 25rb per bungkus"])
def test_what_is_told_before_the_consent_is_kept(small_world: World, told: str) -> None:
    small_world.say("siti", "halo")
    assert "saya ingat" in text_of(small_world.say("siti", told))
    heard = text_of(small_world.say("siti", "hmm"))
    assert "saya ingat" not in heard and heard.count("?") == 2, "the question and [Siapa ini?]"
    small_world.say("siti", "setuju")
    assert ("2 produk terbaca" if "\n" in told else "foto Amplang tenggiri") in text_of(small_world.say("siti", "Bu Siti"))


def test_a_changed_price_keeps_its_unit(small_world: World) -> None:
    for words in ("halo", "setuju", "Bu Siti", "jus buah 10rb per cup", "ubah", "harga"):
        small_world.say("siti", words)
    assert "Rp12.000 per cup" in text_of(small_world.say("siti", "12rb"))


def test_deleting_and_sending_in_words_are_about_the_drafts(small_world: World) -> None:
    for words in ("halo", "setuju", "Bu Siti", "jus buah 10rb per cup", "menu"):
        small_world.say("siti", words)
    assert "foto Jus buah" in text_of(small_world.say("siti", "kirim"))
    small_world.say("siti", "menu")
    assert "Hapus *Jus buah*?" in text_of(small_world.say("siti", "hapus"))


def test_taking_back_in_words_shows_the_products(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    assert "1 produk Bu Siti" in text_of(small_world.say("siti", "tarik"))


def test_a_unit_said_at_the_card_changes_the_unit(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    small_world.say("siti", "daftar produk")
    small_world.photos("siti", [78], "Kaos sablon dewasa 75rb per buah")
    for words in ("katun combed 30s, sablon plastisol", "300"):
        small_world.say("siti", words)
    assert "Rp75.000 per lusin, sudah saya catat" in text_of(small_world.say("siti", "per lusin bu"))
