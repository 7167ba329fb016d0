"""What a receipt says of a row: by tag and by id, in any order, twice, late, and while the answer of the request is still on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.channels.channel import Receipt, SendError, part_of
from bot.sending.delivery import outcome
from bot.sending.receipts import Told, receipted
from bot.sending.settling import Settled, recover, settle
from messages import Message
from models.contact import Address
from models.conversation import Conversation
from models.outbox import NOTICE
from models.post import notify, reply
from models.reasons import TRIES
from tests.post_office import ACCOUNT, Office, titles

ECHO = timedelta(seconds=20)


def tell(office: Office, *receipts: Receipt, account: str = ACCOUNT) -> Told:
    return office.write(lambda session: receipted(session, account, receipts, office.now))


def tagged(row: int, *statuses: str, external: str = "m1", error: SendError | None = None) -> list[Receipt]:
    return [Receipt(external, status, error.reason if error else "", str(row), error) for status in statuses]


def claimed(office: Office, kind: str = "reply", name: str = "a", **more: Any) -> int:
    row = office.queue(name, "one", NOTICE, kind, **more)
    assert [one.id for one in office.claim().rows] == [row]
    return row


def landed(office: Office, row: int, external: str) -> None:
    """The answer of the request."""
    office.write(lambda session: settle(session, Settled(row, "sent", external), office.now))


def killed(office: Office) -> None:
    office.write(lambda session: recover(session, ACCOUNT, office.now, ECHO))


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        (["sent"], "sent"),
        (["sent", "delivered", "read"], "read"),
        (["read", "sent", "delivered"], "read"),
        (["delivered", "delivered", "sent", "sent"], "delivered"),
        (["delivered", "failed"], "delivered"),
        (["failed", "sent"], "failed"),
        (["failed", "failed"], "failed"),
        (["deleted"], "claimed"),
    ],
)
def test_a_tag_settles_a_row_whose_answer_is_not_there_yet(office: Office, statuses: Sequence[str], end: str) -> None:
    row, other = claimed(office), office.queue("b", "other")
    tell(office, *tagged(row, *statuses))
    assert office.statuses(row, other) == [end, "queued"]
    landed(office, row, "m1")
    assert office.row(row).status == ("sent" if end == "claimed" else end)
    assert office.row(row).external_id == "m1" and office.row(row).settled_at == office.now


@pytest.mark.parametrize("kind", ["reply", "notice", "call", "announcement"])
def test_after_a_crash_the_channels_word_is_waited_for(office: Office, kind: str) -> None:
    row = claimed(office, kind)
    killed(office)
    assert (office.row(row).status, office.row(row).due_at, office.claim().rows) == ("queued", office.now + ECHO, ())
    tell(office, *tagged(row, "delivered"))
    office.now += ECHO
    assert office.claim().rows == ()
    assert (office.row(row).status, office.row(row).external_id, office.row(row).reason) == ("delivered", "m1", "restart")


def test_only_a_receipt_that_lets_something_go_wakes_the_sender(office: Office) -> None:
    row = claimed(office)
    landed(office, row, "m1")
    assert not tell(office, *tagged(row, "sent", "delivered", "read")).wakes
    second = claimed(office)
    killed(office)
    assert office.queue("a", "behind it", NOTICE, "notice") and office.claim().rows == ()
    assert tell(office, *tagged(second, "delivered", external="m2")).wakes
    assert titles(office.claim().rows) == ["behind it"]


@pytest.mark.parametrize("kind", ["reply", "call"])
def test_its_silence_means_that_nothing_was_taken(office: Office, kind: str) -> None:
    row = claimed(office, kind)
    killed(office)
    office.now += ECHO
    assert [one.id for one in office.claim().rows] == [row]
    landed(office, row, "m2")
    assert (office.row(row).status, office.row(row).reason) == ("sent", "")


def test_a_second_crash_waits_anew(office: Office) -> None:
    """The first wait ran out while nobody was there to hear."""
    row, fresh = claimed(office), office.queue("b", "never tried")
    killed(office)
    office.now += ECHO - timedelta(seconds=1)
    killed(office)
    assert office.row(row).due_at == office.now + ECHO
    assert [one.id for one in office.claim().rows] == [fresh]


def test_a_next_answer_does_not_bring_forward_what_may_have_been_shown(office: Office) -> None:
    def begin(session: Session) -> int:
        place = session.exec(select(Address)).one()
        talk = Conversation(person_id=place.person_id, form="product", started_at=office.now, updated_at=office.now)
        session.add(talk)
        session.flush()
        return talk.id or 0

    def say(session: Session) -> None:
        reply(session, session.exec(select(Address)).one(), Message("common.apology"), office.now, office.now)

    office.person("a")
    row = claimed(office, bundle="turn", conversation_id=office.write(begin))
    killed(office)
    office.write(say)
    assert (office.row(row).status, office.row(row).due_at) == ("queued", office.now + ECHO)


def test_a_later_notice_does_not_join_what_may_have_been_shown(office: Office) -> None:
    row = claimed(office, "notice", bundle="queue")
    killed(office)
    person = office.row(row).person_id
    office.write(lambda session: notify(session, person, Message("drafts.kept", {"title": "two"}), office.now, bundle="queue", urgent=True))
    tell(office, *tagged(row, "delivered"))
    assert titles(office.claim().rows) == ["two"]


def test_a_late_word_settles_what_was_given_up(office: Office) -> None:
    lost = claimed(office, status="queued")
    office.write(lambda session: settle(session, Settled(lost, "failed", reason="no answer"), office.now))
    late = office.queue("b", "late", NOTICE, "call", attempts=1, status="expired", settled_at=office.now)
    tell(office, *tagged(lost, "sent", "delivered"), *tagged(late, "read", external="m2"))
    assert office.statuses(lost, late) == ["delivered", "read"]


def test_what_was_never_tried_or_was_taken_back_stays(office: Office) -> None:
    untried, gone = office.queue("a", "one"), office.queue("b", "two", attempts=1, status="cancelled")
    tell(office, *tagged(untried, "delivered"), *tagged(gone, "delivered", external="m2"))
    assert office.statuses(untried, gone) == ["queued", "cancelled"]


def test_another_account_says_nothing(office: Office) -> None:
    row = claimed(office)
    tell(office, *tagged(row, "delivered"), account="other")
    tell(office, Receipt("", "delivered", tag=str(row)), Receipt("m1", "delivered", tag="9" * 30), Receipt("m1", "delivered", tag="x"))
    assert office.row(row).status == "claimed"
    landed(office, row, "m1")
    tell(office, Receipt("m1", "delivered"), account="other")
    assert office.row(row).status == "sent"


@pytest.mark.parametrize("tag", ["1732650000000", "{row}.1732650000000", "{row}-1732650000000"])
def test_a_tag_with_a_number_beyond_all_rows_holds_up_no_receipt(office: Office, tag: str) -> None:
    """Of another program that sends from the same number, say."""
    row, other = claimed(office), claimed(office, name="b")
    for one, external in ((row, "m1"), (other, "m2")):
        landed(office, one, external)
    failed = Receipt("m1", "failed", "undeliverable", tag.format(row=row), SendError("undeliverable"))
    tell(office, replace(failed, status="sent", external_id="m9", error=None), failed, *tagged(other, "delivered", external="m2"))
    assert office.statuses(row, other) == ["failed", "delivered"]


def test_a_failure_that_is_told_twice_is_tried_again_once(office: Office) -> None:
    row = claimed(office)
    again = SendError("stumbled")
    tell(office, *tagged(row, "failed", "failed", error=again))
    due = office.now + timedelta(seconds=2)
    assert (office.row(row).status, office.row(row).due_at) == ("queued", due)
    office.now = due
    office.claim()
    tell(office, *tagged(row, "failed", "sent", error=again))
    assert office.row(row).status == "claimed"
    landed(office, row, "m2")
    tell(office, *tagged(row, "failed", "sent", error=again))
    assert (office.row(row).status, office.row(row).external_id) == ("sent", "m2")


def test_the_failure_of_an_earlier_try_does_not_undo_a_later_one(office: Office) -> None:
    row = claimed(office)
    killed(office)
    office.now += ECHO
    office.claim()
    tell(office, *tagged(row, "failed", external="m1", error=SendError("stumbled")))
    landed(office, row, "m2")
    assert (office.row(row).status, office.row(row).external_id) == ("sent", "m2")


def test_what_arrived_after_all_is_not_tried_again(office: Office) -> None:
    row = claimed(office)
    tell(office, *tagged(row, "failed", error=SendError("stumbled")), *tagged(row, "delivered"))
    assert office.row(row).status == "delivered"


@pytest.mark.parametrize("by_tag", [True, False])
@pytest.mark.parametrize(
    ("error", "status", "stop"),
    [
        (SendError("stumbled"), "queued", ""),
        (SendError("marketing_cap"), "queued", ""),
        (SendError("too_fast", retry_after=7), "queued", ""),
        (SendError("rejected"), "failed", ""),
        (SendError("window_closed"), "held", ""),
        (SendError("template_paused"), "held", ""),
        (SendError("restricted"), "queued", "restricted"),
        (SendError("unwanted"), "failed", ""),
        (SendError("undeliverable"), "failed", ""),
    ],
)
def test_a_failure_told_later_has_its_decision(office: Office, error: SendError, status: str, stop: str, by_tag: bool) -> None:
    row = claimed(office)
    if not by_tag:
        landed(office, row, "m1")
    assert tell(office, *tagged(row if by_tag else 0, "failed", error=error)) == Told(stop, wakes=True)
    kept = office.row(row)
    assert (kept.status, kept.reason, kept.settled_at is None) == (status, error.reason, status in ("queued", "held"))
    landed(office, row, "m1")
    assert office.row(row).status == status


def test_three_undeliverable_in_a_row_make_an_address_unreachable(office: Office) -> None:
    error = SendError("undeliverable")
    for number in range(3):
        assert office.place("a").unreachable_at is None if number else True
        row = claimed(office)
        landed(office, row, f"m{number}")
        tell(office, *tagged(row, "failed", external=f"m{number}", error=error))
    assert office.place("a").unreachable_at == office.now


@pytest.mark.parametrize(("kind", "ends"), [("reply", ["queued"] * (TRIES - 1)), ("call", ["queued", "unknown", "unknown"])])
def test_an_answer_that_does_not_come_is_repeated_where_the_channel_tells(office: Office, kind: str, ends: list[str]) -> None:
    """A call once, since nobody pays twice for a network that is down."""
    office.queue("a", "one", NOTICE, kind)
    [one] = office.claim().rows
    silent = SendError("no_answer", ECHO.total_seconds())
    for attempts, end in enumerate(ends):
        settled = outcome(replace(one, attempts=attempts), silent, office.now, told=True)
        assert (settled.status, settled.due_at) == (end, office.now + ECHO if end == "queued" else None)
    assert outcome(one, silent, office.now).status == ("queued" if kind == "reply" else "unknown")


def test_a_part_says_where_a_next_try_begins(office: Office) -> None:
    row = claimed(office)
    part = Receipt("p1", "sent", tag=part_of(str(row), 2))
    tell(office, part, Receipt("p0", "read", tag=part_of(str(row), 1)), part)
    tell(
        office,
        Receipt("p9", "failed", tag=part_of(str(row), 9)),
        Receipt("p9", "sent", tag=f"{row}.x"),
        Receipt("p9", "sent", tag=f"x.{row}"),
    )
    assert (office.row(row).status, office.row(row).shown) == ("claimed", 2)
    killed(office)
    office.now += ECHO
    assert [(one.id, one.shown) for one in office.claim().rows] == [(row, 2)]
    tell(office, *tagged(row, "delivered"), Receipt("p3", "sent", tag=part_of(str(row), 3)))
    assert (office.row(row).status, office.row(row).shown) == ("delivered", 2)
