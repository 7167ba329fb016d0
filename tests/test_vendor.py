"""What an owner lives through from the first product on: doubts, papers, drafts, second products."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from models.business import Business
from models.contact import Consent
from models.conversation import Conversation
from models.product import APPROVED, Product
from tests.test_registration import register
from tests.world import MORNING, World, text_of


def products(world: World) -> list[Product]:
    return world.read(lambda session: list(session.exec(select(Product).order_by(col(Product.id)))))


def to_nib(world: World, name: str = "siti") -> None:
    """A registration up to the question for the NIB."""
    world.say(name, "halo")
    world.tap(name, "Setuju")
    world.say(name, f"Bu {name.title()}")
    world.photos(name, [1], "Amplang ikan tenggiri 25rb per bungkus")
    world.say(name, "250 gram, ikan tenggiri, tahan 3 bulan")
    world.say(name, "200")
    world.say(name, "gk ada")
    world.say(name, "Jl. Gerilya, Sungai Pinang, Samarinda")
    world.say(name, "Amplang Bu Siti")
    world.say(name, "Siti Aminah")


def test_consent_is_kept_with_purpose_version_time_and_channel(small_world: World) -> None:
    register(small_world)
    consents = small_world.read(lambda session: list(session.exec(select(Consent))))
    assert [(one.purpose, one.version, one.channel) for one in consents] == [("registration", "2026-11", "terminal")]
    assert consents[0].given_at - MORNING < timedelta(minutes=1)
    for answer in ("Ada", "Belum ada", "50"):
        small_world.say("siti", answer)
    assert "Mau dikabari" in text_of(small_world.say("siti", "halo"))
    small_world.tap("siti", "Ya")
    purposes = small_world.read(lambda session: list(session.exec(select(Consent.purpose))))
    assert sorted(purposes) == ["announcements", "registration"]


def test_what_is_asked_while_waiting_is_kept_on_the_product(world: World) -> None:
    register(world)
    assert world.say("siti", "ya")
    world.say("siti", "lagi diurus")
    assert "dijual per bungkus" in text_of(world.say("siti", "500 lbr"))
    world.say("siti", "500 bungkus")
    world.say("siti", "tidak")
    product = products(world)[0]
    assert (product.kbli, product.halal, product.stock) == ("10794", "process", 500)
    assert product.findings == ["W:licence", "W:halal"]
    assert world.read(lambda session: session.exec(select(Business.kbli)).one()) == ["10794"]


def test_another_code_of_the_nib_is_kept(small_world: World) -> None:
    register(small_world)
    small_world.tap("siti", "Tidak ada")
    small_world.say("siti", "yang tertulis 18111 dan 10710")
    for answer in ("Ada", "Lewati", "Tidak"):
        small_world.tap("siti", answer)
    assert products(small_world)[0].kbli == "10710"
    assert small_world.read(lambda session: session.exec(select(Business.kbli)).one()) == ["18111", "10710"]


def test_a_photo_in_the_meantime_begins_the_next_product(small_world: World) -> None:
    register(small_world)
    heard = small_world.photos("siti", [50], "Keripik pisang 15rb per bungkus")
    assert "Isinya berapa" in text_of(heard)


def test_a_second_product_takes_four_messages(small_world: World) -> None:
    register(small_world)
    before = small_world.messages["siti"]
    small_world.photos("siti", [51, 52], "Keripik pisang manis 15rb per bungkus")
    small_world.say("siti", "200 gram, pisang kepok, tahan 2 bulan")
    card = text_of(small_world.say("siti", "2063472010123-27"))
    assert "Sanggup 200 bungkus sebulan" in card, "taken from the latest product of the same group"
    small_world.tap("siti", "Kirim")
    assert small_world.messages["siti"] - before <= 4
    assert products(small_world)[1].licence["number"] == "2063472010123-27"


def test_a_pirt_told_for_the_nib_is_kept_as_pirt(small_world: World) -> None:
    to_nib(small_world)
    assert "nomor PIRT" in text_of(small_world.say("siti", "2063472010123-27"))
    small_world.say("siti", "9120001234567")
    assert "P-IRT 2063472010123-27" in text_of(small_world.say("siti", "081234567890"))
    small_world.say("siti", "kirim")
    assert products(small_world)[0].licence == {"kind": "pirt", "number": "2063472010123-27", "expiry_year": 2027}


@pytest.mark.parametrize("place", ["Banjarmasin", "Jl. Sudirman, Jakarta", "tanjung selor"])
def test_a_place_outside_the_province_is_told_kindly(small_world: World, place: str) -> None:
    small_world.say("siti", "halo")
    small_world.tap("siti", "Setuju")
    small_world.say("siti", "Bu Siti")
    small_world.photos("siti", [1], "Amplang ikan tenggiri 25rb per bungkus")
    for answer in ("250 gram, ikan tenggiri", "200", "blm punya"):
        small_world.say("siti", answer)
    assert "di luar Kalimantan Timur" in text_of(small_world.say("siti", place))
    assert "Apa nama usahanya?" in text_of(small_world.say("siti", "samarnda"))


def test_without_nib_the_draft_waits_for_weeks(world: World) -> None:
    to_nib(world)
    world.tap("siti", "Nanti saja")
    assert "Belum bisa dikirim karena NIB" in text_of(world.say("siti", "081234567890"))
    assert "tulis *lanjut*" in text_of(world.tap("siti", "Simpan dulu"))
    world.later(days=24)
    assert "Belum bisa dikirim karena NIB" in text_of(world.say("siti", "lanjut"))
    assert "NIB-nya berapa?" in text_of(world.say("siti", "kirim"))
    assert products(world) == []
    assert "NIB: 9120001234567" in text_of(world.say("siti", "9120001234567"))
    assert "sudah terkirim" in text_of(world.say("siti", "ok kirim"))
    assert [product.name for product in products(world)] == ["Amplang ikan tenggiri"]


def test_a_nib_typed_at_the_card_is_taken(small_world: World) -> None:
    to_nib(small_world)
    small_world.say("siti", "nanti aja")
    small_world.say("siti", "081234567890")
    heard = text_of(small_world.say("siti", "9120001234567"))
    assert "NIB sudah dicatat" in heard and "Kirim ke petugas" in heard


def test_a_price_far_from_the_others_is_asked(world: World) -> None:
    register(world)
    world.write(lambda session: others(session, 5, 25_000))
    world.photos("siti", [60], "Amplang pipih pedas 250rb per bungkus")
    heard = text_of(world.hears("siti")) or world.transcript[-1]
    assert "Maksudnya Rp250.000 per bungkus?" in heard and "Rp25.000 per bungkus" in heard
    assert "Isinya berapa" in text_of(world.say("siti", "eh 25rb per bungkus"))


def test_a_far_price_may_be_meant(small_world: World) -> None:
    register(small_world)
    small_world.write(lambda session: others(session, 5, 25_000))
    small_world.photos("siti", [60], "Amplang pipih pedas 250rb per bungkus")
    small_world.say("siti", "ya betul")
    small_world.say("siti", "1 kilo, ikan pipih, tahan 3 bulan")
    assert "harga jauh dari biasanya" in text_of(small_world.tap("siti", "Belum punya"))
    small_world.tap("siti", "Kirim")
    assert "W:price_far" in products(small_world)[-1].findings


def others(session: Session, count: int, price: int) -> None:
    """Products of another business."""
    business = Business(name="Lain", region="64.71", created_at=MORNING)
    session.add(business)
    session.flush()
    for _ in range(count):
        session.add(
            Product(
                business_id=business.id or 0,
                person_id=1,
                name="Amplang",
                etalase="mamin",
                price=price,
                unit="bungkus",
                status=APPROVED,
                updated_at=MORNING,
            )
        )


def test_the_same_product_again_is_stopped_with_a_way_on(small_world: World) -> None:
    register(small_world)
    small_world.photos("siti", [61], "Amplang ikan tenggiri 25rb per bungkus")
    small_world.say("siti", "250 gram, ikan tenggiri, tahan 3 bulan")
    small_world.tap("siti", "Belum punya")
    assert "sudah terdaftar" in text_of(small_world.tap("siti", "Kirim"))
    assert "*Amplang ikan tenggiri 500 gram*" in text_of(small_world.say("siti", "Amplang ikan tenggiri 500 gram"))
    small_world.tap("siti", "Kirim")
    assert [product.name for product in products(small_world)] == ["Amplang ikan tenggiri", "Amplang ikan tenggiri 500 gram"]


def test_codes_that_do_not_cover_the_product_are_asked_before_sending(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "ya")
    small_world.photos("siti", [62], "Spanduk flexi 280gr 25rb per m2")
    small_world.say("siti", "cetak penuh warna, bahan 280 gram")
    assert "18111" in text_of(small_world.say("siti", "100"))
    small_world.tap("siti", "Tidak ada")
    small_world.tap("siti", "Belum tahu")
    assert "belum cocok" in text_of(small_world.tap("siti", "Kirim"))
    assert len(products(small_world)) == 1
    small_world.say("siti", "18111")
    small_world.tap("siti", "Kirim")
    assert products(small_world)[1].kbli == "18111"


def test_several_drafts_are_cards_that_can_be_tapped_or_typed(world: World) -> None:
    register(world)
    world.photos("siti", [70], "Keripik pisang 15rb per bungkus")
    world.say("siti", "batal")
    world.photos("siti", [71], "Sambal goreng 20rb per botol")
    world.say("siti", "batal")
    cards = text_of(world.say("siti", "lanjut"))
    assert "Keripik pisang" in cards and "Sambal goreng" in cards
    assert "Isinya berapa" in text_of(world.say("siti", "Lanjutkan 1"))
    world.say("siti", "batal")
    world.say("siti", "lanjut")
    assert "mau diubah" in text_of(world.tap("siti", "Ubah 2"))
    world.say("siti", "batal")
    world.say("siti", "lanjut")
    first = text_of(world.tap("siti", "Hapus 1"))
    assert "tidak bisa kembali" in first
    world.tap("siti", "Ya, hapus")
    open_ones = world.read(lambda session: list(session.exec(select(Conversation.answers).where(col(Conversation.closed_at).is_(None)))))
    named = [answers["name"] for answers in open_ones if "name" in answers]
    assert len(named) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mau daftar amplang ikan tenggiri", "kirim foto Amplang ikan tenggiri"),
        ("assalamualaikum, mau jual keripik pisang bu", "kirim foto Keripik pisang"),
        ("di mana produk saya?", "menunggu petugas, urutan ke-1"),
        ("tambah produk", "kirim foto produknya"),
        ("seperti produk lama", "saya pakai lagi"),
        ("soal pajak", "belum diverifikasi"),
        ("assalamualaikum", "Waalaikumsalam, Bu Siti"),
    ],
)
def test_words_while_nothing_is_open(small_world: World, words: str, expected: str) -> None:
    register(small_world)
    small_world.say("siti", "batal")
    assert expected in text_of(small_world.say("siti", words))


def test_who_has_no_product_yet_hears_so(small_world: World) -> None:
    small_world.say("siti", "halo")
    small_world.tap("siti", "Setuju")
    small_world.say("siti", "Bu Siti")
    small_world.say("siti", "batal")
    assert "Belum ada produk yang terkirim" in text_of(small_world.say("siti", "produk saya"))
