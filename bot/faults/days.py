"""An announcement larger than a number's day: `./run faults days` plays the days, with a restart in each, and counts."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot import migrate
from bot.bench.turn import figure
from bot.faults.calendar import MORNING, Play, announce, people
from bot.faults.number import DAY, Number, Taken
from bot.faults.virtual import Hours, Watched
from models.forecast import Plan
from models.outbox import Outgoing
from models.quiet import quiet
from models.terms import Terms

PRICE = 697
DAYS = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What is known when the days are over: who was told how often, how many people in any 24 hours, how soon answers came."""

    plan: Plan
    times: Counter[str]
    most: int
    dates: int
    templates: int
    rupiah: int
    waits: tuple[float, ...]
    """Seconds from each answer queued to its request."""
    at_night: int
    kills: int
    broken: tuple[str, ...]
    left: int


def busiest(ledger: list[Taken]) -> int:
    """The most different people written to by template in any 24 hours."""
    sent = sorted((one.at, one.address) for one in ledger if one.template)
    inside: Counter[str] = Counter()
    most = first = 0
    for at, address in sent:
        inside[address] += 1
        while sent[first][0] <= at - DAY:
            inside[sent[first][1]] -= 1
            inside += Counter()
            first += 1
        most = max(most, len(inside))
    return most


def writers(count: int, draw: random.Random, begun: datetime) -> list[tuple[datetime, str]]:
    """People who write: some in the minute in which each day's announcements leave, some at any hour. The latest first."""
    names = draw.sample(range(1, count + 1), max(count // 50, DAYS * 2))
    made = []
    for place, name in enumerate(names):
        day = begun + timedelta(days=place % DAYS)
        burst = draw.uniform(1, 25) + (place % DAYS) * 600
        made.append((day + timedelta(seconds=burst if place % 2 else draw.uniform(3600, 80_000)), str(name)))
    return sorted(made, reverse=True)


async def play(url: str, media: Path, count: int, tier: int, ceiling: int, seed: int = 2026) -> Told:
    hours, store = Hours(MORNING), Watched(url)
    number = Number(tier, hours.clock, hours.sleep)
    terms = Terms({"marketing": PRICE}, ceiling, tier)
    share = min(count, tier)
    kills = [share // 2, share + share // 2, 2 * share + max(count - 2 * share, 0) // 2][:DAYS]
    run = Play(hours, store, number, media, terms, kills, writers(count, random.Random(seed), MORNING))
    try:
        await store.write(partial(people, count=count, tier=tier))
        plan = await store.write(partial(announce, terms=terms))
        await run.begin()
        await run.until(MORNING + timedelta(days=DAYS))
        await run.die()
        return await store.read(partial(told, plan=plan, run=run))
    finally:
        store.close()


def told(session: Session, plan: Plan, run: Play) -> Told:
    rows = {str(row.id): row for row in session.exec(select(Outgoing))}
    ledger = run.number.ledger
    news = [one for one in ledger if rows[one.tag].campaign_id]
    answers = [(one.at - rows[one.tag].created_at).total_seconds() for one in ledger if rows[one.tag].kind == "reply"]
    zones = {str(row.id): run_zone(int(row.person_id)) for row in rows.values()}
    night = sum(quiet(one.at, zones[one.tag]) for one in news if one.template)
    return Told(
        plan, Counter(one.address for one in news), busiest(ledger),
        len({one.at.astimezone(ZoneInfo("Asia/Makassar")).date() for one in news if one.template}),
        sum(one.template for one in ledger), sum(row.price for row in rows.values()), tuple(answers), night, run.killed - 1,
        tuple(run.number.broken), sum(row.status in ("queued", "claimed", "held") for row in rows.values() if row.campaign_id),
    )  # fmt: skip


def run_zone(person: int) -> str:
    from bot.faults.calendar import ZONES

    return ZONES[person % 3]


def problems(found: Told, count: int, tier: int, ceiling: int) -> list[str]:
    laws = {
        "somebody was told twice": max(found.times.values(), default=0) > 1,
        "somebody was not told": len(found.times) + found.left < count,
        "more people in 24 hours than the number has": found.most > tier,
        "more than the ceiling": found.rupiah > ceiling,
        "the rows and the platform disagree on the money": found.rupiah != found.templates * PRICE,
        "more than was foreseen": found.rupiah > found.plan.rupiah or found.dates > found.plan.days,
        "an announcement at night": found.at_night > 0,
        "an answer waited": max(found.waits, default=0) > 5,
        "a rule of the platform was broken": bool(found.broken),
    }
    return [law for law, broken in laws.items() if broken]


def run(count: int = 5000, tier: int = 2000) -> None:
    """Ends with code 1 when a law does not hold."""
    ceiling, begun = count * PRICE, time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{name}/lapak.db"
        migrate.upgrade(url)
        found = asyncio.run(play(url, Path(name), count, tier, ceiling))
    figure("days_foreseen", found.plan.days, "days", found.dates)
    figure("days_rupiah", found.rupiah, "rupiah", found.plan.rupiah)
    figure("days_told", len(found.times), "people", count)
    figure("days_twice", sum(times - 1 for times in found.times.values()), "people", 0)
    figure("days_most_in_24h", found.most, "people", tier)
    figure("days_by_template", found.templates, "people", count)
    figure("days_answer_longest", max(found.waits), "s")
    figure("days_restarts", found.kills, "count")
    figure("days_played_in", time.perf_counter() - begun, "s")
    broken = problems(found, count, tier, ceiling)
    print(*broken, sep="\n")
    if broken:
        raise SystemExit(1)
