"""What vendors hear of decisions and when: two minutes to undo, one message for several, nothing at night, only what was flagged again."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.business import Membership
from models.contact import CONSENT_VERSION, Address, give_consent
from models.decisions import told_status
from models.outbox import Outgoing
from models.product import APPROVED, NEEDS_FIX, REJECTED, SUBMITTED, Product
from tests.reviewing import decisions, open_card, statuses, stock
from tests.test_registration import register
from tests.world import World, shown, text_of

APPROVED_ONE = """Kabar baik, Bu Siti! *Amplang pipih* sudah disetujui petugas, jalurnya katalog elektronik. \
Langkah berikutnya kami kabari di sini.
  [Produk saya]
  [Daftar produk]"""

SEVERAL = """Kabar dari petugas, Bu Siti: 2 disetujui, 2 perlu diperbaiki, 1 belum bisa diterima.

Disetujui: Kue satu, Kue dua
Perlu diperbaiki:
1. Kue tiga: Foto: fotonya buram, tolong kirim yang lebih jelas
2. Kue empat: Foto: fotonya gelap, tolong kirim yang lebih terang; Harga: tolong tulis harga per kotak
Belum bisa diterima:
1. Kue lima: barang ini tidak boleh dibeli dengan anggaran pemerintah
  [Perbaiki nomor 1] Kue tiga
  [Perbaiki nomor 2] Kue empat
  [Tanya petugas]
  [Produk saya]"""


def test_the_vendor_hears_two_minutes_later_and_once(world: World) -> None:
    world.officer("petugas", "64.72")
    [product] = stock(world, "siti", "Amplang pipih")
    heard = world.press("petugas", f"c:approve:{product}:1")
    assert text_of(heard) == (
        "*Amplang pipih* disetujui untuk katalog elektronik. Bu Siti dikabari 10.02 WITA; sampai saat itu masih bisa diurungkan.\n"
        "  [Urungkan]\n  [Pindah toko daring]\n  [Antrean]"
    )
    world.later(minutes=1, seconds=50)
    assert world.hears("siti") == []
    world.later(seconds=20)
    assert text_of(world.hears("siti")) == APPROVED_ONE
    world.later(minutes=5)
    assert world.hears("siti") == []


def test_the_list_of_products_does_not_tell_before_the_message_does(world: World) -> None:
    world.officer("petugas", "64.72")
    [product] = stock(world, "siti", "Amplang pipih")
    world.press("petugas", f"c:approve:{product}:1")
    world.write(lambda session: give_consent(session, 2, "registration", CONSENT_VERSION, "terminal", world.now))
    assert "Amplang pipih: sedang diperiksa petugas" in text_of(world.press("siti", "c:products:0:0"))
    world.later(minutes=3)
    world.hears("siti")
    assert "Amplang pipih: disetujui" in text_of(world.press("siti", "c:products:0:0"))


def test_what_is_undone_is_never_told(world: World) -> None:
    world.officer("petugas", "64.72")
    [product] = stock(world, "siti", "Amplang pipih")
    open_card(world, "petugas", product)
    world.tap("petugas", "Setujui")
    world.later(minutes=1)
    assert text_of(world.tap("petugas", "Urungkan")) == ("Diurungkan, kembali ke antrean:\nAmplang pipih\n  [Buka kartu]\n  [Antrean]")
    assert statuses(world) == [SUBMITTED]
    world.later(minutes=10)
    assert world.hears("siti") == []
    world.press("petugas", f"c:reject:{product}:1")
    world.tap("petugas", "Bukan produk")
    world.later(minutes=3)
    assert "belum bisa kami terima: ini belum berupa produk" in text_of(world.hears("siti"))


def test_it_is_too_late_to_undo_what_was_told(world: World) -> None:
    world.officer("petugas", "64.72")
    [product] = stock(world, "siti", "Amplang pipih")
    world.press("petugas", f"c:approve:{product}:1")
    press = world.button("petugas", "Urungkan")
    world.later(minutes=2)
    for heard in (world.press("petugas", press), world.say("petugas", "urungkan")):
        assert "Pemiliknya sudah dikabari 10.02 WITA, jadi tidak bisa diurungkan lagi." in text_of(heard)
    assert "Status: disetujui." in text_of(world.tap("petugas", "Buka kartu"))
    assert statuses(world) == [APPROVED]


def test_undoing_twice_and_undoing_anothers(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("kepala", "64")
    [product] = stock(world, "siti", "Amplang pipih")
    world.press("petugas", f"c:approve:{product}:1")
    press = world.button("petugas", "Urungkan")
    assert "tidak ada di daerah" in text_of(world.press("kepala", press))
    assert "Belum ada keputusan" in text_of(world.say("kepala", "urungkan"))
    assert statuses(world) == [APPROVED]
    world.press("petugas", press)
    assert "sudah diurungkan tadi" in text_of(world.press("petugas", press))
    assert statuses(world) == [SUBMITTED]


def test_several_decisions_arrive_as_one_message(world: World) -> None:
    world.officer("petugas", "64.72")
    ids = stock(world, "siti", "Kue satu", "Kue dua", "Kue tiga", "Kue empat", "Kue lima", "Kue enam")
    world.press("petugas", "c:queue:clean:0")
    world.say("petugas", "setujui 1-2")
    world.later(minutes=1)
    world.press("petugas", f"c:flag:{ids[2]}:1")
    world.tap("petugas", "Foto")
    world.say("petugas", "selesai")
    world.say("petugas", "buram")
    world.press("petugas", f"c:flag:{ids[3]}:1")
    world.say("petugas", "1, 3")
    world.tap("petugas", "Gelap")
    world.say("petugas", "tolong tulis harga per kotak")
    world.press("petugas", f"c:reject:{ids[4]}:1")
    world.tap("petugas", "Tidak boleh dibeli")
    world.press("petugas", f"c:approve:{ids[5]}:1")
    world.later(minutes=1)
    world.say("petugas", "urungkan")
    assert world.hears("siti") == [], "the first decision waits for the last one's two minutes"
    world.later(minutes=2)
    assert text_of(world.hears("siti")) == SEVERAL
    assert statuses(world) == [APPROVED, APPROVED, NEEDS_FIX, NEEDS_FIX, REJECTED, SUBMITTED]
    assert len({decision.batch for decision in decisions(world)}) == 1
    world.press("petugas", f"c:approve:{ids[5]}:1")
    world.later(minutes=3)
    assert "Kue enam" in text_of(world.hears("siti")), "a decision after the telling is a message of its own"


def test_a_message_that_is_due_but_not_taken_yet_is_kept(world: World) -> None:
    world.officer("petugas", "64.72")
    first, second = stock(world, "siti", "Kue satu", "Kue dua")
    world.press("petugas", f"c:approve:{first}:1")
    world.later(minutes=30)
    world.press("petugas", f"c:approve:{second}:1")
    world.later(minutes=30)
    heard = text_of(world.hears("siti"))
    assert heard.count("Kue satu") == 1 and heard.count("Kue dua") == 1


def test_nothing_is_told_at_night_and_until_morning_it_can_be_undone(world: World) -> None:
    world.officer("petugas", "64.72")
    first, second = stock(world, "siti", "Kue satu", "Kue dua")
    world.later(hours=9, minutes=59)
    assert "dikabari 07.00 WITA" in text_of(world.press("petugas", f"c:approve:{first}:1"))
    world.press("petugas", f"c:approve:{second}:1")
    world.later(hours=6)
    assert world.hears("siti") == []
    assert "Kue dua" in text_of(world.say("petugas", "urungkan"))
    world.later(hours=5, minutes=2)
    assert "*Kue satu* sudah disetujui" in text_of(world.hears("siti"))
    assert statuses(world) == [APPROVED, SUBMITTED]


def test_a_vendor_sees_the_old_status_while_it_can_be_undone(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    [product] = stock(small_world, "siti", "Kue satu")
    open_card(small_world, "petugas", product)
    small_world.tap("petugas", "Setujui")

    def seen(session: Session) -> str:
        return told_status(session, session.get_one(Product, product), small_world.now)

    assert small_world.read(seen) == "IN_REVIEW"
    small_world.later(minutes=3)
    assert small_world.read(seen) == APPROVED


def test_every_member_of_a_business_hears(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    [product] = stock(small_world, "siti", "Kue satu")
    stock(small_world, "rina")

    def join(session: Session) -> None:
        rina = session.exec(select(Address.person_id).where(Address.address == "rina")).one()
        session.add(Membership(person_id=rina, business_id=session.get_one(Product, product).business_id, since=small_world.now))

    small_world.write(join)
    small_world.press("petugas", f"c:approve:{product}:1")
    small_world.later(minutes=3)
    assert "Bu Siti! *Kue satu*" in text_of(small_world.hears("siti"))
    assert "Bu Rina! *Kue satu*" in text_of(small_world.hears("rina"))


def test_a_reply_to_a_decision_goes_to_the_officers(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    [product] = stock(small_world, "siti", "Kue satu")
    small_world.press("petugas", f"c:reject:{product}:1")
    small_world.tap("petugas", "Bukan produk")
    small_world.later(minutes=3)
    small_world.hears("siti")

    def mark(session: Session) -> None:
        row = session.exec(select(Outgoing).where(col(Outgoing.subject).startswith("decision:"))).one()
        row.external_id = "m1"

    small_world.write(mark)
    small_world.say("siti", "kuenya dijual tiap hari di pasar", quoted="m1")
    assert "kuenya dijual tiap hari di pasar" in text_of(small_world.hears("petugas"))


def test_only_the_flagged_fields_are_asked_and_the_officer_sees_before_and_after(world: World) -> None:
    world.officer("petugas", "64")
    register(world, "siti")
    world.hears("petugas")
    product = world.read(lambda session: session.exec(select(Product.id)).one()) or 0
    open_card(world, "petugas", product)
    world.tap("petugas", "Perlu perbaikan")
    world.tap("petugas", "Foto")
    world.tap("petugas", "Harga")
    world.tap("petugas", "Selesai")
    world.tap("petugas", "Gelap")
    world.say("petugas", "tolong tulis harga yang dipakai sekarang")
    world.say("siti", "menu")
    world.later(minutes=2)
    assert "Petugas minta 2 hal untuk *Amplang ikan tenggiri*" in text_of(world.hears("siti"))
    sent = world.messages["siti"]
    assert "Catatan petugas: fotonya gelap" in text_of(world.tap("siti", "Perbaiki sekarang"))
    world.photos("siti", [61, 62])
    world.say("siti", "27rb per bungkus")
    world.say("siti", "ya")
    assert world.messages["siti"] - sent == 4
    assert statuses(world) == [SUBMITTED]
    world.hears("petugas")
    card = world.press("petugas", f"c:review:{product}:0")[-1]
    assert "Berubah sejak diperbaiki:" in card.text
    assert "- Harga: Rp25.000 per bungkus → Rp27.000 per bungkus" in card.text and "- Foto diganti: dulu 3, sekarang 2" in card.text
    assert "[1 foto]" in shown(card) and "- Nama" not in card.text
    world.tap("petugas", "Setujui")
    world.later(minutes=2)
    assert "Kabar baik, Bu Siti! *Amplang ikan tenggiri* sudah disetujui petugas" in text_of(world.hears("siti"))
    assert [decision.verdict for decision in decisions(world)] == ["fix", "approved"]


def test_it_reads_well_in_english(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Kue satu")
    small_world.say("petugas", "english")
    assert "*1 waiting*" in text_of(small_world.say("petugas", "queue"))
    small_world.tap("petugas", "No findings")
    assert text_of(small_world.say("petugas", "approve 1")).startswith("*1 approved*: Kue satu. The owners hear at 10.02 WITA")
