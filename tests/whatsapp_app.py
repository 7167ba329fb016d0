"""The app on WhatsApp, with the stand-in at the other end of real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.app import App, utc_now
from bot.channels.whatsapp import Whatsapp
from bot.duties import Role
from bot.settings import Settings
from bot.webhooks import WHATSAPP, routes
from messages import Button, Rendered, Span, locales
from messages.pushed import TABLE
from messages.templates import body, labels
from tests.standin_whatsapp import StandIn
from tests.whatsapp_chats import Approved
from tests.whatsapp_updates import Webhook, hidden, signed

SITI = hidden(5_550_001)
VERIFY = "kunci-jabat-tangan"


class Prompt(Whatsapp):
    """Does not wait for more texts of a burst."""

    settle = timedelta(0)


class Hasty(Prompt):
    rate = chat_rate = 0.0


HELLO = Rendered((Span("Halo, "), Span("Bu Siti", strong=True)), (Button("a:1:1:x:y", "Ya", "Ya"), Button("c:menu:0:0", "Menu", "Menu")))

Work = Callable[[App, StandIn], Awaitable[None]]


def settings_of(standin: StandIn, database: str, folder: Path, **more: Any) -> Settings:
    return Settings(
        _env_file=None, database_url=database, media_dir=folder / "media", whatsapp_token=SecretStr(standin.token),
        whatsapp_phone_id=standin.phone_id, whatsapp_app_secret=SecretStr(standin.secret), whatsapp_verify_token=SecretStr(VERIFY),
        whatsapp_api=standin.api, **more,
    )  # type: ignore[call-arg]  # fmt: skip


def with_app(
    work: Work, database: str, folder: Path, kind: type[Whatsapp] = Prompt, role: Role = "all",
    clock: Callable[[], datetime] = utc_now, **how: Any,
) -> None:  # fmt: skip
    async def run() -> None:
        standin = StandIn(**how)
        await standin.start()
        channel = kind(standin.phone_id, standin.token, standin.api, 5)
        app = App(settings_of(standin, database, folder), clock, channels=[channel], role=role)
        await app.start()
        try:
            await work(app, standin)
        finally:
            await app.stop()
            await standin.stop()

    asyncio.run(asyncio.wait_for(run(), 90))


def with_standin(
    work: Callable[[StandIn, Whatsapp], Awaitable[None]], kind: type[Whatsapp] = Hasty, timeout: float = 5, **how: Any
) -> None:
    """The channel alone; SITI has just written."""

    async def run() -> None:
        standin = StandIn(**({"rate": 0, "pair": 0} | how))
        await standin.start()
        standin.text(SITI, "halo")
        whatsapp = kind(standin.phone_id, standin.token, standin.api, timeout)
        try:
            await work(standin, whatsapp)
        finally:
            await whatsapp.close()
            await standin.stop()

    asyncio.run(asyncio.wait_for(run(), 60))


def all_approved() -> dict[tuple[str, str], Approved]:
    """Every template of ours, as it is submitted."""
    return {(one.name, locale): Approved(body(one, locale).text, labels(one, locale)) for one in TABLE for locale in locales()}


def posting(app: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=Starlette(routes=routes(app))), base_url="http://lapak")


async def post(client: httpx.AsyncClient, standin: StandIn, webhook: Webhook | bytes) -> int:
    body, headers = signed(webhook, standin.secret)
    return (await client.post(WHATSAPP, content=body, headers=headers)).status_code
