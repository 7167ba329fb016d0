"""The inbox: what comes twice, at once, out of order, or meets a bug."""

from __future__ import annotations

import asyncio
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from bot.channels.channel import Inbound
from bot.inbox import screened
from bot.meeting import meet
from handlers import topics
from handlers.said import Said
from handlers.visit import Visit
from messages import Message
from models.contact import Address, Person
from models.conversation import Conversation
from models.inbox import DeadLetter, Received
from models.outbox import Outgoing
from models.post import notify
from tests.desk import Desk
from tests.world import MORNING, World


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> str:
    """A button whose handler has a bug, after it has written something."""

    def stumble(visit: Visit, subject: str, version: int) -> Any:
        visit.person.call_name = "half done"
        visit.session.flush()
        raise LookupError("somebody's words")

    monkeypatch.setitem(topics.COMMANDS, "broken", stumble)
    return "c:broken:0:0"


def test_the_same_update_twice_at_once_is_handled_once(desk: Desk) -> None:
    async def run() -> None:
        await desk.say("1", "halo")
        outcomes = await asyncio.gather(*(desk.say("2", "setuju") for _ in range(6)))
        assert sorted(outcome.status for outcome in outcomes) == ["done"] + ["repeat"] * 5
        assert len(await desk.rows(Received)) == 2
        assert len(await desk.rows(Outgoing)) == 2

    asyncio.run(run())


def test_a_first_contact_by_several_at_once_is_one_person(desk: Desk) -> None:
    async def run() -> None:
        outcomes = await asyncio.gather(*(desk.say(str(number), "halo") for number in range(6)))
        assert {outcome.status for outcome in outcomes} == {"done"}
        assert len({outcome.person for outcome in outcomes}) == 1
        assert len(await desk.rows(Person)) == len(await desk.rows(Address)) == 1
        assert len(await desk.rows(Conversation)) == 1

    asyncio.run(run())


def test_different_people_at_once_each_get_their_answers(desk: Desk) -> None:
    async def run() -> None:
        names = [f"person{number}" for number in range(8)]
        await asyncio.gather(*(desk.meet(name) for name in names))
        rows = await desk.rows(Conversation)
        assert [row.answers.get("name") for row in rows if row.form == "welcome"] == ["Bu Siti"] * 8
        assert len([row for row in rows if row.form == "product" and row.current]) == 8

    asyncio.run(run())


def test_after_a_bug_the_message_is_kept_and_the_person_goes_on(desk: Desk, broken: str) -> None:
    async def run() -> None:
        await desk.meet()
        assert (await desk.say("b", "", press=broken)).status == "failed"
        assert (await desk.say("b", "", press=broken)).status == "repeat"
        [letter] = await desk.rows(DeadLetter)
        assert letter.said["press"] == broken
        assert letter.error.startswith("LookupError at test_inbox.py:")
        assert "somebody's words" not in letter.error
        assert (await desk.rows(Person))[0].call_name == "Bu Siti"
        assert (await desk.rows(Outgoing))[-1].message["key"] == "common.apology"
        assert (await desk.say("after", "bantuan")).status == "done"
        assert (await desk.rows(Outgoing))[-1].message["key"] != "common.apology"

    asyncio.run(run())


def test_a_bug_in_what_was_waiting_is_kept_and_the_next_is_handled(desk: Desk, broken: str) -> None:
    async def run() -> None:
        await desk.meet()
        await desk.say("p", "Amplang ikan 25rb per bungkus", photo=True)
        await desk.say("b", "", press=broken)
        await desk.say("d", "250 gram, ikan tenggiri, tahan 3 bulan")
        desk.channel.gate.set()
        await desk.app.settled()
        assert [row.status for row in await desk.rows(Received)][-3:] == ["done", "failed", "done"]
        assert len(await desk.rows(DeadLetter)) == 1
        assert (await desk.answers())["details"] == "250 gram, ikan tenggiri, tahan 3 bulan"

    asyncio.run(run())


