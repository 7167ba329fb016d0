"""How the sources of calls are, in a line each, for whoever runs the bot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.feeds.polling import sources
from bot.settings import Settings
from models.feed import Feed
from models.polling import empty_since, quiet_for

Mark = Literal["good", "note", "bad"]
UNSET = "no source of calls is set: LAPAK_INAPROC_TOKEN, LAPAK_SIRUP_API, LAPAK_SPSE_URLS, LAPAK_OCDS_URLS"


def standing(session: Session, settings: Settings, now: datetime) -> Iterator[tuple[Mark, str]]:
    """Whether it is well, and what it is, when it was last read, and what is wrong."""
    names = [source.name for source in sources(settings)]
    if not names:
        yield "note", UNSET
    for name in names:
        mark, words = _of(session.get(Feed, name), now)
        yield mark, f"{name}: {words}"


def _of(feed: Feed | None, now: datetime) -> tuple[Mark, str]:
    last = f"last read in full {feed.succeeded_at:%Y-%m-%d %H:%M} UTC" if feed and feed.succeeded_at else "never read in full yet"
    if feed is None:
        return "note", f"{last}; the scheduler reads it at its hour, ./run calls poll reads it now"
    if feed.error and feed.failed_since:
        return "bad", f"{last}; stopped since {feed.failed_since:%Y-%m-%d %H:%M} UTC: {feed.error}"
    if since := empty_since(feed, now):
        return "note", f"{last}; empty since {since:%Y-%m-%d %H:%M} UTC"
    if days := quiet_for(feed, now):
        return "note", f"{last}; nothing new for {days} days"
    return "good" if feed.succeeded_at else "note", last
