"""Who hears of which calls, and when: the morning's digest, what leaves at once, the week's share, and nobody twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select, update

from bot.alerts import clear_untold, digests, match_calls, tell_silent, tend
from bot.app import App
from bot.bench.packages import Row, spread
from bot.bench.year import BEGAN, Spent, simulate
from bot.channels.terminal import Terminal
from handlers.calls.wording import why
from handlers.held import release
from messages import Voice, worded
from models.alerts import DIGEST, MOST, Share, Waiting, choose
from models.call import PLANNED, Call, CallNotice
from models.contact import Address
from models.outbox import Outgoing
from models.product import Product
from models.taste import INSTANT, WEEKLY, Taste
from tests.calling import notices, type_call
from tests.packages import add_package, closing
from tests.vendors import add_vendor
from tests.world import World, text_of

FAR = closing("12-15")


def tended(world: World) -> None:
    world.do(tend(world.app))


def vendor(world: World, name: str, **more: Any) -> int:
    return world.write(lambda session: add_vendor(session, name, **more))


def package(world: World, key: str = "A", title: str = "Konsumsi rapat", **more: Any) -> int:
    return world.write(lambda session: add_package(session, key, title, world.now, **{"closes_at": FAR} | more))


def taste(world: World, person: int, **more: Any) -> None:
    world.write(lambda session: session.add(Taste(person_id=person, **more)))


def kept(session: Session) -> list[tuple[int, str, bool]]:
    rows = session.exec(select(CallNotice).order_by(col(CallNotice.id)))
    return [(row.person_id, row.kind, row.told_at is not None) for row in rows]


@pytest.fixture
def day(world: World) -> World:
    """Monday 10.00, and this morning's digests are made."""
    tended(world)
    return world


@pytest.fixture
def small_day(small_world: World) -> World:
    tended(small_world)
    return small_world


def test_a_call_waits_for_the_morning_of_the_persons_own_clock(day: World) -> None:
    vendor(day, "siti")
    vendor(day, "jawa", zone="Asia/Jakarta")
    vendor(day, "papua", zone="Asia/Jayapura")
    package(day)
    for hours, who in ((20.5, []), (0.6, ["papua"]), (1, ["papua", "siti"]), (1, ["papua", "siti", "jawa"])):
        day.later(hours=hours)  # 06.30, 07.06, 08.06, 09.06 WITA
        tended(day)
        heard = day.read(lambda session: {row.person_id for row in notices(session)})
        assert len(heard) == len(who)
    assert "Berminat, Bu Siti?" in text_of(day.hears("siti"))
    assert day.read(lambda session: {row.expires_at for row in notices(session)}) == {FAR.astimezone(UTC)}


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


def test_two_processes_find_the_same_calls_and_tell_once(day: World) -> None:
    for n in range(5):
        vendor(day, f"v{n}")
    package(day, closes_at=closing("11-25"))
    other = App(day.app.settings, lambda: day.now, [Terminal()])

    async def both() -> None:
        await asyncio.gather(*(match_calls(app) for app in (day.app, other) * 2))

    day.do(both())
    assert len(day.read(notices)) == 5
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


def test_who_wants_to_hear_at_once_does_and_who_wants_mondays_waits(day: World) -> None:
    taste(day, vendor(day, "siti"), rhythm=INSTANT)
    taste(day, vendor(day, "rina"), rhythm=WEEKLY)
    package(day)
    tended(day)
    assert "Berminat" in text_of(day.hears("siti"))
    for _ in range(6):
        day.later(days=1)
        tended(day)
        assert day.hears("rina") == []
    day.later(days=1)
    tended(day)
    assert "Berminat" in text_of(day.hears("rina"))


def test_what_closes_soon_does_not_wait_for_monday(small_day: World) -> None:
    taste(small_day, vendor(small_day, "rina"), rhythm=WEEKLY)
    package(small_day, closes_at=closing("11-28"))
    for left in (4, 3):
        small_day.later(hours=22 if left == 4 else 24)
        tended(small_day)
        assert bool(small_day.hears("rina")) == (left == 3)


@pytest.mark.parametrize(("day_of", "at_once"), [("11-26", True), ("11-27", False)])
def test_what_closes_within_three_days_leaves_at_once(small_day: World, day_of: str, at_once: bool) -> None:
    vendor(small_day, "siti")
    package(small_day, closes_at=closing(day_of))
    tended(small_day)
    assert bool(small_day.hears("siti")) == at_once


