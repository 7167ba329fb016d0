"""Who leaves when there is a turn, and what an announcement says to many in words once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sending.delivery import Wordings
from bot.sending.hand import Claimed
from bot.sending.lanes import Lanes, Work
from bot.sending.pacing import Pace
from messages import Message, Rendered, Voice, left, render
from models.outbox import BULK, NOTICE, REPLY
from tests.world import MORNING

BODY = Message("announcement.body", {"text": "Pelatihan", "place": "Samarinda"})


def row(number: int, lane: int = BULK, message: Message = BODY, campaign: int = 0, you: str = "") -> Claimed:
    return Claimed(number, number, f"c{number}", lane, "x", 0, message, Voice("id", now=MORNING, you=you), "", campaign=campaign)


def lanes_of(pace: Pace, *lanes: int) -> Lanes:
    made = Lanes(pace)
    for number, lane in enumerate(lanes):
        made.push(Work(row(number, lane), Rendered(())), 1000.0)
    return made


def test_an_answer_that_came_last_goes_first_and_one_turn_early() -> None:
    pace = Pace(30, 1)
    pace.begin(1000.0)
    lanes, now = lanes_of(pace, BULK, BULK, NOTICE, REPLY), 1000.0
    gone = []
    while len(lanes):
        now = max(now, lanes.next())
        if work := lanes.pop(now):
            pace.take(work.row.address, now)
            gone.append((work.row.lane, round((now - 1000.0) * 30, 2)))
    assert [lane for lane, _ in gone] == [REPLY, NOTICE, BULK, BULK]
    assert gone[0][1] == 1 and gone[1][1] >= 2.3


def test_after_a_429_only_answers_go_on() -> None:
    pace = Pace(30, 1)
    pace.halt(1030.0)
    lanes = lanes_of(pace, BULK, NOTICE, REPLY)
    assert [work.row.lane for _ in range(3) if (work := lanes.pop(1001.0))] == [REPLY]
    assert lanes.next() == 1030.0


def test_who_waits_for_their_chat_holds_up_nobody() -> None:
    pace = Pace(0, 1)
    pace.take("c0", 1000.0)
    lanes = lanes_of(pace, BULK, BULK)
    assert [work.row.id for _ in range(2) if (work := lanes.pop(1000.0))] == [1]
    assert (lanes.next(), lanes.waiting(BULK), lanes.crowded()) == (1001.0, 1, 1)
    assert (work := lanes.pop(1001.0)) and work.row.id == 0


@pytest.mark.parametrize(
    ("message", "common"),
    [
        (BODY, True),
        (Message("announcement.to_you"), False),
        (Message("announcement.body", {"text": left(MORNING), "place": "Samarinda"}), False),
    ],
)
def test_an_announcement_is_worded_once_where_it_says_the_same_to_all(message: Message, common: bool) -> None:
    wordings = Wordings()
    for you in ("Bu Siti", "Pak Ali"):
        one = row(1, message=message, campaign=7, you=you)
        assert wordings.of(one) == render(message, one.voice)
    assert (wordings.of(one) is wordings.of(replace(one, id=2))) == common
    english = replace(one, voice=replace(one.voice, locale="en"))
    assert wordings.of(english) == render(message, english.voice)
