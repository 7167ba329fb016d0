"""Pacing: never more than the rate in any second, however the slots are taken."""

from __future__ import annotations

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import FEW, Pace

moves = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([0.0, 0.001, 0.02, 0.3, 1.7]), st.booleans(), st.sampled_from([0.0, 0.0, 0.0, 2.5])),
    max_size=150,
)


def most_in_a_second(slots: list[float]) -> int:
    """Of any second [t, t + 1)."""
    slots = sorted(slots)
    return max((bisect_left(slots, slot + 1 - 1e-9) - place for place, slot in enumerate(slots)), default=0)


@given(moves)
def test_no_second_holds_more_than_the_rate(moves: list[tuple[int, float, bool, float]]) -> None:
    pace, now, slots, chats = Pace(30, 1), 1000.0, list[float](), dict[int, list[float]]()
    for chat, gap, bulk, halt in moves:
        now += gap
        if halt:
            pace.halt(now + halt)
        slot = pace.reserve(str(chat), now, bulk=bulk)
        assert slot >= now
        assert not bulk or slot >= now + pace.halted(now)
        slots.append(slot)
        chats.setdefault(chat, []).append(slot)
    assert most_in_a_second(slots) <= 30
    assert all(most_in_a_second(own) <= 1 for own in chats.values())


def test_thirty_different_chats_leave_within_a_second() -> None:
    pace = Pace(30, 1)
    slots = [pace.reserve(str(chat), 1000.0) for chat in range(31)]
    assert slots[29] < 1001.0
    assert slots[30] >= 1001.0 - 1e-9


def test_after_a_halt_the_bulk_lane_does_not_burst() -> None:
    pace = Pace(30, 0)
    pace.halt(1010.0)
    slots = [pace.reserve(str(chat), 1000.0, bulk=True) for chat in range(60)]
    assert min(slots) >= 1010.0
    assert most_in_a_second(slots) == 30


def test_an_answer_does_not_wait_for_a_halted_bulk_lane() -> None:
    pace = Pace(30, 1)
    pace.halt(1010.0)
    for chat in range(10):
        pace.reserve(str(chat), 1000.0, bulk=True)
    assert pace.reserve("siti", 1000.0) < 1000.1
    assert pace.halted(1004.0) == 6.0
    assert pace.halted(1011.0) == 0.0


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
