"""The officer's lists and words: what a line tells, numbers as they are typed, half a word, and what it costs the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from handlers.office.bulk import in_ranges
from models.product import NEEDS_FIX, REJECTED, SUBMITTED
from tests.reviewing import decisions, open_card, statuses, stock
from tests.world import World, text_of


def test_a_line_says_what_was_found(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang pipih", findings=("W:photo_dark", "W:price_far", "W:photo_small", "W:details_short"))
    stock(small_world, "rina", "Keripik", findings=("W:price_far", "W:kbli_unknown"))
    heard = text_of(small_world.press("petugas", "c:queue:warned:0"))
    assert "1. Amplang pipih, Rp25.000 per kotak: foto agak gelap, harga jauh dari biasanya, 2 temuan lagi\n" in heard
    assert "2. Keripik, Rp25.000 per kotak: harga jauh dari biasanya\n" in heard


def test_numbers_beyond_the_list_take_one_line(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "rina", "Kue tiga", days=1)
    stock(small_world, "siti", "Kue satu", "Kue dua", days=2)
    small_world.press("petugas", "c:queue:clean:0")
    heard = text_of(small_world.say("petugas", "setujui 9999-2"))
    assert heard.startswith("Dilewati:\n- 4-9999: tidak ada di daftar terakhir\n\n*2 disetujui*: Kue dua, Kue tiga.")
    assert "- 2-3: sudah diputuskan\n- 0, 7: tidak ada di daftar terakhir" not in heard
    assert "Dilewati:\n- 0, 7: tidak ada di daftar terakhir\n- 2-3: sudah diputuskan" in text_of(
        small_world.say("petugas", "setujui 0,2,3,7")
    )


def test_numbers_in_ranges() -> None:
    assert in_ranges([5, 1, 2, 3, 7, 8]) == "1-3, 5, 7-8"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("setujui", "Nomor berapa"), ("acc dong", "Nomor berapa"), ("setujui satu sampai tiga", "Nomor berapa"),
        ("kembalikan 1-3", "Nomor berapa"), ("cari", "Cari siapa"), ("tolak 9", "9: tidak ada di daftar"),
    ],
)  # fmt: skip
def test_half_a_word_is_answered_with_an_example(small_world: World, text: str, said: str) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Kue satu")
    small_world.press("petugas", "c:queue:clean:0")
    heard = text_of(small_world.say("petugas", text))
    assert said in heard and "[Antrean]" in heard
    assert statuses(small_world) == [SUBMITTED]


def test_a_number_of_the_list_is_rejected_or_returned_by_a_word(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    assert "Belum ada daftar" in text_of(small_world.say("petugas", "tolak 1"))
    stock(small_world, "siti", "Amplang pipih", "Rokok", findings=("W:photo_dark",))
    small_world.press("petugas", "c:queue:warned:0")
    assert "*Rokok* ditolak karena apa?" in text_of(small_world.say("petugas", "tolak 2"))
    small_world.tap("petugas", "Tidak boleh dibeli")
    assert "*Amplang pipih* dikembalikan:\nFoto: fotonya gelap" in text_of(small_world.say("petugas", "kembalikan: no 1"))
    assert statuses(small_world) == [NEEDS_FIX, REJECTED]


@pytest.mark.parametrize("text", ["setujui1-2", "Setujui: 1, 2", "acc no 1 dan 2", "setujui 2-1."])
def test_setujui_however_it_is_typed(small_world: World, text: str) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Kue satu", "Kue dua")
    small_world.press("petugas", "c:queue:clean:0")
    assert "*2 disetujui*" in text_of(small_world.say("petugas", text))


def test_a_typed_setujui_on_a_card_is_the_cards(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Kue satu")
    open_card(small_world, "petugas", 1)
    assert "*Kue satu* disetujui" in text_of(small_world.say("petugas", "setujui"))


@pytest.mark.parametrize(
    "text",
    ["setuju gak ya?", "acc nanti saja", "setuju kalau harganya turun", "setuju tapi fotonya kurang jelas ya", "tolak karena fotonya gelap",
     "kembalikan dulu fotonya ya"],
)  # fmt: skip
def test_a_sentence_that_begins_with_a_decision_decides_nothing(small_world: World, text: str) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Kue satu")
    open_card(small_world, "petugas", 1)
    heard = text_of(small_world.say("petugas", text))
    assert "belum saya putuskan" in heard and "[Setujui]" in heard and "[Tolak]" in heard
    assert statuses(small_world) == [SUBMITTED] and decisions(small_world) == []
    assert "*Kue satu* disetujui" in text_of(small_world.say("petugas", "setuju ya bu"))


@pytest.mark.parametrize("text", ["bu aminah", "ibu siti", "Pak Aminah Dapur", "nib 9120001234502", "hp 0812-3456-7892", "wa 62812 3456"])
def test_a_vendor_is_found_as_people_say_it(world: World, text: str) -> None:
    world.officer("petugas", "64.72")
    stock(world, "siti", "Amplang pipih")
    stock(world, "rina", "Kue rina")
    heard = text_of(world.say("petugas", f"cari {text}"))
    assert "Dapur Siti" in heard and "Tidak ada" not in heard


@pytest.mark.parametrize("text", ["9120001234512", "912001234502", "0812-3456-7829", "081234567492"])
def test_a_number_with_one_figure_misheard_is_found(world: World, text: str) -> None:
    world.officer("petugas", "64.72")
    stock(world, "siti", "Amplang pipih")
    stock(world, "rina", "Kue rina", region="64.74")
    heard = text_of(world.say("petugas", f"cari {text}"))
    assert "Dapur Siti" in heard and "Rina" not in heard
    assert "Tidak ada usaha" in text_of(world.say("petugas", "cari 9120009934502")), "two figures are another number"


def test_a_vendor_found_alone_is_shown_with_more_products(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", *(f"Kue nomor {place}" for place in range(1, 12)))
    heard = text_of(small_world.say("petugas", "cari siti"))
    assert "9. Kue nomor 3" in heard and "dan 2 lainnya" in heard and "[9. Kue nomor 3]" in heard
    assert decisions(small_world) == []


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []

    def note(conn: object, cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


def test_what_an_officer_asks_costs_as_much_with_sixty_as_with_six(small_world: World) -> None:
    """Questions to the database in a loop would show here."""
    small_world.officer("petugas", "64.72")

    def costs() -> list[int]:
        made = []
        for text in ("antrean", "c:queue:clean:0", "1", "cari dapur", "rekap", "setujui 900-999", "pertanyaan"):
            with counted() as said:
                small_world.press("petugas", text) if ":" in text else small_world.say("petugas", text)
            made.append(len(said))
        return made

    for place in range(6):
        stock(small_world, f"awal{place}", "Kue", days=2)
    few = costs()
    for place in range(18):
        stock(small_world, f"vendor{place}", "Kue satu", "Kue dua", "Kue tiga", days=1)
    many = costs()
    assert max(many) < 35, many
    assert all(after <= before + 3 for before, after in zip(few, many, strict=True)), (few, many)
