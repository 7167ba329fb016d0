"""Sources that somebody wants to be read now, on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.feeds.polling import Lost, look_at, sources, told
from models import polling

if TYPE_CHECKING:
    from bot.app import App


async def polled(request: Request) -> JSONResponse:
    """{"names"} -> {"busy", "told": [{"name", "error", "counts", "more", "next_at"}]}: one look at each."""
    app: App = request.app.state.app
    names: list[str] = (await request.json())["names"]
    busy = app.manners.looking.locked() or not await _looked(app, names)
    found = [] if busy else await app.store.read(partial(told, names=names))
    return JSONResponse({"busy": busy, "told": found})


async def _looked(app: App, names: Sequence[str]) -> bool:
    """Not where another process is at it. A source that asked to be left alone is left alone."""
    known = sources(app.settings)
    await app.store.write(partial(polling.enrol, names=[source.name for source in known], now=app.clock()))
    resting = await app.store.read(partial(polling.resting, now=app.clock()))
    try:
        await look_at(app, [source for source in known if source.name in names and source.name not in resting])
    except Lost:
        return False
    return True
