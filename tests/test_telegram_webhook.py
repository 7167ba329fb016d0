"""The address that Telegram posts updates to: known by its secret, kept before it is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.app import App
from bot.channels.channel import Found
from bot.channels.telegram import ALLOWED
from bot.webhooks import MOST_BYTES, SECRET, WEBHOOK, routes
from messages import locales
from models.inbox import Received
from tests.standin_telegram import StandIn
from tests.telegram_app import KEY, SITI, count, with_app


def posting(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=Starlette(routes=routes(app))), base_url="http://lapak")


def test_the_webhook_takes_what_carries_the_secret(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        await standin.until(lambda: standin.webhook)
        assert standin.webhook == {"url": f"https://lapak.example{WEBHOOK}", "allowed_updates": ALLOWED, "secret_token": KEY}
        async with posting(app) as client:
            update = standin.text(SITI, "halo")
            assert (await client.post(WEBHOOK, json=update)).status_code == 401
            for wrong in (b"lain", "é".encode(), b""):
                assert (await client.post(WEBHOOK, json=update, headers={SECRET.encode(): wrong})).status_code == 403
            assert await app.store.read(count(Received)) == 0
            for _ in range(2):
                assert (await client.post(WEBHOOK, json=update, headers={SECRET: KEY})).status_code == 200
                assert await app.store.read(count(Received)) == 1
            await standin.until(lambda: standin.heard(SITI))
            assert (await client.get(WEBHOOK, headers={SECRET: KEY})).status_code == 405
        assert not any(method == "getUpdates" for method, _ in standin.requests)

    with_app(work, sqlite_database, tmp_path, public_url="https://lapak.example")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 200_000, 400),
        (b" " * (MOST_BYTES + 1), 413),
        (b"[]", 200),
        (b"null", 200),
        (b'{"update_id": 5}', 200),
    ],
)
def test_odd_bodies(body: bytes, status: int, sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        # What the app itself tells Telegram at its start may have to wait, and would say so among these logs.
        await standin.until(lambda: len(standin.commands) > len(locales()))
        async with posting(app) as client:
            with capture_logs() as logs:
                assert (await client.post(WEBHOOK, content=body, headers={SECRET: KEY})).status_code == status
            assert logs == []

    with_app(work, sqlite_database, tmp_path, public_url="https://lapak.example")


def test_503_when_not_even_the_dead_letter_could_be_kept(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        async def fails(channel: Any, found: list[Found]) -> None:
            raise OSError("the disk is full")

        async with posting(app) as client:
            app.receive_all = fails  # type: ignore[method-assign,assignment]
            answer = await client.post(WEBHOOK, json=standin.text(SITI, "halo"), headers={SECRET: KEY})
            assert answer.status_code == 503

    with_app(work, sqlite_database, tmp_path, public_url="https://lapak.example")
