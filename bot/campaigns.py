"""Announcements are moved on here, each second: what is due begins, the first ones are sent and judged, what fails too much stops."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlmodel import Session

from bot.inbox import where
from bot.spread import spread
from models.audience import Tally
from models.campaign import CANARY, SCHEDULED, SLICE, WAITING, Campaign
from models.campaign_life import begin, counted, due_to_begin, end_when_done, expire, is_done, under_way
from models.campaign_news import halt_campaign, tell_begun, tell_lapsed
from models.canary import FAILING, draw, failing, go_on, send_first, verdict

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
SPREAD = "spread"
"""The name of the task that adds the recipients."""


async def steer(app: App) -> int:
    """One look at everything under way: on the reader, and again where it is written, since others decide too."""
    now, done = app.clock(), 0
    for campaign in await app.store.read(partial(due_to_begin, now=now)):
        found = await app.store.read(partial(counted, campaign_id=campaign))
        done += await app.store.write(partial(begin_and_tell, campaign_id=campaign, found=found, now=now))
    for campaign, status in await app.store.read(partial(under_way, now=now)):
        step = let_expire if status == "over" else try_first if status == CANARY else watch
        done += await step(app, campaign, now)
    if done:
        app.wake()
        if not any(task.get_name() == SPREAD for task in app.tasks):
            app.spawn(spread_now(app), SPREAD)
    return done


async def spread_now(app: App) -> None:
    """Without waiting for the job that does it anyway, and finds the same rows after a fault."""
    try:
        await spread(app)
    except Exception as error:
        log.error("job failed", name=SPREAD, error=where(error))


def begin_and_tell(session: Session, campaign_id: int, found: Tally, now: datetime) -> bool:
    begun = begin(session, campaign_id, found, now)
    if begun and (campaign := session.get(Campaign, campaign_id)):
        tell_begun(session, campaign, now)
    return begun


async def let_expire(app: App, campaign: int, now: datetime) -> int:
    done = 0
    while await app.store.write(partial(expire_and_tell, campaign_id=campaign, now=now)):
        done += 1
    return done


def expire_and_tell(session: Session, campaign_id: int, now: datetime) -> bool:
    campaign = session.get(Campaign, campaign_id)
    never = campaign is not None and campaign.status in (WAITING, SCHEDULED)
    gone = expire(session, campaign_id, now)
    if gone and never and campaign:
        tell_lapsed(session, campaign, now)
    return gone


async def try_first(app: App, campaign: int, now: datetime) -> int:
    """The first ones are drawn and added; once they are settled the others follow, or nobody."""
    said = await app.store.read(partial(verdict, campaign_id=campaign, now=now, percent=app.settings.stop_above))
    if said == "stop":
        return await app.store.write(partial(halt_campaign, campaign_id=campaign, why=FAILING, now=now))
    if said == "go on":
        return await app.store.write(partial(go_on, campaign_id=campaign))
    people = await app.store.read(partial(draw, campaign_id=campaign, now=now))
    if people is None:
        return 0
    parts = [people[start : start + SLICE] for start in range(0, len(people), SLICE)] or [[]]
    for part in parts:
        await app.store.write(partial(send_first, campaign_id=campaign, people=part, now=now))
    return len(parts)


async def watch(app: App, campaign: int, now: datetime) -> int:
    """One that runs: too many failures of late stop it; who is not added yet is added; when nothing waits any more it is over."""
    said = await app.store.read(partial(looked_at, campaign_id=campaign, percent=app.settings.stop_above))
    if said == FAILING:
        return await app.store.write(partial(halt_campaign, campaign_id=campaign, why=FAILING, now=now))
    if said == "adding":
        return 1  # an officer may have let it go on a moment ago
    return await app.store.write(partial(_end, campaign_id=campaign, now=now)) if said == "done" else 0


def looked_at(session: Session, campaign_id: int, percent: int) -> str:
    campaign = session.get_one(Campaign, campaign_id)
    if failing(session, campaign, percent):
        return FAILING
    return "adding" if not campaign.filled_at else "done" if is_done(session, campaign) else ""


def _end(session: Session, campaign_id: int, now: datetime) -> bool:
    return end_when_done(session, session.get_one(Campaign, campaign_id), now)
