"""What of the outbox is claimed when, and how a row is settled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.channel import Receipt
from bot.sending.claims import claim
from bot.sending.hand import Taken
from bot.sending.receipts import receipted
from bot.sending.settling import Settled, recover, settle
from models.campaign import Campaign
from models.outbox import BULK, NOTICE
from tests.post_office import ACCOUNT, Office, titles


def test_answers_are_claimed_before_notices_and_announcements(office: Office) -> None:
    office.queue("a", "bulk", BULK, "announcement")
    office.queue("b", "notice", NOTICE, "notice", due_at=office.now - timedelta(hours=1))
    office.queue("c", "reply")
    office.queue("d", "reply before", due_at=office.now - timedelta(seconds=1))
    office.queue("e", "later", due_at=office.now + timedelta(seconds=30))
    taken = office.claim()
    assert titles(taken.rows) == ["reply before", "reply", "notice", "bulk"]
    assert not taken.more
    assert taken.next_due == office.now + timedelta(seconds=30)


def test_one_row_of_an_address_is_on_its_way_at_a_time(office: Office) -> None:
    first, second = office.queue("a", "first"), office.queue("a", "second")
    taken = office.claim()
    assert titles(taken.rows) == ["first"]
    assert taken.more
    assert office.claim(busy=frozenset({taken.rows[0].address_id})).rows == ()
    office.write(lambda session: settle(session, Settled(first, "sent", "m1"), office.now))
    assert titles(office.claim().rows) == ["second"]
    assert office.statuses(first, second) == ["sent", "claimed"]


def test_the_many_answers_of_one_chat_do_not_hide_those_of_others(office: Office) -> None:
    for number in range(9):
        office.queue("flood", str(number), due_at=office.now - timedelta(seconds=60))
    office.queue("siti", "answer")
    taken = office.claim(limit=2)
    assert (titles(taken.rows), taken.more) == (["0", "answer"], True)


def test_what_is_tried_again_keeps_its_place(office: Office) -> None:
    first = office.queue("a", "first")
    office.claim()
    again = office.now + timedelta(seconds=2)
    office.write(lambda session: settle(session, Settled(first, "queued", reason="too many", due_at=again), office.now))
    office.queue("a", "second")
    office.queue("b", "other")
    taken = office.claim()
    assert (titles(taken.rows), taken.next_due) == (["other"], again)
    office.now = again
    taken = office.claim()
    assert (titles(taken.rows), taken.more) == (["first"], True)  # the second is looked for as soon as it has landed


def test_nothing_waits_a_day_for_a_call_that_the_platform_caps(office: Office) -> None:
    call = office.queue("a", "call", NOTICE, "call")
    office.claim()
    tomorrow = office.now + timedelta(days=1)
    office.write(lambda session: settle(session, Settled(call, "queued", reason="marketing_cap", due_at=tomorrow), office.now))
    office.queue("a", "decision", NOTICE, "notice")
    assert titles(office.claim().rows) == ["decision"]


def test_an_answer_does_not_wait_for_a_notice_that_is_tried_again(office: Office) -> None:
    office.queue("a", "notice", NOTICE, "notice", attempts=1, due_at=office.now + timedelta(seconds=9))
    office.queue("a", "answer")
    assert titles(office.claim().rows) == ["answer"]


def test_what_is_too_late_is_never_sent(office: Office) -> None:
    late = office.queue("a", "late", NOTICE, "call", expires_at=office.now)
    timely = office.queue("a", "timely", NOTICE, "call", expires_at=office.now + timedelta(seconds=1))
    assert titles(office.claim().rows) == ["timely"]
    assert office.statuses(late, timely) == ["expired", "claimed"]


def test_a_cancelled_campaign_stops_at_the_claim(office: Office) -> None:
    campaign = office.campaign()
    for name in ("a", "b"):
        office.queue(name, "", BULK, "announcement", message=None, campaign_id=campaign)
    assert titles(office.claim(limit=1).rows) == ["announcement"]
    office.write(lambda session: setattr(session.get_one(Campaign, campaign), "status", "cancelled"))
    assert office.claim() == Taken()


def test_a_crash_repeats_answers_and_lists_the_others(office: Office) -> None:
    kinds = ("reply", "notice", "call", "announcement")
    rows = [office.queue(kind, kind, NOTICE, kind) for kind in kinds]
    assert len(office.claim().rows) == 4
    assert office.write(lambda session: recover(session, ACCOUNT, office.now, timedelta(0))) == 4
    assert office.statuses(*rows) == ["queued", "queued", "unknown", "unknown"]
    assert sorted(titles(office.claim().rows)) == ["notice", "reply"]


def test_another_account_is_left_alone(office: Office) -> None:
    row = office.queue("a", "mine")
    other = office.write(lambda session: claim(session, "other", "w", office.now))
    assert other == Taken()
    office.claim()
    assert office.write(lambda session: recover(session, "other", office.now, timedelta(0))) == 0
    assert office.row(row).status == "claimed"


def test_a_status_is_settled_only_from_the_hands_it_is_in(office: Office) -> None:
    row = office.queue("a", "reply")
    office.write(lambda session: settle(session, Settled(row, "sent", "m1"), office.now))
    assert office.row(row).status == "queued"
    office.claim()
    office.write(lambda session: settle(session, Settled(row, "sent", "m1"), office.now))
    office.write(lambda session: settle(session, Settled(row, "failed", reason="late"), office.now))
    assert (office.row(row).status, office.row(row).external_id) == ("sent", "m1")


@pytest.mark.parametrize(
    ("receipts", "end"),
    [
        (["delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "delivered", "sent"], "delivered"),
        (["read", "failed"], "read"),
        (["failed", "sent"], "failed"),
        (["something new"], "sent"),
    ],
)
def test_receipts_only_move_a_status_forward(office: Office, receipts: list[str], end: str) -> None:
    row, other = office.queue("a", "reply"), office.queue("b", "other")
    office.drain("a")
    for status in receipts:
        office.write(lambda session, status=status: receipted(session, ACCOUNT, [Receipt("m1", status)], office.now))  # type: ignore[misc]
        office.write(lambda session, status=status: receipted(session, ACCOUNT, [Receipt("", status)], office.now))  # type: ignore[misc]
    assert office.statuses(row, other) == [end, "queued"]


def test_a_receipt_resolves_an_unknown_outcome(office: Office) -> None:
    row = office.queue("a", "call", NOTICE, "call", status="unknown", external_id="m9")
    office.write(lambda session: receipted(session, ACCOUNT, [Receipt("m9", "delivered")], office.now))
    assert office.row(row).status == "delivered"


def test_an_edit_knows_the_message_it_replaces(office: Office) -> None:
    first = office.queue("a", "first")
    office.drain("a")
    office.queue("a", "second", replaces=first)
    assert [one.replaces for one in office.claim().rows] == ["m1"]
