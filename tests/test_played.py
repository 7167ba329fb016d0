"""What owners and officers typed at the wrong moment or in their own words, and what became of it."""

from __future__ import annotations

from functools import partial

import pytest
from sqlmodel import Session, col, select

from models.outbox import Outgoing
from models.product import APPROVED, NEEDS_FIX
from tests.packages import listed
from tests.papers import book
from tests.sheets import send
from tests.test_registration import register
from tests.test_vendor_fix import flag, only
from tests.vendors import add_business, add_person, add_product, add_vendor
from tests.world import World, text_of

HALAL = {"halal": {"key": "no_halal"}}


def sent_back(world: World) -> None:
    """A product that the officers want mended, beside a draft that nobody has named yet."""
    register(world)
    world.say("siti", "batal")
    world.photos("siti", [7])
    world.say("siti", "menu")
    flag(world, HALAL)


@pytest.mark.parametrize("words", ["perbaiki", "iya perbaiki", "perbaiki sekarang bu"])
def test_to_mend_is_of_what_was_sent_back_and_not_of_a_draft(small_world: World, words: str) -> None:
    sent_back(small_world)
    assert "sudah ada sertifikatnya?" in text_of(small_world.say("siti", words))


def test_a_button_that_is_shown_is_nearer_than_its_word(small_world: World) -> None:
    sent_back(small_world)
    small_world.say("siti", "produk saya")
    small_world.say("siti", "1")
    assert "sudah ada sertifikatnya?" in text_of(small_world.say("siti", "Perbaiki"))


@pytest.mark.parametrize("words", ["ga punya", "belum punya", "blm", "tidak ada"])
def test_no_certificate_is_an_answer_and_puts_nothing_off(small_world: World, words: str) -> None:
    sent_back(small_world)
    small_world.say("siti", "perbaiki")
    assert "[Kirim ke petugas]" in text_of(small_world.say("siti", words))
    small_world.tap("siti", "Kirim")
    assert only(small_world).halal == "no"


def begun(world: World) -> None:
    """Up to the NIB of a first product."""
    world.say("siti", "halo")
    world.tap("siti", "Setuju")
    world.say("siti", "Bu Siti")
    world.photos("siti", [1], "Bolu gulung 45rb per loyang")
    for words in ("1 loyang, telur, 4 hari", "30", "belum", "Jl. Gerilya, Sungai Pinang, Samarinda", "Kue Siti", "Siti Aminah"):
        world.say("siti", words)


@pytest.mark.parametrize("words", ["ubah harga", "eh ubah harganya bu", "maaf mau ganti harga", "edit Harga"])
def test_an_answer_that_is_named_is_asked_anew(small_world: World, words: str) -> None:
    begun(small_world)
    assert "[Tetap Rp45.000 per loyang]" in text_of(small_world.say("siti", words))
    assert "NIB-nya berapa?" in text_of(small_world.say("siti", "50rb per loyang"))


def test_what_is_not_answered_yet_is_not_taken_for_what_is_called_alike(small_world: World) -> None:
    small_world.say("siti", "halo")
    small_world.tap("siti", "Setuju")
    small_world.say("siti", "Bu Siti")
    small_world.photos("siti", [1], "Bolu gulung 45rb")
    assert "Contoh: 25rb per bungkus" in text_of(small_world.say("siti", "eh ubah harga")), "not where it holds"


def test_to_delete_is_no_answer(small_world: World) -> None:
    begun(small_world)
    assert "Hapus *Bolu gulung*?" in text_of(small_world.say("siti", "hapus"))
    assert "*Bolu gulung* sudah dihapus" in text_of(small_world.say("siti", "ya"))
    assert "Tidak ada isian" in text_of(small_world.say("siti", "lanjut"))


def test_the_card_is_sent_in_the_words_of_its_question(small_world: World) -> None:
    begun(small_world)
    small_world.say("siti", "9120001234567")
    assert "Sudah pas?" in text_of(small_world.say("siti", "081234567890"))
    assert "sudah terkirim" in text_of(small_world.say("siti", "sudah pas"))


@pytest.mark.parametrize("words", ["ini udah masuk blm?", "sdh diperiksa blm bu"])
def test_where_a_product_stands_is_no_question_for_the_officers(small_world: World, words: str) -> None:
    register(small_world)
    small_world.say("siti", "menu")
    assert "menunggu petugas, urutan ke-1" in text_of(small_world.say("siti", words))


@pytest.mark.parametrize("words", ["mau ganti harga nasi kotak", "ubah harga"])
def test_what_is_approved_says_how_it_changes(small_world: World, words: str) -> None:
    small_world.write(lambda session: add_vendor(session, "siti", status=APPROVED))
    heard = text_of(small_world.say("siti", words))
    assert "Sekarang: disetujui.\nHarga atau isinya berubah?" in heard and "[Tanya petugas]" in heard


def test_a_number_of_the_second_page_is_the_product_that_shows_it(small_world: World) -> None:
    def fill(session: Session) -> None:
        person = add_person(session, "siti")
        business = add_business(session, person)
        for place in range(1, 9):
            add_product(session, business, person, f"Kue {place}", status=NEEDS_FIX)

    small_world.write(fill)
    heard = text_of(small_world.say("siti", "produk saya"))
    assert "6. " in heard and "7. " not in heard
    heard = text_of(small_world.say("siti", "8"))
    name = heard.partition("8. ")[2].partition(":")[0]
    assert name and f"*{name}*" in text_of(small_world.say("siti", "8"))


