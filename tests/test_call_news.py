"""What people hear later of calls they know: reminders before the closing, changes, cancellations."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.alerts import reminders
from bot.app import App
from bot.channels.terminal import Terminal
from handlers.calls.reminders import due_kind
from models.call import Call, CallNotice
from models.changes import differences
from models.taste import INSTANT
from tests.alerting import day, kept, package, small_day, taste, tended, vendor
from tests.calling import notices
from tests.packages import change, closing
from tests.world import World, text_of

__all__ = ["day", "small_day"]
ZONE = "Asia/Makassar"


def told(world: World, *names: str, closes: datetime | None = None, key: str = "A") -> None:
    """They hear at once of a call that closes on 5 December."""
    for name in names:
        taste(world, vendor(world, name), rhythm=INSTANT)
    package(world, key, closes_at=closes or closing("12-05"))
    tended(world)
    for name in names:
        assert "Berminat" in text_of(world.hears(name))


def altered(world: World, field: str, value: str, key: str = "A") -> None:
    world.later(minutes=1)
    world.write(partial(change, key=key, field=field, value=value, now=world.now))
    tended(world)


def test_who_is_interested_is_reminded_three_days_and_one_day_before(day: World) -> None:
    told(day, "siti", "rina")
    day.tap("siti", "Saya berminat")
    other = App(day.app.settings, lambda: day.now, [Terminal()])

    async def both() -> None:
        await asyncio.gather(*(reminders(app) for app in (day.app, other) * 2))

    heard = {}
    for date in range(24, 31):
        day.now = datetime(2026, 11, date, 0, 1, tzinfo=day.now.tzinfo)  # 08.01 WITA
        day.do(both())
        heard[date] = day.hears("siti")
    for date in range(1, 6):
        day.now = datetime(2026, 12, date, 0, 1, tzinfo=day.now.tzinfo)
        day.do(both())
        heard[date] = day.hears("siti")
    assert [date for date, said in heard.items() if said] == [2, 4]
    assert "(3 hari lagi)" in text_of(heard[2]) and "(1 hari lagi)" in text_of(heard[4])
    assert day.hears("rina") == []
    assert sorted(kind for _, kind, _ in day.read(kept)) == ["new", "new", "soon1", "soon3"]
    day.do(other.stop())


@pytest.mark.parametrize(
    ("answered", "now", "kind"),
    [
        ("2026-12-01T10:00", "2026-12-02T07:59", ""),
        ("2026-12-01T10:00", "2026-12-02T08:00", "soon3"),
        ("2026-12-02T08:00", "2026-12-02T09:00", ""),
        ("2026-12-02T08:00", "2026-12-04T08:00", "soon1"),
        ("2026-12-04T08:30", "2026-12-04T09:00", ""),
        ("2026-12-01T10:00", "2026-12-05T09:00", "soon1"),
    ],
)
def test_a_reminder_is_for_who_answered_before_its_morning(answered: str, now: str, kind: str) -> None:
    local = closing("12-05").tzinfo
    call = Call(source_id="x", title="Konsumsi", closes_at=closing("12-05"), created_at=closing("11-01"))
    at = [datetime.fromisoformat(one).replace(tzinfo=local) for one in (answered, now)]
    assert due_kind(call, ZONE, *at) == kind


def dates(world: World, first: str, last: str) -> list[str]:
    """The days, each at 08.01 WITA, on which Bu Siti is reminded."""
    heard, at = [], datetime.fromisoformat(f"2026-{first}T00:01+00:00")
    while at <= datetime.fromisoformat(f"2026-{last}T23:00+00:00"):
        world.now = at
        for _ in range(2):
            tended(world)
            heard += [f"{at:%m-%d}" for said in world.hears("siti") if "Pengingat" in text_of([said])]
        at += timedelta(days=1)
    return heard


def test_a_closing_that_moved_away_is_reminded_of_anew(day: World) -> None:
    told(day, "siti", closes=closing("11-28"))
    day.tap("siti", "Saya berminat")
    assert dates(day, "11-24", "11-25") == ["11-25"]
    altered(day, "closes_at", "12-10")
    assert "jadi 10 Desember" in text_of(day.hears("siti"))
    assert dates(day, "11-26", "12-08") == ["12-07"]
    altered(day, "closes_at", "12-12")
    altered(day, "closes_at", "12-11")
    assert dates(day, "12-09", "12-12") == ["12-10"], "three days before, it still closed earlier"


def unsaid(session: Session) -> None:
    session.delete(session.exec(select(CallNotice).where(CallNotice.kind == "soon3")).one())


def unnamed(session: Session) -> None:
    """As a release up to 0.4 kept it."""
    row = session.exec(select(CallNotice).where(CallNotice.kind == "soon3:2026-12-10")).one()
    row.kind = "soon3"
    session.add(row)


def test_what_an_older_release_reminded_of_is_not_said_again(day: World) -> None:
    told(day, "siti", closes=closing("11-28"))
    day.tap("siti", "Saya berminat")
    assert dates(day, "11-24", "11-25") == ["11-25"]
    altered(day, "closes_at", "12-10")
    day.hears("siti")
    day.write(unsaid)
    assert dates(day, "11-26", "12-07") == ["12-07"]
    day.write(unnamed)
    assert dates(day, "12-08", "12-10") == ["12-09"]


def test_a_closing_that_came_nearer_is_not_reminded_of_late(small_day: World) -> None:
    told(small_day, "siti", closes=closing("12-10"))
    small_day.tap("siti", "Saya berminat")
    small_day.later(days=2, hours=22, minutes=5)  # Thursday 26 November
    altered(small_day, "closes_at", "11-28")
    heard = text_of(small_day.hears("siti"))
    assert "jadi 28 November" in heard and "Pengingat" not in heard
    assert dates(small_day, "11-27", "11-28") == ["11-27"]


def test_a_change_is_told_to_those_who_knew_and_not_to_those_who_declined(day: World) -> None:
    told(day, "siti", "rina", "tuti")
    day.tap("siti", "Saya berminat")
    day.tap("rina", "Bukan usaha saya")
    vendor(day, "baru")
    altered(day, "closes_at", "12-08")
    heard = text_of(day.hears("siti"))
    assert "yang Bu Siti catat ada perubahan: tutup dari 5 Desember 2026, 15.00 WITA jadi 8 Desember 2026, 15.00 WITA." in heard
    assert "Ada yang berubah" in text_of(day.hears("tuti"))
    assert day.hears("rina") == [] and day.hears("baru") == []
    tended(day)
    assert day.hears("siti") == []
    altered(day, "budget", "20000000")
    heard = text_of(day.hears("siti"))
    assert "nilai dari belum ada jadi Rp20.000.000" in heard and "tutup dari" not in heard
    assert "Rp20.000.000" in text_of(day.tap("siti", "Lihat peluang"))


def test_what_has_not_left_is_told_as_it_is_now(small_day: World) -> None:
    vendor(small_day, "siti")
    small_day.later(days=1)
    package(small_day, closes_at=closing("11-26"))
    package(small_day, "B", closes_at=closing("11-27"))
    tended(small_day)
    assert [row.status for row in small_day.read(notices)] == ["queued"]
    altered(small_day, "budget", "20000000", "B")
    assert small_day.read(lambda session: [len((row.message or {})["options"]) for row in notices(session)]) == [1]
    altered(small_day, "cancelled", "ditunda", "A")
    assert [row.status for row in small_day.read(notices)] == ["cancelled"]
    small_day.later(days=1)
    tended(small_day)
    heard = text_of(small_day.hears("siti"))
    assert "Rp20.000.000" in heard and "dibatalkan" not in heard


def test_a_cancellation_says_why_and_ends_the_reminders(day: World) -> None:
    told(day, "siti", "rina")
    day.tap("siti", "Saya berminat")
    day.tap("rina", "Bukan usaha saya")
    altered(day, "cancelled", "Anggaran dialihkan")
    assert "dibatalkan dinasnya, jadi tidak perlu disiapkan lagi. Alasannya: Anggaran dialihkan." in text_of(day.hears("siti"))
    assert day.hears("rina") == []
    for _ in range(12):
        day.later(days=1)
        tended(day)
    assert day.hears("siti") == []


def test_a_change_at_night_waits_and_of_what_is_over_nothing_is_said(small_day: World) -> None:
    told(small_day, "siti")
    small_day.later(hours=11)
    altered(small_day, "budget", "20000000")
    assert small_day.hears("siti") == []
    small_day.later(hours=10)
    assert "Rp20.000.000" in text_of(small_day.hears("siti"))
    small_day.later(days=30)
    altered(small_day, "budget", "30000000")
    assert small_day.hears("siti") == []
    assert small_day.read(lambda session: session.exec(select(Call)).one().changed_at) is None


def test_what_came_back_to_what_it_was_is_no_change() -> None:
    def entry(day: int, field: str, before: Any, after: Any) -> dict[str, Any]:
        return {"at": f"2026-11-0{day}T00:00:00+00:00", "source": "sirup", "field": field, "from": before, "to": after}

    history = [
        entry(1, "budget", 1, 2), entry(2, "budget", 2, 3), entry(2, "title", "a", "b"), entry(3, "title", "b", "a"),
        entry(4, "source", "", "spse"), {"at": "2026-11-04T00:00:00+00:00", "status": "x"},
    ]  # fmt: skip
    since = datetime.fromisoformat("2026-10-30T00:00:00+00:00")
    assert differences(history, since) == {"budget": (1, 3)}
    assert differences(history, since + timedelta(days=3)) == {"title": ("b", "a")}


def test_an_answer_is_kept_in_the_first_notice(small_day: World) -> None:
    told(small_day, "siti")
    altered(small_day, "budget", "20000000")
    small_day.hears("siti")
    small_day.tap("siti", "Lihat peluang")
    small_day.tap("siti", "Saya berminat")

    def answers(session: Session) -> list[tuple[str, str]]:
        return [(row.kind, row.answer) for row in session.exec(select(CallNotice))]

    assert sorted(small_day.read(answers)) == [("changed:1", ""), ("new", "interested")]
