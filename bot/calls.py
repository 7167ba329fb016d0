"""What the commands on calls ask of whoever owns the database."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.importing import bring_in
from models.feed import Columns


async def rows_taken(request: Request) -> JSONResponse:
    """{"source", "zone", "rows"} -> the counts of `bot.importing`."""
    app, asked = request.app.state.app, await request.json()
    counts = await bring_in(app.store, asked["source"], asked["rows"], asked["zone"], app.clock(), app.scene.links)
    app.wake()
    return JSONResponse(counts.to_json())


async def columns_known(request: Request) -> JSONResponse:
    """?header=... -> {"fields"}: what was confirmed of a sheet's columns, {} for nothing."""
    header = request.query_params["header"]

    def look(session: Session) -> dict[str, Any]:
        found = session.get(Columns, header)
        return dict(found.fields) if found else {}

    return JSONResponse({"fields": await request.app.state.app.store.read(look)})


async def columns_confirmed(request: Request) -> JSONResponse:
    """{"header", "fields"} -> {}"""
    app, asked = request.app.state.app, await request.json()

    def confirm(session: Session) -> None:
        session.merge(Columns(header=asked["header"], fields=asked["fields"], at=app.clock()))

    await app.store.write(confirm)
    return JSONResponse({})


ROUTES = (
    Route("/calls/rows", rows_taken, methods=["POST"]),
    Route("/calls/columns", columns_known),
    Route("/calls/columns", columns_confirmed, methods=["POST"]),
)
