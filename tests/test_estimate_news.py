"""What those hear who know a call when the office's own estimate (HPS) is another: told of as it was shown, and only where it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session, select

from models.call import Call
from models.change import apply
from models.intake import take
from models.sources import READERS
from models.taste import INSTANT
from tests.alerting import day, small_day, taste, tended, vendor
from tests.rows import ZONE, cells, tender
from tests.world import World, text_of

__all__ = ["day", "small_day"]
NUMBER = "10900001000"


@pytest.fixture
def told(day: World) -> Iterator[World]:
    """Two who heard of a tender whose HPS alone is known, one of them interested, and one who says it is none of her business."""
    for name in ("siti", "rina", "tuti"):
        taste(day, vendor(day, name), rhythm=INSTANT)
    taken(day, hps=18_400_000)
    tended(day)
    for name in ("siti", "rina", "tuti"):
        assert "HPS (perkiraan harga dinas) Rp18.400.000" in text_of(day.hears(name))
    day.tap("siti", "Saya berminat")
    day.tap("tuti", "Bukan usaha saya")
    yield day


def taken(world: World, hps: float | None, pagu: int | None = None) -> None:
    """A row of the gateway, and the quarter of an hour in which its schedule would follow."""
    row = tender(int(NUMBER), plan="", hps=hps, pagu=pagu, nama_paket="Nasi kotak rapat koordinasi")
    world.later(minutes=1)
    world.write(partial(take, package=READERS["inaproc-tender"](row, ZONE), now=world.now))
    world.later(minutes=16)


def only(world: World) -> Call:
    return world.read(lambda session: session.exec(select(Call)).one())


def test_another_estimate_is_told_where_it_is_what_was_shown(told: World) -> None:
    taken(told, hps=21_000_000)
    tended(told)
    heard = text_of(told.hears("siti"))
    assert "yang Bu Siti catat ada perubahan: harga perkiraan dari Rp18.400.000 jadi Rp21.000.000." in heard
    assert "Ada yang berubah" in text_of(told.hears("rina")) and told.hears("tuti") == []
    taken(told, hps=21_000_000)
    tended(told)
    assert told.hears("siti") == []


def test_a_budget_that_comes_takes_the_place_of_the_estimate_in_what_is_told(told: World) -> None:
    taken(told, hps=21_000_000, pagu=25_000_000)
    tended(told)
    heard = text_of(told.hears("siti"))
    assert "ada perubahan: nilainya sekarang Rp25.000.000 (tadinya perkiraan harga Rp18.400.000)." in heard
    taken(told, hps=22_000_000, pagu=25_000_000)
    tended(told)
    assert told.hears("siti") == [] and only(told).changed_at is None, "they are shown the budget"
    taken(told, hps=23_000_000, pagu=26_000_000)
    tended(told)
    heard = text_of(told.hears("siti"))
    assert "ada perubahan: nilai dari Rp25.000.000 jadi Rp26.000.000." in heard and "perkiraan" not in heard


def test_a_budget_where_nothing_was_known_says_nothing_of_an_estimate(small_day: World) -> None:
    taste(small_day, vendor(small_day, "siti"), rhythm=INSTANT)
    taken(small_day, hps=None)
    tended(small_day)
    assert "Tempat" in text_of(small_day.hears("siti"))
    taken(small_day, hps=18_400_000, pagu=20_000_000)
    tended(small_day)
    assert "nilai dari belum ada jadi Rp20.000.000." in text_of(small_day.hears("siti"))


@pytest.mark.parametrize(
    ("written", "exact", "news"), [("990 Jt", 989_999_995, False), ("1 M", 1_049_999_000, False), ("1 M", 1_100_000_000, True)]
)
def test_what_a_table_rounds_is_no_other_estimate(small_day: World, written: str, exact: int, news: bool) -> None:
    row = cells(NUMBER)
    row["cells"][4] = written

    def work(session: Session) -> bool:
        take(session, READERS["spse"](row, ZONE), small_day.now)
        call = session.exec(select(Call)).one()
        later = small_day.now + timedelta(hours=1)
        apply(call, READERS["inaproc-tender"](tender(int(NUMBER), plan="", hps=exact, pagu=None), ZONE), later)
        assert call.estimate == exact
        return call.changed_at == later

    assert small_day.write(work) is news


def test_another_estimate_of_what_is_over_is_nobody_s_news(told: World) -> None:
    told.later(days=40)
    taken(told, hps=21_000_000)
    tended(told)
    assert told.hears("siti") == []
