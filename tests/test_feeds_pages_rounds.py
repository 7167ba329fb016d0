"""Which of a site's pages a round asks for, and how it goes on where it was cut off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.feeds import spse_pages
from tests.sites import PAGES, asked, calls, on_both, spse
from tests.spse_pages import CLOSES, STAGES, pages, schedule
from tests.standin_sources import Refusal, tender
from tests.watching import Watch

__all__ = ["on_both", "spse"]


def test_a_first_connection_is_caught_up_over_rounds_a_second_apart(spse: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spse_pages, "MOST", 20)
    numbers = range(501, 551)
    spse.standin.cells = {"lelang": [tender(number) for number in numbers], "pl": []}
    spse.standin.pages = {number: pages(number) for number in numbers}
    spse.standin.proofs = False
    spse.all()
    assert asked(spse) == asked(spse, "steps") == 20 and spse.feed(PAGES).counts["read"] == 20
    read = {call.source_id for call in calls(spse) if call.closes_at}
    assert read == {f"tender:{number}" for number in range(531, 551)}, "the newest first"
    assert spse.clock.seconds >= len(spse.standin.asked)
    spse.pass_by(hours=5)
    assert all(call.closes_at for call in calls(spse)) and asked(spse) <= 80


def test_a_look_that_is_killed_goes_on_with_the_next_package(on_both: Watch) -> None:
    on_both.standin.cells = {"lelang": [tender(number) for number in range(501, 504)], "pl": []}
    on_both.standin.pages = {number: pages(number) for number in range(501, 504)}
    on_both.standin.fail("steps", Refusal(429))
    on_both.look()
    assert (on_both.feed(PAGES).error, asked(on_both)) == ("throttled", 1)
    assert on_both.feed(PAGES).marks["round"]["at"] == {"package": "tender:503", "rest": ["tender:502", "tender:501"]}
    on_both.pass_by(minutes=5)
    assert [call.closes_at for call in calls(on_both)] == [CLOSES] * 3 and asked(on_both) == 4


def test_all_that_are_open_come_round(spse: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that close last, and one whose page could not be read, while others that close before them fill every round."""
    monkeypatch.setattr(spse_pages, "MOST", 12)
    numbers, last = range(501, 531), range(516, 531)
    spse.standin.cells = {"lelang": [tender(number) for number in numbers], "pl": []}
    spse.standin.pages = {number: closing(number, 9 if number in last else 1) for number in numbers if number != 530}
    spse.standin.proofs = False
    spse.pass_by(hours=9)
    assert sum(call.closes_at is not None for call in calls(spse)) == 29
    spse.standin.pages |= {number: closing(number, 12) for number in last}
    spse.pass_by(days=3)
    found = {call.source_id: call.closes_at for call in calls(spse)}
    assert {found[f"tender:{number}"] for number in last} == {CLOSES + timedelta(days=11)}


def closing(number: int, day: int) -> tuple[str, str]:
    """In December."""
    moved = [(name, begin, end.replace("1 Desember", f"{day} Desember")) for name, begin, end in STAGES]
    return pages(number)[0], schedule(moved)
