"""Two officers, an officer and a vendor, an officer and a source at the same moment on PostgreSQL: nobody's word is lost or comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from handlers.calls.notices import untell
from handlers.office.verdict import tell
from models.audience import Audience
from models.business import Business
from models.call import ACTIVE, CANCELLED, INTERESTED, Call, CallNotice
from models.campaign import Campaign, fill
from models.campaign_life import cancel
from models.contact import Officer, Person
from models.decisions import Ruling, decide
from models.history import located
from models.intake import age, take
from models.outbox import Outgoing
from models.package import Package
from models.product import APPROVED, NEEDS_FIX, WITHDRAWN, Product
from tests.campaigning import new, people, status
from tests.racing import meanwhile, pressed, turn
from tests.reviewing import decisions, open_card, stock
from tests.test_rivals import NIB, told
from tests.test_vendor import to_nib
from tests.vendors import add_vendor
from tests.world import MORNING, World, text_of

FAR = MORNING + timedelta(days=10)
SAID = Package(source="sirup", keys=(("rup", "A"),), title="Konsumsi rapat", closes_at=FAR, budget=1_000_000, status=ACTIVE)


@pytest.fixture
def busy(postgres_database: str, tmp_path: Path) -> Iterator[World]:
    with World(postgres_database, tmp_path / "media") as made:
        made.officer("petugas", "64.72")
        made.officer("provinsi", "64")
        yield made


def at_once(world: World, first: Any, second: Any) -> None:
    meanwhile(world.app.store, first, second)


def products(world: World) -> list[Product]:
    return world.read(lambda session: list(session.exec(select(Product).order_by(col(Product.id)))))


def told_of(world: World, key: str) -> int:
    """How many messages say this, alone or above an open question."""
    return sum(f"'{key}'" in str(message) for message in world.read(lambda session: session.exec(select(Outgoing.message)).all()))


# --- products ---


def test_what_an_officer_has_just_approved_is_not_withdrawn(busy: World) -> None:
    [product] = stock(busy, "siti", "Amplang")
    at_once(busy, turn(busy, "petugas", pressed(f"c:approve:{product}-KATALOG:1")), turn(busy, "siti", pressed(f"c:withdraw:{product}:1")))
    assert [one.status for one in products(busy)] == [APPROVED]
    assert (told_of(busy, "products.too_late"), told_of(busy, "products.withdrawn")) == (1, 0)


def test_what_was_just_withdrawn_is_not_approved(busy: World) -> None:
    [product] = stock(busy, "siti", "Amplang")
    at_once(busy, turn(busy, "siti", pressed(f"c:withdraw:{product}:1")), turn(busy, "petugas", pressed(f"c:approve:{product}-KATALOG:1")))
    assert [one.status for one in products(busy)] == [WITHDRAWN] and decisions(busy) == []


def test_whoever_comes_too_late_with_a_reason_lets_nothing_pass(busy: World) -> None:
    """Else the next officer would approve what was found without being asked why."""
    [product] = stock(busy, "siti", "Amplang", findings=("R:kbli",))
    open_card(busy, "petugas", product)
    busy.tap("petugas", "Setujui")
    late = busy.button("petugas", "Sudah dicek")
    at_once(busy, turn(busy, "provinsi", pressed(f"c:send_back:{product}:1")), turn(busy, "petugas", pressed(late)))
    assert [(one.status, one.allowed) for one in products(busy)] == [(NEEDS_FIX, [])]
    assert [one.verdict for one in decisions(busy)] == ["fix"]


def test_two_who_claim_one_nib_at_once_both_hear_that_an_officer_decides(busy: World) -> None:
    for name in ("siti", "rani"):
        to_nib(busy, name)
        busy.say(name, NIB)
        busy.say(name, "081234567890")
    send = [turn(busy, name, pressed(busy.button(name, "Kirim"))) for name in ("siti", "rani")]
    at_once(busy, *send)
    assert sorted(len(rows) for rows in told(busy).values()) == [1, 1]
    assert [[one for one in row.findings if "nib" in one] for row in products(busy)] == [["W:nib_twice"]] * 2


def test_of_two_who_submit_at_once_an_officer_hears_once(busy: World) -> None:
    """Neither sees the other's product, nor the notice of it."""
    send = [turn(busy, name, pressed(_ready(busy, name, nib))) for name, nib in (("siti", NIB), ("rani", "9120001234568"))]
    at_once(busy, *send)
    assert sorted(busy.read(lambda session: session.exec(select(Outgoing.person_id).where(Outgoing.bundle == "queue")).all())) == [1, 2]
    assert "2 produk menunggu" in text_of(busy.hears("petugas"))


def _ready(world: World, name: str, nib: str) -> str:
    to_nib(world, name)
    world.say(name, nib)
    world.say(name, "081234567890")
    return world.button(name, "Kirim")


def test_a_decision_and_the_vendors_own_turn_do_not_wait_for_each_other(busy: World) -> None:
    """What the vendor says meanwhile may change the business, and who is told of a call is locked."""
    [product] = stock(busy, "siti", "Amplang")
    fitting = Call(source_id="A", title="Amplang", etalase=["mamin"], region="64.72", created_at=MORNING, told_at=MORNING,
                   closes_at=MORNING + timedelta(days=2))  # fmt: skip
    busy.write(lambda session: session.add(fitting))
    person = products(busy)[0].person_id
    officer = busy.read(lambda session: session.exec(select(Officer.person_id).where(Officer.region == "64")).one())

    def decided(session: Session) -> None:
        ruling = Ruling("approved", route="KATALOG")
        assert decide(session, session.get_one(Product, product), 1, ruling, officer, busy.now)

    def said(session: Session) -> None:
        session.execute(select(Person.id).where(col(Person.id) == person).with_for_update(key_share=True))  # as every turn
        session.exec(select(Business)).one().kbli = ["10794"]

    meanwhile(busy.app.store, decided, said, then=lambda session: tell(session, 1, 1, busy.now))
    assert busy.read(lambda session: session.exec(select(Business.kbli)).one()) == ["10794"]
    assert [one.status for one in products(busy)] == [APPROVED] and told_of(busy, "call.new") == 1


