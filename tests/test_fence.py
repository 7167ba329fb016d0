"""Two senders of one account: who may claim, whose answer counts, and what goes back unasked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sending.hand import Claimed
from bot.sending.settling import Settled, give_back, recover, settle, settle_all
from models.campaign import Campaign
from models.outbox import BULK, NOTICE
from tests.post_office import ACCOUNT, Office, titles, until


def of(one: Claimed, status: str, worker: str = "w", **more: str) -> Settled:
    return Settled(one.id, status, worker=worker, attempts=one.attempts + 1, **more)  # type: ignore[arg-type]


def taken_over(office: Office) -> None:
    office.write(lambda session: recover(session, ACCOUNT, office.now, timedelta(0)))


def test_who_lost_the_account_claims_nothing_and_still_writes_what_it_knows(office: Office) -> None:
    row = office.queue("a", "one")
    [one] = office.claim().rows
    waiting = office.queue("b", "two")
    office.sender.books.fence = lambda session: False
    office.sender.books.done.append(of(one, "sent", external_id="m1"))

    async def run() -> None:
        assert (await office.sender.books.write(office.sender._hand())).lost

    asyncio.run(run())
    assert office.statuses(row, waiting) == ["sent", "queued"]


def test_nothing_is_asked_for_when_the_account_may_be_somebody_elses(office: Office) -> None:
    row, kept = office.queue("a", "one", BULK, "announcement"), office.queue("b", "two")
    sender, safe = office.sender, [True]
    sender.safe = lambda: safe[0]

    async def run() -> None:
        await sender._write()
        assert len(sender.lanes) == 2
        safe[0] = False  # frozen, and woken when its time is over
        sending = asyncio.create_task(sender.run())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        sending.cancel()
        await sender.land()

    asyncio.run(run())
    assert office.channel.sent == []
    assert [(office.row(id).status, office.row(id).attempts) for id in (row, kept)] == [("queued", 0), ("queued", 0)]


@pytest.mark.parametrize("kind", ["reply", "call"])
def test_an_answer_that_comes_after_another_took_over_counts_while_nobody_asked_again(office: Office, kind: str) -> None:
    row = office.queue("a", "one", NOTICE, kind)
    [one] = office.claim().rows
    taken_over(office)
    assert office.row(row).status == ("queued" if kind == "reply" else "unknown")
    office.write(lambda session: settle_all(session, [of(one, "sent", external_id="m1")], office.now))
    assert (office.row(row).status, office.row(row).external_id) == ("sent", "m1")


def test_a_row_in_other_hands_stays_there(office: Office) -> None:
    row = office.queue("a", "one")
    [one] = office.claim().rows
    taken_over(office)
    [again] = office.claim(worker="other").rows
    for result in (of(one, "sent", external_id="m1"), of(one, "failed"), replace(of(one, "queued"), due_at=office.now), of(one, "held")):
        office.write(lambda session, result=result: settle(session, result, office.now))  # type: ignore[misc]
        assert (office.row(row).status, office.row(row).claimed_by) == ("claimed", "other")
    office.write(lambda session: settle_all(session, [of(again, "sent", "other", external_id="m2")], office.now))
    assert (office.row(row).status, office.row(row).external_id, office.row(row).attempts) == ("sent", "m2", 2)


def test_what_was_not_asked_for_goes_back_also_when_it_was_taken_for_lost(office: Office) -> None:
    mine, lost = office.queue("a", "one", NOTICE, "call"), office.queue("b", "two", NOTICE, "call")
    rows = office.claim().rows
    office.write(lambda session: give_back(session, [of(rows[0], "")]))
    taken_over(office)
    assert office.statuses(mine, lost) == ["queued", "unknown"]
    office.write(lambda session: give_back(session, [of(one, "") for one in rows]))
    assert office.statuses(mine, lost) == ["queued", "queued"]
    assert [office.row(id).attempts for id in (mine, lost)] == [0, 0]
    again = office.claim(worker="other").rows
    office.write(lambda session: give_back(session, [of(one, "") for one in rows]))
    assert len(again) == 2 and office.statuses(mine, lost) == ["claimed", "claimed"]


def test_a_stop_gives_back_what_still_waits_for_its_turn(office: Office) -> None:
    rows = [office.queue("a", str(number), BULK, "announcement") for number in range(1)]
    rows += [office.queue(f"b{number}", str(number), BULK, "announcement") for number in range(3)]
    office.sender.pace.chat_rate = 1.0
    for name in ("b0", "b1", "b2"):
        office.sender.pace.take(name, office.ticks() + 1000)
    office.sender.sleep = lambda seconds: asyncio.sleep(3600)

    async def run() -> None:
        sending = asyncio.create_task(office.sender.run())
        await until(office.channel, lambda: bool(office.channel.sent))
        sending.cancel()
        await office.sender.land()

    asyncio.run(run())
    assert office.statuses(*rows) == ["sent", "queued", "queued", "queued"]
    assert [office.row(id).attempts for id in rows] == [1, 0, 0, 0]


def test_pausing_takes_back_what_waits_for_its_turn(office: Office) -> None:
    campaign = office.campaign()
    rows = [office.queue(f"a{number}", "", BULK, "announcement", message=None, campaign_id=campaign) for number in range(3)]

    async def run() -> None:
        await office.sender._write()
        assert len(office.sender.lanes) == 3
        await office.store.write(lambda session: setattr(session.get_one(Campaign, campaign), "status", "paused"))
        await office.sender._write()
        assert len(office.sender.lanes) == 0
        await office.sender._write()

    asyncio.run(run())
    assert office.statuses(*rows) == ["queued"] * 3


def test_announcements_go_side_by_side_and_their_first_part_too(office: Office) -> None:
    long, short = office.campaign(), office.campaign("canary")
    for number in range(40):
        office.queue(f"a{number}", "", BULK, "announcement", message=None, campaign_id=long)
    for number in range(5):
        office.queue(f"b{number}", "", BULK, "announcement", message=None, campaign_id=short)
    for state in ("waiting", "scheduled", "paused", "stopped", "done"):
        office.queue(f"c{state}", "", BULK, "announcement", message=None, campaign_id=office.campaign(state))
    taken = office.claim(bulk=10)
    assert sorted(one.campaign for one in taken.rows) == [long] * 5 + [short] * 5 and taken.more
    assert [one.campaign for one in office.claim(bulk=10).rows] == [long] * 10
    assert taken.going == (long, short) and titles(taken.rows) == ["announcement"] * 10


def test_a_fault_of_the_database_loses_nothing_of_what_became_of_messages(office: Office) -> None:
    row, write = office.queue("a", "one", BULK, "announcement"), office.store.write
    faults = [OSError("disk full")]

    async def fail_once(work):  # type: ignore[no-untyped-def]
        if office.channel.sent and faults:
            raise faults.pop()
        return await write(work)

    async def run() -> None:
        office.store.write = fail_once  # type: ignore[method-assign]
        with pytest.raises(OSError, match="disk full"):
            await office.sender.run()
        await office.sender.land()

    asyncio.run(run())
    assert (office.row(row).status, len(office.channel.sent)) == ("sent", 1)
