"""Whom an officer finds and sees: by name, NIB and phone, the recap, and only the own region; everybody else learns nothing."""

from __future__ import annotations

import pytest

from handlers.office.review import COMMANDS
from models.places import name_of
from models.product import SUBMITTED
from tests.reviewing import decisions, statuses, stock
from tests.world import World, text_of


@pytest.mark.parametrize(
    "text", ["cari siti", "cari Dapur Siti", "Cari aminah", "cari 9120001234502", "cari 0812-3456-7892", "cari bu siti"]
)
def test_a_vendor_is_found_by_name_nib_and_phone(world: World, text: str) -> None:
    world.officer("petugas", "64.72")
    stock(world, "siti", "Amplang pipih")
    assert text_of(world.say("petugas", text)) == (
        "Dapur Siti, Samarinda\nPemilik Siti Aminah (Bu Siti), HP 0812-3456-7892, NIB 9120001234502\n"
        "1. Amplang pipih: menunggu diperiksa, 23 November 2026, 09.00 WITA\n  [1. Amplang pipih]"
    )
    assert "*Amplang pipih*" in text_of(world.say("petugas", "1"))


def test_nobody_is_found_by_signs(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang pipih")
    assert "Tidak ada usaha" in text_of(small_world.say("petugas", "cari %%"))
    assert "Tidak ada usaha" in text_of(small_world.say("petugas", "cari __"))


def test_searching_in_the_middle_of_a_reason(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    first, _ = stock(small_world, "siti", "Amplang pipih", "Amplang udang")
    small_world.press("petugas", f"c:reject:{first}:1")
    assert "Dapur Siti" in text_of(small_world.say("petugas", "cari siti"))
    assert statuses(small_world) == [SUBMITTED, SUBMITTED]


def test_the_recap_is_ready_to_paste(world: World) -> None:
    world.officer("petugas", "64")
    stock(world, "siti", "Kue satu", "Kue dua", days=0)
    stock(world, "budi", "Kue tiga", region="64.74", days=5)
    world.press("petugas", "c:approve:1:1")
    assert text_of(world.say("petugas", "rekap")) == (
        "*Rekap 23 November 2026 sampai 23 November 2026*\nMasuk 2, disetujui 1, perlu perbaikan 0, ditolak 0\n\nPer daerah:\n"
        "- Samarinda: menunggu 1, disetujui 1, perlu perbaikan 0, ditolak 0\n"
        "- Bontang: menunggu 1, disetujui 0, perlu perbaikan 0, ditolak 0"
    )


SUBJECTS = ("1", "0", "clean", "1-KATALOG", "999999999999999999999999", "-1", "", "x' OR 1=1")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_officers_of_another_region_and_vendors_learn_nothing(small_world: World, name: str) -> None:
    world = small_world
    world.officer("petugas", "64.72")
    world.officer("bontang", "64.74")
    stock(world, "siti", "Amplang rahasia")
    stock(world, "rina", "Kue rina")
    world.press("petugas", "c:queue:clean:0")
    world.press("petugas", "c:approve:1:1")
    before = statuses(world)
    for who in ("bontang", "rina"):
        for subject in SUBJECTS:
            heard = text_of(world.press(who, f"c:{name}:{subject}:1"))
            assert heard and "rahasia" not in heard and "Siti" not in heard and "gangguan" not in heard
            assert who == "bontang" or "hanya untuk petugas" in heard or "pesan lama" in heard
    assert statuses(world) == before and len(decisions(world)) == 1


@pytest.mark.parametrize("text", ["antrean", "rekap", "cari siti", "setujui semua", "setujui 1", "urungkan"])
def test_an_officers_words_mean_nothing_to_others(small_world: World, text: str) -> None:
    world = small_world
    world.officer("bontang", "64.74")
    stock(world, "siti", "Amplang rahasia")
    stock(world, "rina", "Kue rina")
    for who in ("bontang", "rina"):
        heard = text_of(world.say(who, text))
        assert "rahasia" not in heard and "Dapur Siti" not in heard and name_of("64.72") not in heard
    assert statuses(world) == [SUBMITTED, SUBMITTED]
