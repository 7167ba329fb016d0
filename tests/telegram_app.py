"""The app on Telegram, with the stand-in at the other end of real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import Session, select

from bot.app import App, utc_now
from bot.channels.channel import SendError
from bot.channels.telegram import Telegram
from bot.settings import Settings
from messages import Button, Rendered, Span
from tests.pictures import encoded, product
from tests.standin_telegram import StandIn

SITI = 5550001
CHAT = str(SITI)
KEY = "kunci-webhook_1"

HELLO = Rendered(
    (Span("Halo, "), Span("Bu Siti", strong=True), Span(" <&> 😀")), (Button("a:1:1:x:y", "Ya", "Ya"), Button("c:menu:0:0", "Menu", "Menu"))
)


class Prompt(Telegram):
    """Keeps to the limits, but does not wait for more texts of a burst."""

    settle = timedelta(0)


class Hasty(Prompt):
    rate = chat_rate = 0.0


Work = Callable[[App, StandIn], Awaitable[None]]


def with_app(
    work: Work, database: str, folder: Path, kind: type[Telegram] = Hasty, clock: Callable[[], datetime] = utc_now, **more: Any
) -> None:
    async def run() -> None:
        standin = StandIn(rate=kind.rate, chat_rate=kind.chat_rate)
        await standin.start()
        settings = Settings(
            _env_file=None, database_url=database, media_dir=folder / "media", telegram_token=SecretStr(standin.token),
            telegram_api=standin.url, telegram_secret=SecretStr(KEY), **more,
        )  # type: ignore[call-arg]  # fmt: skip
        app = App(settings, clock, channels=[kind(standin.token, standin.url, 5)])
        await app.start()
        try:
            await work(app, standin)
        finally:
            await app.stop()
            await standin.stop()

    asyncio.run(asyncio.wait_for(run(), 90))


def count(table: Any) -> Callable[[Session], int]:
    return lambda session: len(session.exec(select(table)).all())


def with_standin(
    work: Callable[[StandIn, Telegram], Awaitable[None]], channel: type[Telegram] = Hasty, timeout: float = 5, **how: Any
) -> None:
    async def run() -> None:
        standin = StandIn(**({"rate": 0, "chat_rate": 0} | how))
        await standin.start()
        telegram = channel(standin.token, standin.url, timeout)
        try:
            await work(standin, telegram)
        finally:
            await telegram.close()
            await standin.stop()

    asyncio.run(asyncio.wait_for(run(), 60))


async def refused(sending: Awaitable[str]) -> SendError:
    with pytest.raises(SendError) as caught:
        await sending
    return caught.value


def pictures(folder: Path, number: int) -> tuple[str, ...]:
    for seed in range(number):
        (folder / f"{seed}.jpg").write_bytes(encoded(product(seed, (300, 200))))
    return tuple(f"{seed}.jpg" for seed in range(number))
