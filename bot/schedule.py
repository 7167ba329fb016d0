"""The table of periodic jobs. APScheduler only wakes them: each looks for due rows, and what it did is in the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import String, cast, delete, select, update
from sqlmodel import Session, col

from bot.campaigns import steer
from bot.inbox import where
from bot.spread import spread
from handlers.office.triage import triage
from models.inbox import DeadLetter, Received
from models.outbox import Outgoing

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
WORDS_KEPT = timedelta(days=14)
KEYS_KEPT = timedelta(days=30)
"""How long a message's id is kept, so that a repeat of it is known."""
LETTERS_KEPT = timedelta(days=90)
"""How long the words of a message that failed by a bug wait for whoever mends it."""
UPLOADS_KEPT = timedelta(days=1)
MORNING = timedelta(hours=4)
TRIAGE = "queue"
"""The bundle of the overview's rows, which tell that it was sent."""
SLICE = 2000
"""Rows touched in one transaction, so that conversations go on in between."""


@dataclass(frozen=True, slots=True)
class Job:
    """`hour`, `minute` and `second` in the office's zone, as cron writes them. Every job is also run once at the start."""

    name: str
    run: Callable[[App], Awaitable[int]]
    hour: str
    minute: str
    second: str = "0"


def forget_words(session: Session, now: datetime) -> int:
    """Empties what was said two weeks ago. Returns how many rows."""
    old = (col(Received.received_at) < now - WORDS_KEPT, cast(col(Received.said), String) != "{}")
    ids = session.execute(select(col(Received.id)).where(*old, col(Received.status).in_(("done", "failed"))).limit(SLICE)).scalars().all()
    session.execute(update(Received).where(col(Received.id).in_(ids)).values(said={}, media={}))
    return len(ids)


def forget_keys(session: Session, now: datetime) -> int:
    """Deletes rows whose repeats no channel sends any more."""
    old = (col(Received.received_at) < now - KEYS_KEPT, col(Received.status).in_(("done", "failed")))
    ids = session.execute(select(col(Received.id)).where(*old).limit(SLICE)).scalars().all()
    session.execute(update(DeadLetter).where(col(DeadLetter.received_id).in_(ids)).values(received_id=None))
    session.execute(delete(Received).where(col(Received.id).in_(ids)))
    return len(ids)


def forget_letters(session: Session, now: datetime) -> int:
    """Empties what failed by a bug and nobody came back for; where it failed is kept."""
    old = (col(DeadLetter.at) < now - LETTERS_KEPT, cast(col(DeadLetter.said), String) != "{}")
    ids = session.execute(select(col(DeadLetter.id)).where(*old).limit(SLICE)).scalars().all()
    session.execute(update(DeadLetter).where(col(DeadLetter.id).in_(ids)).values(said={}))
    return len(ids)


def clear_leftovers(media: Path, now: datetime) -> int:
    """Deletes uploads and half-written files that nobody came back for."""
    old = (now - UPLOADS_KEPT).timestamp()
    left = [file for file in (*media.glob("*.part"), *(media / "uploads").glob("*")) if file.is_file() and file.stat().st_mtime < old]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def greet_officers(session: Session, now: datetime, zone: str) -> int:
    """The officers' overview, once a morning; a start during the morning makes up for one that was missed."""
    local = now.astimezone(ZoneInfo(zone))
    eight = local.replace(hour=8, minute=0, second=0, microsecond=0)
    told = select(col(Outgoing.id)).where(col(Outgoing.bundle) == TRIAGE, col(Outgoing.created_at) >= eight).limit(1)
    if not eight <= local < eight + MORNING or session.execute(told).first():
        return 0
    return triage(session, now)


async def forget(app: App) -> int:
    done = 0
    for work in (forget_words, forget_keys, forget_letters):
        while count := await app.store.write(partial(work, now=app.clock())):
            done += count
    return done


async def clear(app: App) -> int:
    return await asyncio.to_thread(clear_leftovers, app.settings.media_dir, app.clock())


async def greet(app: App) -> int:
    count = await app.store.write(partial(greet_officers, now=app.clock(), zone=app.settings.timezone))
    app.wake()
    return count


JOBS = (
    Job("triage", greet, "8", "0"),
    Job("forget", forget, "3", "10"),
    Job("clear", clear, "3", "40"),
    Job("spread", spread, "*", "*"),
    Job("campaigns", steer, "*", "*", "*"),
)


async def run(app: App, job: Job) -> None:
    """A fault of one job must not end the others; the next wake-up finds the same rows."""
    try:
        if count := await job.run(app):
            log.info("job", name=job.name, count=count)
    except Exception as error:
        log.error("job failed", name=job.name, error=where(error))


def start(app: App) -> AsyncIOScheduler:
    """Wakes every job now and then at its hours; must be called in the running loop."""
    scheduler = AsyncIOScheduler(timezone=app.settings.timezone)
    for job in JOBS:
        hours = CronTrigger(hour=job.hour, minute=job.minute, second=job.second, timezone=app.settings.timezone)
        scheduler.add_job(run, hours, (app, job), id=job.name, coalesce=True, misfire_grace_time=None)
        app.spawn(run(app, job))
    scheduler.start()
    return scheduler
