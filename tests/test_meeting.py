"""A chat under two names, a number that changed, a number that was passed on: who is behind an address."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.inbox import accept
from bot.meeting import meet
from bot.sending.claims import claim
from handlers.said import Said
from messages import Message
from models.contact import Address, Person
from models.conversation import Conversation
from models.outbox import Outgoing
from models.post import notify
from tests.doors import WHATSAPP, Door, Doors
from tests.racing import meanwhile
from tests.world import MORNING

USER, OTHER, NUMBER, NEXT = "ID.abc", "ID.def", "6281234567890", "6289999999999"


def rows(doors: Doors) -> list[tuple[str, str, bool]]:
    """(address, alias, live) of every row on WhatsApp."""

    def look(session: Session) -> list[tuple[str, str, bool]]:
        found = session.exec(select(Address).where(Address.account == "whatsapp:1").order_by(col(Address.id)))
        return [(row.address, row.alias, row.until is None) for row in found]

    return doors.read(look)


def known(doors: Doors, *names: str) -> None:
    """Somebody who came as far as the photos, met by this address (and its alias)."""
    more: dict[str, Any] = {"alias": names[1]} if len(names) > 1 else {}
    for text in ("halo", "setuju", "Bu Siti"):
        doors.at(WHATSAPP, names[0], text, **more)


def test_a_number_first_and_the_user_beside_it_later(doors: Doors) -> None:
    known(doors, NUMBER)
    assert "Bu Siti" in doors.at(WHATSAPP, USER, "menu", alias=NUMBER)
    assert rows(doors) == [(USER, NUMBER, True)] and len(doors.people()) == 1
    assert "Bu Siti" in doors.come(WHATSAPP, Inbound("again", NUMBER, Said(text="menu"))) or "Bu Siti" in doors.heard(WHATSAPP, USER)
    assert rows(doors) == [(USER, NUMBER, True)] and len(doors.people()) == 1


def test_a_user_first_and_the_number_beside_it_later(doors: Doors) -> None:
    known(doors, USER)
    doors.at(WHATSAPP, USER, "menu", alias=NUMBER)
    assert rows(doors) == [(USER, NUMBER, True)] and len(doors.people()) == 1


def test_two_who_were_met_by_the_two_names_are_one(doors: Doors) -> None:
    known(doors, NUMBER)
    doors.photo_at(WHATSAPP, NUMBER, 1, "Amplang ikan 25rb per bungkus")
    doors.at(WHATSAPP, USER, "halo")
    assert len(doors.people()) == 2
    assert "bahannya apa" in doors.at(WHATSAPP, USER, "lanjut", alias=NUMBER)
    assert rows(doors) == [(USER, NUMBER, True)] and len(doors.people()) == 1
    assert doors.at(WHATSAPP, USER, "250 gram, ikan tenggiri, tahan 3 bulan", alias=NUMBER)


def test_a_change_of_number_that_is_told_keeps_everything(doors: Doors) -> None:
    known(doors, USER, NUMBER)
    assert doors.come(WHATSAPP, Inbound("moved", NEXT, Said(kind="other"), moved=NUMBER)) == ""
    assert rows(doors) == [(NEXT, "", True)]
    assert "Bu Siti" in doors.at(WHATSAPP, OTHER, "menu", alias=NEXT)
    assert rows(doors) == [(OTHER, NEXT, True)] and len(doors.people()) == 1


def test_a_new_user_id_that_is_told_keeps_everything(doors: Doors) -> None:
    known(doors, USER, NUMBER)
    doors.come(WHATSAPP, Inbound("moved", OTHER, Said(kind="other"), moved=USER, alias=NEXT))
    assert rows(doors) == [(OTHER, NEXT, True)]
    assert "Bu Siti" in doors.at(WHATSAPP, OTHER, "menu", alias=NEXT)


def test_a_change_that_is_told_after_the_first_message_joins_the_two(doors: Doors) -> None:
    known(doors, NUMBER)
    doors.at(WHATSAPP, NEXT, "halo")
    doors.come(WHATSAPP, Inbound("moved", NEXT, Said(kind="other"), moved=NUMBER))
    assert rows(doors) == [(NEXT, "", True)] and len(doors.people()) == 1
    assert "Bu Siti" in doors.at(WHATSAPP, NEXT, "menu")


def test_a_change_that_is_told_again_or_late_does_not_touch_the_new_holder_of_the_number(doors: Doors) -> None:
    known(doors, USER, NUMBER)
    sent = doors.now
    told = Inbound("moved", NEXT, Said(kind="other", sent_at=sent), moved=NUMBER)
    doors.come(WHATSAPP, told)
    doors.at(WHATSAPP, OTHER, "halo", alias=NUMBER)
    before = rows(doors)
    doors.come(WHATSAPP, told)
    doors.come(WHATSAPP, replace(told, external_id="late"))
    assert rows(doors) == before == [(NEXT, "", True), (OTHER, NUMBER, True)]
    assert doors.owner_of(WHATSAPP, OTHER) != doors.owner_of(WHATSAPP, NEXT)


def test_a_late_word_of_a_move_does_not_end_a_new_holder_known_by_the_number_alone(small_doors: Doors) -> None:
    sent = small_doors.now
    small_doors.later(minutes=5)
    known(small_doors, NUMBER)
    small_doors.come(WHATSAPP, Inbound("late", NEXT, Said(kind="other", sent_at=sent), moved=NUMBER))
    assert rows(small_doors) == [(NUMBER, "", True), (NEXT, "", True)]


def test_a_number_that_was_passed_on_shows_nothing_of_who_had_it(doors: Doors) -> None:
    known(doors, USER, NUMBER)
    siti = doors.owner_of(WHATSAPP, USER)
    doors.write(lambda session: notify(session, siti, Message("menu.help"), doors.now))
    heard = doors.at(WHATSAPP, OTHER, "saya lanjut isian kemarin", alias=NUMBER, phone=f"+{NUMBER}")
    assert "Siti" not in heard and "Setuju" in heard
    assert rows(doors) == [(USER, NUMBER, False), (OTHER, NUMBER, True)]
    assert doors.owner_of(WHATSAPP, OTHER) != siti
    waiting = doors.read(lambda session: session.exec(select(Outgoing).where(Outgoing.person_id == siti, Outgoing.kind == "notice")).one())
    assert (waiting.status, waiting.reason) == ("cancelled", "passed")
    assert not doors.write(lambda session: notify(session, siti, Message("menu.help"), doors.now)), "nowhere left to be told"
    mine = doors.read(lambda session: session.exec(select(Conversation).where(Conversation.person_id == siti)).all())
    assert {row.form for row in mine} == {"welcome", "product"}


def test_what_waits_for_a_number_that_was_passed_on_takes_another_door(doors: Doors) -> None:
    known(doors, USER, NUMBER)
    doors.link((WHATSAPP, USER), ("webchat", "siti"))
    doors.at("webchat", "siti", "kabari lewat wa")
    siti = doors.owner_of(WHATSAPP, USER)
    doors.write(lambda session: notify(session, siti, Message("menu.help"), doors.now))
    doors.at(WHATSAPP, OTHER, "halo", alias=NUMBER)
    assert "Lapak membantu" in doors.heard("webchat", "siti")


def test_what_is_tried_again_after_its_chat_was_passed_on_is_not_sent(doors: Doors) -> None:
    known(doors, NUMBER)
    siti = doors.owner_of(WHATSAPP, NUMBER)
    doors.write(lambda session: notify(session, siti, Message("menu.help"), doors.now))
    [row] = doors.write(lambda session: claim(session, "whatsapp:1", "w", doors.now, address=NUMBER)).rows

    def ended(session: Session) -> None:
        session.get_one(Address, row.address_id).until = doors.now
        again = session.get_one(Outgoing, row.id)
        again.status, again.created_at = "queued", MORNING

    doors.write(ended)
    assert doors.write(lambda session: claim(session, "whatsapp:1", "w", doors.now)).rows == ()
    assert doors.read(lambda session: session.get_one(Outgoing, row.id)).status == "cancelled"


def test_a_number_that_the_channel_vouches_for_is_not_asked(small_doors: Doors) -> None:
    small_doors.at(WHATSAPP, USER, "halo", alias=NUMBER, phone=f"+{NUMBER}")
    assert [one.phone for one in small_doors.people()] == [f"+{NUMBER}"]
    small_doors.at(WHATSAPP, USER, "halo", alias=NUMBER, phone=f"+{NEXT}")
    assert [one.phone for one in small_doors.people()] == [f"+{NUMBER}"], "what is there stays"


def test_a_known_address_costs_one_statement(small_doors: Doors) -> None:
    small_doors.at(WHATSAPP, USER, "halo", alias=NUMBER)
    asked: list[str] = []

    def count(session: Session) -> None:
        driver: Any = session.connection().connection.driver_connection
        driver.set_trace_callback(asked.append)
        meet(session, Door(WHATSAPP), Inbound("x", USER, Said(), alias=NUMBER, phone=f"+{NUMBER}"), MORNING, "Asia/Makassar")
        driver.set_trace_callback(None)

    small_doors.write(count)
    assert len(asked) == 1 and "FROM address" in asked[0]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_messages_under_both_names_at_once_meet_one_person(doors: Doors) -> None:
    doors.at(WHATSAPP, NUMBER, "halo")
    doors.at(WHATSAPP, USER, "halo")
    channel = doors.app.channels["whatsapp:1"]
    both = [Inbound(f"b{number}", USER, Said(text="halo"), alias=NUMBER) for number in range(6)]

    async def come() -> list[Any]:
        return list(await asyncio.gather(*(doors.app.receive(channel, one) for one in both)))

    outcomes = doors._run(come())
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert rows(doors) == [(USER, NUMBER, True)]
    assert len(doors.read(lambda session: session.exec(select(Person)).all())) == 1


RENAMED = Inbound("moved", OTHER, Said(kind="other"), moved=USER)
BESIDE = Inbound("beside", OTHER, Said(text="menu"), alias=NUMBER)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("first_contact_first", [True, False])
@pytest.mark.parametrize("renames", [RENAMED, BESIDE])
def test_a_first_message_and_a_rename_to_the_same_name_at_once_meet_one_person(
    doors: Doors, renames: Inbound, first_contact_first: bool
) -> None:
    known(doors, *((USER,) if renames.moved else (NUMBER,)))
    both = [partial(accept, channel=Door(WHATSAPP), inbound=one, now=doors.now, scene=doors.app.scene)
            for one in (Inbound("first", OTHER, Said(text="menu")), renames)]  # fmt: skip
    meanwhile(doors.app.store, *(both if first_contact_first else reversed(both)))
    assert rows(doors) == [(OTHER, renames.alias, True)] and len(doors.people()) == 1
    assert "Bu Siti" in doors.at(WHATSAPP, OTHER, "menu", alias=renames.alias)
