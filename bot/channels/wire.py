"""What HTTP to any platform has in common: downloads within a limit, and whether a request that failed can have left."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import cache

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.channels.channel import SendError
from bot.channels.raw import MOST_BYTES

CONNECTIONS = 100
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Raised only before a connection stands: the request cannot have left."""


@cache
def authorities() -> ssl.SSLContext:
    """Read once: a client that reads them for itself takes 20 ms to make."""
    return httpx.create_ssl_context()


def transport() -> AiohttpTransport:
    # Plain httpx gets slower the more requests are in flight (docs/decisions.md).
    return AiohttpTransport(verify=authorities(), limits=httpx.Limits(max_connections=CONNECTIONS))


def session(timeout: float, connections: int = CONNECTIONS) -> aiohttp.ClientSession:
    """A client with nothing between, for what is sent a thousand times a second; made where the loop runs. `timeout` in seconds for one
    answer, and for a connection to come about."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections),
        timeout=aiohttp.ClientTimeout(total=None, connect=timeout, sock_connect=timeout, sock_read=timeout),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent",),
    )


async def download(client: httpx.AsyncClient, url: str, *, expires: bool = False) -> bytes:
    """Raises SendError; where addresses expire, a refused one is asked for anew by the next try."""
    content = bytearray()
    try:
        async with client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise SendError("stumbled" if response.is_server_error else "link_expired" if expires else "gone")
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > MOST_BYTES:
                    raise SendError("too_big")
    except httpx.HTTPError as error:
        raise SendError("download_broke") from error
    return bytes(content)


def never_left(error: BaseException) -> bool:
    """By the cause below, since the classes above it call a cut connection the same as a refused one."""
    return any(isinstance(cause, NOT_SENT) for cause in (error, *causes(error)))


def causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__
    while cause is not None:
        yield cause
        cause = cause.__cause__
