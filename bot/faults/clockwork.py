"""What the rounds of restarts run: jobs that write down what they do, in a table that would take it twice."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from bot import logs, schedule
from bot.app import App
from bot.channels.terminal import Terminal
from bot.schedule import Job, Once
from bot.settings import Settings

TABLES = (
    "CREATE TABLE fired (job text NOT NULL, at timestamptz NOT NULL)",
    "CREATE TABLE appointment (id serial PRIMARY KEY, due_at timestamptz NOT NULL, kept boolean NOT NULL DEFAULT false)",
)
KEEP = text("UPDATE appointment SET kept = true WHERE due_at <= :now AND NOT kept RETURNING id")
FIRE = text("INSERT INTO fired (job, at) VALUES (:job, :now)")


def fire(session: Session, job: str, now: datetime) -> int:
    session.execute(FIRE, {"job": job, "now": now})
    return 1


def keep_appointments(session: Session, now: datetime) -> int:
    """One-off work: what is due is a row, and it is done where it is marked."""
    due = [row.id for row in session.execute(KEEP, {"now": now})]
    return sum(fire(session, f"appointment {id}", now) for id in due)


async def look(app: App) -> int:
    return await app.store.write(lambda session: keep_appointments(session, app.clock()))


JOBS = (
    Job("every second", Once(lambda session, app: fire(session, "every second", app.clock())), "*", "*", "*"),
    Job("every third", Once(lambda session, app: fire(session, "every third", app.clock())), "*", "*", "*/3"),
    Job("appointments", look, "*", "*", "*"),
)


def serve(url: str, folder: str) -> None:
    """A process of its own, until it is killed."""
    logs.configure(50)
    asyncio.run(_serve(Settings(_env_file=None, database_url=url, media_dir=Path(folder))))  # type: ignore[call-arg]


async def _serve(settings: Settings) -> None:
    app = App(settings, channels=[Terminal()], role="scheduler")
    await app.start()
    await schedule.start(app, JOBS)
    await asyncio.Event().wait()
