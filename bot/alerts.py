"""The alerts of procurement calls, moved on by the scheduler: slice after slice, so that conversations go on in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlers.calls.changes import changed_calls, tell_changes
from handlers.calls.digest import make_digests
from handlers.calls.nearest import nearest, silent, tell_nearest
from handlers.calls.notices import keep_and_tell
from handlers.calls.reminders import remind
from models.alerts import SLICE, Fit, fits, share_of_a_call
from models.call import TYPED, Call, untold_calls
from models.inserting import parts
from models.morning import EVENING, eight, forget_untold
from models.places import zones
from models.relevance import rank_all
from models.tick import take_tick, ticked

if TYPE_CHECKING:
    from bot.app import App

CALLS = 50
"""Calls that are ranked in one look."""


async def match_calls(app: App) -> int:
    """Finds out whom the new calls concern: ranked beside the writer, the next ones while these are kept in slices."""
    done, after = 0, 0
    ahead = asyncio.create_task(_look(app, after))
    try:
        while True:
            now, calls, found = await ahead
            if not calls and not after:
                return done
            after = max(calls, default=0)  # behind the last one it begins anew: of some more became known meanwhile
            ahead = asyncio.create_task(_look(app, after))
            for part in parts(found, SLICE):
                done += await app.store.write(partial(keep_and_tell, found=part, now=now, after=now))
            if calls:
                await app.store.write(partial(finish, calls=calls, now=now))
            if found:
                app.wake()
    finally:
        ahead.cancel()


async def _look(app: App, after: int) -> tuple[datetime, dict[int, int], list[Fit]]:
    now = app.clock()
    return now, *await app.store.read(partial(ranked, now=now, after=after))


def ranked(session: Session, now: datetime, after: int = 0) -> tuple[dict[int, int], list[Fit]]:
    """How much was known of each of the next calls when it was ranked, by its id; and whom they concern."""
    calls = untold_calls(session, now, CALLS, after)
    if not calls:
        return {}, []
    share = share_of_a_call(session, now)
    shares = [(call, 0 if call.source == TYPED else share) for call in calls]  # of what an officer typed it was promised who hears of it
    return {call.id or 0: len(call.history) for call in calls}, fits(session, list(rank_all(session, shares)))


def finish(session: Session, calls: Mapping[int, int], now: datetime) -> int:
    """What became known of a call while it was ranked is for the next look."""
    rows = select(Call).where(col(Call.id).in_(calls)).order_by(col(Call.id)).with_for_update(key_share=True)
    for call in session.exec(rows.execution_options(populate_existing=True)):
        if len(call.history) == calls[call.id or 0]:
            call.told_at = call.told_at or now
    return len(calls)


async def digests(app: App) -> int:
    """For each clock of the country, when its morning has come; outside of them by the office's."""
    done = 0
    for zone, clock, morning in await app.store.read(partial(mornings, office=app.settings.timezone, now=app.clock())):
        done += await _digests_of(app, zone, clock)
        await app.store.write(partial(take_tick, job=f"digests:{zone}", due_at=morning, by=app.worker, now=app.clock()))
    return done


def mornings(session: Session, office: str, now: datetime) -> list[tuple[str, str, datetime]]:
    """Zone, its clock and the 08.00 that has come, where the digests of it are not all made."""
    found = [(zone, zone or office, eight(now, zone or office)) for zone in (*zones(), "")]
    return [one for one in found if now - one[2] <= EVENING and not ticked(session, f"digests:{one[0]}", one[2])]


async def _digests_of(app: App, zone: str, clock: str) -> int:
    done, after = 0, 0
    while True:
        looked, after = await app.store.write(partial(make_digests, zone=zone, clock=clock, after=after, now=app.clock()))
        done += looked
        app.wake()
        if not looked:
            return done


async def reminders(app: App) -> int:
    return await _all(app, remind)


async def changes(app: App) -> int:
    done = 0
    for call in await app.store.read(partial(changed_calls, now=app.clock())):
        done += await _all(app, partial(tell_changes, call_id=call))
    return done


async def _all(app: App, work: Callable[..., int]) -> int:
    done = 0
    while count := await app.store.write(partial(work, now=app.clock())):
        done += count
    if done:
        app.wake()
    return done


async def tell_silent(app: App) -> int:
    """On Mondays: who heard of nothing for a month."""
    done, now = 0, app.clock()
    if now.astimezone(ZoneInfo(app.settings.timezone)).weekday():
        return 0
    people = await app.store.read(partial(silent, now=now))
    for part in parts(sorted(people), SLICE):
        some = {person: people[person] for person in part}
        found = await app.store.read(partial(nearest, people=some, now=now))
        done += await app.store.write(partial(tell_nearest, found=found, people=some, now=now))
    app.wake()
    return done


async def clear_untold(app: App) -> int:
    return await _all(app, forget_untold)


async def tend(app: App) -> int:
    """All that is looked at each minute."""
    return sum([await look(app) for look in (match_calls, changes, reminders, digests)])
