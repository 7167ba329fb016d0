"""A call from the officer's hands to the phones it concerns, and what comes back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.spread import add_recipients
from handlers.call_notices import tell, tell_new
from handlers.said import Said
from models.call import Call, CallNotice
from models.contact import Person
from models.outbox import Outgoing
from models.product import Product
from models.question import Question
from tests.vendors import add_business, add_person, add_product, add_vendor
from tests.world import World, text_of

CLOSES = "25 November 15.00"


def type_call(world: World, name: str = "petugas", closes: str = CLOSES, region: str = "smd") -> None:
    """Up to the card."""
    world.say(name, "peluang: Konsumsi rapat koordinasi 50 orang")
    world.say(name, "Dinas Kesehatan Kota Samarinda")
    if region:
        world.say(name, region)
    world.say(name, "18,5 juta")
    world.say(name, closes)
    world.say(name, "lewati")


def announce(world: World, closes: str = CLOSES, region: str = "smd") -> str:
    type_call(world, closes=closes, region=region)
    return text_of(world.tap("petugas", "Kabari"))


def notices(session: Session) -> list[Outgoing]:
    return list(session.exec(select(Outgoing).where(Outgoing.kind == "call").order_by(col(Outgoing.id))))


def test_a_call_reaches_the_right_phones(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    world.write(lambda session: add_vendor(session, "rina", status="SUBMITTED", product="Snack box"))
    world.write(lambda session: add_vendor(session, "tono", "64.03"))
    world.write(lambda session: add_vendor(session, "lia", "64.03", scope="64"))
    world.write(lambda session: add_vendor(session, "wati", consent=False))
    world.write(lambda session: add_vendor(session, "edo", stopped=True))
    world.write(lambda session: add_vendor(session, "hilang", reachable=False))
    world.write(lambda session: add_vendor(session, "budi", etalase="atk", product="Kertas HVS"))
    type_call(world)
    card = text_of([world.last["petugas"]])
    for part in ("Rp18.500.000", "25 November 2026, 15.00 WITA (2 hari lagi)", "Makanan & Minuman", "3 orang dikabari", "1 di antaranya"):
        assert part in card
    told = text_of(world.tap("petugas", "Kabari 3 orang"))
    for part in ("1 berhenti dikabari", "1 belum minta dikabari", "1 tidak bisa dihubungi", "1 di luar jangkauan"):
        assert part in told
    heard = text_of(world.hears("siti"))
    assert "Dinas Kesehatan Kota Samarinda cari *Konsumsi rapat koordinasi 50 orang*, Rp18.500.000" in heard
    assert "Saya kabari karena Bu Siti jual Nasi kotak." in heard
    assert "(Tombol ini belum berarti ikut mendaftar.)" in heard
    assert "masih diperiksa petugas" in text_of(world.hears("rina"))
    assert "Berminat" in text_of(world.hears("lia"))
    for name in ("tono", "wati", "edo", "budi"):
        assert world.hears(name) == []
    assert world.read(lambda session: {row.kind for row in notices(session)}) == {"call"}


def test_a_call_for_the_province_reaches_all_of_it(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "tono", "64.03"))
    assert "1 orang dikabari" in announce(small_world, region="se-provinsi")
    assert "Tempat: se-Kalimantan Timur" in text_of(small_world.hears("tono"))


def test_an_answer_counts_once_and_may_change(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    announce(world)
    world.hears("siti")
    yes, no = world.button("siti", "Saya berminat"), world.button("siti", "Bukan usaha saya")
    assert "sudah saya catat" in text_of(world.press("siti", yes))
    assert "sudah tercatat tadi" in text_of(world.press("siti", yes))
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


def test_only_officers_type_calls_and_only_for_their_regions(small_world: World) -> None:
    small_world.write(lambda session: add_vendor(session, "siti"))
    for press in ("c:new_call:0:0", "c:calls:0:0", "c:call_interest:1:0"):
        assert "hanya untuk petugas" in text_of(small_world.press("siti", press))
    small_world.officer("petugas", "64.72")
    type_call(small_world, region="")
    assert "Tempat: Samarinda" in text_of([small_world.last["petugas"]])
    small_world.say("petugas", "ubah")
    small_world.tap("petugas", "Daerah")
    for words in ("Berau", "se-provinsi", "64"):
        assert "Pilih salah satu" in text_of(small_world.say("petugas", words))
    asked = small_world.button("petugas", "Samarinda")
    small_world.press("petugas", asked.replace("64.72", "64.03"))
    assert "Untuk daerah mana" in text_of([small_world.last["petugas"]])
    assert small_world.read(lambda session: session.exec(select(Call)).all()) == []


def test_an_officer_of_one_place_does_not_see_the_calls_of_another(small_world: World) -> None:
    small_world.officer("petugas")
    type_call(small_world, region="Berau")
    small_world.tap("petugas", "Simpan peluang")
    small_world.officer("samarinda", "64.72")
    assert "Belum ada peluang" in text_of(small_world.say("samarinda", "peluang"))
    assert "hanya untuk petugas" in text_of(small_world.press("samarinda", "c:call_interest:1:0"))


def test_at_night_a_call_waits_for_the_morning(world: World) -> None:
    world.now = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 21.00 WITA
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    world.write(lambda session: add_vendor(session, "papua", zone="Asia/Jayapura"))
    assert "berangkat jam 07.00" in announce(world)
    assert world.hears("siti") == []
    due = world.read(lambda session: [row.due_at for row in notices(session)])
    assert sorted(due) == [datetime(2026, 11, 23, 22, 0, tzinfo=UTC), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)]
    world.later(hours=10)
    assert "Berminat" in text_of(world.hears("siti"))


def test_at_night_a_call_that_closes_before_morning_goes_at_once(small_world: World) -> None:
    small_world.now = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    announce(small_world, closes="24 November 06.30")
    assert "Tutup 24 November 2026, 06.30 WITA" in text_of(small_world.hears("siti"))


def test_after_closing_nothing_is_sent(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    announce(world, closes="hari ini jam 16.00")
    world.later(hours=8)
    assert world.hears("siti") == []
    assert world.read(lambda session: [row.status for row in notices(session)]) == ["expired"]


def test_a_card_that_waited_too_long_asks_for_the_time_again(small_world: World) -> None:
    small_world.officer("petugas")
    type_call(small_world, closes="hari ini jam 16.00")
    small_world.later(hours=9)
    small_world.say("petugas", "lanjut")
    heard = text_of(small_world.tap("petugas", "Simpan peluang"))
    assert "sudah lewat" in heard and "Kapan tutupnya" in heard
    assert small_world.read(lambda session: session.exec(select(Call)).all()) == []
    small_world.say("petugas", "besok jam 15.00")
    small_world.tap("petugas", "Simpan peluang")
    assert small_world.read(lambda session: session.exec(select(Call)).one().title) == "Konsumsi rapat koordinasi 50 orang"


def test_a_link_is_kept_and_shown_as_the_source(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: add_vendor(session, "siti"))
    type_call(small_world)
    small_world.say("petugas", "ubah")
    small_world.tap("petugas", "Tautan")
    for words in ("javascript:alert(1)", "ftp://sirup.lkpp.go.id", "https://go.id@evil.com", "tidak tahu"):
        assert "Tautannya apa?" in text_of(small_world.say("petugas", words))
    small_world.say("petugas", "sirup.lkpp.go.id/sirup/12345678")
    small_world.tap("petugas", "Kabari")
    assert "Sumber: https://sirup.lkpp.go.id/sirup/12345678" in text_of(small_world.hears("siti"))


def test_confirmed_twice_at_once_it_is_told_once(world: World) -> None:
    world.officer("petugas")
    world.write(lambda session: add_vendor(session, "siti"))
    type_call(world)
    said = Said(kind="tap", press=world.button("petugas", "Kabari"))

    async def both() -> None:
        await asyncio.gather(*(world.app.receive(world.channel, Inbound(f"twice{n}", "petugas", said)) for n in range(2)))

    world._run(both())
    assert world.read(lambda session: len(session.exec(select(Call)).all())) == 1
    assert world.read(lambda session: len(notices(session))) == 1


def test_a_large_call_is_told_in_slices_and_only_what_is_missing(world: World) -> None:
    for n in range(7):
        world.write(lambda session, n=n: add_vendor(session, f"v{n}"))  # type: ignore[misc]

    def begin(session: Session) -> int:
        call = Call(source_id="x", title="Konsumsi", buyer="Dinkes", region="64.72", etalase=["mamin"], created_at=world.now,
                    closes_at=world.now + timedelta(days=2))  # fmt: skip
        session.add(call)
        session.flush()
        return tell(session, call, world.now, limit=3)

    assert world.write(begin) == 3
    assert [world.write(lambda session: add_recipients(session, world.now, 3)) for _ in range(3)] == [3, 1, 0]
    rows = world.read(notices)
    assert len(rows) == len({row.person_id for row in rows}) == 7
    world.write(lambda session: add_vendor(session, "baru"))
    assert world.write(lambda session: add_recipients(session, world.now, 3)) == 0


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
