"""What leaves outside of windows: people a day, rupiah a month, reserved before the request, given back when nothing arrived."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.channels.channel import Receipt, SendError, priced
from bot.faults.number import DAY, Number
from bot.sending.receipts import receipted
from messages.templates import Templated
from models.aside import set_aside
from models.campaign import Campaign
from models.contact import Address, Person
from models.line import Line
from models.outbox import Outgoing
from models.spending import ROLLING, Hold, book, pay_back
from tests.paid import PRICE, Paid
from tests.post_office import ACCOUNT


def test_what_costs_is_in_the_row_before_it_is_asked_for(paid: Paid) -> None:
    seen: list[tuple[str, int]] = []
    send = paid.channel.send_template

    async def look(address: str, templated: Templated, tag: str) -> str:
        row = await paid.store.read(lambda session: session.exec(select(Outgoing)).one())
        assert tag == priced(f"{row.id}", row.price)
        seen.append((row.template, row.price))
        return await send(address, templated, tag)

    paid.channel.send_template = look  # type: ignore[method-assign]
    assert paid.tell("a").status == "sent"
    assert seen == [("decision_fix", PRICE)]


def test_the_ceiling_is_never_passed_and_begins_anew_with_the_month(paid: Paid) -> None:
    paid.terms(ceiling=2 * PRICE + 1)
    assert [paid.tell(name).status for name in "abc"] == ["sent", "sent", "held"]
    assert (paid.row(3).reason, paid.spent(), paid.asked) == ("ceiling", 2 * PRICE, ["a", "b"])
    paid.now += timedelta(days=8)  # 1 December in the office's zone
    assert paid.tell("d").status == "sent"


def test_nothing_that_costs_leaves_at_a_ceiling_of_nothing(paid: Paid) -> None:
    paid.terms(ceiling=0)
    assert (paid.tell("a").status, paid.asked) == ("held", [])


def test_what_was_refused_gives_the_money_back(paid: Paid) -> None:
    paid.terms(ceiling=PRICE)
    paid.refuse = SendError("rejected")
    row = paid.tell("a")
    assert (row.status, row.template, row.price) == ("failed", "", 0)
    paid.refuse, paid.now = None, paid.now + timedelta(minutes=2)
    assert paid.tell("b").status == "sent"


def test_what_nobody_knows_of_stays_reserved(paid: Paid) -> None:
    paid.refuse = SendError("no_answer")
    row = paid.tell("a")
    assert (row.status, row.template, row.price) == ("queued", "decision_fix", PRICE)
    paid.refuse, paid.now = None, paid.now + timedelta(minutes=10)
    paid.drain("a")
    assert (paid.row(row.id or 0).status, paid.spent()) == ("sent", 2 * PRICE), "the first try may have arrived too"


def test_what_was_not_delivered_gives_the_money_back(paid: Paid) -> None:
    row = paid.tell("a")
    fails(paid, row.id or 0, row.external_id)
    assert (paid.row(row.id or 0).status, paid.spent()) == ("failed", 0)


def fails(paid: Paid, row: int, external: str, price: int = PRICE) -> None:
    told = Receipt(external, "failed", "undeliverable", priced(f"{row}", price), SendError("undeliverable"))
    paid.write(lambda session: receipted(session, ACCOUNT, [told], paid.now))


def test_the_failure_of_one_try_leaves_what_another_costs(paid: Paid) -> None:
    """The first gets no answer; that it failed is told while the second, which is booked, is on its way."""
    paid.refuse = SendError("no_answer")
    row = paid.tell("a").id or 0
    send, paid.refuse, paid.now = paid.channel.send_template, None, paid.now + timedelta(minutes=10)

    async def told_meanwhile(address: str, templated: Templated, tag: str) -> str:
        assert paid.spent() == 2 * PRICE
        fails(paid, row, "m1")
        return await send(address, templated, tag)

    paid.channel.send_template = told_meanwhile  # type: ignore[method-assign]
    paid.drain("a")
    kept = paid.row(row)
    assert (kept.status, kept.template, kept.price) == ("sent", "decision_fix", PRICE)
    fails(paid, row, "m1")
    fails(paid, row, kept.external_id, price=0)
    assert paid.spent() == PRICE, "told again, and of a message that costs nothing"


def test_of_two_tries_the_later_fails_and_the_earlier_may_have_arrived(paid: Paid) -> None:
    paid.refuse = SendError("no_answer")
    row = paid.tell("a").id or 0
    paid.refuse, paid.now = None, paid.now + timedelta(minutes=10)
    paid.drain("a")
    fails(paid, row, paid.row(row).external_id)
    assert (paid.row(row).status, paid.row(row).template, paid.spent()) == ("failed", "decision_fix", PRICE)


def test_what_was_paid_back_between_the_claim_and_the_booking_is_not_booked_again(paid: Paid) -> None:
    paid.refuse = SendError("no_answer")
    id = paid.tell("a").id or 0

    def claimed(session: Session) -> None:
        row = session.get_one(Outgoing, id)
        row.status, row.claimed_by, row.attempts, row.price = "claimed", "me", 2, PRICE
        session.add(row)

    held = Hold(id, "me", 2, PRICE)
    for paid_back, price in ((0, 2 * PRICE), (PRICE, PRICE)):
        paid.write(claimed)
        paid.write(lambda session: pay_back(session, id, paid_back))  # noqa: B023
        assert paid.write(lambda session: book(session, held, "decision_fix", PRICE))
        assert paid.row(id).price == price
    paid.write(claimed)
    for _ in range(2):
        paid.write(lambda session: book(session, held, "decision_fix", PRICE))
    assert paid.spent() == 2 * PRICE, "twice is once"


def test_the_day_has_so_many_people_and_the_next_waits_without_a_try(paid: Paid) -> None:
    for place in range(40):
        paid.tell(f"p{place}")
    late = paid.tell("late")
    assert (late.status, late.reason, late.attempts, len(paid.asked)) == ("queued", "quota", 0, 40)
    assert paid.tell("p3").status == "sent", "the same person counts once"
    assert late.due_at >= paid.now + timedelta(hours=23)
    paid.now = late.due_at
    paid.drain("late")
    assert paid.row(late.id or 0).status == "sent"


def test_a_restart_counts_from_the_rows(paid: Paid) -> None:
    for place in range(40):
        paid.tell(f"p{place}")
    paid.sender.purse.__init__()  # type: ignore[misc]
    assert paid.tell("late").reason == "quota"


def test_answers_and_open_windows_are_not_held_up(paid: Paid) -> None:
    paid.write(lambda session: session.execute(update(Line).values(tier=1)))
    paid.tell("a")
    reply = paid.queue("b", "an answer")
    paid.write(lambda session: session.execute(update(Address).where(col(Address.address) == "b").values(heard_at=paid.now)))
    paid.drain("b")
    assert paid.statuses(reply) == ["sent"]


def test_an_announcement_leaves_a_twentieth_of_the_day_to_others_and_waits_as_a_whole(paid: Paid) -> None:
    names = [f"p{place}" for place in range(60)]
    rows = paid.announcement(True, *names)
    for name in names:
        paid.drain(name)
    assert len(paid.asked) == 38
    left = [paid.row(row) for row in rows[38:]]
    assert {(row.status, row.reason, row.attempts) for row in left} == {("queued", "quota", 0)}
    assert paid.claim().rows == ()
    assert paid.tell("x").status == "sent"


def test_what_is_not_paid_for_is_held_as_a_whole(paid: Paid) -> None:
    rows = paid.announcement(False, "a", "b", "c")
    paid.drain("a")
    assert (paid.statuses(*rows), paid.asked) == (["held"] * 3, [])


def test_a_template_that_cannot_be_sent_stops_the_announcement(paid: Paid) -> None:
    rows, woken = paid.announcement(True, "a", "b"), list[str]()
    paid.refuse = SendError("template_paused")
    paid.sender.books.elsewhere = lambda: woken.append("the officers' senders")
    paid.drain("a")
    assert woken
    campaign = paid.write(lambda session: session.get_one(Campaign, 1))
    assert (campaign.status, campaign.why, paid.spent()) == ("stopped", "template_paused", 0)
    paid.refuse = None
    paid.drain("b")
    assert (paid.row(rows[1]).status, paid.asked) == ("queued", [])


def test_the_cap_on_marketing_waits_a_day_then_takes_another_app(paid: Paid) -> None:
    [row] = paid.announcement(True, "a")
    paid.drain("a")

    def capped(session: Session) -> None:
        found = session.get_one(Outgoing, row)
        told = Receipt(found.external_id, "failed", "marketing_cap", priced(f"{row}", 2 * PRICE), SendError("marketing_cap"))
        receipted(session, ACCOUNT, [told], paid.now)

    paid.write(capped)
    assert (paid.row(row).status, paid.row(row).due_at, paid.spent()) == ("queued", paid.now + timedelta(days=1), 0)
    paid.now += timedelta(days=1)
    paid.drain("a")
    assert paid.row(row).attempts == 2
    person = paid.row(row).person_id
    other = Address(person_id=person, account="telegram", channel="telegram", address="9", since=paid.now)
    paid.write(lambda session: session.add(other))
    paid.write(capped)
    assert (paid.row(row).status, paid.row(row).account, paid.row(row).attempts) == ("queued", "telegram", 0)


def test_the_cap_on_marketing_holds_where_there_is_no_other_app(paid: Paid) -> None:
    [row] = paid.announcement(True, "a")
    paid.write(lambda session: session.execute(update(Outgoing).where(col(Outgoing.id) == row).values(attempts=1)))
    paid.refuse = SendError("marketing_cap")
    paid.drain("a")
    assert paid.statuses(row) == ["held"]


def test_the_morning_after_is_that_of_the_person(paid: Paid) -> None:
    rows = paid.announcement(True, "a", "b")
    zone = update(Person).where(col(Person.id) == paid.place("b").person_id).values(zone="Asia/Jayapura")
    paid.write(lambda session: session.execute(zone))
    night = paid.now + timedelta(hours=14)  # midnight in Samarinda
    done = paid.write(lambda session: set_aside(session, ACCOUNT, 1, paid.now, paid.now - DAY, "quota", night))
    assert done == 2
    assert [paid.row(row).due_at - paid.now for row in rows] == [timedelta(hours=21), timedelta(hours=20)]


def test_two_at_once_share_what_is_left(paid: Paid) -> None:
    paid.terms(ceiling=3 * PRICE)
    names = [f"p{place}" for place in range(8)]
    rows = [paid.fix(name) for name in names]

    async def together() -> None:
        await asyncio.gather(*(paid.sender.drain(name) for name in names))

    asyncio.run(together())
    assert sorted(paid.statuses(*rows)) == ["held"] * 5 + ["sent"] * 3
    assert paid.spent() == 3 * PRICE


def test_a_day_is_longer_than_the_platforms() -> None:
    assert Number.window < ROLLING
