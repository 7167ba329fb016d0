"""What the commands on calls ask of whoever owns the database."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.importing import bring_in
from models.sheet import confirm_columns, confirmed_columns


async def rows_taken(request: Request) -> JSONResponse:
    """{"source", "zone", "rows"} -> the counts of `bot.importing`."""
    app, asked = request.app.state.app, await request.json()
    counts = await bring_in(app.store, asked["source"], asked["rows"], asked["zone"], app.clock(), app.scene.links)
    app.wake()
    return JSONResponse(counts.to_json())


async def columns_known(request: Request) -> JSONResponse:
    """?header=... -> {"fields"}: what was confirmed of a sheet's columns, {} for nothing."""
    known = partial(confirmed_columns, header=request.query_params["header"])
    return JSONResponse({"fields": await request.app.state.app.store.read(known)})


async def columns_confirmed(request: Request) -> JSONResponse:
    """{"header", "fields"} -> {}"""
    app, asked = request.app.state.app, await request.json()
    confirm = partial(confirm_columns, header=asked["header"], fields=asked["fields"], officer_id=None, now=app.clock())
    await app.store.write(confirm)
    return JSONResponse({})


ROUTES = (
    Route("/calls/rows", rows_taken, methods=["POST"]),
    Route("/calls/columns", columns_known),
    Route("/calls/columns", columns_confirmed, methods=["POST"]),
)
