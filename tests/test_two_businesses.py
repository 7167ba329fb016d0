"""One person with several businesses: another one is begun in words or by a button, and later products choose among them."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from models.business import Business
from models.product import Product
from tests.test_registration import register
from tests.world import World, text_of

LIST = "Kaos sablon dewasa 75rb/pcs\nMug sablon foto 30rb/bh"


def rows(world: World) -> list[tuple[str, str]]:
    """(product, business) as they were sent."""
    found = select(Product, Business).join(Business, col(Business.id) == col(Product.business_id)).order_by(col(Product.id))
    return world.read(lambda session: [(product.name, business.name) for product, business in session.exec(found).all()])


def business(world: World, name: str = "Sablon Siti", nib: str = "9120001234575") -> str:
    for words in ("Jl. Awang Long, Bontang", name, "Siti Aminah"):
        world.say("siti", words)
    return text_of(world.say("siti", nib))


def second(world: World, began: str = "usaha lain") -> None:
    world.say("siti", "menu")
    world.say("siti", began)
    world.photos("siti", [10], "Kaos sablon dewasa 75rb per buah")
    world.say("siti", "katun combed 30s, sablon plastisol, ukuran S sampai XL")
    world.say("siti", "300")


@pytest.mark.parametrize("words", ["usaha lain", "tambah usaha", "saya punya usaha lain bu", "mau daftar usaha baru"])
def test_words_begin_another_business(small_world: World, words: str) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    assert "ini untuk usaha lain" in text_of(small_world.say("siti", words))


def test_a_second_business_is_registered_and_chosen(world: World) -> None:
    register(world)
    second(world)
    assert "Sablon Siti (Perorangan" in business(world), "its number is asked, the phone is known"
    assert "Kaos sablon dewasa* sudah terkirim" in text_of(world.say("siti", "kirim"))
    assert rows(world) == [("Amplang ikan tenggiri", "Amplang Bu Siti"), ("Kaos sablon dewasa", "Sablon Siti")]

    world.say("siti", "menu")
    heard = text_of(world.tap("siti", "Daftar produk"))
    assert "untuk usaha yang mana" in heard and "[Usaha lain]" in heard
    world.tap("siti", "Sablon Siti")
    world.photos("siti", [11], "Jaket bordir 150rb per buah")
    assert "Usaha: Sablon Siti. NIB: 9120001234575" in text_of(world.say("siti", "bahan taslan, bordir komputer dada dan punggung"))
    world.say("siti", "kirim")
    world.say("siti", "menu")
    world.say("siti", LIST.replace("dewasa", "anak"))
    heard = text_of(world.say("siti", "amplang bu siti"))
    assert "2 produk terbaca" in heard
    shown = text_of(world.say("siti", "produk saya"))
    assert "Jaket bordir (Sablon Siti): menunggu petugas" in shown and "[Usaha lain]" in shown
    assert "Usaha: Sablon Siti." in text_of(world.tap("siti", "Jaket bordir"))


def test_at_the_card_a_product_becomes_that_of_another_business(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    small_world.say("siti", "daftar produk")
    small_world.photos("siti", [10], "Kaos sablon dewasa 75rb per buah")
    small_world.say("siti", "katun combed 30s, sablon plastisol, ukuran S sampai XL")
    assert "Usaha: Amplang Bu Siti" in text_of(small_world.say("siti", "300"))
    assert "[Usaha] Amplang Bu Siti" in text_of(small_world.tap("siti", "Ubah"))
    assert "[Usaha lain]" in text_of(small_world.say("siti", "usaha"))
    assert "Alamat usahanya di mana?" in text_of(small_world.tap("siti", "Usaha lain"))
    assert "Sablon Siti" in business(small_world)
    small_world.tap("siti", "Ubah")
    small_world.say("siti", "usaha")
    assert "Usaha: Amplang Bu Siti" in text_of(small_world.tap("siti", "Amplang Bu Siti")), "the mind may change back"


def test_words_in_the_middle_are_about_the_open_product(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    small_world.say("siti", "daftar produk")
    small_world.photos("siti", [10], "Kaos sablon dewasa 75rb per buah")
    heard = text_of(small_world.say("siti", "usaha lain"))
    assert "untuk usaha lain" in heard and "Bahannya apa" in heard
    small_world.say("siti", "katun combed 30s, sablon plastisol, ukuran S sampai XL")
    assert "Alamat usahanya" in text_of(small_world.say("siti", "300"))


def test_before_there_is_a_business_it_is_asked_after_the_product(small_world: World) -> None:
    for words in ("halo", "setuju", "Bu Siti"):
        small_world.say("siti", words)
    heard = text_of(small_world.say("siti", "tambah usaha"))
    assert "sesudah produknya" in heard and "foto" in heard


def test_a_list_of_another_business_makes_one_business(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    small_world.say("siti", "usaha lain")
    assert "2 produk terbaca" in text_of(small_world.say("siti", LIST))
    for words in ("betul", "lewati", "100", "3"):
        small_world.say("siti", words)
    assert "Alamat usahanya" in text_of(small_world.photos("siti", [20, 21], "1-2"))
    assert "2 produk siap dikirim" in business(small_world)
    small_world.say("siti", "kirim")
    names = [name for _, name in rows(small_world)]
    assert names == ["Amplang Bu Siti", "Sablon Siti", "Sablon Siti"]
    assert len(small_world.read(lambda session: session.exec(select(Business)).all())) == 2


def test_what_was_told_of_the_business_stays_with_a_list_that_is_kept(small_world: World) -> None:
    for words in ("halo", "setuju", "Bu Siti", LIST, "betul", "lewati", "100", "3", "foto nanti semua"):
        small_world.say("siti", words)
    business(small_world)
    small_world.say("siti", "081234567890")
    assert "Belum ada yang terkirim" in text_of(small_world.say("siti", "kirim"))
    small_world.say("siti", "lanjut")
    small_world.tap("siti", "Lanjutkan 1")
    small_world.photos("siti", [20])
    small_world.say("siti", "keramik putih, isi 325 ml, cetak satu sisi")
    assert "Sablon Siti (Perorangan" in "\n".join(small_world.transcript[-3:])


def test_back_leads_to_a_question_that_could_not_be_derived(small_world: World) -> None:
    for words in ("halo", "setuju", "Bu Siti", "kaos sablon dewasa 75rb per buah"):
        small_world.say("siti", words)
    small_world.photos("siti", [10])
    small_world.say("siti", "katun combed 30s, sablon plastisol, ukuran S sampai XL")
    small_world.say("siti", "300")
    assert "Tetap 300" in text_of(small_world.say("siti", "kembali"))
