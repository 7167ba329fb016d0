"""People as they are: in a hurry, anxious, or sending what must never be kept. Their messages are counted."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import inspect, text
from sqlmodel import Session, select

from bot.channels.channel import Inbound
from handlers.said import Said
from models.product import Product
from tests.pictures import card, encoded
from tests.world import World, text_of

Play = Callable[[World], None]
Record = Callable[[str, object], None]


def calm(world: World) -> None:
    """Reads everything, answers in whole words, taps."""
    world.say("siti", "Assalamualaikum, mau daftar amplang")
    world.tap("siti", "Setuju")
    world.say("siti", "Bu Siti")
    world.photos("siti", [1, 2, 3], "Amplang ikan tenggiri 25rb per bungkus")
    world.say("siti", "250 gram, ikan tenggiri, tahan 3 bulan")
    world.say("siti", "200 bungkus")
    world.say("siti", "2063472010123-27")
    world.say("siti", "Jl. Gerilya, Sungai Pinang, Samarinda")
    world.say("siti", "Amplang Bu Siti")
    world.say("siti", "Siti Aminah")
    world.say("siti", "9120001234567")
    world.say("siti", "0812-3456-7890")
    world.tap("siti", "Kirim ke petugas")


def hurried(world: World) -> None:
    """Types everything small and short, never taps."""
    world.say("siti", "p")
    world.say("siti", "1")
    world.say("siti", "bu siti")
    world.photos("siti", [1], "amplang tenggiri 25rb/bks")
    world.say("siti", "250gr ikan tenggiri 3bln")
    world.say("siti", "200an")
    world.say("siti", "gk ada")
    world.say("siti", "gerilya sei pinang samarnda")
    world.say("siti", "amplang bu siti")
    world.say("siti", "siti aminah")
    world.say("siti", "nib 9120001234567")
    world.say("siti", "081234567890")
    world.say("siti", "krm")


def wordy(world: World) -> None:
    """Gives everything at once where it can, and says yes in other words."""
    world.say("siti", "selamat pagi min, saya mau jual amplang ikan tenggiri")
    world.say("siti", "iya setuju")
    world.say("siti", "panggil saja ibu Siti")
    world.photos("siti", [4, 5], "Amplang ikan tenggiri harga 25.000 per bungkus")
    world.say("siti", "isi 250 gram, bahan ikan tenggiri dan sagu, tahan 3 bulan")
    world.say("siti", "sekitar 200 sebulan")
    world.say("siti", "blm punya bu")
    world.say("siti", "Jalan Gerilya nomor 10, Sungai Pinang, kota Samarinda")
    world.say("siti", "Amplang Bu Siti")
    world.say("siti", "Siti Aminah")
    world.say("siti", "NIB: 9120001234567")
    world.say("siti", "hp saya 0812 3456 7890")
    world.say("siti", "ya sudah benar")


@pytest.mark.parametrize("play", [calm, hurried, wordy])
def test_a_first_product_with_its_business_takes_fourteen_messages(small_world: World, play: Play, record_property: Record) -> None:
    play(small_world)
    record_property("messages", small_world.messages["siti"])
    assert small_world.messages["siti"] <= 14
    product = small_world.read(lambda session: session.exec(select(Product)).one())
    assert (product.price, product.unit, product.capacity, product.etalase) == (25_000, "bungkus", 200, "mamin")
    assert product.name.startswith("Amplang")


def test_an_anxious_owner_asks_in_the_middle_and_loses_nothing(small_world: World) -> None:
    world = small_world
    world.officer("petugas")
    world.say("siti", "halo")
    assert "Biro Pengadaan" in text_of(world.tap("siti", "Siapa ini?"))
    world.tap("siti", "Setuju")
    world.say("siti", "Bu Siti")
    assert "Gratis" in text_of(world.say("siti", "ini gratis kah?"))
    world.photos("siti", [1], "Amplang ikan tenggiri 25rb per bungkus")
    heard = text_of(world.say("siti", "apakah harus ada halal dulu?"))
    assert "Ini pertanyaan" in heard
    assert "sudah sampai ke petugas" in text_of(world.tap("siti", "Tanya petugas"))
    world.say("siti", "250 gram, ikan tenggiri")
    heard = text_of(world.say("siti", "kembali"))
    assert "Tetap 250 gram, ikan tenggiri" in heard
    world.say("siti", "250 gram, ikan tenggiri, tahan 3 bulan")
    assert "tulis *kembali*" in text_of(world.say("siti", "bantuan")) or "Sebulan sanggup" in text_of([world.last["siti"]])
    assert "tulis *lanjut*" in text_of(world.say("siti", "batal"))
    world.later(days=3)
    assert "Sebulan sanggup" in text_of(world.say("siti", "lanjut"))
    for words in ("200", "gk ada", "Sungai Pinang, Samarinda", "Amplang Bu Siti", "Siti Aminah", "9120001234567", "081234567890"):
        world.say("siti", words)
    world.say("siti", "ubah")
    world.say("siti", "nama usaha")
    card_again = text_of(world.say("siti", "Amplang Siti Jaya"))
    assert "Kirim ke petugas" in card_again and "Amplang Siti Jaya" in card_again, "one answer, and straight back to the card"
    assert "sudah terkirim" in text_of(world.say("siti", "ya"))


NIK, CODE, ACCOUNT = "6472014501900003", "739154", "123456789012"


def whole_database(session: Session) -> str:
    """Every value of every table as text."""
    names = inspect(session.connection()).get_table_names()
    rows = [[list(map(str, row)) for row in session.connection().execute(text(f'SELECT * FROM "{name}"'))] for name in names]
    return json.dumps(rows)


@pytest.mark.parametrize("where", ["first", "nib", "idle"])
def test_what_must_never_be_kept_is_nowhere(world: World, where: str) -> None:
    if where != "first":
        calm(world)
    if where == "idle":
        world.say("siti", "batal")
    if where == "nib":
        world.photos("siti", [30], "Keripik pisang 15rb per bungkus")
    for words, answer in (
        (f"NIK saya {NIK}", "NIK atau NPWP"),
        (" ".join((NIK[:4], NIK[4:8], NIK[8:12], NIK[12:])), "NIK atau NPWP"),
        (f"kode OTP {CODE}", "kode rahasia"),
        (f"no rekening BRI {ACCOUNT}", "rekening"),
    ):
        assert answer in text_of(world.say("siti", words))
    folder = world.app.settings.media_dir
    before = sorted(folder.glob("**/*"))
    shown = Inbound(f"card-{where}", "siti", Said(kind="photo", text=f"ktp saya {NIK}"), {"hex": encoded(card()).hex()})
    assert "NIK atau NPWP" in text_of(world.hand(shown))
    world.hand(Inbound(f"bare-{where}", "siti", Said(kind="photo"), {"hex": encoded(card()).hex()}))
    world.photos("siti", [], "")
    assert "kartu identitas" in "\n".join(world.transcript[-3:])
    assert sorted(folder.glob("**/*")) == before, "the picture is not kept either"
    kept = world.read(whole_database)
    assert "halo" in kept or "Amplang" in kept or "siti" in kept, "the search sees what is kept"
    for secret in (NIK, NIK[:4] + " " + NIK[4:8], CODE, ACCOUNT):
        assert secret not in kept
