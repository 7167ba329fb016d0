"""Pacing: who leaves moves the next time back; no second holds more than the rate and what is allowed above it."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sending.pacing import FEW, JITTER, Pace

RATES = (1.0, 30.0, 80.0, 1000.0)
pauses = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.0, 0.001, 0.004, 0.02, 0.3, 1.7])), max_size=400)


def most_in_a_second(slots: list[float]) -> int:
    """Of any second [t, t + 1)."""
    slots = sorted(slots)
    return max((bisect_left(slots, slot + 1 - 1e-9) - place for place, slot in enumerate(slots)), default=0)


def allowed(rate: float) -> int:
    return int(rate + max(rate // 20, 1))


def leaves(pace: Pace, moves: list[tuple[bool, float]], now: float) -> list[float]:
    """When messages leave, each after the pause that its sender takes by itself."""
    slots = []
    for bulk, pause in moves:
        now = max(now + pause, pace.free(bulk=bulk))
        pace.take("somebody", now)
        slots.append(now)
    return slots


@given(st.sampled_from(RATES), pauses, pauses)
def test_no_second_holds_more_than_is_allowed_also_around_a_restart(
    rate: float, before: list[tuple[bool, float]], after: list[tuple[bool, float]]
) -> None:
    slots = leaves(Pace(rate, 0), before, 1000.0)
    killed = slots[-1] if slots else 1000.0
    anew = Pace(rate, 0)
    anew.begin(killed)
    slots += leaves(anew, after, killed)
    assert most_in_a_second(slots) <= allowed(rate)


@pytest.mark.parametrize("rate", RATES)
def test_who_is_never_late_by_more_than_the_slack_loses_nothing(rate: float) -> None:
    pace = Pace(rate, 0)
    now, slots = 1000.0, list[float]()
    while now < 1010.0:
        now = max(now, pace.free(bulk=True)) + pace.slack * 0.9
        while pace.free(bulk=True) <= now:
            pace.take("somebody", now)
            slots.append(now)
    assert len(slots) >= rate * 10 * 0.99
    assert most_in_a_second(slots) <= allowed(rate)


@pytest.mark.parametrize("rate", RATES)
def test_an_answer_leaves_at_once_amid_announcements_and_the_next_one_moves_back(rate: float) -> None:
    pace, now = Pace(rate, 0), 1000.0
    for _ in range(50):
        now = max(now, pace.free(bulk=True))
        pace.take("somebody", now)
    following = pace.free(bulk=True)
    answered = max(now, pace.free(bulk=False))
    assert answered - now <= pace.slack + JITTER + 1e-9
    pace.take("siti", answered)
    assert pace.free(bulk=True) == pytest.approx(following + pace.gap)


def test_after_a_halt_nothing_but_answers_leaves_before_its_end_and_then_without_a_burst() -> None:
    pace = Pace(30, 0)
    pace.halt(1010.0)
    assert pace.free(bulk=True) == 1010.0
    assert leaves(pace, [(False, 0.0)], 1000.0) == [1000.0]
    slots = leaves(pace, [(True, 0.0)] * 60, 1000.0)
    assert min(slots) == 1010.0
    assert most_in_a_second(slots) <= 31
    assert (pace.halted(1004.0), pace.halted(1011.0)) == (6.0, 0.0)


def test_a_chat_keeps_its_own_distance() -> None:
    pace = Pace(30, 1)
    first, second, other = pace.reserve("siti", 1000.0), pace.reserve("siti", 1000.0), pace.chat_free("rani")
    assert second - first >= 1 and other == 0.0
    burst = Pace(0, 1 / 6, 45)
    assert [burst.reserve("siti", 1000.0) for _ in range(45)] == [1000.0] * 45
    assert burst.reserve("siti", 1000.0) == pytest.approx(1006.0)


def test_without_limits_everything_leaves_at_once() -> None:
    pace = Pace(0, 0)
    assert {pace.reserve("siti", 5.0) for _ in range(100)} == {5.0}


def test_chats_that_are_free_again_are_forgotten() -> None:
    pace = Pace(0, 1)
    for chat in range(FEW):
        pace.reserve(str(chat), 1000.0)
    pace.reserve("later", 2000.0)
    assert list(pace._chats) == ["later"]


def test_a_slow_network_does_not_bring_two_messages_of_a_chat_together() -> None:
    pace = Pace(0, 1)
    assert pace.reserve("a", 10.0) == 10.0
    pace.landed("a", 14.5)
    assert pace.reserve("a", 14.6) == 15.5
    assert pace.reserve("b", 14.6) == 14.6
