"""What people answer to a call, and who hears of it later."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from sqlmodel import Session, select

from handlers.calls.notices import tell_new
from models.call import CallNotice
from models.contact import Person
from models.product import Product
from models.question import Question
from tests.calling import announce, notices, type_call
from tests.packages import listed
from tests.vendors import add_business, add_person, add_product, add_vendor
from tests.world import World, text_of


def test_an_answer_counts_once_and_may_change(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    announce(world)
    world.hears("siti")
    yes, no = world.button("siti", "Saya berminat"), world.button("siti", "Bukan usaha saya")
    assert "sudah saya catat" in text_of(world.press("siti", yes))
    assert "sudah tercatat" in text_of(world.press("siti", yes))
    assert "minat 1, bukan usahanya 0" in text_of(world.say("petugas", "minat"))
    assert "Berminat: Dapur Siti" in text_of(world.tap("petugas", "Lihat 1"))
    assert "bukan bidang Nasi kotak" in text_of(world.press("siti", no))
    assert "minat 0, bukan usahanya 1" in text_of(world.say("petugas", "minat"))
    kept = world.read(lambda session: session.exec(select(CallNotice)).one())
    assert (kept.answer, kept.product_id is not None) == ("unrelated", True)
    world.later(days=3)
    assert "sudah tutup" in text_of(world.press("siti", yes))
    assert world.read(lambda session: session.exec(select(CallNotice)).one().answer) == "unrelated"


@pytest.mark.parametrize(("words", "answer"), [("berminat bu", "interested"), ("ya", "interested"), ("bukan usaha saya", "unrelated")])
def test_an_answer_may_be_typed(small_world: World, words: str, answer: str) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    announce(small_world)
    small_world.hears("siti")
    small_world.say("siti", words)
    assert small_world.read(lambda session: session.exec(select(CallNotice)).one().answer) == answer


def test_a_word_later_is_for_the_one_call_that_waits(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    announce(small_world)
    small_world.hears("siti")
    small_world.say("siti", "menu")
    small_world.say("siti", "ya")
    assert small_world.read(lambda session: session.exec(select(CallNotice)).one().answer) == ""
    small_world.say("siti", "minat")
    assert small_world.read(lambda session: session.exec(select(CallNotice)).one().answer) == "interested"


def test_how_to_take_part_follows_the_method(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    type_call(small_world)
    small_world.say("petugas", "ubah")
    small_world.tap("petugas", "Cara")
    small_world.tap("petugas", "E-purchasing")
    small_world.tap("petugas", "Kabari")
    small_world.hears("siti")
    assert "lewat katalog elektronik" in text_of(small_world.tap("siti", "Saya berminat"))


def test_nobody_answers_for_another(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.write(lambda session: add_vendor(session, "tono", "64.03"))
    announce(small_world)
    small_world.hears("siti")
    press = small_world.button("siti", "Saya berminat")
    for forged in (press, "c:call_yes:999:0", "c:call_yes:x:0", "c:call_no::0", f"c:call_ask:{'9' * 40}:0"):
        assert "pesan lama" in text_of(small_world.press("tono", forged))
    assert small_world.read(lambda session: session.exec(select(CallNotice)).one().answer) == ""


def test_a_product_approved_later_hears_of_calls_still_open(world: World) -> None:
    world.officer("petugas")
    announced = world.write(lambda session: add_vendor(session, "siti"))
    announce(world)

    def approve(session: Session) -> tuple[int, int, int]:
        old = session.exec(select(Product).where(Product.person_id == announced)).one()
        person = add_person(session, "baru")
        business = add_business(session, person)
        near = session.get_one(Product, add_product(session, business, person, "Kue basah"))
        other = session.get_one(Product, add_product(session, business, person, "Kertas", etalase="atk"))
        return (tell_new(session, old, world.now), tell_new(session, near, world.now), tell_new(session, other, world.now))

    assert world.write(approve) == (0, 1, 0)
    assert "jual Kue basah" in text_of(world.hears("baru"))
    world.later(days=5)
    assert world.write(lambda session: tell_new(session, session.exec(select(Product)).all()[-2], world.now)) == 0


def test_an_approval_brings_the_open_calls_unless_it_is_taken_back(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti", status="NEEDS_FIX"))
    type_call(world)
    world.tap("petugas", "Simpan peluang")

    def resubmit(session: Session) -> tuple[int, int]:
        product = session.exec(select(Product)).one()
        product.status = "SUBMITTED"
        return product.id or 0, product.revision

    product, revision = world.write(resubmit)
    world.press("petugas", f"c:approve:{product}:{revision}")
    assert world.read(lambda session: [row.status for row in notices(session)]) == ["queued"]
    assert world.hears("siti") == [], "the approval can still be taken back"
    world.say("petugas", "urungkan")
    assert world.read(lambda session: [row.status for row in notices(session)]) == ["cancelled"]
    world.press("petugas", f"c:approve:{product}:{revision}")
    world.later(minutes=3)
    assert "Berminat, Bu Siti?" in text_of(world.hears("siti"))


def test_words_that_quote_a_notice_are_a_question_about_it(world: World) -> None:
    world.officer("petugas", "64.72")
    world.write(lambda session: add_vendor(session, "siti"))
    announce(world, region="")
    world.hears("siti")

    def mark(session: Session) -> None:
        notices(session)[0].external_id = "n1"

    world.write(mark)
    assert "sampai ke petugas" in text_of(world.say("siti", "Boleh kirim contoh?", quoted="n1"))
    asked = world.read(lambda session: session.exec(select(Question)).one())
    assert (asked.about, asked.region) == ("call:1", "64.72")
    assert "tentang peluang Konsumsi rapat" in text_of(world.hears("petugas"))
    world.say("siti", "berminat", quoted="n1")
    assert world.read(lambda session: session.exec(select(CallNotice)).one().answer) == "interested"
    assert "dihentikan" in text_of(world.say("siti", "berhenti", quoted="n1"))


def test_who_stops_hears_nothing_that_was_waiting(world: World) -> None:
    world.now = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    announce(world)
    world.say("siti", "berhenti")
    world.later(hours=12)
    assert world.hears("siti") == []
    world.say("siti", "menu")
    assert world.read(lambda session: [row.status for row in notices(session)]) == ["cancelled"]
    assert world.read(lambda session: session.exec(select(Person).where(Person.call_name == "Bu Siti")).one().stopped_at) is not None


def test_in_english(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    small_world.say("siti", "english")
    announce(small_world)
    heard = text_of(small_world.hears("siti"))
    assert "is looking for *Konsumsi rapat" in heard and "[I am interested]" in heard
    assert "no fee" in text_of(small_world.tap("siti", "I am interested"))


def test_a_call_that_came_to_nothing_is_cancelled_and_who_was_told_hears(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("jauh", "64.74")
    for name in ("siti", "rina"):
        world.write(lambda session, name=name: add_vendor(session, name))  # type: ignore[misc]
    announce(world, region="")
    world.hears("siti")
    yes = world.button("siti", "Saya berminat")
    world.press("siti", yes)
    for who in ("jauh", "siti"):
        assert "dibatalkan" not in text_of(world.press(who, "c:call_cancel:1:1"))
    world.say("petugas", "peluang")
    world.tap("petugas", "Lihat 1")
    assert "2 orang sudah dikabari, 1 berminat" in text_of(world.tap("petugas", "Batalkan peluang"))
    assert "Yang sudah dikabari saya beri tahu, 1 di antaranya berminat" in text_of(world.tap("petugas", "Ya, batalkan"))
    assert "dibatalkan dinasnya" in text_of(world.hears("siti"))
    assert world.hears("rina") == [], "who had not been told yet is not told"
    assert "dibatalkan dinasnya" in text_of(world.press("siti", yes))
    assert "sudah tidak terbuka lagi" in text_of(world.press("petugas", "c:call_cancel:1:1"))
    assert "Belum ada peluang" in text_of(world.say("petugas", "peluang"))


def answered(world: World) -> list[CallNotice]:
    return world.read(lambda session: list(session.exec(select(CallNotice))))


def told_of(world: World, *lines: str) -> None:
    world.write(lambda session: add_vendor(session, "siti"))
    for line in lines:
        world.write(partial(listed, line=line, now=world.now))
    world.steer()
    world.hears("siti")


SOON = ("package A 64.72 11-25 18500000: Nasi kotak rapat", "package B 64.72 11-25 7500000: Nasi kotak pelatihan")


def test_minat_below_the_explanation_is_for_that_call(small_world: World) -> None:
    told_of(small_world, *SOON)
    small_world.tap("siti", "Lihat 1")
    assert "[Lihat peluang]" in text_of(small_world.say("siti", "apa caranya?"))
    assert "sudah saya catat" in text_of(small_world.say("siti", "saya berminat"))
    assert [one.answer for one in answered(small_world)].count("interested") == 1


def test_minat_while_several_wait_asks_which(small_world: World) -> None:
    told_of(small_world, *SOON)
    small_world.say("siti", "menu")
    assert "Berminat yang mana" in text_of(small_world.say("siti", "sy minat"))
    assert "sudah saya catat" in text_of(small_world.say("siti", "2"))
    assert "sudah saya catat" in text_of(small_world.say("siti", "minat"))
    assert [one.answer for one in answered(small_world)] == ["interested", "interested"]
    small_world.say("siti", "menu")
    assert "Ada 2 peluang yang terbuka" in text_of(small_world.say("siti", "minat"))


def test_a_mind_is_changed_right_below_the_answer(small_world: World) -> None:
    told_of(small_world, *SOON)
    small_world.tap("siti", "Lihat 1")
    small_world.say("siti", "minat")
    small_world.say("siti", "bukan usaha saya")
    assert [one.answer for one in answered(small_world)].count("unrelated") == 1
    small_world.say("siti", "saya berminat")
    assert sorted(one.answer for one in answered(small_world)) == ["", "interested"]
