"""What waited for somebody until they wrote: several things leave as one message, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.inbox import Scene, accept
from handlers.held import BUNDLED, MOST
from handlers.said import Said
from messages import Message, Voice, render
from messages.pushed import PUSHED
from models.campaign import Campaign
from models.outbox import BULK, NOTICE, Outgoing
from tests.post_office import Office

CALL, FIX, ANNOUNCED = "call.new", "decision.fix", "announcement.body"


@pytest.fixture
def windowed(office: Office) -> Office:
    office.channel.window = timedelta(hours=24)
    return office


def wait(office: Office, key: str, **more: Any) -> int:
    one = PUSHED[key]
    message = Message(key, one.sample, tuple(one.buttons), category="marketing" if one.category == "marketing" else "own").to_json()
    return office.queue("a", "", NOTICE, "notice", **{"message": message, "status": "held", **more})


def campaign_row(office: Office, state: str, **more: Any) -> int:
    campaign = office.campaign(state)
    said = Message(ANNOUNCED, PUSHED[ANNOUNCED].sample, category="marketing").to_json()

    def put(session: Session) -> None:
        row = session.get_one(Campaign, campaign)
        row.message, row.ends_at = said, more.pop("ends_at", None)
        session.add(row)

    office.write(put)
    return office.queue("a", "", BULK, "announcement", message=None, campaign_id=campaign, **{"status": "held", **more})


def says(office: Office, text: str = "menu", **how: Any) -> None:
    office.now += timedelta(seconds=1)
    inbound = Inbound(f"w{office.now.isoformat()}", "a", Said(text=text, **how))
    office.write(lambda session: accept(session, office.channel, inbound, office.now, Scene()))


def answers(office: Office) -> list[Message]:
    def look(session: Session) -> list[Message]:
        rows = session.exec(select(Outgoing.message).where(Outgoing.kind == "reply").order_by(col(Outgoing.id)))
        return [Message.from_json(row) for row in rows if row]

    return office.write(look)


def words(message: Message, office: Office) -> str:
    return render(message, Voice(now=office.now, you="Bu Siti")).text


def test_one_thing_is_said_as_it_is(windowed: Office) -> None:
    row = wait(windowed, FIX)
    says(windowed)
    assert windowed.statuses(row) == ["queued"]
    assert "held.news" not in {one.key for one in answers(windowed)}


def test_several_things_are_one_message_with_a_way_to_each(windowed: Office) -> None:
    rows = [campaign_row(windowed, "done"), wait(windowed, CALL), wait(windowed, FIX), wait(windowed, "review.triage")]
    says(windowed)
    news, menu = answers(windowed)
    assert words(news, windowed) == (
        "Ini kabar selama Bu Siti tidak menulis:\n\n"
        "1. Perlu diperbaiki: Amplang Pipih\n"
        "2. Peluang: Konsumsi rapat 50 orang, tutup 25 November 2026, 15.00 WITA\n"
        "3. Antrean pagi\n"
        "4. Pengumuman: Sosialisasi katalog Kamis 26 November jam 9 di kantor Biro…\n\n"
        "Mau baca yang mana?"
    )
    assert [(row.status, row.reason) for row in map(windowed.row, rows)] == [("replaced", BUNDLED)] * 4
    assert menu.key != news.key
    says(windowed, "", kind="tap", press=news.options[0].press)
    assert answers(windowed)[-1] == Message(FIX, PUSHED[FIX].sample, PUSHED[FIX].buttons)
    says(windowed, "", kind="tap", press=news.options[3].press)
    assert answers(windowed)[-1].key == ANNOUNCED
    says(windowed)
    assert [one.key for one in answers(windowed)].count("held.news") == 1


def test_what_is_too_late_or_taken_back_is_dropped(windowed: Office) -> None:
    late = wait(windowed, CALL, expires_at=windowed.now)
    ended = campaign_row(windowed, "running", ends_at=windowed.now)
    cancelled, paused = campaign_row(windowed, "cancelled"), campaign_row(windowed, "paused")
    says(windowed)
    assert windowed.statuses(late, ended, cancelled, paused) == ["expired", "expired", "cancelled", "held"]
    assert {"held.news", "held.news_more"}.isdisjoint({one.key for one in answers(windowed)})


def test_too_many_lines_wait_for_the_next_message(windowed: Office) -> None:
    rows = [wait(windowed, FIX) for _ in range(MOST + 2)]
    says(windowed)
    assert "Masih ada 2 lagi" in words(answers(windowed)[0], windowed)
    assert windowed.statuses(*rows).count("held") == 2
    says(windowed)
    assert windowed.statuses(*rows) == ["replaced"] * len(rows)


def test_an_announcement_that_is_done_reaches_who_writes_later(windowed: Office) -> None:
    row = campaign_row(windowed, "done")
    says(windowed)
    assert (answers(windowed)[0].key, windowed.statuses(row)) == (ANNOUNCED, ["replaced"])


def test_what_waits_for_the_platforms_day_leaves_at_once_when_its_person_writes(windowed: Office) -> None:
    row = campaign_row(windowed, "running", status="queued", reason="quota", due_at=windowed.now + timedelta(hours=20))
    says(windowed)
    assert (windowed.row(row).status, windowed.row(row).due_at) == ("queued", windowed.now)


@pytest.mark.parametrize("subject", ["0", "x", "1", "9" * 30])
def test_a_forged_button_leads_nowhere(windowed: Office, subject: str) -> None:
    windowed.queue("b", "somebody else's", NOTICE, "notice")
    says(windowed, "", kind="tap", press=f"c:held:{subject}:0")
    said = answers(windowed)[-1]
    assert "common.button_old" in (said.key, said.lead and said.lead.key)


@pytest.mark.parametrize("key", PUSHED)
def test_every_notice_has_a_line(small_office: Office, key: str) -> None:
    """On both engines alike: the tests above are of how a line is held and told."""
    small_office.channel.window = timedelta(hours=24)
    wait(small_office, key)
    wait(small_office, key)
    says(small_office)
    assert words(answers(small_office)[0], small_office).startswith("Ini kabar selama Bu Siti tidak menulis:\n\n1. ")
