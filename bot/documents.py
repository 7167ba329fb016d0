"""Reports that officers asked for: written off the loop, large ones by a process of their own, then sent as a document."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlmodel import Session

from bot.inbox import where
from bot.media import Media, clear, move
from bot.report import write
from bot.settings import ROOT
from handlers.announcements.report import ready
from models.campaign import Campaign
from models.report import Report, begin, deliver, wanted

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
FILE = re.compile(r"laporan-([0-9]{1,18})-[0-9]{8}-[0-9a-f]{16}\.xlsx")
"""The last part cannot be guessed."""
LARGE = 5_000
"""From so many recipients on another process writes: this one has people to answer."""
PATIENCE = 900
"""Seconds that one report may take."""
KEPT = timedelta(days=7)


async def draw(app: App) -> int:
    """All that are wanted, one after the other. Returns how many."""
    return sum([await _draw(app, report, locale) for report, locale in await app.store.read(wanted)])


async def _draw(app: App, asked: Report, locale: str) -> bool:
    now = app.clock()
    if not await app.store.write(partial(begin, asked=asked, now=now)):
        return False
    name = f"laporan-{asked.campaign_id}-{now:%Y%m%d}-{secrets.token_hex(8)}.xlsx"
    try:
        file = app.settings.media_dir / name
        await _written(app, asked.campaign_id, file, locale)
        if app.media != app.settings.media_dir:
            await asyncio.to_thread(move, file, app.media)
    except Exception as error:
        log.error("report not written", campaign=asked.campaign_id, error=where(error))
        return False
    sent = await app.store.write(partial(_send, asked=asked, name=name, now=app.clock()))
    app.wake()
    return sent


def _send(session: Session, asked: Report, name: str, now: datetime) -> bool:
    return deliver(session, asked, ready(session.get_one(Campaign, asked.campaign_id), name), now)


async def _written(app: App, campaign_id: int, file: Path, locale: str) -> None:
    total = await app.store.read(partial(_total, campaign_id=campaign_id))
    if total < LARGE:
        await asyncio.to_thread(write, app.store.reader, campaign_id, file, app.clock(), app.settings.timezone, locale)
        return
    settings = {"LAPAK_DATABASE_URL": app.settings.database_url, "LAPAK_TIMEZONE": app.settings.timezone}
    command = ("-m", "bot", "campaigns", "report", str(campaign_id), str(file.absolute()), "--language", locale)
    quiet = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, env={**os.environ, **settings}, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await child.wait()
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode:
        raise RuntimeError(f"ended with {child.returncode}")


def _total(session: Session, campaign_id: int) -> int:
    return session.get_one(Campaign, campaign_id).total


def clear_reports(media: Media, now: datetime) -> int:
    """Deletes those that were sent a week ago: they name people."""
    return clear(media, "laporan-", now - KEPT)
