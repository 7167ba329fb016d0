"""Mending what an officer flagged, and the list of one's own products."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from models.business import Business
from models.product import APPROVED, IN_REVIEW, NEEDS_FIX, SUBMITTED, WITHDRAWN, Decision, Product
from tests.test_registration import register
from tests.world import MORNING, World, text_of


def flag(world: World, flags: dict[str, Any]) -> str:
    """An officer's decision, as the rows say it; returns what the button of the notice sends."""

    def write(session: Session) -> str:
        product = session.exec(select(Product)).one()
        product.status = NEEDS_FIX
        decision = Decision(product_id=product.id or 0, officer_id=1, verdict="fix", flags=flags, revision=product.revision,
                            previous=IN_REVIEW, at=MORNING, due_at=MORNING)  # fmt: skip
        session.add(decision)
        return f"c:fix:{product.id}:{product.revision}"

    return world.write(write)


def only(world: World) -> Product:
    return world.read(lambda session: session.exec(select(Product)).one())


def test_only_the_flagged_fields_are_asked(world: World) -> None:
    register(world)
    world.say("siti", "batal")
    before = only(world)
    press = flag(world, {"photos": {"key": "dark"}, "details": {"text": "tulis juga bahannya"}})
    heard = text_of(world.press("siti", press))
    assert "Petugas minta 2 hal lagi" in heard and "fotonya gelap" in heard and "foto Amplang ikan tenggiri" in heard
    heard = text_of(world.photos("siti", [81, 82]))
    assert "tulis juga bahannya" in heard and "Tetap 250 gram" in heard
    card = text_of(world.say("siti", "250 gram, ikan tenggiri segar, tepung sagu"))
    assert "Kirim ke petugas" in card
    assert "Perbaikan *Amplang ikan tenggiri* sudah terkirim" in text_of(world.tap("siti", "Kirim"))
    after = only(world)
    assert (after.status, after.revision) == (SUBMITTED, before.revision + 1)
    assert set(after.before) == {"photos", "details"} and after.before["details"] == before.details
    assert {one["sha256"] for one in after.photos}.isdisjoint(one["sha256"] for one in before.photos)
    kept = ("name", "price", "unit", "etalase", "capacity", "minimum", "lead_days", "scope", "origin", "brand", "licence")
    assert all(getattr(after, field) == getattr(before, field) for field in kept)


def test_only_flagged_fields_can_be_changed_while_mending(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "batal")
    small_world.press("siti", flag(small_world, {"capacity": {"key": "capacity_high"}}))
    small_world.say("siti", "50")
    listed = text_of(small_world.say("siti", "ubah"))
    assert "Sanggup sebulan" in listed and "Harga" not in listed and "Foto" not in listed


def test_papers_and_the_business_can_be_flagged(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "batal")
    press = flag(small_world, {"pirt": {"key": "no_licence"}, "halal": {"key": "no_halal"}, "business": {"text": "tulis nama di NIB"}})
    assert "PIRT" in text_of(small_world.press("siti", press))
    small_world.say("siti", "2063472010123-27")
    small_world.say("siti", "Amplang Siti Jaya")
    small_world.say("siti", "sedang diurus")
    assert "sudah terkirim" in text_of(small_world.say("siti", "ya"))
    product = only(small_world)
    assert (product.licence["number"], product.halal) == ("2063472010123-27", "process")
    assert small_world.read(lambda session: session.exec(select(Business.name)).all()) == ["Amplang Siti Jaya"]


def test_another_group_can_be_chosen_from_all(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "batal")
    small_world.press("siti", flag(small_world, {"etalase": {"text": "ini oleh-oleh"}}))
    small_world.tap("siti", "Kelompok lain")
    small_world.say("siti", "Suvenir")
    small_world.tap("siti", "Kirim")
    assert only(small_world).etalase == "suvenir"


def test_a_stale_fix_button_is_answered_kindly(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "batal")
    press = flag(small_world, {"capacity": {"key": "capacity_high"}})
    small_world.press("siti", press)
    small_world.say("siti", "50")
    assert "Kirim ke petugas" in text_of(small_world.press("siti", press)), "tapped twice, the same draft goes on"
    small_world.tap("siti", "Kirim")
    assert "sudah beres" in text_of(small_world.press("siti", press))
    assert "tidak saya temukan" in text_of(small_world.press("siti", "c:fix:999:1"))


def test_a_mending_that_is_no_longer_wanted_changes_nothing(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "batal")
    small_world.press("siti", flag(small_world, {"capacity": {"key": "capacity_high"}}))
    small_world.say("siti", "50")

    def approve(session: Session) -> None:
        session.exec(select(Product)).one().status = APPROVED

    small_world.write(approve)
    assert "sudah beres" in text_of(small_world.tap("siti", "Kirim"))
    assert (only(small_world).status, only(small_world).capacity) == (APPROVED, 200)


def test_somebody_elses_product_is_not_there(small_world: World) -> None:
    register(small_world)
    small_world.say("rina", "halo")
    small_world.tap("rina", "Setuju")
    small_world.say("rina", "Bu Rina")
    for press in ("c:product:1:0", "c:copy:1:0", "c:withdraw:1:1", "c:fix:1:1"):
        assert "tidak saya temukan" in text_of(small_world.press("rina", press))
    assert only(small_world).status == SUBMITTED


def test_my_products_say_where_each_stands(world: World) -> None:
    register(world, "rina")
    register(world, "siti")
    listed = text_of(world.say("siti", "di mana produk saya?"))
    assert "Amplang ikan tenggiri: menunggu petugas, urutan ke-2" in listed
    one = text_of(world.say("siti", "1"))
    assert "Rp25.000 per bungkus" in one and "[Tarik]" in one and "[Perbaiki]" not in one
    assert "ditarik dari antrean" in text_of(world.tap("siti", "Tarik"))
    statuses = world.read(lambda session: list(session.exec(select(Product.status).order_by(col(Product.id)))))
    assert statuses == [SUBMITTED, WITHDRAWN]


def test_a_product_in_review_cannot_be_withdrawn(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "produk saya")
    small_world.say("siti", "1")
    withdraw = small_world.button("siti", "Tarik")

    def look(session: Session) -> None:
        session.exec(select(Product)).one().status = IN_REVIEW

    small_world.write(look)
    assert "sudah dibuka petugas" in text_of(small_world.press("siti", withdraw))
    assert only(small_world).status == IN_REVIEW


def test_like_the_old_product(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "produk saya")
    small_world.say("siti", "1")
    before = small_world.messages["siti"]
    assert "saya pakai lagi" in text_of(small_world.tap("siti", "Seperti ini"))
    small_world.photos("siti", [90], "Amplang udang 30rb per bungkus")
    card = text_of(small_world.tap("siti", "Belum punya"))
    assert "250 gram, ikan tenggiri, tahan 3 bulan" in card and "*Amplang udang*" in card
    small_world.tap("siti", "Kirim")
    assert small_world.messages["siti"] - before == 4


def test_a_long_list_has_pages(small_world: World) -> None:
    register(small_world)

    def more(session: Session) -> None:
        first = session.exec(select(Product)).one()
        for number in range(8):
            told = first.model_dump(exclude={"id", "name"})
            session.add(Product(**told, name=f"Produk nomor {number}"))

    small_world.write(more)
    assert "9 produk" in text_of(small_world.say("siti", "produk saya"))
    assert "9. Amplang ikan tenggiri" in text_of(small_world.tap("siti", "Lainnya"))