def test_a_bug_for_one_person_does_not_touch_the_neighbours_in_the_same_commit(desk: Desk, broken: str) -> None:
    async def run() -> None:
        names = [f"person{number}" for number in range(6)]
        await asyncio.gather(*(desk.meet(name) for name in [*names, "siti"]))
        outcomes = await asyncio.gather(*(desk.say(f"{name}-menu", "menu", name=name) for name in names), desk.say("b", "", press=broken))
        assert [outcome.status for outcome in outcomes] == ["done"] * 6 + ["failed"]

    asyncio.run(run())


def test_a_number_of_an_identity_card_is_nowhere_in_the_database(world: World) -> None:
    world.say("siti", "NIK saya 6472014504900003")

    def kept(session: Session) -> list[Any]:
        return [row.said for row in session.exec(select(Received))] + [row.about for row in session.exec(select(Conversation))]

    assert world.read(kept)
    assert "6472014504900003" not in str(world.read(kept))


def test_who_blocks_the_bot_is_marked_and_welcomed_back(desk: Desk) -> None:
    async def run() -> None:
        await desk.say("1", "halo")
        for id, reachable in (("block", False), ("block", False)):
            await desk.app.receive(desk.channel, Inbound(id, "siti", Said(), reachable=reachable))
        assert [place.unreachable_at for place in await desk.rows(Address)] == [MORNING]
        await desk.say("2", "halo")
        assert [place.unreachable_at for place in await desk.rows(Address)] == [None]

    asyncio.run(run())


def test_when_nothing_can_be_written_the_message_is_not_acknowledged(desk: Desk) -> None:
    """The caller answers 503 and the platform delivers again."""

    async def run() -> None:
        await desk.say("1", "halo")
        write = desk.app.store.write

        async def full(work: Any) -> Any:
            raise OSError("disk full")

        desk.app.store.write = full  # type: ignore[method-assign]
        with pytest.raises(OSError):
            await desk.say("2", "setuju")
        desk.app.store.write = write  # type: ignore[method-assign]
        assert (await desk.say("2", "setuju")).status == "done"
        count = await desk.app.store.read(lambda session: session.exec(select(func.count(col(Received.id)))).one())
        assert count == 2

    asyncio.run(run())


def test_a_deep_link_is_screened_and_somebody_elses_number_is_not_kept() -> None:
    link = Inbound("1", "siti", Said(kind="start", start="6472014504900003"))
    assert (screened(link).said.refused, screened(link).said.start) == ("nik", "")
    theirs = Inbound("2", "siti", Said(kind="contact", phone="081234567890", own=False))
    assert (screened(theirs).said.kind, screened(theirs).said.phone) == ("contact", "")
    own = Inbound("3", "siti", Said(kind="contact", phone="081234567890"))
    assert screened(own) is own


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_who_tell_each_other_something_do_not_block(desk: Desk) -> None:
    """A row that refers to a person needs a lock of it there, which the turn of that person must not hold."""
    both = Barrier(2, timeout=20)

    def greet(session: Session, name: str) -> int:
        return meet(session, desk.channel, Inbound("", name, Said()), MORNING, desk.app.scene.zone)[0].person_id

    def tell(session: Session, name: str, other: int) -> None:
        greet(session, name)
        both.wait()
        session.execute(text("SET LOCAL lock_timeout = '5s'"))
        notify(session, other, Message("common.apology"), MORNING)

    async def run() -> None:
        siti, petugas = [await desk.app.store.write(partial(greet, name=name)) for name in ("siti", "petugas")]
        turns = [partial(tell, name="siti", other=petugas), partial(tell, name="petugas", other=siti)]
        await asyncio.gather(*(desk.app.store.write(turn) for turn in turns))
        assert len(await desk.rows(Outgoing)) == 2

    asyncio.run(run())
