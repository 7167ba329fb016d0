"""The morning's digest: made once, of the best that the week has room for, never of what is over; and the month without one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, select, update

from bot.alerts import digests, match_calls, tell_silent
from bot.app import App
from bot.bench.packages import Row, spread
from bot.bench.year import BEGAN, Spent, simulate
from bot.channels.terminal import Terminal
from bot.sending.claims import claim
from bot.sending.delivery import deliver, worded
from bot.sending.hand import Hand
from bot.sending.lanes import Work
from bot.sending.settling import settle
from handlers.held import release
from models.alerts import DIGEST, MOST, Share, Waiting, choose
from models.call import Call
from models.contact import Address
from models.outbox import Outgoing
from tests.alerting import day, package, small_day, tended, vendor
from tests.calling import notices
from tests.packages import closing
from tests.world import World, text_of

__all__ = ["day", "small_day"]


def test_a_digest_is_made_once_whoever_makes_it_and_however_often(day: World) -> None:
    for name in ("siti", "rina", "tuti"):
        vendor(day, name)
    for key in "ABC":
        package(day, key)
    day.do(match_calls(day.app))
    other = App(day.app.settings, lambda: day.now, [Terminal()])
    day.later(hours=22)

    async def both() -> None:
        await asyncio.gather(*(digests(app) for app in (day.app, other) * 3))

    day.do(both())
    day.do(both())
    assert day.read(lambda session: sorted(row.person_id for row in notices(session))) == [1, 2, 3]
    assert "Ada 3 peluang untuk Bu Siti" in text_of(day.hears("siti"))
    day.do(other.stop())


def test_a_missed_morning_is_made_up_for_by_day_only(small_day: World) -> None:
    vendor(small_day, "siti")
    package(small_day)
    small_day.do(match_calls(small_day.app))
    small_day.later(hours=33, minutes=30)  # 19.30
    tended(small_day)
    assert small_day.hears("siti") == []
    small_day.later(hours=22)
    tended(small_day)
    assert "Berminat" in text_of(small_day.hears("siti"))


def waits(scores: Sequence[float], source: str = "sirup") -> list[Waiting]:
    call = Call(id=1, source=source, source_id="x", title="Konsumsi", created_at=datetime(2026, 11, 23, tzinfo=UTC))
    return [Waiting(n, 1, "Asia/Makassar", "daily", call, score, "Nasi", ()) for n, score in enumerate(scores, 1)]


def test_the_best_win_what_room_the_week_has() -> None:
    many = waits([0.5, 0.9, 0.6, 0.8, 0.7, 0.55, 0.95])
    assert [one.score for one in choose(many, Share())] == [0.95, 0.9, 0.8, 0.7, 0.6]
    assert [one.score for one in choose(many, Share(1, MOST.calls - 2))] == [0.95, 0.9]
    assert choose(many, Share(MOST.messages, 5)) == []
    typed = waits([0.4], "officer")
    assert choose([*many, *typed], Share(MOST.messages, MOST.calls)) == typed
    assert len(choose([*many, *typed], Share())) == DIGEST


def test_nobody_hears_more_in_a_week_than_the_share(day: World) -> None:
    vendor(day, "siti")
    for n in range(40):
        package(day, f"A{n}")
    told = []
    for _ in range(7):
        day.later(days=1)
        tended(day)
        told.append(len(day.hears("siti")))
    assert told == [1, 1, 1, 0, 0, 0, 0], "15 calls, five a message"
    day.later(days=1)
    tended(day)
    assert len(day.hears("siti")) == 1


def hold(session: Session) -> None:
    """As the sender leaves what is for somebody who has not written for a day."""
    session.execute(update(Outgoing).where(col(Outgoing.status) == "queued").values(status="held"))


def test_whoever_wrote_at_last_hears_only_what_is_still_open(small_day: World) -> None:
    vendor(small_day, "siti")
    for key, end in (("A", "12-01"), ("B", "12-15"), ("C", "12-16")):
        package(small_day, key, closes_at=closing(end))
    small_day.later(days=1)
    tended(small_day)
    small_day.write(hold)
    small_day.later(days=1)
    package(small_day, "D")
    tended(small_day)
    small_day.later(days=1)
    tended(small_day)
    states = [(row.status, len((row.message or {})["options"])) for row in small_day.read(notices)]
    assert states == [("replaced", 3), ("queued", 4)], "one waits, not two"
    small_day.write(hold)
    small_day.later(days=8)
    small_day.write(lambda session: release(session, session.exec(select(Address)).one(), small_day.now))
    heard = text_of(small_day.hears("siti"))
    assert "Ada 3 peluang" in heard and "1 Desember" not in heard


def queued_digest(world: World, *ends: str) -> None:
    """Made in the morning of 24 November and not sent yet, of calls that close on these days."""
    vendor(world, "siti")
    for key, end in zip("ABC", ends, strict=False):
        package(world, key, f"Konsumsi rapat {key}", closes_at=closing(end))
    world.later(days=1)
    tended(world)
    assert [row.status for row in world.read(notices)] == ["queued"]


def test_a_digest_that_waited_beyond_a_closing_goes_without_what_closed(day: World) -> None:
    queued_digest(day, "12-01", "12-03", "12-16")
    day.later(days=8)
    heard = text_of(day.hears("siti"))
    assert "Ada 2 peluang" in heard and "rapat A" not in heard
    assert "1. Konsumsi rapat B" in heard and "2. Konsumsi rapat C" in heard
    assert "Konsumsi rapat B" in text_of(day.tap("siti", "Lihat 1"))
    assert day.read(lambda session: {row.expires_at for row in notices(session)}) == {closing("12-03").astimezone(UTC)}


def test_of_a_digest_that_is_all_over_nothing_is_said(small_day: World) -> None:
    queued_digest(small_day, "12-01", "12-03")
    small_day.later(days=20)
    assert small_day.hears("siti") == []
    assert [(row.status, row.attempts) for row in small_day.read(notices)] == [("expired", 0)]


def test_a_call_that_closes_while_its_digest_is_in_hand_is_left_out(day: World) -> None:
    queued_digest(day, "12-01", "12-16")
    sender = day.app.senders[day.channel.account]
    [taken] = day.write(lambda session: claim(session, day.channel.account, sender.worker, day.now, Hand(1, address="siti"))).rows
    work = worded(sender, taken)
    assert isinstance(work, Work) and "rapat A" in work.rendered.text
    day.later(days=8)
    result = day.do(deliver(sender, work))
    assert result and (result.status, result.untried) == ("queued", True)
    day.write(lambda session: settle(session, result, day.now))
    heard = text_of(day.hears("siti"))
    assert "Ada 1 peluang" in heard and "rapat A" not in heard
    assert [(row.status, row.attempts) for row in day.read(notices)] == [("sent", 1)]


def test_a_month_of_silence_is_answered_once(day: World) -> None:
    vendor(day, "siti")
    vendor(day, "tono", region="64.03")
    stopped = vendor(day, "wati", consent=False)
    package(day, "A", "Konsumsi rapat Berau", region="64.03", closes_at=closing("12-30"))
    package(day, "B", "Kertas HVS", region="64.72", etalase=["atk"], closes_at=closing("12-31"))
    for _ in range(7):
        day.later(days=1)
        tended(day)
        day.do(tell_silent(day.app))
    assert day.hears("siti") == [], "a month has not passed"
    day.later(days=7)
    tended(day)
    day.do(tell_silent(day.app))
    day.do(tell_silent(day.app))
    heard = text_of(day.hears("siti"))
    assert "belum ada peluang yang cocok betul" in heard and "jauh, di Berau" in heard and "tempatnya di Samarinda" in heard
    assert "daftarkan produk lain" in heard
    assert "Berminat" in text_of(day.hears("tono")), "who hears of something is not silent"
    assert day.read(lambda session: session.exec(select(Outgoing).where(Outgoing.person_id == stopped)).all()) == []
    assert "Berminat, Bu Siti?" in text_of(day.tap("siti", "Lihat 1"))
    day.later(days=7)
    day.do(tell_silent(day.app))
    assert day.hears("siti") == []


TITLES = (
    "Konsumsi rapat",
    "Snack rapat kader",
    "Cetak spanduk",
    "Seragam dinas",
    "Belanja ATK",
    "Pemeliharaan AC",
    "Sewa tenda",
    "Nasi kotak",
)


def test_a_simulated_month_keeps_every_law(database: str, tmp_path: Path) -> None:
    rows = [Row(f"{TITLES[n % len(TITLES)]} {n}", "Dinas Kesehatan", 5_000_000 + n, "langsung") for n in range(50)]
    found = asyncio.run(simulate(database, tmp_path, spread(rows, BEGAN, 27), 24, 28, Spent()))
    assert (found.after_closing(), found.twice(), found.in_quiet_hours(), found.over_the_week()) == (0, 0, 0, 0)
    keys = {one.key for one in found.sent}
    assert keys >= {"call.new", "call.digest", "call.soon"}
    assert found.fitting > 20 and found.figures()["messages a vendor and week, median"][0] <= MOST.messages
