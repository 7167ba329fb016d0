"""What waits for two who become one, which door news takes, and two joins at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from bot.store import Store, open_engine
from messages import Message
from models.audience import Audience, best_addresses
from models.call import INTERESTED, CallNotice
from models.campaign import Campaign, fill
from models.contact import Address, Person, best
from models.conversation import Conversation
from models.joining import join
from models.outbox import Outgoing
from models.post import campaign_rows, notify
from tests.databases import patient
from tests.joining import address_of, call_of, referring, two
from tests.vendors import SINCE, add_person
from tests.world import MORNING

EARLIER = MORNING - timedelta(days=1)


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine, expire_on_commit=False) as made:
        yield made
    engine.dispose()


@pytest.mark.parametrize(("first", "second", "left"), [
    ("queued", "queued", ["cancelled", "queued"]), ("sent", "queued", ["cancelled", "sent"]),
    ("queued", "claimed", ["cancelled", "claimed"]),
    ("failed", "queued", ["failed", "queued"]), ("sent", "read", ["read", "sent"]), ("unknown", "queued", ["cancelled", "unknown"]),
])  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_an_announcement_is_told_once(session: Session, first: str, second: str, left: list[str], turned: bool) -> None:
    keep, gone = two(session)
    campaign = Campaign(officer_id=keep, text="Rapat", audience=Audience("64").to_json(), message={"key": "menu.help"}, created_at=MORNING)
    session.add(campaign)
    session.flush()
    for person, status in zip((keep, gone), (second, first) if turned else (first, second), strict=True):
        address = session.get_one(Address, address_of(session, person))
        [row] = campaign_rows([address], campaign.id or 0, 2, MORNING, [MORNING])
        session.execute(SQLModel.metadata.tables["outgoing"].insert().values(**row, status=status, **_outgoing_blank()))
    join(session, keep, gone, MORNING)
    rows = session.execute(select(Outgoing)).scalars().all()
    assert sorted(row.status for row in rows) == left
    assert {row.person_id for row in rows} == {keep} and [row.message for row in rows if not row.campaign_id] == [{"key": "menu.help"}]
    assert fill(session, campaign, MORNING) == 0, "a second time"


def _outgoing_blank() -> dict[str, Any]:
    return {"bundle": "", "claimed_by": "", "attempts": 0, "external_id": "", "reason": ""}


@pytest.mark.parametrize(("told", "left"), [((), "queued"), ((0,), "sent"), ((1,), "sent")])
def test_a_call_is_told_once_and_the_answer_stays(session: Session, told: tuple[int, ...], left: str) -> None:
    keep, gone = two(session)
    call = call_of(session)
    for person, answer in ((keep, ""), (gone, INTERESTED)):
        at = MORNING if answer else None
        session.add(CallNotice(call_id=call, person_id=person, answer=answer, answered_at=at, at=MORNING, told_at=at))
        notify(session, person, Message("call.new", {"title": "Konsumsi"}), MORNING, subject=f"call:{call}", kind="call")
    for row in session.execute(select(Outgoing)).scalars():
        row.status = "sent" if row.person_id in [(keep, gone)[side] for side in told] else "queued"
    session.flush()
    join(session, keep, gone, MORNING)
    [notice] = session.execute(select(CallNotice)).scalars()
    assert (notice.person_id, notice.answer, notice.told_at) == (keep, INTERESTED, MORNING)
    assert sorted(row.status for row in session.execute(select(Outgoing)).scalars()) == ["cancelled", left]


def test_news_of_one_person_that_resemble_each_other_stay(session: Session) -> None:
    keep, gone = two(session)
    for n in (1, 2):
        notify(session, gone, Message("review.waiting", {"n": n}), MORNING, subject="question:1")
    notify(session, gone, Message("menu.language"), MORNING, bundle="queue")
    join(session, keep, gone, MORNING)
    assert [row.status for row in session.execute(select(Outgoing)).scalars()] == ["queued"] * 3


def place(channel: str, heard: int, id: int = 1) -> Address:
    """Heard so many hours ago."""
    return Address(
        id=id, person_id=1, account=channel, channel=channel, address="x", since=SINCE, heard_at=MORNING - timedelta(hours=heard)
    )


@pytest.mark.parametrize(("chosen", "doors", "goes"), [
    ("", (("webchat", 1), ("telegram", 90), ("whatsapp", 2)), "telegram"),
    ("whatsapp", (("webchat", 1), ("telegram", 90), ("whatsapp", 50)), "whatsapp"),
    ("telegram", (("webchat", 1), ("whatsapp", 2)), "whatsapp"),
    ("", (("webchat", 1), ("whatsapp", 23)), "whatsapp"),
    ("", (("webchat", 1), ("whatsapp", 24)), "webchat"),
    ("", (("webchat", 30), ("whatsapp", 25)), "whatsapp"),
])  # fmt: skip
def test_news_goes_to_the_best_door(chosen: str, doors: tuple[tuple[str, int], ...], goes: str) -> None:
    found = best([place(*door, id) for id, door in enumerate(doors)], chosen, MORNING)
    assert found and found.channel == goes


def test_what_ended_or_cannot_be_reached_gets_no_news(session: Session) -> None:
    siti = add_person(session, "siti")
    for name, more in (("ended", {"until": SINCE}), ("blocked", {"unreachable_at": SINCE})):
        row = Address(person_id=siti, account="telegram:1", channel="telegram", address=name, since=MORNING, heard_at=MORNING)
        session.add(row.sqlmodel_update(more))
    session.flush()
    assert best_addresses(session, [siti], MORNING)[siti].address == "siti"
    assert notify(session, siti, Message("menu.language"), MORNING)
    assert session.execute(select(Outgoing)).scalars().one().account == "terminal"
    session.get_one(Address, address_of(session, siti)).until = MORNING
    session.flush()
    assert best_addresses(session, [siti], MORNING) == {} and not notify(session, siti, Message("menu.language"), MORNING)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("crossed", [False, True])
def test_two_joins_at_once_leave_one_person(database: str, crossed: bool) -> None:
    """Of the same two, each from its own side where they are crossed: whoever is late finds it done."""

    async def run() -> None:
        store = Store(database)
        keep, gone = await store.write(two)
        both = Barrier(2, timeout=20)
        first = [True, True]

        def turn(session: Session, side: int, one: int, other: int) -> bool:
            # A turn holds the person who speaks; only the first try waits for the other.
            session.execute(select(Person).where(col(Person.id) == (keep, gone)[side]).with_for_update(key_share=True))
            if first[side]:
                first[side] = False
                if side == 0 or crossed:
                    both.wait()
            return join(session, one, other, MORNING)

        def late(session: Session) -> bool:
            both.wait()
            return join(session, keep, gone, MORNING)

        turns = [lambda session: turn(session, 0, keep, gone), (lambda session: turn(session, 1, keep, gone)) if crossed else late]
        done = await asyncio.gather(*(store.write(one) for one in turns))
        assert sorted(done) == [False, True]
        people = await store.read(lambda session: list(session.execute(select(col(Person.id))).scalars()))
        assert people == [keep]
        assert await store.read(lambda session: referring(session, gone)) == []
        assert await store.read(lambda session: len(session.execute(select(Conversation)).all())) == 0
        store.close()

    asyncio.run(run())
