"""What officers do: triage, lists, cards, decisions, and who sees what."""

from __future__ import annotations

import pytest
from sqlmodel import select

from handlers.office.bulk import read_numbers
from handlers.office.triage import triage
from models.product import APPROVED, IN_REVIEW, NEEDS_FIX, REJECTED, SUBMITTED, Product
from models.review import PAPERS, WARNED, kind_of
from tests.reviewing import decisions, open_card, statuses, stock
from tests.world import World, shown, text_of

QUEUE = """*Tanpa temuan*, nomor 1-3 dari 3
Dapur Siti, Samarinda:
1. Amplang pipih, Rp25.000 per kotak
2. Amplang udang, Rp25.000 per kotak
Dapur Rina, Samarinda:
3. Nasi kotak, Rp25.000 per kotak

Tulis misalnya *setujui 1-7, 9*, atau ketuk satu untuk melihat kartunya.
  [1. Amplang pipih]
  [2. Amplang udang]
  [3. Nasi kotak]
  [Setujui semua]"""

CARD = """*Amplang pipih*, Rp25.000 per kotak
Dapur Siti (perorangan, mikro), Samarinda
Pemilik Siti Aminah, NIB 9120001234502
Amplang pipih enak, bahan segar
Sanggup 100 kotak sebulan, siap 7 hari, minimal 1
Makanan & Minuman, merek Tanpa Merek, lokal
Tanpa temuan.
Usul: katalog elektronik, karena kode KBLI di NIB cocok dengan kelompoknya.
  [Setujui]
  [Perlu perbaikan]
  [Tolak]
  [Foto]
  [Selengkapnya]"""


def test_the_morning_triage_counts_by_kind(world: World) -> None:
    world.officer("petugas", "64")
    world.officer("bontang", "64.74")
    stock(world, "siti", "Amplang pipih", "Amplang udang")
    stock(world, "rina", "Nasi kotak", findings=("W:price_far",), days=5)
    stock(world, "tuti", "Keripik", findings=("W:licence", "W:photo_dark"))
    assert world.write(lambda session: triage(session, world.now)) == 1, "nothing waits in Bontang, so nobody is woken there"
    assert text_of(world.hears("petugas")) == (
        "*4 menunggu*: 2 tanpa temuan, 1 peringatan, 1 kurang dokumen, 1 lewat 3 hari. Mulai dari mana, Bapak/Ibu?\n"
        "  [Tanpa temuan (2)]\n  [Peringatan (1)]\n  [Kurang dokumen (1)]\n  [Lewat 3 hari (1)]"
    )
    assert "Dapur Rina" in text_of(world.tap("petugas", "Lewat 3 hari"))


def test_the_queue_is_grouped_by_vendor_with_one_numbered_collage(world: World) -> None:
    world.officer("petugas", "64.72")
    stock(world, "siti", "Amplang pipih", "Amplang udang", days=3)
    stock(world, "rina", "Nasi kotak")
    world.say("petugas", "antrean")
    heard = world.tap("petugas", "Tanpa temuan")[0]
    assert shown(heard) == "[1 foto]\n" + QUEUE
    assert heard.media[0].endswith(".jpg") and (world.app.settings.media_dir / heard.media[0]).exists()


