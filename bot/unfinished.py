"""What was received and still waits: a picture or a sheet is fetched, later messages follow, what a dead process left is taken over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
from sqlmodel import Session

from bot import inbox, photos, sheets, waiting
from bot.channels.channel import Channel, SendError
from bot.channels.terminal import Terminal
from bot.leases import database_time
from bot.media import Media
from bot.store import may_pass
from handlers.said import Document, Photo
from models.inbox import Received, take_over

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
Kept = TypeVar("Kept", Photo, Document)
FETCH_TRIES = 4
FETCH = "fetch"
"""The name of the tasks that fetch pictures."""
AGAIN = 1.0
"""Seconds until the next try when the database does not answer."""


async def sweep(app: App) -> None:
    """Takes over what no living process works on; on SQLite, where there is one process, everything."""
    for account, received in await app.store.write(partial(left_behind, worker=app.worker, accounts=None if app.whole else app.channels)):
        app.spawn(finish(app, account, received), FETCH)


def left_behind(session: Session, worker: str, accounts: Collection[str] | None) -> list[tuple[str, int]]:
    return take_over(session, worker, database_time(session), accounts)


async def finish(app: App, account: str, received: int) -> None:
    """Fetches the picture of a waiting row, off the writer, and goes on with the person's rows in their order, until that has worked."""
    while True:
        try:
            row = await app.store.read(lambda session: session.get(Received, received))
            channel = app.channels.get(account)
            if row is not None and row.status == "waiting":
                found = await attachment(app, channel, row)
                await app.store.write(partial(waiting.fetched, received=received, found=found))
            return await catch_up(app, channel or app.channels[Terminal.account], received)
        except Exception as error:
            log.error("not finished", row=received, error=inbox.where(error))
            await asyncio.sleep(AGAIN)


async def attachment(app: App, channel: Channel | None, row: Received) -> Photo | Document:
    """The picture or document as it is kept, or why it is not."""
    if row.said.get("kind") == "file":
        document = await _kept(app, channel, row, sheets.keep)
        return document if isinstance(document, Document) else Document(problem=document if document == "too_big" else "gone")
    photo = await _kept(app, channel, row, photos.keep)
    return photo if isinstance(photo, Photo) else Photo(problem=photo)


async def _kept(app: App, channel: Channel | None, row: Received, keep: Callable[[bytes, Media], Kept]) -> Kept | str:
    """What was sent, else the name of what is wrong."""
    if channel is None:
        return "gone"  # on an account that is no longer configured nobody can fetch it, and the person's later messages wait for it
    for tried in range(FETCH_TRIES):
        try:
            async with app.fetching:
                content = await channel.fetch(row.media)
                return await asyncio.to_thread(keep, content, app.media)
        except SendError as error:
            log.warning("picture not fetched", row=row.id, reason=error.reason)
            if error.decision not in ("retry", "slow", "unknown"):
                return error.reason if error.reason in ("too_big", "not_a_picture") else "gone"
            await asyncio.sleep(min(2**tried, 8))
        except Exception as error:
            # A bug, or a full disk: the person's later messages must not wait for ever.
            log.error("picture not kept", row=row.id, error=inbox.where(error))
            break
    return "gone"


async def catch_up(app: App, channel: Channel, received: int) -> None:
    more = True
    while more:
        now = app.clock()
        try:
            more = await app.play(partial(waiting.handle_next, channel=channel, received=received, now=now))
        except Exception as error:
            if may_pass(error):
                raise
            log.error("turn failed", error=inbox.where(error), account=channel.account)
            await app.store.write(partial(waiting.bury_next, received=received, error=error, now=now))
        app.wake()
