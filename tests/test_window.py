"""A channel with a window: what may not be said any more waits for the person's next message; errors that say something of a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound, SendError
from bot.inbox import Scene, accept
from bot.sending.lines import resume_line, stop_line, stopped_lines
from bot.sending.settling import Settled, settle
from handlers.said import Said
from models.contact import Address, Person, make_officer
from models.outbox import NOTICE, Outgoing
from tests.post_office import ACCOUNT, Office

DAY = timedelta(hours=24)


@pytest.fixture
def windowed(office: Office) -> Office:
    office.channel.window = DAY
    return office


def heard(office: Office, name: str, ago: timedelta) -> None:
    place = office.person(name)
    office.write(lambda session: session.execute(update(Address).where(col(Address.id) == place).values(heard_at=office.now - ago)))


def says(office: Office, name: str) -> None:
    inbound = Inbound(f"w{office.now.isoformat()}", name, Said(text="halo"))
    office.write(lambda session: accept(session, office.channel, inbound, office.now, Scene()))


def refusing(reason: str) -> Callable[[str], None]:
    def trouble(address: str) -> None:
        raise SendError(reason)

    return trouble


def test_inside_the_window_it_is_sent(windowed: Office) -> None:
    heard(windowed, "a", DAY - timedelta(minutes=1))
    row = windowed.queue("a", "notice", NOTICE, "notice")
    windowed.drain("a")
    assert windowed.statuses(row) == ["sent"]


@pytest.mark.parametrize("ago", [DAY, timedelta(days=30)])
def test_outside_it_waits_for_the_next_message(windowed: Office, ago: timedelta) -> None:
    heard(windowed, "a", ago)
    row = windowed.queue("a", "notice", NOTICE, "notice")
    windowed.drain("a")
    assert (windowed.statuses(row), windowed.channel.sent) == (["held"], [])
    windowed.drain("a")
    assert windowed.statuses(row) == ["held"]
    says(windowed, "a")
    windowed.drain("a")
    assert windowed.statuses(row) == ["sent"]


def test_who_writes_while_it_is_in_hand_lets_it_go(windowed: Office) -> None:
    """The message came after the row was claimed and before it was held: no later one may ever come."""
    heard(windowed, "a", DAY)
    row = windowed.queue("a", "notice", NOTICE, "notice")
    [taken] = windowed.claim().rows
    windowed.now += timedelta(seconds=1)
    says(windowed, "a")
    windowed.write(lambda session: settle(session, Settled(taken.id, "held", reason="window_closed"), windowed.now))
    assert windowed.statuses(row) == ["queued"]
    windowed.drain("a")
    assert windowed.statuses(row) == ["sent"]


def test_who_never_wrote_is_not_written_to(windowed: Office) -> None:
    row = windowed.queue("b", "notice", NOTICE, "notice")
    windowed.drain("b")
    assert windowed.statuses(row) == ["held"]


def test_what_got_too_late_meanwhile_is_not_sent_any_more(windowed: Office) -> None:
    heard(windowed, "a", DAY)
    row = windowed.queue("a", "call", NOTICE, "call", expires_at=windowed.now + timedelta(hours=2))
    windowed.drain("a")
    windowed.now += timedelta(hours=3)
    says(windowed, "a")
    windowed.drain("a")
    assert windowed.statuses(row) == ["expired"]


def test_the_platform_knows_better_when_the_window_closed(windowed: Office) -> None:
    heard(windowed, "a", timedelta(hours=1))
    row = windowed.queue("a", "notice", NOTICE, "notice")
    windowed.channel.trouble = refusing("window_closed")
    windowed.drain("a")
    assert windowed.statuses(row) == ["held"]


def test_what_cannot_be_delivered_three_times_makes_the_address_unreachable(office: Office) -> None:
    office.channel.trouble = refusing("undeliverable")
    for _ in range(2):
        office.queue("a", "notice", NOTICE, "notice")
        office.drain("a")
    assert office.place("a").unreachable_at is None
    office.channel.trouble = lambda address: None
    office.queue("a", "notice", NOTICE, "notice")
    office.drain("a")
    office.channel.trouble = refusing("undeliverable")
    for place in range(3):
        assert office.place("a").unreachable_at is None, place
        office.queue("a", "notice", NOTICE, "notice")
        office.drain("a")
    assert office.place("a").unreachable_at == office.now


def test_who_wants_no_more_marketing_is_stopped(office: Office) -> None:
    office.channel.trouble = refusing("unwanted")
    row = office.queue("a", "call", NOTICE, "call")
    office.drain("a")
    person = office.place("a").person_id
    assert office.statuses(row) == ["failed"]
    assert office.write(lambda session: session.get_one(Person, person).stopped_at) == office.now


def test_a_restricted_account_sends_nothing_until_somebody_looked(office: Office) -> None:
    stops: list[tuple[str, str]] = []

    async def halt(account: str, reason: str) -> None:
        stops.append((account, reason))
        office.sender.stopped = True

    office.sender.halt = halt
    rows = [office.queue(name, name) for name in ("a", "b")]
    office.channel.trouble = refusing("restricted")
    office.drain("a")
    office.channel.trouble = lambda address: None
    office.drain("b")
    assert (office.statuses(*rows), stops) == (["queued", "queued"], [(ACCOUNT, "restricted")])
    office.sender.stopped = False
    for name in ("a", "b"):
        office.drain(name)
    assert office.statuses(*rows) == ["sent", "sent"]


def test_an_unknown_outcome_waits_for_the_channels_own_word(office: Office) -> None:
    office.channel.echo = timedelta(seconds=20)
    office.channel.trouble = refusing("no_answer")
    row = office.queue("a", "reply")
    office.drain("a")
    assert (office.row(row).status, office.row(row).due_at - office.now) == ("queued", timedelta(seconds=20))


def test_a_line_is_stopped_once_and_resumed_once(office: Office) -> None:
    office.person("petugas")
    officer = office.place("petugas").person_id

    def stop(session: Session) -> None:
        make_officer(session, officer, "64", office.now)
        stop_line(session, "whatsapp:1", "restricted", office.now, "64")

    office.write(stop)
    office.write(stop)
    told = office.write(lambda session: session.exec(select(Outgoing.message)).all())
    assert [message["params"]["account"] for message in told if message] == ["whatsapp:1"]
    assert office.write(stopped_lines) == {"whatsapp:1": "restricted"}
    assert [office.write(lambda session: resume_line(session, "whatsapp:1")) for _ in range(2)] == [True, False]
    assert office.write(stopped_lines) == {}