def test_a_long_list_goes_on_with_its_numbers(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", *(f"Kue nomor {place}" for place in range(1, 11)))
    small_world.press("petugas", "c:queue:clean:0")
    heard = text_of(small_world.tap("petugas", "Lainnya"))
    assert "nomor 9-10 dari 10" in heard and "9. Kue nomor 9" in heard
    assert "tidak ada di daftar terakhir" in text_of(small_world.say("petugas", "setujui 3"))
    small_world.press("petugas", "c:queue:clean:1")
    assert "1: tidak ada di daftar terakhir" in text_of(small_world.say("petugas", "1"))
    small_world.press("petugas", "c:queue:clean:1")
    assert "*Kue nomor 10*" in text_of(small_world.say("petugas", "10"))


def test_the_card_and_what_lies_behind_it(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    [product] = stock(small_world, "siti", "Amplang pipih")
    small_world.press("petugas", f"c:review:{product}:1")
    assert shown(small_world.last["petugas"]) == "[1 foto]\n" + CARD
    assert small_world.read(lambda session: session.exec(select(Product.status)).one()) == IN_REVIEW
    assert text_of(small_world.say("petugas", "foto")) == "[1 foto]\n1 foto *Amplang pipih*.\n  [Kartu]"
    small_world.tap("petugas", "Kartu")
    assert "Kontak: Bu Siti, 0812-3456-7892" in text_of(small_world.tap("petugas", "Selengkapnya"))


def test_setujui_numbers_acts_on_the_list_seen_last(world: World) -> None:
    world.officer("petugas", "64.72")
    stock(world, "siti", "Kue satu", "Kue dua", "Kue tiga")
    stock(world, "rina", "Kue empat")
    world.press("petugas", "c:queue:clean:0")
    heard = text_of(world.say("petugas", "setujui 1-2, 4"))
    assert heard.startswith("*3 disetujui*: Kue satu, Kue dua, Kue empat. Pemiliknya dikabari 10.02 WITA")
    assert statuses(world) == [APPROVED, APPROVED, SUBMITTED, APPROVED]
    assert "Kue empat" in text_of(world.say("petugas", "urungkan"))
    assert statuses(world) == [SUBMITTED] * 4
    world.press("petugas", "c:queue:clean:0")
    world.say("petugas", "setujui semua")
    assert statuses(world) == [APPROVED] * 4


def test_what_changed_since_the_list_is_left_out_and_said(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("kepala", "64")
    first, second, third = stock(world, "siti", "Kue satu", "Kue dua", "Kue tiga")
    world.press("petugas", "c:queue:clean:0")
    world.press("kepala", f"c:approve:{first}:1")

    def change(product: int, **values: object) -> None:
        world.write(lambda session: session.get_one(Product, product).sqlmodel_update(values))

    change(second, revision=2)
    change(third, findings=["W:new_code"])
    assert text_of(world.say("petugas", "setujui 1-3, 9")).startswith(
        "Dilewati:\n- 1: sudah diputuskan\n- 2: diubah pemiliknya, lihat dulu kartunya\n- 3: ada temuan, lihat dulu kartunya\n"
        "- 9: tidak ada di daftar terakhir\n\nBelum ada yang disetujui."
    )
    assert statuses(world) == [APPROVED, SUBMITTED, SUBMITTED]


def test_an_old_list_is_not_approved_by_its_button(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Kue satu")
    small_world.press("petugas", "c:queue:clean:0")
    button = small_world.button("petugas", "Setujui semua")
    small_world.press("petugas", "c:queue:clean:0")
    assert "Daftar itu sudah diganti" in text_of(small_world.press("petugas", button))
    assert statuses(small_world) == [SUBMITTED]


def test_two_officers_never_decide_the_same_product(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("kepala", "64")
    [product] = stock(world, "siti", "Amplang pipih")
    open_card(world, "petugas", product)
    assert "Sedang dilihat petugas lain sejak 10.00 WITA." in open_card(world, "kepala", product)
    world.tap("kepala", "Setujui")
    assert "Sudah diputuskan petugas lain. *Amplang pipih*: disetujui." in text_of(world.tap("petugas", "Tolak"))
    assert [decision.verdict for decision in decisions(world)] == ["approved"]


def test_a_form_that_lay_open_cannot_decide_what_was_decided_meanwhile(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("kepala", "64")
    [product] = stock(world, "siti", "Amplang pipih")
    open_card(world, "petugas", product)
    world.tap("petugas", "Tolak")
    world.press("kepala", f"c:approve:{product}:1")
    assert "Sudah diputuskan petugas lain" in text_of(world.say("petugas", "produk ini bukan buatan sendiri"))
    assert statuses(world) == [APPROVED]


def test_a_double_tap_decides_once(world: World) -> None:
    world.officer("petugas", "64.72")
    [product] = stock(world, "siti", "Amplang pipih")
    press = f"c:approve:{product}:1"
    world.press("petugas", press)
    assert "Ini sudah Bapak/Ibu putuskan tadi" in text_of(world.press("petugas", press))
    assert len(decisions(world)) == 1


def test_a_card_of_an_older_revision_shows_the_newest_first(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    [product] = stock(small_world, "siti", "Amplang pipih")
    small_world.write(lambda session: session.get_one(Product, product).sqlmodel_update({"revision": 2}))
    assert "diubah pemiliknya sejak kartu itu dibuka" in text_of(small_world.press("petugas", f"c:approve:{product}:1"))
    assert statuses(small_world) == [SUBMITTED]


@pytest.mark.parametrize("words", ["NIB tidak ada", "PIRT belum ada"])
def test_a_reason_is_kept_in_the_officers_own_words(small_world: World, words: str) -> None:
    small_world.officer("petugas", "64.72")
    [product] = stock(small_world, "siti", "Rokok")
    small_world.press("petugas", f"c:reject:{product}:1")
    small_world.say("petugas", words)
    [decision] = decisions(small_world)
    assert words in str(decision.model_dump())


def test_rejecting_with_a_ready_and_with_a_typed_reason(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    first, second = stock(small_world, "siti", "Amplang pipih", "Rokok")
    small_world.press("petugas", f"c:reject:{first}:1")
    heard = text_of(small_world.say("petugas", "cari gambar yang asli dulu, ini bukan buatan sendiri"))
    assert heard.startswith("*Amplang pipih* ditolak: cari gambar yang asli dulu, ini bukan buatan sendiri. Bu Siti dikabari")
    small_world.press("petugas", f"c:reject:{second}:1")
    small_world.tap("petugas", "Tidak boleh dibeli")
    assert statuses(small_world) == [REJECTED, REJECTED]
    assert decisions(small_world)[1].flags == {"product": {"key": "forbidden"}}


def test_findings_go_back_in_one_tap(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    [product] = stock(small_world, "siti", "Amplang pipih", findings=("W:licence", "W:photo_dark", "W:photo_small", "W:never_heard_of"))
    assert "Temuan: belum ada PIRT/BPOM/SLHS; foto agak gelap; foto agak kecil; catatan never_heard_of." in open_card(
        small_world, "petugas", product
    )
    small_world.tap("petugas", "Kembalikan: 2 temuan")
    assert statuses(small_world) == [NEEDS_FIX]
    assert decisions(small_world)[0].flags == {"pirt": {"key": "no_licence"}, "photos": {"key": "dark"}}


def test_an_officer_picks_the_route_where_the_rules_find_none(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    [service, goods] = [
        *stock(small_world, "siti", "Cetak spanduk", etalase="cetak", kbli="none"),
        *stock(small_world, "rina", "Amplang", kbli="none"),
    ]
    assert "belum punya jalur: jasa perlu kode KBLI" in text_of(small_world.press("petugas", f"c:approve:{service}:1"))
    small_world.tap("petugas", "Katalog")
    small_world.press("petugas", f"c:approve:{goods}:1")
    assert [(one.route, one.because) for one in decisions(small_world)] == [("KATALOG", "officer"), ("TOKO_DARING", "kbli_unfit")]
    assert "katalog elektronik" in text_of(small_world.tap("petugas", "Pindah ke katalog"))
    assert [(one.route, one.rules) for one in decisions(small_world)] == [("KATALOG", "2026-11")] * 2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1-7, 9", [1, 2, 3, 4, 5, 6, 7, 9]),
        ("3", [3]),
        ("1 dan 4", [1, 4]),
        ("1 s/d 3", [1, 2, 3]),
        ("5-3", [3, 4, 5]),
        ("1,1,2", [1, 2]),
        ("2 foto lagi", None),
        ("saja", None),
        ("", None),
    ],
)
def test_numbers_as_officers_type_them(text: str, numbers: list[int] | None) -> None:
    assert read_numbers(text) == numbers


def test_kinds_of_findings() -> None:
    assert (kind_of(["W:photo_dark", "W:licence"]), kind_of(["halal"]), kind_of(["W:new"])) == (PAPERS, PAPERS, WARNED)
