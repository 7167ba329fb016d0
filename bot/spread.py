"""Announcements with more recipients than fit into one turn: the others are added here, a slice at a time."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import Session

from models.campaign import RUNNING, SLICE, Campaign, fill, running
from models.campaign_life import end_when_done

if TYPE_CHECKING:
    from bot.app import App

FEW = 1_000
"""From so many new rows on, and from ten times as many each, PostgreSQL is told to look at the table: plans that were made while it was
small read all of it.
"""
WAKES = 20
"""Slices between two looks of the sender, which keeps itself busy in between."""


def add_recipients(session: Session, now: datetime, limit: int = 0) -> int:
    """One slice of the first announcement that is not complete. Returns how many; 0 when all are. No `limit` is the usual one."""
    return next((added for campaign in running(session) if (added := _fill(session, campaign, now, limit or SLICE))), 0)


def _fill(session: Session, campaign: Campaign, now: datetime, limit: int) -> int:
    added = fill(session, campaign, now, limit)
    end_when_done(session, campaign, now)
    return added


async def spread(app: App) -> int:
    """Until everybody is added; conversations go on between the slices."""
    done, grown = 0, FEW
    for slices in count(1):
        added = await app.store.write(partial(add_recipients, now=app.clock()))
        done += added
        if done >= grown and not app.store.sqlite:
            await app.store.write(lambda session: session.execute(text("ANALYZE outgoing")))
            grown *= 10
        ended = not added and not await app.store.read(incomplete)
        if ended or slices % WAKES == 1:
            app.wake()
        if ended:
            break
    return done


def incomplete(session: Session) -> bool:
    """Whether there are persons that an announcement has not looked at yet."""
    return any(not campaign.filled_at for campaign in running(session) if campaign.status == RUNNING)
