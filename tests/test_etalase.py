"""Names as vendors and offices write them find their etalase; the KBLI question is about the right code."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.bench.classify import guess_alone, guess_taught, measure, micro_f1, read_rows, run, score, top
from bot.classify import lines
from models.etalase import classify, etalases, fits_kbli, kbli_for, kbli_of, meant, sure
from models.lexicon import stem_of

SHARED = Path(os.environ.get("LAPAK_SHARED", Path(__file__).parents[2] / "shared"))
NAMES = Path(__file__).with_name("names.csv")
LABELS = SHARED / "data" / "labels_products.csv"
WORDS = ("goreng", "asap", "kering", "rebus", "anyam", "tenun", "sulam", "cetak", "jahit", "olah", "tanam", "ternak", "rakit", "pasang")
needs_labels = pytest.mark.skipif(not LABELS.is_file(), reason=f"the shared labels are absent ({LABELS}); LAPAK_SHARED names their folder")


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
        (f"{OFFICE}-Alat/Bahan untuk Kegiatan Kantor Lainnya (Alat Kebersihan)", {"kebersihan"}),
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
        ("Belanja Modal Bangunan Gedung Kantor - Jasa Konsultansi Perencanaan", {"jasa-ahli"}),
        ("Pengadaan Bronjong Desa Tarumajaya Kec. Kertasari", {"material"}),
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


def test_a_file_is_classified_in_its_order() -> None:
    found = list(lines(io.StringIO("roti bakar\n\nsemen, 40 kg\n"), "names.txt"))
    assert [line["text"] for line in found] == ["roti bakar", "semen, 40 kg"]
    assert found[1]["etalase"][0]["code"] == "material"


def test_a_package_of_many_things_keeps_them_all() -> None:
    (line,) = lines(io.StringIO("Belanja Meja, Laptop, Spanduk, Beras dan Semen\n"), "names.txt")
    assert {guess["code"] for guess in line["etalase"]} == {"mebel", "elektronik", "cetak", "sembako", "material"}


def test_what_is_only_thinkable_is_not_printed() -> None:
    (line,) = lines(io.StringIO("Pemeliharaan Kursi Kantor\n"), "names.txt")
    assert [guess["code"] for guess in line["etalase"]] == ["pemeliharaan"]


def test_a_csv_is_read_by_its_text_column() -> None:
    found = list(lines(io.StringIO('\ufeffid,text\n1,"meja, kursi"\n2,\n'), "names.csv"))
    assert [line["text"] for line in found] == ["meja, kursi", ""]
    assert found[0]["etalase"][0]["code"] == "mebel"
    assert found[1]["etalase"] == []
    with pytest.raises(ValueError, match="text"):
        list(lines(io.StringIO("a,b\n1,2\n"), "names.csv"))


def test_a_text_never_seen_takes_less_than_a_few_milliseconds() -> None:
    classify("amplang")
    started = time.process_time()
    for number in range(200):
        classify(f"kripik pisangg{'abcdefghij'[number % 10]} rasa cokelatt Desa Sumber Sari {number}")
    assert (time.process_time() - started) / 200 < 0.005


def test_names_of_all_etalase_are_met() -> None:
    """Names as vendors of the province type them, and packages as offices call them, made up for this."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = [(row["kind"], row["text"], tuple(row["etalase"].split())) for row in csv.DictReader(file)]
    products = [(text, labels) for kind, text, labels in rows if kind == "product"]
    calls = [(text, labels) for kind, text, labels in rows if kind == "call"]
    assert {code for _, labels in products for code in labels} == {code for _, labels in calls for code in labels} == set(etalases())
    assert top(guess_alone(products), 1) >= 0.95
    assert top(guess_alone(products), 3) >= 0.98
    assert micro_f1(guess_alone(calls)) >= 0.95


@needs_labels
def test_the_shared_labels_are_met() -> None:
    products, calls = read_rows(LABELS), read_rows(LABELS.with_name("labels_calls.csv"))
    for guess in (guess_alone, guess_taught):
        assert top(guess(products), 1) >= 0.98
        assert top(guess(products), 3) >= 0.98
        assert micro_f1(guess(calls)) >= 0.98


def test_the_bench_counts_what_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("meja kerja", ("mebel",)), ("semen", ("mebel",)), ("qwrtzx", ("atk",)), ("ATK dan spanduk", ("atk",))]
    answered = guess_alone(rows)
    assert score(answered, "mebel") == (1.0, 0.5, 2 / 3, 2)
    assert score(answered, "atk") == (1.0, 0.5, 2 / 3, 2)
    assert score(answered) == (0.5, 0.5, 0.5, 4)
    measure(rows, rows)
    told = [json.loads(line)["figure"] for line in capsys.readouterr().out.splitlines()]
    assert {"products, lexicon alone: mebel taken for material", "products, lexicon alone: atk taken for -"} <= set(told)
    assert "products, lexicon alone: - taken for cetak" in told


@needs_labels
def test_the_bench_prints_one_figure_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    run(SHARED)
    figures = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"figure", "value", "unit", "against", "ratio"} == set(figures[0])
    assert any("micro-F1" in figure["figure"] for figure in figures)


def test_the_bench_says_that_the_labels_are_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path)
    assert "absent" in json.loads(capsys.readouterr().out)["figure"]


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
