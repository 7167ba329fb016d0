"""Keeps strangers out of the local chat: other hosts, other sites' pages, and what a page may load."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import LOOPBACK

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Secured:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_secured if scope["type"] == "http" else send)


class OwnPageOnly:
    """Refuses what does not come from this machine's own page: a name that was rebound to it, or a form on another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _own(Headers(scope=scope), scope):
            await JSONResponse({"problem": "Chat ini hanya untuk komputer ini sendiri."}, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _own(headers: Headers, scope: Scope) -> bool:
    host, origin = headers.get("host", ""), headers.get("origin")
    client = scope.get("client")
    return (
        _name(f"http://{host}") in LOOPBACK
        and (client is None or client[0] in LOOPBACK)
        and (origin is None or origin == f"http://{host}")
        and headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    )


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a bracket that does not close
        return ""
