"""Receives from Telegram where there is no public address: a poll of raw updates, each kept before the next one is asked for."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels.channel import Channel, Inbound, SendError
from bot.channels.telegram import Telegram
from bot.inbox import where
from bot.webhooks import WEBHOOK

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
LONGEST_WAIT = 30
MEND = {
    "token_refused": "set LAPAK_TELEGRAM_TOKEN to the one of @BotFather",
    "conflict": "another process polls this bot, or a webhook is set; stop the other one",
}
"""What whoever looks after the bot can do about it."""


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
            offset, error = await _keep(channel, take, found, offset)
            if found and offset == before:
                raise error or SendError("unconfirmed")
            tries = 0
        except SendError as refusal:
            tries = await _wait(channel, refusal, tries)
        except Exception as error:
            # An odd answer must not end the only way in.
            log.error("poll stumbled", error=where(error), account=channel.account)
            tries = await _wait(channel, SendError("odd_answer"), tries)


async def _keep(channel: Telegram, take: Callable[[Any], Awaitable[None]], updates: list[Any], offset: int) -> tuple[int, SendError | None]:
    """One chat's updates in their order, different chats side by side. Returns up to where all are kept, and why no further."""
    chats: dict[str, list[Any]] = defaultdict(list)
    for update in updates:
        chats[next((one.address for one in channel.decode(update) if isinstance(one, Inbound)), "")].append(update)
    ends = await asyncio.gather(*(_keep_in_order(take, chat) for chat in chats.values()))
    failed = [(number, error) for number, error in ends if error]
    if failed:
        number, error = min(failed, key=lambda one: one[0])
        return max(offset, number), error
    return max([offset, *(number for number, _ in ends)]), None


async def _keep_in_order(take: Callable[[Any], Awaitable[None]], updates: list[Any]) -> tuple[int, SendError | None]:
    """The number from which on they are not kept, and why."""
    number = -1
    for update in updates:
        try:
            await take(update)
        except Exception as error:
            log.warning("update not kept", error=where(error))
            return _number(update), SendError("not_kept")
        number = _number(update) + 1
    return number, None


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
            if error.decision in ("failed", "stop"):
                log.error("telegram refuses", reason=error.reason, account=channel.account, mend=MEND.get(error.reason, ""))
                return None
            tries = await _wait(channel, error, tries)


async def _wait(channel: Telegram, error: SendError, tries: int) -> int:
    log.warning("telegram must wait", reason=error.reason, account=channel.account, mend=MEND.get(error.reason, ""))
    await asyncio.sleep(max(error.retry_after, min(2**tries / 2, LONGEST_WAIT)))
    return tries + 1
