"""The addresses that channels post updates to: known by a secret, kept before they are acknowledged."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.inbox import where

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
MOST_BYTES = 1024 * 1024
WEBHOOK = "/webhooks/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
UNREADABLE = object()


def routes(app: App) -> list[Route]:
    async def telegram(request: Request) -> Response:
        return Response(status_code=await _telegram(app, request))

    return [Route(WEBHOOK, telegram, methods=["POST"])]


async def _telegram(app: App, request: Request) -> int:
    """The status to answer. Anything but 2xx is sent again by Telegram, so only what may succeed later gets 503."""
    channel = next((one for one in app.channels.values() if one.name == "telegram"), None)
    secret = app.settings.telegram_secret.get_secret_value()
    if channel is None or not secret:
        return 404
    given = request.headers.get(SECRET)
    if given is None:
        return 401
    if not hmac.compare_digest(given.encode(), secret.encode()):
        return 403
    body = await _body(request)
    if body is None:
        return 413
    update = parsed(body)
    if update is UNREADABLE:
        return 400
    try:
        await app.receive_all(channel, channel.decode(update))
    except Exception as error:
        log.error("update not kept", error=where(error), account=channel.account)
        return 503
    return 200


async def _body(request: Request) -> bytes | None:
    """None when it is too large, found out without reading it all."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            return None
    return bytes(content)


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return UNREADABLE
