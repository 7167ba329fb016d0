"""What an officer's day showed: few taps, true numbers, and nothing that reaches a vendor by a slip of the hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from handlers.calls.line import parts_of
from models.business import Business
from models.product import NEEDS_FIX, SUBMITTED, Product
from models.review import CLEAN, PAPERS, WARNED, kind_of
from tests.announcing import send
from tests.calling import announce, type_call
from tests.reviewing import decisions, open_card, statuses, stock
from tests.test_registration import register
from tests.vendors import add_vendor
from tests.world import World, text_of

UNSURE = ("W:kbli_unknown",)


def test_a_kbli_nobody_confirmed_holds_nothing_up_but_is_seen(world: World) -> None:
    world.officer("petugas", "64.72")
    stock(world, "siti", "Amplang pipih", "Amplang udang", findings=UNSURE)
    stock(world, "rina", "Nasi kotak", findings=(*UNSURE, "W:price_far"))
    assert "2 tanpa temuan, 1 peringatan" in text_of(world.say("petugas", "antrean"))
    assert "1. Amplang pipih, Rp25.000 per kotak (KBLI belum dipastikan)" in text_of(world.tap("petugas", "Tanpa temuan"))
    card = open_card(world, "petugas", 1)
    assert "Tanpa temuan.\nCatatan: KBLI belum dipastikan." in card
    other = open_card(world, "petugas", 3)
    assert "Temuan: harga jauh dari biasanya.\nCatatan: KBLI belum dipastikan." in other
    assert world.button("petugas", "Kembalikan: 1 temuan")
    assert "*2 disetujui*" in text_of(world.say("petugas", "setujui 1-2"))


def test_what_counts_as_which_kind() -> None:
    assert [kind_of(found) for found in ((), UNSURE, (*UNSURE, "W:photo_dark"), (*UNSURE, "W:licence"), ("R:kbli",))] == [
        CLEAN, CLEAN, WARNED, PAPERS, WARNED,
    ]  # fmt: skip


def test_the_answer_about_kbli_settles_the_other_products_of_the_business_too(small_world: World) -> None:
    register(small_world)
    assert "KBLI" in text_of([small_world.last["siti"]])
    assert "W:kbli_unknown" in _findings(small_world, 1)

    def more(session: Session) -> None:
        first = session.get_one(Product, 1)
        session.add(Product(business_id=first.business_id, person_id=first.person_id, name="Kerupuk udang", etalase="mamin",
                            status=SUBMITTED, price=20_000, unit="bungkus", details="250 gram, udang, tahan 3 bulan",
                            findings=["W:kbli_unknown"], photos=first.photos[:1], submitted_at=first.submitted_at,
                            updated_at=first.updated_at))  # fmt: skip

    small_world.write(more)
    small_world.tap("siti", "Ada")
    assert "W:kbli_unknown" not in _findings(small_world, 1)
    assert "W:kbli_unknown" not in _findings(small_world, 2)


def _findings(world: World, product: int) -> list[str]:
    return world.read(lambda session: session.get_one(Product, product).findings)


def test_approving_goes_on_with_the_next_page(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", *(f"Kue nomor {place}" for place in range(1, 11)))
    small_world.press("petugas", "c:queue:clean:0")
    assert "*8 disetujui*" in text_of(small_world.tap("petugas", "Setujui 1-8"))
    assert "nomor 1-2 dari 2" in text_of(small_world.tap("petugas", "Tanpa temuan (2)"))
    assert "*2 disetujui*" in text_of(small_world.tap("petugas", "Setujui semua"))


def test_fields_may_be_typed_and_are_read_back_by_their_names(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang pipih")
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Perlu perbaikan")
    assert "Foto *Amplang pipih* perlu apa?" in text_of(small_world.say("petugas", "foto, pirt sama harga"))
    assert "[Bagian] Foto, PIRT/BPOM, Harga" in text_of(small_world.say("petugas", "ubah"))
    small_world.say("petugas", "kembali")
    for reason in ("Gelap", "Satuan belum jelas", "Belum ada"):
        small_world.tap("petugas", reason)
    assert set(decisions(small_world)[-1].flags) == {"photos", "price", "pirt"}
    small_world.say("petugas", "urungkan")
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Perlu perbaikan")
    assert "Merek *Amplang pipih* perlu apa?" in text_of(small_world.say("petugas", "merek")), "what no button shows can be typed"


def test_a_search_with_a_slip_is_never_told_to_a_vendor(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang pipih")
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Tolak")
    heard = text_of(small_world.say("petugas", "cari budianto"))
    assert 'cocok dengan "budianto"' in heard and "ditolak karena apa?" in heard
    assert decisions(small_world) == []
    assert "ditolak: cari foto yang lebih terang" in text_of(small_world.say("petugas", "cari foto yang lebih terang"))


@pytest.mark.parametrize("text", ["sitti", "siti amina", "s", "dapur siti"])
def test_a_vendor_is_found_despite_a_slip(world: World, text: str) -> None:
    world.officer("petugas", "64.72")
    stock(world, "siti", "Amplang pipih")
    stock(world, "sitti", "Amplang", region="64.71")
    heard = text_of(world.say("petugas", f"cari {text}"))
    assert "Dapur Siti, Samarinda" in heard and "Balikpapan" not in heard


def test_nobody_decides_on_the_own_business(small_world: World) -> None:
    stock(small_world, "siti", "Amplang pipih", "Amplang udang")
    small_world.officer("siti", "64.72")
    small_world.officer("petugas", "64.72")
    open_card(small_world, "siti", 1)
    for label in ("Setujui", "Tolak", "Perlu perbaikan"):
        open_card(small_world, "siti", 1)
        assert "petugas lain yang memutuskan" in text_of(small_world.tap("siti", label))
    small_world.press("siti", "c:queue:clean:0")
    assert "- 1-2: usaha Bu Siti sendiri" in text_of(small_world.say("siti", "setujui semua"))
    assert statuses(small_world) == [SUBMITTED, SUBMITTED]
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Tolak")
    small_world.say("petugas", "bukan buatan sendiri")
    assert len(decisions(small_world)) == 1


def test_a_call_in_one_line(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    line = "peluang: konsumsi rapat 50 orang, Dinkes Samarinda, 18,5 juta, tutup 25 November 15.00, sirup.lkpp.go.id/x"
    card = text_of(small_world.say("petugas", line))
    for part in ("*konsumsi rapat 50 orang*\nDinkes Samarinda", "Rp18.500.000", "25 November 2026, 15.00", "https://sirup.lkpp.go.id/x"):
        assert part in card
    assert "Belum ada yang cocok untuk dikabari." in card and "Simpan peluang" in card


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kursi, meja dan lemari; Biro Umum; Balikpapan; pagu 990 Jt; besok jam 15.00",
         {"title": "Kursi, meja dan lemari", "buyer": "Biro Umum", "region": "64.71", "budget": 990_000_000, "closes": "2026-11-24T15:00"}),
        ("snack rapat Rp2 juta tutup kapan-kapan", {"title": "snack rapat", "budget": 2_000_000}),
        ("snack rapat, 1.500 kotak", {"title": "snack rapat, 1.500 kotak"}),
        ("dinkes samarinda cari nasi kotak 200 kotak, 6 juta",
         {"title": "nasi kotak 200 kotak", "buyer": "dinkes samarinda", "budget": 6_000_000}),
        ("Biro Umum butuh kursi lipat", {"title": "kursi lipat", "buyer": "Biro Umum"}),
        ("Dinas luar kota", {"title": "Dinas luar kota"}),
    ],
)  # fmt: skip
def test_what_stands_in_a_line(text: str, found: dict[str, object]) -> None:
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert parts_of(text, {"offices": ["64"], "province": "64", "now": now, "zone": "Asia/Makassar"}) == found


def test_a_call_that_closes_tonight_is_said_to_leave_now_and_does(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.later(hours=10, minutes=12)
    assert "Tutup sebelum pagi, jadi berangkat sekarang." in announce(small_world, closes="malam ini jam 9")
    assert "cari *Konsumsi rapat" in text_of(small_world.hears("siti"))
    type_call(small_world)
    assert "berangkat jam 07.00" in text_of([small_world.last["petugas"]])


def test_a_day_that_has_just_passed_is_not_taken_for_next_year(small_world: World) -> None:
    small_world.officer("petugas")
    type_call(small_world, closes="20 November 15.00")
    assert "20 November 2026, 15.00 sudah lewat" in "\n".join(small_world.transcript)


def test_replies_to_an_announcement_are_answered_once(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.officer("kedua", "64.72")
    small_world.write(lambda session: add_vendor(session, "siti"))
    send(small_world)
    small_world.hears("siti")
    small_world.say("siti", "jam berapa pak?")
    assert "teruskan ke petugas" in text_of(small_world.say("siti", "ya"))
    small_world.say("petugas", "pertanyaan")
    answering = small_world.button("petugas", "Jawab")
    small_world.tap("petugas", "Jawab")
    small_world.officer("kedua", "64")
    small_world.press("kedua", answering)
    assert "dikirim ke 1 orang" in text_of(small_world.say("kedua", "Jam 9 WITA"))
    assert "sudah ditangani" in text_of(small_world.say("petugas", "Jam sembilan"))


def test_a_vendor_who_mends_comes_back_once(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Keripik", findings=UNSURE)
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Perlu perbaikan")
    small_world.say("petugas", "harga")
    small_world.tap("petugas", "Selesai")
    small_world.say("petugas", "tolong per kg")
    assert statuses(small_world) == [NEEDS_FIX]
    small_world.later(minutes=3)
    small_world.hears("siti")
    small_world.tap("siti", "Perbaiki")
    small_world.say("siti", "30rb per kg")
    small_world.tap("siti", "Kirim")
    small_world.hears("petugas")
    assert "Rp25.000 per kotak → Rp30.000 per kg" in open_card(small_world, "petugas", 1)
    assert small_world.read(lambda session: session.get_one(Business, 1).name) == "Dapur Siti"


def test_words_for_what_is_on_the_screen(small_world: World) -> None:
    """A label without its number, a decision about the card that is open, "ya" and more words below ticks."""
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Nasi kotak ayam")
    small_world.say("petugas", "antrean")
    assert "nomor 1 dari 1" in text_of(small_world.say("petugas", "tanpa temuan"))
    small_world.say("petugas", "1")
    assert "Bagian mana" in text_of(small_world.say("petugas", "kembalikan"))
    small_world.say("petugas", "foto")
    assert "tekan *Selesai*" in text_of(small_world.say("petugas", "gelap sekali semuanya"))
    assert "perlu apa?" in text_of(small_world.say("petugas", "ya"))
    small_world.say("petugas", "batal")
    small_world.say("petugas", "cari siti")
    small_world.say("petugas", "1")
    assert "disetujui" in text_of(small_world.say("petugas", "setujui"))
