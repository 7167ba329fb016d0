"""Pages of a site that cannot be read, a site that is down, and how one is told from the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from models.feed import SetAside
from tests.sites import PAGES, TABLE, asked, calls, on_both, spse
from tests.spse_pages import CLOSES, announcement, pages
from tests.standin_sources import ROBOTS, Refusal, tender
from tests.watching import Watch
from tests.world import text_of

__all__ = ["on_both", "spse"]


def test_a_page_that_cannot_be_read_leaves_the_row_as_it_was_and_is_reported(on_both: Watch) -> None:
    on_both.standin.cells = {"lelang": [tender(number) for number in (501, 502, 503)], "pl": []}
    on_both.standin.pages = {501: pages(501), 502: (announcement(502), "<html><p>Jadwal belum tersedia</p></html>")}
    on_both.all()
    first, second, third = calls(on_both)
    assert (first.closes_at, second.closes_at, second.budget) == (CLOSES, None, 1_000_000_000)
    assert (third.status, third.estimate, third.history) == ("active", 990_000_000, [])
    feed = on_both.feed(PAGES)
    assert feed.counts["aside"] == {"page_unread": 2} and feed.error == ""
    on_both.standin.pages |= {502: pages(502), 503: pages(503)}
    on_both.pass_by(hours=4)
    assert [call.closes_at for call in calls(on_both)] == [CLOSES] * 3
    assert "aside" not in on_both.feed(PAGES).counts


def test_one_page_at_which_the_site_stumbles_is_that_page_s_own(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(number) for number in range(501, 505)], "pl": []}
    spse.standin.pages = {number: pages(number) for number in range(501, 505)}
    spse.standin.fail("page", Refusal(500), 2)
    spse.all()
    feed = spse.feed(PAGES)
    assert (feed.error, feed.counts["aside"], feed.counts["merged"]) == ("", {"page_unread": 2}, 2)


def test_a_site_that_is_down_is_left_alone_and_not_called_well(spse: Watch) -> None:
    numbers = range(501, 531)
    spse.standin.cells = {"lelang": [tender(number) for number in numbers], "pl": []}
    spse.standin.pages = {number: pages(number) for number in numbers}
    spse.standin.fail("page", Refusal(503), 9)
    spse.look()
    assert (spse.feed(PAGES).error, asked(spse)) == ("source_down", 3)
    spse.pass_by(minutes=30)
    assert (spse.feed(PAGES).marks["tries"], asked(spse)) == (5, 7), "longer and longer, each time one page"
    spse.pass_by(hours=6)
    assert spse.feed(PAGES).error == "" and all(call.closes_at for call in calls(spse))


def test_a_site_that_asks_for_a_pause_gets_it(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(501), tender(502)], "pl": []}
    spse.standin.pages = {501: pages(501), 502: pages(502)}
    spse.standin.fail("page", Refusal(503, {"retry-after": "1800"}))
    spse.look()
    spse.pass_by(minutes=29)
    assert (spse.feed(PAGES).error, asked(spse)) == ("source_down", 1)
    spse.pass_by(minutes=2)
    assert [call.closes_at for call in calls(spse)] == [CLOSES] * 2


def test_a_check_for_robots_ends_the_look_and_is_not_fought(spse: Watch) -> None:
    spse.standin.cells = {"lelang": [tender(501), tender(502)], "pl": []}
    spse.standin.fail("page", Refusal(200, {"content-type": "text/html"}, ROBOTS), 99)
    spse.look()
    assert (spse.feed(PAGES).error, spse.feed(TABLE).error, asked(spse)) == ("antibot", "", 1)
    spse.pass_by(hours=5)
    assert asked(spse) == 1 and all(not call.history for call in calls(spse))


def many(watch: Watch, numbers: Sequence[int]) -> None:
    watch.standin.cells = {"lelang": [tender(number) for number in numbers], "pl": []}
    watch.standin.pages = {number: pages(number) for number in numbers}


def times(watch: Watch, number: int) -> int:
    """How often a package's own page was asked for."""
    return sum(1 for one in watch.standin.asked if one.kind == "page" and one.number == number)


