"""Receives from Telegram where there is no public address: a poll of raw updates, each kept before the next one is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels.channel import Channel, SendError
from bot.channels.telegram import Telegram
from bot.webhooks import WEBHOOK

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
LONGEST_WAIT = 30


async def run(app: App, channel: Channel) -> None:
    """Tells Telegram how to reach the bot, then polls unless updates come to the public address. Ends when it is cancelled."""
    assert isinstance(channel, Telegram)
    settings = app.settings
    url = settings.public_url and settings.public_url + WEBHOOK
    await _until_done(channel, lambda: channel.listen(url, settings.telegram_secret.get_secret_value()))
    await _until_done(channel, channel.announce)
    if not url:
        await poll(channel, lambda update: app.receive_all(channel, channel.decode(update)))


async def poll(channel: Telegram, take: Callable[[Any], Awaitable[None]]) -> None:
    """`take` returns after the commit of an update; only then is it confirmed, and one that could not be kept comes again."""
    offset = tries = 0
    while True:
        try:
            before, found = offset, await channel.updates(offset)
            for update in found:
                await take(update)
                offset = max(offset, _number(update) + 1)
            if found and offset == before:
                raise SendError("retry", "updates that cannot be confirmed")
            tries = 0
        except SendError as error:
            tries = await _wait(channel, error, tries)
        except Exception as error:
            tries = await _wait(channel, SendError("retry", f"not kept: {type(error).__name__}"), tries)


def _number(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else -1


async def _until_done(channel: Telegram, ask: Callable[[], Awaitable[None]]) -> None:
    """Once, however long the network is away; what Telegram refuses is told and left."""
    tries = 0
    while True:
        try:
            return await ask()
        except SendError as error:
            if error.decision == "failed":
                log.error("telegram refuses", reason=error.reason, account=channel.account)
                return None
            tries = await _wait(channel, error, tries)


async def _wait(channel: Telegram, error: SendError, tries: int) -> int:
    log.warning("telegram must wait", reason=error.reason, account=channel.account)
    await asyncio.sleep(max(error.retry_after, min(2**tries / 2, LONGEST_WAIT)))
    return tries + 1
