"""Commands beside a running server: they ask it over its socket, or do the same alone, in this process, if none runs."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.app import App
from bot.asked import build, clock
from bot.channels.terminal import Terminal
from bot.ownership import Complaint, Ownership, socket_file
from bot.settings import Settings

PATIENCE = 10.0
"""Seconds to wait for a server that is just starting, or for another command to end."""
JSON = {"content-type": "application/json"}


class Control:
    """A client of the routes, wherever they are served."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, path: str, body: Mapping[str, Any] | None = None, method: str = "") -> dict[str, Any]:
        """Raises Complaint with the server's own words, or when it went away."""
        # Written here: numbers that are none and halves of letters must arrive, to be counted there as what they are.
        written = None if body is None else json.dumps(body)
        try:
            answer = await self.client.request(method or ("GET" if body is None else "POST"), path, content=written, headers=JSON)
        except httpx.TransportError as error:
            raise Complaint("the running server went away; start the command again") from error
        if answer.status_code == 400:
            raise Complaint(answer.json()["complaint"])
        if answer.status_code != 200:
            raise Complaint(f"the running server could not do it ({answer.status_code}); its log says where")
        told: dict[str, Any] = answer.json()
        return told


@asynccontextmanager
async def reach(settings: Settings) -> AsyncIterator[Control]:
    """The running server of a file, or else this process as its owner. A database that is a server itself is asked by everybody."""
    if not settings.database_url.startswith("sqlite"):
        async with alone(settings) as control:
            yield control
        return
    lock, until = Ownership(settings), time.monotonic() + PATIENCE
    try:
        while not lock.take():
            if await answers(settings):
                async with client_of(httpx.AsyncHTTPTransport(uds=os.fspath(socket_file(settings)))) as client:
                    yield Control(client)
                return
            if time.monotonic() > until:
                raise Complaint(f"another command (process {lock.owner()['pid']}) works alone; end it, or start ./run so that all can work")
            await asyncio.sleep(0.1)
        async with alone(settings) as control:
            yield control
    finally:
        lock.close()


@asynccontextmanager
async def alone(settings: Settings) -> AsyncIterator[Control]:
    app = App(settings, clock, [Terminal()], role="all" if settings.database_url.startswith("sqlite") else "command")
    await app.start()
    try:
        async with client_of(httpx.ASGITransport(build(app))) as client:
            yield Control(client)
    finally:
        await app.stop()


def client_of(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=transport, base_url="http://lapak", timeout=120)


async def answers(settings: Settings) -> bool:
    async with client_of(httpx.AsyncHTTPTransport(uds=os.fspath(socket_file(settings)))) as client:
        try:
            return (await client.get("/hello", timeout=5)).status_code == 200
        except httpx.TransportError:
            return False
