"""A nod, a refusal or a number does what was asked last, and never the next best thing."""

from __future__ import annotations

from functools import partial

import pytest
from sqlmodel import Session, select

from models.call import CallNotice
from models.campaign import Campaign
from tests.alerting import vendor
from tests.packages import listed
from tests.test_played import begun, written
from tests.vendors import add_business, add_person, add_product, add_vendor
from tests.world import World, text_of


@pytest.mark.parametrize("words", ["tidak", "jangan"])
def test_who_does_not_delete_has_answered_nothing(small_world: World, words: str) -> None:
    begun(small_world)
    small_world.say("siti", "hapus")
    assert "NIB-nya berapa?" in text_of(small_world.say("siti", words))


def test_who_does_not_stop_an_announcement_sees_how_far_it_is(small_world: World) -> None:
    small_world.write(lambda session: [add_vendor(session, f"u{place}") for place in range(60)])
    written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    small_world.tap("petugas", "Kirim ke saya dulu")
    small_world.say("petugas", "kirim ke 60 orang")
    assert "Batalkan, Bapak/Ibu?" in text_of(small_world.say("petugas", "batalkan"))
    assert "Terkirim 0 dari 60." in text_of(small_world.say("petugas", "tidak"))


def replied(world: World, *names: str) -> str:
    world.write(lambda session: [add_vendor(session, name) for name in names])
    written(world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    world.tap("petugas", "Kirim ke saya dulu")
    world.say("petugas", f"kirim ke {len(names)} orang")
    world.steer()
    for name in names:
        world.hears(name)
        world.say(name, "jam berapa ya bu")
        world.tap(name, "Ya, balasan")
    return text_of(world.say("petugas", "pertanyaan"))


@pytest.mark.parametrize("words", ["ya", "mau", "boleh"])
@pytest.mark.parametrize("names", [("siti",), ("siti", "budi")])
def test_a_yes_answers_a_reply_and_does_not_put_it_away(small_world: World, words: str, names: tuple[str, ...]) -> None:
    assert "[Sudah dibaca]" in replied(small_world, *names)
    small_world.say("petugas", words)
    small_world.say("petugas", "batal")
    assert "Tidak ada pertanyaan" not in text_of(small_world.say("petugas", "pertanyaan"))


@pytest.mark.parametrize("words", ["belum", "tidak"])
def test_a_no_to_an_open_question_is_not_of_a_call_that_came_in_between(small_world: World, words: str) -> None:
    vendor(small_world, "siti")
    small_world.photos("siti", [1], "Bolu gulung 45rb per loyang")
    for said in ("1 loyang, telur, 4 hari", "30"):
        small_world.say("siti", said)
    small_world.write(partial(listed, line="package A 64.72 11-25 18500000: Nasi kotak rapat", now=small_world.now))
    small_world.steer()
    assert "Berminat, Bu Siti?" in text_of(small_world.hears("siti"))
    assert "Saya catat" not in text_of(small_world.say("siti", words))
    assert small_world.read(lambda session: session.exec(select(CallNotice.answer)).all()) == [""]


def test_a_number_sends_nothing_to_many(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    small_world.tap("petugas", "Kirim ke saya dulu")
    assert "tulis *kirim ke 1 orang*" in text_of(small_world.say("petugas", "1"))
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []
    assert "Bagian mana yang mau diubah" in text_of(small_world.say("petugas", "2")), "the other buttons have their numbers"


def test_now_below_the_card_is_a_time_too_and_sends_nothing(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    small_world.tap("petugas", "Kirim ke saya dulu")
    assert "Dikirim: 24 November 2026, 09.00" in text_of(small_world.say("petugas", "besok jam 9"))
    assert "Waktu kirimnya sekarang" in (heard := text_of(small_world.say("petugas", "sekarang"))) and "Dikirim: sekarang" in heard
    assert "tulis *kirim ke 1 orang*" in text_of(small_world.say("petugas", "sekarang"))
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []


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
