"""One NIB claimed by two people, and one phone behind many businesses: cases for an officer, and for nobody else."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from models.business import RIVALS, Business, rivals_of
from models.outbox import Outgoing
from models.product import Product
from tests.doors import TELEGRAM, WHATSAPP, Doors
from tests.reviewing import open_card, stock
from tests.test_vendor import products, to_nib
from tests.vendors import add_business, add_person
from tests.world import World, shown, text_of

NIB = "9120001234567"


def send(world: World, name: str, nib: str = NIB, phone: str = "081234567890") -> str:
    to_nib(world, name)
    world.say(name, nib)
    world.say(name, phone)
    return text_of(world.tap(name, "Kirim"))


def told(world: World) -> dict[int, list[str]]:
    """The notices of a case by person."""
    found: dict[int, list[str]] = {}
    for row in world.read(lambda session: list(session.exec(select(Outgoing).where(col(Outgoing.subject).startswith("nib:"))))):
        found.setdefault(row.person_id, []).append(str(row.message))
    return found


def test_both_hear_once_that_an_officer_decides_and_neither_who_the_other_is(world: World) -> None:
    send(world, "siti")
    assert told(world) == {}
    heard = send(world, "rani")
    assert "sudah terkirim" in heard
    later = {"siti": text_of(world.hears("siti")), "rani": heard}
    assert all("juga terdaftar atas orang lain" in heard and "Petugas" in heard for heard in later.values())
    assert "Rani" not in later["siti"] and "Bu Siti," not in later["rani"]
    assert [len(rows) for rows in told(world).values()] == [1, 1]
    assert [[one for one in row.findings if "nib" in one] for row in products(world)] == [["W:nib_twice"]] * 2
    _second_product(world, "rani")
    assert [len(rows) for rows in told(world).values()] == [1, 1], "the second product tells nobody again"


def _second_product(world: World, name: str) -> None:
    world.say(name, "daftar")
    world.photos(name, [7], "Kerupuk udang 15rb per bungkus")
    world.say(name, "200 gram, udang segar, tahan 2 bulan")
    world.say(name, "100")
    world.say(name, "belum punya")
    assert "sudah terkirim" in text_of(world.tap(name, "Kirim"))
    assert len(products(world)) == 3


def test_officers_see_the_case_on_the_card_and_in_the_morning(world: World) -> None:
    send(world, "siti")
    send(world, "rani")
    world.officer("petugas", "64.72")
    assert "NIB yang sama juga didaftarkan orang lain" in (card := open_card(world, "petugas", products(world)[1].id or 0))
    assert "NIB sama dengan: Amplang Bu Siti (Samarinda)" in card
    assert "Kembalikan" in shown(world.last["petugas"])
    overview = text_of(world.say("petugas", "antrean"))
    assert "2 menunggu" in overview and "0 tanpa temuan" in overview


def test_an_officer_of_one_place_learns_nothing_of_the_vendor_of_another(world: World) -> None:
    [siti] = stock(world, "siti", "Amplang")
    [rani] = stock(world, "rani", "Kerupuk", region="64.74", findings=("W:nib_twice",))

    def same(session):  # type: ignore[no-untyped-def]
        for business in session.exec(select(Business)):
            business.nib = NIB

    world.write(same)
    world.officer("petugas", "64.74")
    card = open_card(world, "petugas", rani)
    assert "usaha di daerah petugas lain" in card and "Dapur Siti" not in card
    assert siti


def test_a_number_that_is_mended_settles_the_case_for_both(world: World) -> None:
    send(world, "siti")
    send(world, "rani")
    world.officer("petugas", "64.72")
    open_card(world, "petugas", products(world)[1].id or 0)
    world.tap("petugas", "Kembalikan")
    world.later(minutes=3)
    heard = text_of(world.hears("rani"))
    assert "nomor NIB ini juga terdaftar atas usaha lain" in heard and "Siti" not in heard.replace("Amplang Bu Siti", "")
    world.tap("rani", "Perbaiki")
    for answer in ("belum punya", "9120007654321", "belum ada"):
        world.say("rani", answer)
    assert "sudah terkirim" in text_of(world.tap("rani", "Kirim"))
    assert [[one for one in row.findings if "nib" in one] for row in products(world)] == [[], []]


@pytest.mark.parametrize(("businesses", "found"), [(3, False), (4, True)])
def test_a_phone_of_many_businesses_is_shown_to_officers_only(small_world: World, businesses: int, found: bool) -> None:
    for number, name in zip(range(businesses), ("siti", "rani", "dewi", "aminah"), strict=False):
        card = send(small_world, name, nib=f"91200012345{number:02}")
        assert "3 usaha" not in card
    last = products(small_world)[-1]
    assert ("W:phone_many" in last.findings) == found
    small_world.officer("petugas", "64.72")
    assert ("dipakai lebih dari 3 usaha" in open_card(small_world, "petugas", last.id or 0)) == found


def test_one_person_with_one_nib_at_two_doors_is_no_case_after_joining(small_doors: Doors) -> None:
    doors = small_doors
    for door in ((TELEGRAM, "11"), (WHATSAPP, "6281234567890")):
        for text in ("halo", "setuju", "Bu Siti"):
            doors.at(*door, text)
        doors.photo_at(*door, 1, "Amplang ikan tenggiri 25rb per bungkus")
        for text in ("250 gram, ikan tenggiri, tahan 3 bulan", "200", "belum punya", "Samarinda", "Amplang Siti", "Siti Aminah", NIB,
                     "081234567890"):  # fmt: skip
            doors.at(*door, text)
        assert "sudah terkirim" in doors.tap_at(*door, "Kirim")
    rows = select(Product).order_by(col(Product.id))
    assert ["W:nib_twice" in row.findings for row in doors.read(lambda session: session.exec(rows).all())] == [True, True]
    doors.link((TELEGRAM, "11"), (WHATSAPP, "6281234567890"))
    assert ["W:nib_twice" in row.findings for row in doors.read(lambda session: session.exec(rows).all())] == [False, False]


def test_many_claims_on_one_number_do_not_make_each_new_one_dearer(small_world: World) -> None:
    def claim(session):  # type: ignore[no-untyped-def]
        for number in range(9):
            person = add_person(session, f"siti{number}")
            session.get_one(Business, add_business(session, person)).nib = NIB
        session.flush()
        return len(rivals_of(session, session.exec(select(Business)).first()))

    assert small_world.write(claim) == RIVALS
    assert "sudah terkirim" in send(small_world, "rani")
    assert len(told(small_world)) == RIVALS + 1
