"""What would have stopped the sending is approved only with a reason."""

from __future__ import annotations

from sqlmodel import select

from models.contact import Officer, end_office
from models.product import APPROVED, SUBMITTED, Product
from tests.reviewing import decisions, open_card, statuses, stock
from tests.world import World, text_of

HELD = ("R:kbli", "W:photo_dark")


def allowed(world: World) -> list[str]:
    return world.read(lambda session: session.get_one(Product, 1).allowed)


def test_a_reason_is_asked_kept_and_shown_to_the_next_officer(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("kepala", "64")
    stock(world, "siti", "Amplang pipih", findings=HELD)
    open_card(world, "petugas", 1)
    heard = text_of(world.tap("petugas", "Setujui"))
    assert "masih ada temuan: KBLI di NIB belum cocok dengan produknya. Tetap disetujui karena apa?" in heard
    assert statuses(world) == [SUBMITTED]
    assert "*Amplang pipih* disetujui" in text_of(world.say("petugas", "kode barunya sudah saya lihat di OSS"))
    assert statuses(world) == [APPROVED]
    flags = decisions(world)[0].flags
    assert flags == {"override": {"text": "kode barunya sudah saya lihat di OSS", "codes": ["kbli"]}} and allowed(world) == ["kbli"]
    assert "Disetujui walau ada temuan, karena kode barunya sudah saya lihat di OSS." in open_card(world, "kepala", 1)
    world.later(minutes=3)
    assert "OSS" not in text_of(world.hears("siti"))


def test_taken_back_it_is_asked_again(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang pipih", findings=HELD)
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Setujui")
    small_world.tap("petugas", "Sudah dicek")
    small_world.say("petugas", "urungkan")
    assert (statuses(small_world), allowed(small_world)) == ([SUBMITTED], [])
    open_card(small_world, "petugas", 1)
    assert "Tetap disetujui karena apa?" in text_of(small_world.tap("petugas", "Setujui"))


def test_a_warning_needs_no_reason(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    stock(small_world, "siti", "Amplang pipih", findings=("W:photo_dark",))
    open_card(small_world, "petugas", 1)
    assert "disetujui" in text_of(small_world.tap("petugas", "Setujui"))


def test_the_reason_comes_too_late_when_another_has_decided_or_the_office_is_gone(small_world: World) -> None:
    small_world.officer("petugas", "64.72")
    small_world.officer("kepala", "64")
    stock(small_world, "siti", "Amplang pipih", "Amplang udang", findings=HELD)
    open_card(small_world, "petugas", 1)
    small_world.tap("petugas", "Setujui")
    open_card(small_world, "kepala", 1)
    small_world.tap("kepala", "Kembalikan")
    assert "Sudah diputuskan petugas lain" in text_of(small_world.tap("petugas", "Sudah dicek"))
    open_card(small_world, "petugas", 2)
    small_world.tap("petugas", "Setujui")

    world = small_world
    officer = world.read(lambda session: session.exec(select(Officer.person_id).where(Officer.region == "64.72")).one())
    assert world.write(lambda session: end_office(session, officer, "64.72"))
    assert "hanya untuk petugas" in text_of(small_world.tap("petugas", "Sudah dicek"))
    assert [one.verdict for one in decisions(small_world)] == ["fix"]
