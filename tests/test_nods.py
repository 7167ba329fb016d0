"""A nod, a refusal or a number does what was asked last, and never the next best thing."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from models.campaign import Campaign
from tests.test_played import begun, written
from tests.vendors import add_business, add_person, add_product, add_vendor
from tests.world import World, text_of


def test_a_number_sends_nothing_to_many(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    small_world.tap("petugas", "Kirim ke saya dulu")
    assert "tulis *kirim ke 1 orang*" in text_of(small_world.say("petugas", "1"))
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []
    assert "Bagian mana yang mau diubah" in text_of(small_world.say("petugas", "2")), "the other buttons have their numbers"


@pytest.mark.parametrize("words", ["batalkan pengumuman", "stop dulu"])
def test_beside_a_draft_no_other_announcement_is_stopped(small_world: World, words: str) -> None:
    small_world.write(lambda session: [add_vendor(session, f"u{place}") for place in range(20)])
    written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    small_world.tap("petugas", "Kirim ke saya dulu")
    small_world.say("petugas", "kirim ke 20 orang")
    small_world.say("petugas", "pengumuman")
    small_world.say("petugas", "Pelatihan katalog hari Jumat di dinas. Gratis.")
    heard = text_of(small_world.say("petugas", words))
    assert "Masih berjalan" in heard and "[Jeda]" in heard, "one tap away, whichever is meant"


@pytest.mark.parametrize("words", ["sudah sampai belum", "sudah masuk blm?"])
def test_an_officer_who_asks_what_has_arrived_is_not_registered(small_world: World, words: str) -> None:
    small_world.officer("petugas", "64.72")
    assert "Setuju mulai?" not in text_of(small_world.say("petugas", words))


@pytest.mark.parametrize("words", ["i want to change the price", "can you change my price please", "oh sorry, change price"])
def test_an_answer_is_named_in_english_too(small_world: World, words: str) -> None:
    begun(small_world)
    small_world.say("siti", "english")
    assert "[Keep Rp45.000 per loyang]" in text_of(small_world.say("siti", words))


def test_ten_thousand_digits_are_the_number_of_nothing(small_world: World) -> None:
    small_world.say("siti", "halo")
    assert "Setuju mulai?" in text_of(small_world.say("siti", "9" * 10_000))
    begun(small_world)
    small_world.say("siti", "kembali")
    assert "gangguan" not in text_of(small_world.say("siti", "9" * 10_000))


@pytest.mark.parametrize("digits", ["0001234567890", "081234567890"])
def test_a_long_number_turns_no_page_and_is_no_place(small_world: World, digits: str) -> None:
    def fill(session: Session) -> None:
        person = add_person(session, "siti")
        business = add_business(session, person)
        for place in range(1, 9):
            add_product(session, business, person, f"Kue {place}")

    small_world.write(fill)
    small_world.say("siti", "produk saya")
    assert "belum paham" in text_of(small_world.say("siti", digits))