def test_at_night_a_source_wakes_nobody_and_what_closes_before_the_morning_is_not_told(small_day: World) -> None:
    vendor(small_day, "siti")
    small_day.later(hours=12)
    package(small_day, "A", closes_at=small_day.now + timedelta(hours=6))
    package(small_day, "B", closes_at=closing("11-25"))
    tended(small_day)
    assert small_day.read(notices) == []
    small_day.later(hours=10)
    tended(small_day)
    assert [row.subject for row in small_day.read(notices)] == ["call:2"]
    assert small_day.do(clear_untold(small_day.app)) == 1
    assert small_day.read(kept) == [(1, "new", True)]


def test_only_open_calls_are_told_and_plans_with_an_end(small_day: World) -> None:
    vendor(small_day, "siti")
    for key, more in (("A", {"status": "complete"}), ("B", {"status": "cancelled"}), ("C", {"status": PLANNED, "closes_at": None})):
        package(small_day, key, **more)
    package(small_day, "D", closes_at=small_day.now - timedelta(minutes=1))
    package(small_day, "E", status=PLANNED)
    small_day.later(days=1)
    tended(small_day)
    assert "masih rencana dinas" in text_of(small_day.hears("siti"))
    assert len(small_day.read(notices)) == 1


def test_what_answers_taught_raises_the_bar(small_day: World) -> None:
    taste(small_day, vendor(small_day, "siti"), threshold=0.6)
    package(small_day)
    small_day.later(days=1)
    tended(small_day)
    assert small_day.read(kept) == []


def test_who_stopped_meanwhile_hears_nothing(small_day: World) -> None:
    vendor(small_day, "siti")
    package(small_day)
    tended(small_day)
    small_day.say("siti", "berhenti")
    small_day.later(days=1)
    tended(small_day)
    assert small_day.hears("siti") == []
    assert small_day.read(kept) == [(1, "new", False)]


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


def test_the_officers_card_says_who_hears_when(world: World) -> None:
    tended(world)
    world.officer("petugas")
    vendor(world, "siti")
    taste(world, vendor(world, "rina"), rhythm=INSTANT)
    type_call(world, closes="15 Desember 15.00")
    assert "2 orang dikabari: 1 sekarang, 1 lewat ringkasan jam 08.00." in text_of([world.last["petugas"]])
    assert "1 sekarang, 1 lewat ringkasan" in text_of(world.tap("petugas", "Kabari 2 orang"))
    assert world.hears("siti") == []
    assert "Berminat, Bu Rina?" in text_of(world.hears("rina"))
    world.later(days=1)
    tended(world)
    assert "Berminat, Bu Siti?" in text_of(world.hears("siti"))


def test_an_approval_taken_back_leaves_nothing_for_the_morning(small_day: World) -> None:
    small_day.officer("petugas")
    vendor(small_day, "siti", status="NEEDS_FIX")
    package(small_day)
    tended(small_day)

    def submit(session: Session) -> tuple[int, int]:
        product = session.exec(select(Product)).one()
        product.status = "SUBMITTED"
        return product.id or 0, product.revision

    product, revision = small_day.write(submit)
    small_day.press("petugas", f"c:approve:{product}:{revision}")
    assert small_day.read(kept) == [(2, "new", False)]
    small_day.say("petugas", "urungkan")
    assert small_day.read(kept) == []


def test_a_reason_without_words_gives_way_to_the_product() -> None:
    def said(*reasons: dict[str, Any]) -> str:
        return worded(why("call.why", "Nasi kotak", reasons), Voice(you="Bu Siti"))

    assert said({"key": "never_heard_of", "params": {"x": 1}}) == "Saya kabari karena Bu Siti jual Nasi kotak."
    assert said({"product": 3, "name": "Nasi kotak", "approved": True}) == "Saya kabari karena Bu Siti jual Nasi kotak.", "as 0.3.0 kept it"
    words = {"key": "words", "params": {"words": "nasi kotak", "product": "Nasi kotak"}}
    asked = "Saya kabari karena Bu Siti jual Nasi kotak dan judulnya menyebut nasi kotak (masih diperiksa petugas)."
    assert said(words, {"key": "waiting"}) == asked


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
