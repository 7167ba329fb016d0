""" "Bukan usaha saya": kept, shown to the officer, and of some effect until the person says otherwise."""

from __future__ import annotations

import pytest

from models.matching import shared
from tests.calling import announce
from tests.vendors import add_business, add_person, add_product, add_vendor
from tests.world import World, text_of


def call(world: World, title: str) -> str:
    """Typed and told; what the officer read on the card."""
    world.say("petugas", f"peluang: {title}, Dinas Kesehatan, 5 juta, tutup 25 November 15.00")
    if "Kelompok mana" in world.last["petugas"].text:
        world.say("petugas", "makanan")
    card = text_of(world.say("petugas", "lewati"))
    world.tap("petugas", "Kabari" if "[Kabari" in card else "Simpan")
    return card


def test_after_bukan_usaha_saya_only_what_names_the_product_is_told(world: World) -> None:
    world.officer("petugas", "64.72")
    world.write(lambda session: add_vendor(session, "siti", product="Amplang ikan pipih"))
    world.write(lambda session: add_vendor(session, "rina", product="Nasi kotak"))
    call(world, "Konsumsi rapat koordinasi")
    world.hears("siti")
    heard = text_of(world.tap("siti", "Bukan usaha saya"))
    assert "Peluang lain yang tidak menyebut Amplang ikan pipih tidak saya kabarkan lagi." in heard and "[Tetap kabari]" in heard
    card = call(world, "Konsumsi upacara")
    assert "1 orang dikabari. Tidak dikabari: 1 bilang bukan usahanya." in card
    assert world.hears("siti") == [] and "jual Nasi kotak" in text_of(world.hears("rina"))
    call(world, "Amplang 40 bungkus untuk tamu")
    assert "jual Amplang ikan pipih" in text_of(world.hears("siti"))
    assert "bukan usahanya 1" in text_of(world.say("petugas", "peluang"))


@pytest.mark.parametrize("way", ["tap", "kabari", "changed"])
def test_there_is_a_way_back(small_world: World, way: str) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    world.write(lambda session: add_vendor(session, "siti", product="Amplang"))
    call(world, "Konsumsi rapat")
    world.hears("siti")
    yes = world.button("siti", "Saya berminat")
    world.tap("siti", "Bukan usaha saya")
    if way == "tap":
        assert "tetap saya kabari" in text_of(world.tap("siti", "Tetap kabari"))
    elif way == "kabari":
        world.say("siti", "kabari saya")
    else:
        world.press("siti", yes)
    call(world, "Konsumsi upacara")
    assert "cari *Konsumsi upacara*" in text_of(world.hears("siti"))
    counted = "minat 1, bukan usahanya 0" if way == "changed" else "minat 0, bukan usahanya 1"
    assert counted in text_of(world.say("petugas", "peluang"))


def test_another_product_of_the_same_person_still_counts(small_world: World) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    world.write(lambda session: add_vendor(session, "siti", product="Amplang"))
    announce(world, region="")
    world.hears("siti")
    world.tap("siti", "Bukan usaha saya")

    world.write(lambda session: add_product(session, 1, 2, "Nasi kuning"))
    call(world, "Konsumsi upacara")
    assert "jual Nasi kuning" in text_of(world.hears("siti"))


def test_the_reason_is_the_product_that_the_title_names(small_world: World) -> None:
    world = small_world
    world.officer("petugas", "64.72")

    def write(session) -> None:  # type: ignore[no-untyped-def]
        person = add_person(session, "siti")
        business = add_business(session, person)
        add_product(session, business, person, "Amplang")
        add_product(session, business, person, "Nasi kotak ayam")

    world.write(write)
    call(world, "Nasi kotak 50 orang")
    assert "jual Nasi kotak ayam" in text_of(world.hears("siti"))


def test_nobody_takes_back_what_another_said(small_world: World) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    world.write(lambda session: add_vendor(session, "siti", product="Amplang"))
    world.write(lambda session: add_vendor(session, "tono", "64.03"))
    call(world, "Konsumsi rapat")
    world.hears("siti")
    world.tap("siti", "Bukan usaha saya")
    for forged in ("c:call_more:1:0", "c:call_more:x:0", "c:call_more:999:0"):
        assert "pesan lama" in text_of(world.press("tono", forged))
    call(world, "Konsumsi upacara")
    assert world.hears("siti") == []


@pytest.mark.parametrize(
    ("title", "name", "alike"),
    [
        ("Pengadaan nasi kotak", "Nasi kotak ayam geprek", True),
        ("Belanja makanan ringan", "Makanan ringan khas", True),
        ("Paket konsumsi rapat", "Paket amplang", False),
        ("Konsumsi rapat untuk 50 orang", "Kue untuk tamu", False),
        ("Cetak spanduk", "Spanduk flexi 280gr", True),
        ("", "Amplang", False),
    ],
)
def test_what_names_a_product(title: str, name: str, alike: bool) -> None:
    assert shared(title, name) is alike
