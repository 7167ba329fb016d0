"""Names as vendors and offices write them find their etalase; the KBLI question is about the right code."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.classify import told
from models.etalase import classify, etalases, fits_kbli, kbli_for, kbli_of, meant, offered, sure, vended
from models.lexicon import stem_of

WORDS = ("goreng", "asap", "kering", "rebus", "anyam", "tenun", "sulam", "cetak", "jahit", "olah", "tanam", "ternak", "rakit", "pasang")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kripik singkong pedas level 5", "mamin"),
        ("kateringg harian", "mamin"),
        ("amplang kuku macan 1 kg", "mamin"),
        ("PMT balita", "mamin"),
        ("telur omega", "sembako"),
        ("kertass hvs", "atk"),
        ("ATK kantor", "atk"),
        ("x-banner 60x160", "cetak"),
        ("kemeja lengan panjang", "pakaian"),
        ("seragam PDH", "pakaian"),
        ("kenang2an khas dayak", "suvenir"),
        ("jasa bersih2 rumah", "kebersihan"),
        ("tenaga penjaga malam gudang", "keamanan"),
        ("besi hollow 4x4", "material"),
        ("hotmix gelar", "aspal"),
        ("ready mix k 300", "beton"),
        ("servis ac mobil", "kendaraan-servis"),
        ("motor roda tiga viar", "kendaraan"),
        ("sewa avanza dgn sopir", "sewa-kendaraan"),
        ("sewa excavator per jam", "alat-berat"),
        ("benih jagung hibrida", "bibit-pupuk"),
        ("pelet ikan 781", "ternak-ikan"),
        ("mesin perontok padi", "alat-tani"),
        ("cctv 4 channel pasang", "elektronik"),
        ("lampu PJU tenaga surya", "listrik"),
        ("lemari kayu jati 3 pintu", "mebel"),
        ("keranjang plastik", "rumah-tangga"),
        ("sewa kursi futura", "sewa-acara"),
        ("jasa event organizer", "acara"),
        ("jasa live streaming", "publikasi"),
        ("pelatihan ternak lele", "pelatihan"),
        ("BMHP", "kesehatan"),
        ("gelas ukur 100ml", "laboratorium"),
        ("net voly", "olahraga"),
        ("puzzle kayu", "buku-peraga"),
        ("jasa akuntan publik", "jasa-ahli"),
        ("bikin aplikasi kasir", "internet-aplikasi"),
        ("servis laptop mati total", "pemeliharaan"),
        ("homestay 2 kamar", "akomodasi"),
    ],
)
def test_a_products_name_finds_its_etalase(text: str, code: str) -> None:
    assert classify(text)[0].code == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Belanja Alat/Bahan untuk Kegiatan Kantor- Suvenir/Cendera Mata (Piala)", {"suvenir"}),
        ("Belanja Alat/Bahan untuk Kegiatan Kantor-Alat Tulis Kantor (Spanduk)", {"atk", "cetak"}),
        ("Konsumsi Pelatihan Kader", {"mamin"}),
        ("Pelatihan Pengolahan Kopi Desa Batuah Kecamatan Loa Janan", {"pelatihan"}),
        ("Pengadaan Hand Tractor untuk Kelompok Tani", {"alat-tani"}),
        ("Belanja Pemeliharaan Alat Angkutan-Alat Angkutan Darat Bermotor", {"kendaraan-servis"}),
        ("Belanja Obat-Obatan-Obat (Obat Hewan)", {"ternak-ikan"}),
        ("Sewa Hotel dan Konsumsi Rapat", {"akomodasi", "mamin"}),
        ("Belanja Jasa Tenaga Kebersihan", {"kebersihan"}),
    ],
)
def test_a_packages_name_finds_all_that_is_bought(text: str, codes: set[str]) -> None:
    assert {guess.code for guess in meant(classify(text))} == codes


OFFICE = "Belanja Alat/Bahan untuk Kegiatan Kantor"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (OFFICE, set()),
        (f"{OFFICE}-", set()),
        (f"{OFFICE} - ", set()),
        (f"{OFFICE}-Alat/Bahan untuk Kegiatan Kantor Lainnya", set()),
        (f"{OFFICE}-Alat/Bahan untuk Kegiatan Kantor Lainnya (sapu dan pel)", {"kebersihan"}),
        (f"{OFFICE}-Alat Listrik", {"listrik"}),
        (f"{OFFICE}- Bahan Cetak", {"cetak"}),
        (f"{OFFICE}-Benda Pos", {"atk"}),
        (f"{OFFICE}-Kertas dan Cover", {"atk"}),
        (f"{OFFICE}-Bahan Komputer", {"elektronik"}),
        (f"{OFFICE}-Natura dan Pakan-Natura", {"sembako"}),
        (f"{OFFICE}-ATK, cetak plakat", {"atk", "suvenir"}),
        ("Belanja Modal Peralatan dan Mesin", set()),
        ("Belanja Barang untuk Dijual/Diserahkan kepada Masyarakat", set()),
        ("Belanja Barang untuk Dijual/Diserahkan kepada Masyarakat - PMT balita", {"mamin"}),
        ("Belanja Hibah Barang kepada Pemerintah Pusat", set()),
    ],
)
def test_the_name_of_a_budget_means_nothing_or_what_stands_after_it(text: str, codes: set[str]) -> None:
    assert {guess.code for guess in meant(classify(text, 5))} == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("BMHP", {"kesehatan"}),
        ("PMT bumil", {"mamin"}),
        ("mamin rapat", {"mamin"}),
        ("PDH dan PDL", {"pakaian"}),
        ("PJU solar cell", {"listrik"}),
        ("isi ulang APAR", {"pemeliharaan"}),
        ("ATK", {"atk"}),
        ("APD hazmat", {"kesehatan"}),
        ("poly bag", {"bibit-pupuk"}),
        ("kaca mata baca", {"kesehatan"}),
        ("nasikotak ayam", {"mamin"}),
        ("sepeda motr", {"kendaraan"}),
        ("rental innova", {"sewa-kendaraan"}),
        ("servis truk", {"kendaraan-servis"}),
        ("jasa cuci sofa", {"kebersihan"}),
        ("wadai lapis", {"mamin"}),
        ("Pembangunan Gedung Kantor", set()),
        ("Pembangunan PJU Desa", {"listrik"}),
        ("Belanja Modal Bangunan Gedung Kantor - Jasa Konsultansi Pengawasan", {"jasa-ahli"}),
        ("Pengadaan Bronjong Desa Pakismaju Kec. Kertasuka", {"material"}),
        ("Belanja Bibit Tanaman UPTD KPHP Santan", {"bibit-pupuk"}),
    ],
)
def test_short_words_slips_and_heads_are_understood(text: str, codes: set[str]) -> None:
    assert {guess.code for guess in meant(classify(text))} == codes


NOTHING = ("", "   ", "123", "!!!", "Belanja Modal Tahun Anggaran 2026", "qwrtzx", "asdf", "rapat", "gaji pegawai", "Honorarium Narasumber",
           "Belanja Honorarium Narasumber atau Pembahas, Moderator, Pembawa Acara, dan Panitia", "Belanja Perjalanan Dinas Biasa",
           "Pembayaran Tagihan Listrik", "Iuran Jaminan Kesehatan Non ASN", "Belanja Lembur", "Desa Pacet Kec. Muara Badak")  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_words_without_meaning_find_nothing(text: str) -> None:
    assert classify(text) == []
    assert not sure(classify(text))


def test_guesses_are_ordered_limited_and_between_nothing_and_one() -> None:
    guesses = classify("meja, kursi, laptop, spanduk, beras, semen", most=4)
    assert len(guesses) == 4
    assert [guess.score for guess in guesses] == sorted((guess.score for guess in guesses), reverse=True)
    assert all(0 < guess.score <= 1 for guess in guesses)


def test_one_clear_thing_is_sure_and_two_alike_are_not() -> None:
    assert sure(classify("amplang ikan"))
    assert not sure(classify("laptop dan semen"))


def test_a_nib_code_fits_by_row_or_by_its_group() -> None:
    assert fits_kbli("mamin", ["10794"])
    assert fits_kbli("mamin", ["47611", "10750"])
    assert not fits_kbli("mamin", ["47611"])
    assert not fits_kbli("mamin", [])


def test_every_etalase_has_its_codes_glossed_and_its_examples_in_reach() -> None:
    assert len(etalases()) == 34
    for code, etalase in etalases().items():
        assert [number for number, _ in kbli_of(code)] == list(etalase.kbli)
        assert fits_kbli(code, etalase.kbli[-1:])
        for example in etalase.examples:
            assert code in {guess.code for guess in classify(example)}, example


def test_the_code_asked_for_first_is_the_products_own() -> None:
    assert kbli_for("mamin", "amplang tenggiri")[0] == ("10794", "kerupuk dan keripik")
    assert kbli_for("mamin", "nasi kotak")[0][0] == "56210"
    assert kbli_for("mebel", "rak besi")[0][0] == "31004"


def test_a_text_never_seen_takes_less_than_a_few_milliseconds() -> None:
    classify("amplang")
    started = time.process_time()
    for number in range(200):
        classify(f"kripik pisangg{'abcdefghij'[number % 10]} rasa cokelatt Desa Sumber Sari {number}")
    assert (time.process_time() - started) / 200 < 0.005


def test_words_are_read_alike_by_many_turns_at_once() -> None:
    """On PostgreSQL turns run side by side; the stemmer keeps the word it works on inside."""
    said = [
        f"{start}{middle}{end}" for start in ("meng", "pem", "ber", "di") for middle in WORDS for end in ("annya", "kan", "an", "i")
    ] * 4
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as readers:
            found = list(readers.map(stem_of.__wrapped__, said, chunksize=1))
    finally:
        sys.setswitchinterval(usual)
    assert found == [stem_of(word) for word in said]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Omron HEM-7120", "kesehatan"),
        ("DAIKIN FTKC50TVM4 2 PK + Pipa 5m", "elektronik"),
        ("RINNAI RI-522C Gas Stove 2 Burner", "rumah-tangga"),
        ("Philips blender HR2056", "elektronik"),
        ("Dulux Catylac 25 kg putih", "material"),
        ("motor matic harian 85rb", "sewa-kendaraan"),
        ("mesin cuci rusak servis di tempat", "pemeliharaan"),
        ("lai mandong okulasi 60 cm", "bibit-pupuk"),
        ("ikan patin fillet beku 1 kg", "sembako"),
        ("bandeng presto duri lunak", "mamin"),
        ("srgm batik", "pakaian"),
    ],
)
def test_makers_turns_and_short_words_are_read(text: str, code: str) -> None:
    assert classify(text)[0].code == code


def test_what_turns_a_thing_leaves_a_head_its_rule() -> None:
    assert {guess.code for guess in meant(classify("Pelatihan pengolahan ikan bakar"))} == {"pelatihan"}


@pytest.mark.parametrize(
    ("text", "yes"), [("bambu petung", True), ("Epson L3210", True), ("Kursi Rapat", False), ("Belanja Kursi 2 buah", False)]
)
def test_a_vendors_words_are_told_from_an_offices(text: str, yes: bool) -> None:
    assert vended(text) is yes


def test_a_vendor_is_offered_three_and_a_package_only_what_is_meant() -> None:
    assert [guess.code for guess in told("hand sanitizer 500 ml")][:2] == ["kesehatan", "kebersihan"]
    assert len(told("kursi lipat")) == len(offered("Kursi Lipat")) == 3
    assert [guess.code for guess in told("Pengadaan Kursi Lipat")] == ["mebel"]
    assert told("qwrtzx") == offered("qwrtzx") == []


@pytest.mark.parametrize(
    "text", ["NIB-nya berapa?", "enggak", "lama banget", "Sudah sampai", "salam dari kami", "Nama PPK", "Peluang dibatalkan"]
)
def test_what_is_only_said_is_no_slip_of_something_sold(text: str) -> None:
    assert not sure(classify(text))