@pytest.mark.parametrize(("how", "bad", "minutes"), [(500, 3, 2), ("cut", 3, 2), (500, 9, 4)])
def test_pages_in_a_row_that_always_fail_hold_up_no_other(on_both: Watch, how: int | str, bad: int, minutes: int) -> None:
    """The newest, which are asked first; a pause of the site's own lies in between, since it might have been down."""
    many(on_both, range(501, 521))
    on_both.standin.broken = dict.fromkeys(range(521 - bad, 521), how)
    on_both.pass_by(minutes=minutes)
    assert [call.closes_at for call in calls(on_both)] == [CLOSES] * (20 - bad) + [None] * bad
    feed = on_both.feed(PAGES)
    assert (feed.error, feed.failed_since, feed.marks.get("round")) == ("", None, None)
    assert feed.counts["aside"] == {"page_unread": bad} and feed.succeeded_at
    assert on_both.clock.seconds >= len(on_both.standin.asked) - 1, "a second apart all the same"


def test_a_page_that_keeps_failing_is_asked_ever_less_often_until_it_is_well(spse: Watch) -> None:
    many(spse, range(501, 507))
    spse.standin.broken = {503: 500, 504: 500, 505: 500}
    spse.pass_by(minutes=2)
    first = {number: times(spse, number) for number in (501, 504)}
    spse.pass_by(days=2)
    rounds = times(spse, 501) - first[501]
    assert rounds == 12 and times(spse, 504) - first[504] == 5, "after 1, 2, 4, 8 and 16 hours, at the hours of the source"
    assert spse.feed(PAGES).error == "" and all(call.closes_at for call in calls(spse)[:2])
    spse.standin.broken = {}
    spse.pass_by(days=2)
    assert all(call.closes_at for call in calls(spse)), "at the latest after a day"
    assert spse.feed(PAGES).marks["pauses"] == {} and "aside" not in spse.feed(PAGES).counts


def test_a_page_that_failed_twice_and_is_well_begins_anew(spse: Watch) -> None:
    many(spse, range(501, 503))
    spse.standin.broken = {502: 500}
    spse.pass_by(hours=5)
    assert spse.feed(PAGES).marks["pauses"]["502"][0] == 2
    spse.standin.broken = {}
    spse.pass_by(days=1)
    spse.standin.broken = {502: 500}
    spse.pass_by(hours=3)
    assert spse.feed(PAGES).marks["pauses"].get("502", [1])[0] == 1


def test_of_two_pages_of_a_package_that_failed_the_later_counts_wherever_its_row_stands(on_both: Watch) -> None:
    many(on_both, range(501, 503))
    on_both.standin.broken = {502: 500}
    on_both.all()
    earlier = SetAside(feed="spse-paket", number="502", reason="page_unread", at=on_both.world.now - timedelta(days=1))
    on_both.world.write(lambda session: session.add(earlier))
    on_both.pass_by(hours=5)
    assert on_both.feed(PAGES).marks["pauses"]["502"][0] == 2


@pytest.mark.parametrize("how", [503, "cut"])
def test_a_site_that_is_wholly_down_is_asked_for_one_page_at_a_time(on_both: Watch, how: int | str) -> None:
    on_both.world.officer("petugas")
    many(on_both, range(501, 531))
    on_both.standin.broken = dict.fromkeys(range(501, 531), how)
    on_both.look()
    assert (on_both.feed(PAGES).error, asked(on_both)) == ("source_down" if how == 503 else "no_answer", 3)
    on_both.pass_by(hours=23)
    feed = on_both.feed(PAGES)
    assert asked(on_both) <= 3 + 6 + 23, "after 1, 2, 4 ... minutes and then every hour"
    assert (feed.failed_since is not None, feed.succeeded_at, on_both.world.hears("petugas")) == (True, None, [])
    assert len(feed.marks["pauses"]) <= 2, "what failed because the site was down is not held against its pages"
    on_both.pass_by(hours=2)
    assert "Halaman paket SPSE samarindakota" in text_of(on_both.world.hears("petugas"))
    on_both.standin.broken = {}
    on_both.pass_by(hours=3)
    assert all(call.closes_at for call in calls(on_both)) and on_both.feed(PAGES).error == ""


def test_a_site_of_few_packages_that_is_down_is_not_called_well(spse: Watch) -> None:
    many(spse, range(501, 504))
    spse.standin.broken = dict.fromkeys(range(501, 504), 500)
    spse.pass_by(hours=12)
    assert (spse.feed(PAGES).error, spse.feed(PAGES).succeeded_at) == ("source_down", None)
    spse.standin.broken = {502: 500, 503: 500}
    many(spse, range(501, 505))
    spse.pass_by(hours=12)
    assert [call.closes_at for call in calls(spse)] == [CLOSES, None, None, CLOSES], "what is new is not kept waiting either"
