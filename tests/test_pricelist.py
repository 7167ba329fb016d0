"""A price list, pasted or typed, becomes products."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from handlers.pricelist.lines import Item, item_of, lines_of, read_corrections
from handlers.pricelist.photos import numbers_in
from handlers.said import Rejected, Said
from models.conversation import Conversation, current_of
from models.product import Product
from tests.test_registration import register
from tests.world import World, text_of

LIST = """DAFTAR HARGA 2026
1. Spanduk flexi 280gr 25rb/m
2. Kartu nama 35rb/box
3. Undangan blangko 2.500
4. Stiker A3 5.000/lbr
5. Brosur A4 2.500/lbr
6. Plakat akrilik 150rb/bh
7. Kopi bubuk 200gr 25rb/35rb
8. Mug sablon 30rb/bh
9. Kaos sablon 75rb/pcs
10. Banner roll up 350rb/set
11. Baliho 4x6 30rb/m2
12. Buku yasin 15rb/buku"""
SHORT = "Spanduk flexi 280gr 25rb/m2\nBrosur A4 2.500/lbr\nKartu nama 35rb/box"


def sent(world: World) -> list[Product]:
    rows = world.read(lambda session: list(session.exec(select(Product).order_by(col(Product.id)))))
    return [product for product in rows if product.name != "Amplang ikan tenggiri"]


def drafts(world: World) -> list[str]:
    rows = world.read(lambda session: list(session.exec(select(Conversation).where(col(Conversation.closed_at).is_(None)))))
    return [row.answers.get("name", "") for row in rows if row.form == "product"]


def test_twelve_products_take_less_than_fifteen_messages(world: World) -> None:
    register(world)
    before = world.messages["siti"]
    heard = text_of(world.say("siti", LIST))
    assert "12 produk terbaca, 3 perlu dicek: no. 1 (per meter atau per m2?), no. 3 (harga untuk satu apa?), no. 7 (ada 2 harga)" in heard
    heard = text_of(world.say("siti", "1 per m2; 3 per lembar; 7 Kopi bubuk 200gr 25rb per bungkus"))
    assert "daftarnya jelas semua" in heard and "Bahannya apa, ukurannya berapa?" in heard
    world.say("siti", "kertas dan bahan tebal, cetak penuh warna; no 7: arabika Kaltim, tahan 6 bulan")
    assert "No. 7 makanan kemasan." in text_of(world.say("siti", "200, siap 3 hari"))
    world.say("siti", "2063472010123-27")
    world.photos("siti", list(range(100, 110)), "1-10")
    assert "Baliho 4x6, Rp30.000 per m2" in text_of(world.photos("siti", [111, 112], "11-12"))
    assert "12 produk sudah terkirim ke petugas, mulai urutan ke-2" in text_of(world.tap("siti", "Kirim 12 produk"))
    assert world.messages["siti"] - before <= 15
    made = sent(world)
    assert [(one.price, one.unit) for one in made[:4]] == [(25_000, "m2"), (35_000, "kotak"), (2_500, "lembar"), (5_000, "lembar")]
    assert {(one.capacity, one.lead_days, len(one.photos)) for one in made} == {(200, 3, 1)}
    assert len({one.photos[0]["sha256"] for one in made}) == 12, "each has the photo of its number"
    assert [one.etalase for one in made[:3]] == ["cetak"] * 3 and made[6].etalase == "mamin"
    assert made[1].details == "Kartu nama. kertas dan bahan tebal, cetak penuh warna"
    assert made[6].details == "Kopi bubuk 200gr. arabika Kaltim, tahan 6 bulan"
    assert [one.licence.get("number") for one in made if one.licence] == ["2063472010123-27"]
    assert not any("details_short" in finding or "licence" in finding for one in made for finding in one.findings)


def test_doubts_are_asked_one_by_one_when_they_are_not_corrected(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", LIST)
    assert "per meter atau per m2?" in text_of(small_world.tap("siti", "Betul, lanjut"))
    assert "*Undangan blangko* (Rp2.500)" in text_of(small_world.tap("siti", "per m2"))
    assert "Tertulis: 7. Kopi bubuk 200gr 25rb/35rb" in text_of(small_world.say("siti", "lembar"))
    assert "Bahannya apa" in text_of(small_world.say("siti", "35rb per bungkus"))
    assert "sanggup berapa" in text_of(small_world.tap("siti", "Lewati"))


def test_what_is_unsure_or_has_no_photo_waits_as_a_draft(world: World) -> None:
    register(world)
    world.say("siti", "Spanduk flexi 280gr 25rb/m\nBrosur A4 2.500/lbr\nZzyzx qwrt 10rb/bh\nKartu nama 35rb/box")
    world.tap("siti", "Betul, lanjut")
    world.tap("siti", "Nanti saja")
    world.say("siti", "kertas tebal, cetak warna")
    world.say("siti", "100")
    world.say("siti", "2")
    world.photos("siti", [120, 121])
    card = text_of(world.tap("siti", "Foto nanti semua"))
    assert "1 produk siap dikirim" in card
    for reason in ("no. 1 (per meter atau per m2?)", "no. 3 (kelompoknya belum pasti)", "no. 4 (belum ada foto)"):
        assert reason in card
    heard = text_of(world.tap("siti", "Kirim 1 produk"))
    assert "3 produk disimpan sebagai isian" in heard
    assert [(one.name, len(one.photos)) for one in sent(world)] == [("Brosur A4", 2)]
    assert sent(world)[0].details == "Brosur A4. kertas tebal, cetak warna"
    assert drafts(world) == ["Spanduk flexi 280gr", "Zzyzx qwrt", "Kartu nama"]
    world.say("siti", "batal")
    assert "isian belum selesai" in text_of(world.say("siti", "lanjut"))


def test_lines_can_be_changed_and_removed_by_number(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", SHORT)
    assert "Nomor berapa" in text_of(small_world.tap("siti", "Ubah nomor"))
    assert "No. 2 sudah dicatat" in text_of(small_world.say("siti", "2 Brosur A5 dua muka 3rb per lembar"))
    assert "Sekarang 2 produk" in text_of(small_world.say("siti", "hapus 3"))
    assert "Bahannya apa" in text_of(small_world.say("siti", "selesai"))
    assert "sanggup berapa" in text_of(small_world.say("siti", "gak tau"))
    small_world.say("siti", "100")
    small_world.say("siti", "2")
    small_world.photos("siti", [130, 131], "1, 2")
    small_world.tap("siti", "Kirim 2 produk")
    assert [(one.name, one.price) for one in sent(small_world)] == [("Spanduk flexi 280gr", 25_000), ("Brosur A5 dua muka", 3_000)]


def test_photos_go_to_the_number_their_caption_tells(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", SHORT)
    small_world.say("siti", "ya")
    small_world.say("siti", "lewati")
    small_world.say("siti", "100")
    small_world.say("siti", "2 hari")
    assert "foto no. 1" in text_of(small_world.photos("siti", [142], "foto no. 3"))
    assert "foto no. 2" in text_of(small_world.photos("siti", [140]))
    assert "3 produk siap" in text_of(small_world.photos("siti", [141], "brosur a4"))
    small_world.say("siti", "kirim")
    assert len({one.photos[0]["sha256"] for one in sent(small_world)}) == 3


def test_a_list_as_the_first_words_of_all(world: World) -> None:
    """The business is asked once, before the sending."""
    world.say("budi", LIST)
    world.say("budi", "ok")
    assert "12 produk terbaca" in text_of(world.say("budi", "Pak Budi"))
    world.say("budi", "1 per m2; 3 per lembar; 7 25rb per bungkus")
    for words in ("kertas tebal, cetak warna", "100, 3 hari", "belum punya"):
        world.say("budi", words)
    world.photos("budi", list(range(150, 160)), "1-10")
    assert "Alamat usahanya" in text_of(world.photos("budi", [160, 161], "11 - 12"))
    for words in ("Jl. Awang Long, Bontang", "Percetakan Budi", "Budi Santoso", "9120001234568"):
        world.say("budi", words)
    assert "Kirim 12 produk" in text_of(world.say("budi", "081234567899"))
    world.say("budi", "kirim")
    made = sent(world)
    assert len(made) == 12 and len({one.business_id for one in made}) == 1
    assert world.messages["budi"] <= 15


def test_a_list_without_nib_waits_and_says_why(small_world: World) -> None:
    small_world.say("budi", SHORT)
    for words in ("ok", "Pak Budi", "betul", "lewati", "100", "3"):
        small_world.say("budi", words)
    small_world.photos("budi", [170, 171, 172], "1-3")
    for words in ("Bontang", "Percetakan Budi", "Budi Santoso", "nanti saja"):
        small_world.say("budi", words)
    assert "NIB (13 angka di surat NIB) belum ada" in text_of(small_world.say("budi", "081234567899"))
    small_world.tap("budi", "Isi NIB")
    small_world.say("budi", "9120001234568")
    small_world.say("budi", "kirim")
    assert len(sent(small_world)) == 3


def test_codes_are_asked_once_for_the_list(small_world: World) -> None:
    register(small_world)
    for words in ("ya", "belum", "lewati", "ya"):
        small_world.say("siti", words)
    small_world.say("siti", SHORT)
    for words in ("betul", "lewati", "100", "3"):
        small_world.say("siti", words)
    assert "18111" in text_of(small_world.photos("siti", [180, 181, 182], "1-3"))
    small_world.say("siti", "ada")
    assert "3 produk sudah terkirim" in text_of(small_world.say("siti", "kirim"))
    assert not any("kbli" in finding for one in sent(small_world) for finding in one.findings)


def test_a_list_is_taken_where_a_product_is_only_just_begun(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "tambah produk")
    assert "3 produk terbaca" in text_of(small_world.say("siti", SHORT))
    assert drafts(small_world) == []


def shown(*names: str) -> list[Item]:
    return [Item(number, name, {"amount": 1_000, "unit": "buah"}, name) for number, name in enumerate(names, 1)]


def test_names_of_a_list_are_written_out() -> None:
    line = {"name": "nasi ktk ayam", "amount": 25_000, "unit": "kotak", "problem": "", "text": "nasi ktk ayam 25rb"}
    assert item_of(1, line, None).name == "Nasi kotak ayam"


@pytest.mark.parametrize(
    ("caption", "numbers"),
    [("no. 3", [3]), ("3", [3]), ("foto nomor 2", [2]), ("1-3", [1, 2, 3]), ("1 s/d 2", [1, 2]), ("1, 3", [1, 3]), ("2 dan 3", [2, 3]),
     ("9", []), ("kartu nama", [2]), ("bagus kan", []), ("", []), ("25rb per lembar", [])],
)  # fmt: skip
def test_numbers_of_a_caption(caption: str, numbers: list[int]) -> None:
    assert numbers_in(caption, shown("Spanduk", "Kartu nama", "Brosur A4")) == numbers


@pytest.mark.parametrize(
    ("words", "settled"),
    [
        ("1 per m2", {"fix_1": "m2"}),
        ("no 2 hapus", {"fix_2": "drop"}),
        ("hapus 2", {"fix_2": "drop"}),
        ("2 Brosur A5 3rb per lembar", {"fix_2": {"amount": 3_000, "unit": "lembar", "name": "Brosur A5"}}),
        ("2 4rb", {"fix_2": {"amount": 4_000, "unit": "lembar", "name": "Brosur A4"}}),
        ("1 per m2\nhapus 3", {"fix_1": "m2", "fix_3": "drop"}),
        ("9 per m2", {}),
        ("tidak", {}),
        ("1", {}),
    ],
)
def test_corrections(words: str, settled: dict[str, object]) -> None:
    with pytest.raises(Rejected) as caught:
        read_corrections(Said(text=words), {"lines": lines_of(SHORT)})
    assert caught.value.also == settled


LUNCH = "nasi kuning 15rb\nnasi campur 20rb\nsnack box 12rb\nes teh 5rb\nnasi uduk 13-15rb"


def test_what_no_line_says_is_asked_once_for_all(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", LUNCH)
    heard = text_of(small_world.say("siti", "betul"))
    assert "4 produk belum ada satuannya" in heard and "[Beda-beda]" in heard
    assert "3 produk belum ada" in text_of(small_world.say("siti", "4 per gelas"))
    assert "No. 5, *Nasi uduk*" in text_of(small_world.say("siti", "semua per porsi ya"))
    kept = small_world.read(lambda session: current_of(session, 1).answers)  # type: ignore[union-attr]
    assert (kept["units"], kept["fix_4"], "fix_1" in kept) == ("porsi", "cup", False)


def test_units_that_differ_are_asked_one_by_one(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", LUNCH)
    small_world.say("siti", "betul")
    assert "No. 1, *Nasi kuning*" in text_of(small_world.say("siti", "beda2 bu"))
    assert "[per porsi]" in text_of(small_world.say("siti", "ini apa?"))
    assert "No. 2, *Nasi campur*" in text_of(small_world.tap("siti", "per porsi"))


def test_two_lines_without_a_unit_are_asked_as_they_are(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "nasi kuning 15rb\nnasi campur 20rb\nkeripik pisang 10rb per bungkus")
    assert "No. 1, *Nasi kuning*" in text_of(small_world.say("siti", "betul"))
