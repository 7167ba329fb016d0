"""The addresses that channels post updates to: known by a secret, kept before they are acknowledged."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.channel import Channel, Found, News
from bot.inbox import where

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
MOST_BYTES = 2 * 1024 * 1024
"""A batch of a thousand statuses takes less than half of it."""
WEBHOOK = "/webhooks/telegram"
WHATSAPP = "/webhooks/whatsapp"
SIGNATURE = "X-Hub-Signature-256"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
UNREADABLE = object()


def routes(app: App) -> list[Route]:
    async def telegram(request: Request) -> Response:
        return Response(status_code=await _telegram(app, request))

    async def whatsapp(request: Request) -> Response:
        return shaken(app, request) if request.method == "GET" else Response(status_code=await _whatsapp(app, request))

    return [Route(WEBHOOK, telegram, methods=["POST"]), Route(WHATSAPP, whatsapp, methods=["GET", "POST"])]


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
    return await _kept(app, channel, channel.decode(update))


async def _kept(app: App, channel: Channel, found: Sequence[Found]) -> int:
    try:
        await app.receive_all(channel, found)
    except Exception as error:
        log.error("update not kept", error=where(error), account=channel.account)
        return 503
    return 200


def shaken(app: App, request: Request) -> Response:
    """The handshake of a webhook's first set-up: the challenge goes back to who knows the token."""
    secret, asked = app.settings.whatsapp_verify_token.get_secret_value(), request.query_params
    known = hmac.compare_digest(asked.get("hub.verify_token", "").encode(), secret.encode())
    if not secret or asked.get("hub.mode") != "subscribe" or not known:
        return Response(status_code=404 if not secret else 403)
    return PlainTextResponse(asked.get("hub.challenge", ""))


async def _whatsapp(app: App, request: Request) -> int:
    """The signature is over the bytes as they came. A batch is answered once all of it is kept."""
    channels = [one for one in app.channels.values() if one.name == "whatsapp"]
    secret = app.settings.whatsapp_app_secret.get_secret_value()
    if not channels or not secret:
        return 404
    given = request.headers.get(SIGNATURE)
    if given is None:
        return 401
    body = await _body(request)
    if body is None:
        return 413
    wanted = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        return 403
    payload = parsed(body)
    if payload is UNREADABLE:
        return 400
    # What is said of the account itself is of all its numbers, and heard once.
    found = [
        (one, [part for part in one.decode(payload) if place == 0 or not isinstance(part, News)]) for place, one in enumerate(channels)
    ]
    return max([await _kept(app, one, parts) for one, parts in found])


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