# --- announcements ---


def test_who_refuses_what_another_has_just_agreed_to_tells_the_writer_nothing(busy: World) -> None:
    busy.officer("budi", "64")
    people(busy, 3)
    assert new(busy, above=1) == "waiting"
    busy.press("budi", "c:announcement_refuse:1:0")
    at_once(busy, turn(busy, "provinsi", pressed("c:announcement_agree:1:0")), turn(busy, "budi", "Jadwalnya masih berubah"))
    assert status(busy) == "running"
    assert (told_of(busy, "announcement.refused"), told_of(busy, "announcement.decided")) == (0, 1)


def test_nobody_is_added_to_an_announcement_that_was_just_cancelled(busy: World) -> None:
    people(busy, 3)
    more = Campaign(officer_id=1, text="", audience=Audience("64").to_json(), created_at=busy.now)  # running, with nobody added yet
    busy.write(lambda session: session.add(more))
    added = lambda session: fill(session, session.exec(select(Campaign)).one(), busy.now)  # noqa: E731
    assert meanwhile(busy.app.store, partial(cancel, campaign_id=1, now=busy.now), added) == (True, 0)
    assert busy.read(lambda session: session.exec(select(Outgoing.id).where(Outgoing.campaign_id == 1)).all()) == []


def test_replies_that_come_at_once_are_gathered_in_one_message(busy: World) -> None:
    people(busy, 2)
    new(busy)
    busy.write(lambda session: fill(session, session.exec(select(Campaign)).one(), busy.now))
    replies = []
    for name in ("v0", "v1"):
        busy.hears(name)
        busy.say(name, "Saya hadir berdua")
        replies.append(turn(busy, name, pressed(busy.button(name, "Ya, balasan"))))
    at_once(busy, *replies)
    busy.later(minutes=11)
    heard = text_of(busy.hears("provinsi"))
    assert "2 balasan untuk" in heard and heard.count("menunggu dibaca") == 1


# --- calls ---


def call(world: World) -> Call:
    return world.read(lambda session: session.exec(select(Call)).one())


@pytest.fixture
def announced(busy: World) -> World:
    busy.write(partial(take, package=SAID, now=busy.now))
    return busy


@pytest.mark.parametrize("officer_first", [True, False])
def test_what_an_officer_and_a_source_say_of_a_call_is_both_kept(announced: World, officer_first: bool) -> None:
    announced.press("provinsi", "c:call_place:1:0")
    officer = turn(announced, "provinsi", "samarinda")
    source = partial(take, package=replace(SAID, budget=2_000_000), now=announced.now)
    at_once(announced, *((officer, source) if officer_first else (source, officer)))
    kept = call(announced)
    assert located(kept) and (kept.region, kept.places, kept.budget) == ("64.72", ["64.72"], 2_000_000)
    assert len(kept.history) == 2


def test_of_two_officers_who_cancel_a_call_one_has_done_it(announced: World) -> None:
    announced.officer("budi", "64")
    cancel = [turn(announced, name, pressed("c:call_cancel:1:1")) for name in ("provinsi", "budi")]
    at_once(announced, *cancel)
    assert [one["status"] for one in call(announced).history] == [CANCELLED]
    assert (told_of(announced, "call.cancelled"), told_of(announced, "call.over_already")) == (1, 1)


def test_of_what_two_officers_say_a_call_is_of_both_are_in_its_history(announced: World) -> None:
    announced.officer("budi", "64")
    for name in ("provinsi", "budi"):
        announced.press(name, "c:call_regroup:1:0")
    announced.say("provinsi", "alat tulis kantor")
    done = announced.button("provinsi", "Selesai")
    at_once(announced, turn(announced, "provinsi", pressed(done)), turn(announced, "budi", "alat kesehatan"))
    said = [one["etalase"] for one in call(announced).history]
    assert len(said) == 2 and said[1] == [said[0][1], call(announced).etalase]


def test_a_call_that_is_prolonged_while_it_ends_goes_on(announced: World) -> None:
    late = FAR + timedelta(minutes=1)
    source = partial(take, package=replace(SAID, closes_at=FAR + timedelta(days=7), status=""), now=late)
    at_once(announced, source, partial(age, now=late))
    assert call(announced).status == ACTIVE


def test_an_answer_is_not_lost_with_an_approval_that_is_taken_back(busy: World) -> None:
    siti = busy.write(partial(add_vendor, name="siti"))

    def waits(session: Session) -> None:
        made = Call(source_id="A", title="Konsumsi rapat", created_at=MORNING, closes_at=FAR)
        session.add(made)
        session.flush()
        product = session.exec(select(Product.id)).one()
        session.add(CallNotice(call_id=made.id or 0, person_id=siti, product_id=product, at=MORNING))

    busy.write(waits)
    taken_back = lambda session: untell(session, session.exec(select(Product)).one(), MORNING)  # noqa: E731
    answer = update(CallNotice).values(answer=INTERESTED, answered_at=MORNING, told_at=MORNING)
    at_once(busy, lambda session: session.execute(answer) and None, taken_back)
    assert busy.read(lambda session: session.exec(select(CallNotice.answer)).one()) == INTERESTED
