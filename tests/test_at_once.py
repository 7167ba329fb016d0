"""What two transactions do at the same moment on PostgreSQL: rows that both would make, and what only one of them may do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import String, cast, update
from sqlmodel import Session, col, select

from bot.channels.channel import Receipt
from bot.sending.receipts import receipted
from bot.store import Store
from bot.waiting import fetched
from handlers.office.officers import dismiss
from handlers.said import Photo
from handlers.templates import hear
from messages import Message
from models.board import Board, edit
from models.campaign import Campaign
from models.contact import Address, Person, invite, make_officer, offices, open_invitation
from models.conversation import Conversation, begin, keep
from models.feed import Columns
from models.inbox import Received
from models.lessons import OFFICER, learn, taught_of
from models.morning import mark
from models.outbox import Outgoing
from models.post import notify, notify_at
from models.sheet import confirm_columns
from models.taste import WEEKLY, Taste, choose_rhythm, shift
from tests.joining import address_of
from tests.racing import meanwhile, started, until
from tests.vendors import add_person
from tests.world import MORNING

Result = TypeVar("Result")


@pytest.fixture
def store(postgres_database: str) -> Iterator[Store]:
    made = Store(postgres_database)
    yield made
    made.close()


def write(store: Store, work: Callable[[Session], Result]) -> Result:
    return store.submit(work).result(20)


def person(store: Store, name: str) -> int:
    return write(store, partial(add_person, name=name))


def officer(store: Store) -> int:
    dewi = person(store, "dewi")
    write(store, partial(make_officer, person_id=dewi, region="64.72", now=MORNING))
    return dewi


# --- rows that both would make ---


@pytest.mark.parametrize("wish", [partial(choose_rhythm, rhythm=WEEKLY), partial(shift, steps=1)])
def test_a_wish_and_the_digest_may_both_be_the_first_to_keep_something_of_a_person(store: Store, wish: Callable[..., object]) -> None:
    siti = person(store, "siti")
    meanwhile(store, partial(mark, people=[siti], when="digest_at", now=MORNING), partial(wish, person_id=siti))
    taste = write(store, lambda session: session.get_one(Taste, siti))
    assert taste.digest_at == MORNING and (taste.rhythm == WEEKLY or taste.threshold > 0)


def test_an_office_may_be_given_by_two(store: Store) -> None:
    dewi = person(store, "dewi")
    give = partial(make_officer, person_id=dewi, region="64.72", now=MORNING)
    meanwhile(store, give, give)
    assert write(store, lambda session: offices(session, dewi)) == ["64.72"]


def test_two_officers_may_confirm_the_columns_of_one_kind_of_sheet(store: Store) -> None:
    words = {"A": person(store, "dewi"), "B": person(store, "budi")}
    one, other = (partial(confirm_columns, header="h", fields={name: "title"}, officer_id=who, now=MORNING) for name, who in words.items())
    meanwhile(store, one, other)
    kept = write(store, lambda session: session.get_one(Columns, "h"))
    assert (kept.fields, kept.officer_id) == ({"B": "title"}, words["B"]), "the last word counts"


def test_a_lesson_that_is_committed_after_a_later_one_is_learnt_too(store: Store) -> None:
    people = person(store, "dewi"), person(store, "budi")
    early, late = (partial(learn, text=name, codes=[code], by=OFFICER, person_id=who, now=MORNING)
                   for name, code, who in (("gorbak", "mamin", people[0]), ("zelvin", "atk", people[1])))  # fmt: skip

    def taught_meanwhile(session: Session) -> int:
        late(session)
        session.commit()
        return len(taught_of(session).weights)

    _, before = meanwhile(store, early, taught_meanwhile)
    assert (before, write(store, lambda session: len(taught_of(session).weights))) == (1, 2)


def test_a_bundle_that_two_begin_at_once_is_one_message(store: Store) -> None:
    dewi = officer(store)
    one, other = (partial(notify, person_id=dewi, message=Message("review.waiting", {"n": n}), now=MORNING, bundle="queue") for n in (1, 2))
    assert meanwhile(store, one, other) == (True, True)
    [kept] = write(store, lambda session: session.exec(select(Outgoing.message)).all())
    assert kept and kept["params"] == {"n": 2}, "the last word counts"


def test_of_templates_that_are_stopped_at_once_officers_hear_in_one_message(store: Store) -> None:
    officer(store)
    names = ("decision_fix", "decision_approved")
    news = [{"event": "PAUSED", "message_template_name": name, "message_template_language": "id"} for name in names]
    one, other = (partial(hear, value=value, province="64.72", at=MORNING, now=MORNING) for value in news)
    assert meanwhile(store, one, other) == (True, True)
    [told] = write(store, lambda session: session.exec(select(Outgoing.message)).all())
    assert all(f"whatsapp.about.{name}" in str(told) for name in names)


# --- what only one may do ---


def test_of_two_who_open_one_invitation_only_the_first_becomes_an_officer(store: Store) -> None:
    people = person(store, "dewi"), person(store, "budi")
    write(store, partial(invite, token="abc", region="64.72", now=MORNING))
    one, other = (partial(open_invitation, token="abc", person_id=who, now=MORNING) for who in people)
    assert meanwhile(store, one, other) == ("64.72", "")
    assert [write(store, partial(offices, person_id=who)) for who in people] == [["64.72"], []]


def test_a_picture_that_is_fetched_twice_is_played_once(store: Store) -> None:
    """The message came once more while its picture was on its way."""
    siti = person(store, "siti")

    def waiting(session: Session) -> int:
        row = Received(account="terminal", channel="terminal", external_id="1", person_id=siti, address_id=address_of(session, siti),
                       status="waiting", said={"kind": "photo"}, received_at=MORNING)  # fmt: skip
        session.add(row)
        session.flush()
        return row.id or 0

    row = write(store, waiting)

    def played(session: Session) -> None:
        fetched(session, row, Photo("a.jpg"))
        session.flush()
        session.execute(update(Received).values(status="done"))

    _, again = meanwhile(store, played, partial(fetched, received=row, found=Photo("a.jpg")))
    assert (again, write(store, lambda session: session.get_one(Received, row).status)) == (None, "done")


# --- what is on its way ---


def claim(session: Session) -> None:
    """As a sender takes rows in hand."""
    session.execute(update(Outgoing).where(col(Outgoing.status) == "queued").values(status="claimed", attempts=col(Outgoing.attempts) + 1))


def statuses(store: Store) -> list[str]:
    return write(store, lambda session: list(session.exec(select(Outgoing.status).order_by(col(Outgoing.id)))))


def test_what_has_just_been_taken_in_hand_is_not_taken_back_with_an_office(store: Store) -> None:
    dewi = officer(store)
    write(store, partial(notify, person_id=dewi, message=Message("review.waiting", {"n": 1}), now=MORNING))
    assert meanwhile(store, claim, partial(dismiss, person_id=dewi, region="64.72", now=MORNING)) == (None, True)
    assert statuses(store) == ["claimed"]


def test_two_webhooks_tell_of_the_same_messages_in_another_order(store: Store) -> None:
    """Each locks what it tells of, one after the other: they must not wait for each other."""
    dewi = officer(store)
    for number in (1, 2):
        write(store, partial(notify, person_id=dewi, message=Message("menu.language"), now=MORNING, subject=f"{number}"))
    sent = update(Outgoing).values(status="sent", attempts=1, external_id=cast(col(Outgoing.id), String)).returning(col(Outgoing.id))
    one, other = sorted(write(store, lambda session: list(session.execute(sent).scalars())))
    held, ends = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        session.get(Outgoing, one, with_for_update=True)
        held.set()
        ends.wait(20)

    def tell(session: Session, *rows: int) -> None:
        receipted(session, "terminal", [Receipt(f"{row}", "delivered", tag=f"{row}") for row in rows], MORNING)

    store.submit(hold)
    assert held.wait(20)
    told = []
    for rows in ((one, other), (other, one)):
        future, rests = started(store, lambda session, rows=rows: tell(session, *rows))  # type: ignore[misc]
        until(rests)
        told.append(future)
    ends.set()
    for future in told:
        future.result(20)
    assert statuses(store) == ["delivered"] * 2


def test_a_form_of_an_office_that_ends_is_closed_although_it_is_just_being_answered(store: Store) -> None:
    dewi = officer(store)
    form = write(store, lambda session: begin(session, dewi, "call", MORNING, {}, {}).id)

    def answer(session: Session) -> None:
        session.execute(select(Person.id).where(col(Person.id) == dewi).with_for_update(key_share=True))  # as every turn
        session.get_one(Conversation, form).answers = {"title": "Konsumsi rapat"}
        keep(session, dewi)

    meanwhile(store, partial(dismiss, person_id=dewi, region="64.72", now=MORNING), answer)
    kept = write(store, lambda session: session.get_one(Conversation, form))
    assert (kept.answers, kept.closed_at) == ({"title": "Konsumsi rapat"}, MORNING)


def test_an_edit_of_a_board_that_has_just_been_taken_in_hand_is_left_alone(store: Store) -> None:
    dewi = officer(store)

    def shown(session: Session) -> None:
        campaign, at = Campaign(officer_id=dewi, text="", created_at=MORNING), session.get_one(Address, address_of(session, dewi))
        session.add(campaign)
        session.flush()
        first, change = (notify_at(session, at, Message("menu.language"), MORNING, subject="board:1") for _ in range(2))
        session.execute(update(Outgoing).where(col(Outgoing.id) == first).values(status="sent", settled_at=MORNING, external_id="7"))
        session.add(Board(campaign_id=campaign.id or 0, address_id=at.id or 0, shown_id=first, edit_id=change, looked_at=MORNING))

    write(store, shown)

    def refresh(session: Session) -> bool:
        return edit(session, session.exec(select(Board)).one(), Message("common.apology"), MORNING)

    assert meanwhile(store, claim, refresh) == (None, False)
    assert statuses(store) == ["sent", "claimed"]
