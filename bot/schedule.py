"""The table of periodic jobs. APScheduler only wakes them, in the process that holds the lease; what was done is in the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select
from sqlmodel import Session, col

from bot import leases
from bot.alerts import changes, clear_untold, digests, match_calls, reminders, tell_silent
from bot.board import BOARDS
from bot.campaigns import steer
from bot.documents import clear_reports, draw
from bot.feeds.polling import sweep
from bot.forgetting import clear_leftovers, forget
from bot.importing import look_after
from bot.inbox import where
from bot.leases import Keeping
from bot.sheet_intake import clear_sheets, take_sheets
from bot.spread import spread
from handlers.office.triage import triage
from models.ceiling import tell_ceiling, untold
from models.outbox import Outgoing
from models.tick import take_tick, ticked

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
MORNING = timedelta(hours=4)
TRIAGE = "queue"
"""The bundle of the overview's rows, which tell that it was sent."""
SCHEDULER = "scheduler"
"""The lease of whoever wakes the jobs."""

Sweep = Callable[["App"], Awaitable[int]]
"""Looks for due rows and does with them what is to be done, however often it runs; two processes may do so for a moment."""
BACK = (timedelta(minutes=1), timedelta(days=1), timedelta(days=366))


@dataclass(frozen=True, slots=True)
class Once:
    """One transaction, which is committed together with the due time it is of."""

    work: Callable[[Session, App], int]


@dataclass(frozen=True, slots=True)
class Job:
    """`hour`, `minute` and `second` in the office's zone, as cron writes them. What was due while nobody was there is done once, later."""

    name: str
    run: Sweep | Once
    hour: str
    minute: str
    second: str = "0"

    @property
    def often(self) -> bool:
        """What looks every minute needs no memory of its due times."""
        return self.minute == "*"


def greet_officers(session: Session, now: datetime, zone: str) -> int:
    """The officers' overview, once a morning; a start during the morning makes up for one that was missed."""
    local = now.astimezone(ZoneInfo(zone))
    eight = local.replace(hour=8, minute=0, second=0, microsecond=0)
    told = select(col(Outgoing.id)).where(col(Outgoing.bundle) == TRIAGE, col(Outgoing.created_at) >= eight).limit(1)
    if not eight <= local < eight + MORNING or session.execute(told).first():
        return 0
    return triage(session, now)


async def clear(app: App) -> int:
    media, now = app.settings.media_dir, app.clock()
    left = await asyncio.to_thread(clear_leftovers, media, now)
    return left + await asyncio.to_thread(clear_reports, app.media, now) + await asyncio.to_thread(clear_sheets, app.media, now)


async def age_calls(app: App) -> int:
    return await look_after(app.store, app.clock())


def greet(session: Session, app: App) -> int:
    return greet_officers(session, app.clock(), app.settings.timezone)


async def tell_ceilings(app: App) -> int:
    """Officers hear that the money of a number is used up, a minute later, when it is known who waits."""
    terms, now, told = app.settings.terms, app.clock(), 0
    found = await app.store.read(partial(untold, terms=terms, province=app.settings.region, now=now))
    for account, officers in found.items():
        work = partial(tell_ceiling, account=account, officers=officers, terms=terms, by=app.worker, now=now)
        told += await app.store.write(work)
    if told:
        app.wake()
    return told


JOBS = (
    Job("triage", Once(greet), "8", "0"),
    Job("forget", forget, "3", "10"),
    Job("clear", clear, "3", "40"),
    Job("ages", age_calls, "*", "5"),
    Job("spread", spread, "*", "*"),
    Job("calls", match_calls, "*", "*"),
    Job("changes", changes, "*", "*"),
    Job("reminders", reminders, "*", "*"),
    Job("digests", digests, "*", "*"),
    Job("nearest", tell_silent, "9", "30"),
    Job("untold", clear_untold, "3", "20"),
    Job("ceilings", tell_ceilings, "*", "*"),
    Job("boards", BOARDS.refresh, "*", "*", "*"),
    Job("reports", draw, "*", "*", "*"),
    Job("sheets", take_sheets, "*", "*", "*"),
    Job("campaigns", steer, "*", "*", "*"),
    Job("feeds", sweep, "*", "*", "30"),
)


async def start(app: App, jobs: Sequence[Job] = JOBS) -> None:
    """Whichever process holds the lease wakes them; the next one within a second of its death."""
    await app.keep(Keeping(app.store, SCHEDULER, app.worker, leases.SCHEDULER, partial(keep_waking, app, jobs)))


async def keep_waking(app: App, jobs: Sequence[Job]) -> None:
    """Under the lease: first what was due while nobody was there, then each at its hours."""
    scheduler = waking(app, jobs)
    scheduler.start()
    try:
        for job in jobs:
            await run(app, job)
        await asyncio.Event().wait()
    finally:
        scheduler.shutdown(wait=False)


def waking(app: App, jobs: Sequence[Job]) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone=app.settings.timezone)
    for job in jobs:
        scheduler.add_job(run, hours(job, app), (app, job), id=job.name, coalesce=True, misfire_grace_time=None)
    return scheduler


def hours(job: Job, app: App) -> CronTrigger:
    return CronTrigger(hour=job.hour, minute=job.minute, second=job.second, timezone=app.settings.timezone)


def due(job: Job, app: App) -> datetime:
    """The latest of its times that has come."""
    now, trigger = app.clock(), hours(job, app)
    for back in BACK:
        last: datetime | None = None
        found = trigger.get_next_fire_time(None, now - back)
        while found <= now:
            last, found = found, trigger.get_next_fire_time(found, found)
        if last:
            return last
    return now


async def run(app: App, job: Job) -> None:
    """Unless it was done for this due time. A fault of one job must not end the others; the next wake-up finds the same rows."""
    try:
        count = await (_once(app, job, job.run) if isinstance(job.run, Once) else _swept(app, job, job.run))
        if count:
            log.info("job", name=job.name, count=count)
    except Exception as error:
        log.error("job failed", name=job.name, error=where(error))
        app.wake()  # what it had committed before is due


async def _once(app: App, job: Job, once: Once) -> int:
    at = due(job, app)

    def work(session: Session) -> int:
        return once.work(session, app) if take_tick(session, job.name, at, app.worker, app.clock()) else 0

    count = await app.store.write(work)
    app.wake()
    return count


async def _swept(app: App, job: Job, sweep: Sweep) -> int:
    """The due time counts as done after it: who dies in the middle leaves it to the next."""
    if job.often:
        return await sweep(app)
    at = due(job, app)
    if await app.store.read(partial(ticked, job=job.name, due_at=at)):
        return 0
    count = await sweep(app)
    await app.store.write(partial(take_tick, job=job.name, due_at=at, by=app.worker, now=app.clock()))
    return count
