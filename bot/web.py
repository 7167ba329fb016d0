"""The HTTP side: the local chat page, Telegram's webhook, health and metrics; starting and stopping it starts and stops the app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlmodel import Session, col
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot import webhooks
from bot.app import App
from bot.channels.webchat import Webchat
from bot.chatroom import Chatroom, explain
from bot.duties import RECEIVING
from bot.guard import OwnPageOnly, Secured
from models.inbox import DeadLetter, Received
from models.outbox import Outgoing

PAGES = Path(__file__).parent / "pages"
GRACE = 5
"""Seconds that a stop waits for requests in hand."""


def build(app: App) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await app.start()
        try:
            yield
        finally:
            await app.stop()

    handlers = {HTTPException: explain}
    return Starlette(routes=routes(app), middleware=[Middleware(Secured)], lifespan=lifespan, exception_handlers=handlers)


def routes(app: App) -> list[BaseRoute]:
    pages = Jinja2Templates(PAGES / "templates")

    async def page(request: Request) -> Response:
        return pages.TemplateResponse(request, "chat.html" if chats else "elsewhere.html", {"zone": app.settings.timezone})

    async def health(_: Request) -> Response:
        try:
            await app.store.read(lambda session: session.execute(text("SELECT 1")).scalar())
        except Exception as error:  # whatever it is, the database does not answer
            return JSONResponse({"status": "down", "database": type(error).__name__}, 503)
        kept = sorted(name for name, keeping in app.keepings.items() if keeping.safe())
        return JSONResponse({"status": "ok", "database": "ok", "role": app.role, "leases": kept})

    async def metrics(_: Request) -> Response:
        return Response(await app.store.read(measured), media_type=CONTENT_TYPE_LATEST)

    looked_after = [Route("/health", health), Route("/metrics", metrics)]
    if app.role not in RECEIVING:
        return [*looked_after]
    chats = [Chatroom(app, channel).mount() for channel in webchats(app)]
    guard = [Middleware(OwnPageOnly)] if chats else []
    return [
        Route("/", page, middleware=guard),
        *looked_after,
        Mount("/static", StaticFiles(directory=PAGES / "static")),
        *chats,
        *webhooks.routes(app),
    ]


def webchats(app: App) -> list[Webchat]:
    """The local chat, where it may be opened at all."""
    return [channel for channel in app.channels.values() if isinstance(channel, Webchat) and app.settings.local]


def measured(session: Session) -> bytes:
    """Counts by status only: nothing about anybody."""
    registry = CollectorRegistry()
    tables = (("lapak_inbox_messages", "Received messages", Received), ("lapak_outbox_messages", "Messages to send", Outgoing))
    for name, meaning, table in tables:
        gauge = Gauge(name, meaning, ["account", "status"], registry=registry)
        counts = select(col(table.account), col(table.status), func.count()).group_by(col(table.account), col(table.status))
        for account, status, count in session.execute(counts):
            gauge.labels(account, status).set(count)
    letters = select(func.count()).select_from(DeadLetter).where(col(DeadLetter.solved_at).is_(None))
    Gauge("lapak_dead_letters", "Messages that failed by a bug, unsolved", registry=registry).set(session.execute(letters).scalar() or 0)
    return generate_latest(registry)


class Server(uvicorn.Server):
    """uvicorn that first ends the open event streams, so that a stop never waits for a page that is left open."""

    def __init__(self, app: App) -> None:
        self.app = app
        settings = app.settings
        quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
        config = uvicorn.Config(build(app), settings.host, settings.port, timeout_graceful_shutdown=GRACE, **quiet)
        super().__init__(config)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        for channel in webchats(self.app):
            await channel.close()
        await super().shutdown(sockets)
