"""How a round goes on from a page at which the site stumbles: played to its end over pages and sites of all kinds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random
from typing import Any

import pytest

from bot.feeds.course import IN_A_ROW, beginning, step

KEYS = [f"tender:{number}" for number in range(20)]


def played(keys: Sequence[str], fails: Callable[[str, int], bool], most: int = 200) -> tuple[list[str], list[str], int]:
    """What was asked for, what was set aside, and how often the site was left alone, in one round; -1 where the round begins anew."""
    mark: dict[str, Any] | None = beginning(keys)
    asked, aside, pauses = list[str](), list[str](), 0
    while mark and len(asked) < most:
        stumbled = fails(mark["package"], len(asked))
        after = step(mark, stumbled)
        asked.append(mark["package"])
        aside += [mark["package"]] if stumbled and after.its_own else []
        pauses += after.down
        if after.down and after.following is None:
            return asked, aside, -1
        mark = after.following
    return asked, aside, pauses


def those(bad: Collection[str]) -> Callable[[str, int], bool]:
    return lambda key, at: key in bad


def test_where_nothing_fails_each_is_asked_once_in_order() -> None:
    assert played(KEYS, those(())) == (KEYS, [], 0) and beginning([]) == {}


def test_some_that_fail_are_set_aside_without_a_pause() -> None:
    assert played(KEYS, those(KEYS[3:5])) == (KEYS, KEYS[3:5], 0)


def test_after_three_in_a_row_the_last_one_shows_that_the_site_is_up() -> None:
    asked, aside, pauses = played(KEYS, those(KEYS[:3]))
    assert asked == [*KEYS[:3], KEYS[-1], *KEYS[3:-1], KEYS[2]]
    assert (set(aside), pauses) == (set(KEYS[:3]), 1)


def test_a_site_that_is_down_is_asked_for_each_once_and_the_round_begins_anew() -> None:
    asked, aside, pauses = played(KEYS, lambda key, at: True)
    assert sorted(asked) == sorted(KEYS) and (aside, pauses) == (KEYS[: IN_A_ROW - 1], -1)
    assert step(beginning(KEYS[:1], tries=1), stumbled=True).following is None


def test_whoever_failed_before_asks_one_page_before_the_next_pause() -> None:
    after = step(beginning(KEYS, tries=4), stumbled=True)
    assert after.down and not after.its_own and after.following


@pytest.mark.parametrize("length", [4, 8])
def test_a_site_that_was_down_for_a_while_has_all_read_but_two(length: int) -> None:
    asked, aside, pauses = played(KEYS, lambda key, at: 5 <= at < 5 + length)
    assert len(set(asked)) == len(KEYS) and aside == KEYS[5:7] and pauses == length - IN_A_ROW + 1


@pytest.mark.parametrize("seed", range(50))
def test_every_page_that_can_be_read_is_read_and_a_round_ends(seed: int) -> None:
    """Whichever always fail: if any can be read, one of the next rounds has asked for all, and a round asks for none more than twice."""
    random = Random(seed)
    bad = set(random.sample(KEYS, random.randrange(len(KEYS))))
    read, left = set[str](), random.sample(KEYS, len(KEYS))
    for _ in range(4):
        asked, aside, _ = played(left, those(bad))
        assert max(map(asked.count, asked)) <= 2 and set(aside) <= bad
        read |= {key for key in asked if key not in bad}
        left = [key for key in left if key not in aside]  # those have a pause of their own
    assert read == set(KEYS) - bad