def test_a_number_of_no_list_asks_for_the_list(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.say("siti", "terima kasih")
    assert "Nomor itu dari daftar yang mana" in text_of(small_world.say("siti", "no 17"))


def test_a_message_of_an_earlier_release_keeps_its_buttons(small_world: World) -> None:
    """Its text says something else by now, or is gone."""

    def older(session: Session) -> None:
        row = session.exec(select(Outgoing).order_by(col(Outgoing.id).desc())).first()
        assert row and row.message
        gone = {"id": "gone", "label": {"say": "option.gone", "params": {}}, "press": "c:gone:0:0"}
        row.message = {**row.message, "key": "products.gone", "options": [*row.message["options"], gone]}

    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.say("siti", "produk saya")
    small_world.write(older)
    assert "*Nasi kotak*" in text_of(small_world.say("siti", "1"))
    small_world.say("siti", "produk saya")
    small_world.write(older)
    assert "*Nasi kotak*" in text_of(small_world.say("siti", "Nasi kotak"))


# --- officers ---


def written(world: World, *more: str) -> str:
    world.officer("petugas", "64.72")
    for words in ("pengumuman", "Pasar murah Sabtu di kantor dinas. Gratis.", *more):
        heard = text_of(world.say("petugas", words))
    return heard


@pytest.mark.parametrize("words", ["ga usah pake gambar", "tanpa gambar aja", "ga ada"])
def test_an_announcement_without_a_picture(small_world: World, words: str) -> None:
    assert "Untuk siapa?" in written(small_world, words)


def test_short_forms_are_the_words_of_a_button(small_world: World) -> None:
    assert "Kelompok usaha yang mana?" in written(small_world, "tanpa gambar", "semua yg terdaftar")


def test_whom_nobody_fits_is_not_asked_to_be_sent(small_world: World) -> None:
    card = written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    assert "Belum ada yang cocok" in card and card.partition("Mau diubah")[2] and "kirim sekarang?" not in card


def test_a_time_below_the_card_is_when_it_leaves(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    assert "Kirim ke Bapak/Ibu dulu" in written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    heard = text_of(small_world.say("petugas", "besok jam 9"))
    assert "Waktu kirimnya 24 November 2026, 09.00" in heard and "Dikirim: 24 November 2026, 09.00" in heard
    small_world.tap("petugas", "Kirim ke saya dulu")
    assert "tulis *kirim ke 1 orang*" in text_of(small_world.say("petugas", "kirim")), "so short a word lets nothing leave to many"
    assert "tulis *kirim ke 1 orang*" in text_of(small_world.say("petugas", "ya"))
    assert "Pengumuman dikirim 24 November 2026" in text_of(small_world.say("petugas", "kirim ke 1 orang"))


def test_what_an_officer_asks_is_not_offered_to_the_officers(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    heard = text_of(small_world.say("petugas", "siapa saja yg sudah daftar?"))
    assert "Tulis *bantuan*" in heard and "tanyakan" not in heard


def test_the_instance_is_the_office_where_no_office_is_named(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    rows = [["Konsumsi rapat koordinasi", "Dinas Kesehatan", 5_000_000]]
    assert "Dinas: Instansi, contoh Dinas Kesehatan" in send(small_world, "petugas", book(["Nama Paket", "Instansi", "Pagu"], rows))


def test_an_announcement_that_is_under_way_waits_at_a_word(small_world: World) -> None:
    small_world.write(lambda session: [add_vendor(session, f"u{place}") for place in range(20)])
    written(small_world, "tanpa gambar", "semua yg terdaftar", "semua kelompok")
    small_world.tap("petugas", "Kirim ke saya dulu")
    small_world.say("petugas", "kirim ke 20 orang")
    small_world.say("petugas", "menu")
    heard = text_of(small_world.say("petugas", "stop dulu"))
    assert "Dijeda, 20 belum dikirim." in heard and "[Lanjut kirim]" in heard
    assert "Dibatalkan, 20 tidak dikirim." in text_of(small_world.say("petugas", "batalkan")), "the button, not the word for the menu"


@pytest.mark.parametrize(
    ("words", "heard"), [("ya", "*Nasi kotak rapat* dibatalkan."), ("iya batalkan", "dibatalkan."), ("tidak", "Berminat: belum ada")]
)
def test_a_nod_is_of_the_question_that_was_asked_last(small_world: World, words: str, heard: str) -> None:
    small_world.officer("petugas", "64.72")
    small_world.write(partial(listed, line="package A 64.72 11-25 18500000: Nasi kotak rapat", now=small_world.now))
    small_world.say("petugas", "peluang")
    small_world.say("petugas", "1")
    small_world.say("petugas", "batalkan peluang")
    assert heard in text_of(small_world.say("petugas", words))


@pytest.mark.parametrize("words", ["kabari lagi", "mau dikabari lagi bu", "mulai lagi kabarnya"])
def test_who_stopped_comes_back_in_their_own_words(small_world: World, words: str) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    assert "tulis *kabari*" in text_of(small_world.say("siti", "berhenti"))
    small_world.say("siti", "produk saya")
    assert "aktif lagi" in text_of(small_world.say("siti", words))
