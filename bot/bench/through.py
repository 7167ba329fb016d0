"""The channels whose sending is measured, and by whom the same is sent beside each in the same run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlmodel import Session
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.channel import Channel
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import Whatsapp
from bot.channels.whatsapp_sending import addressed, rest_of, template_request
from bot.media import Media
from messages import Message, Rendered, Voice
from messages.pushed import PUSHED
from messages.templates import templated
from models.line import UNLIMITED, Line
from models.template import APPROVED, remember

TOKEN, PHONE_ID = "110201543:Bench", "1064200000001"
BODY = Message("announcement.body", {"text": "Pelatihan kemasan hari Kamis, gratis.", "place": "Samarinda"}, category="marketing")
One = Callable[[int], Awaitable[None]]
"""Sends to one chat; what is refused is counted by the stand-in."""


@dataclass(frozen=True, slots=True)
class Through:
    """`figure` is what its figures begin with, `rival` who sends beside it, `heard` what the ids of its messages begin with; `settings`
    and `ready` make that it may send.
    """

    name: str
    figure: str
    rates: tuple[float, ...]
    make: Callable[[str, float], Channel]
    rival: str
    beside: Callable[[str], AbstractAsyncContextManager[One]]
    heard: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    ready: Callable[[Session, str, datetime], None] = lambda session, account, now: None


class Answers:
    """Tells when an answer has arrived through a channel, which does not wait for more texts of a burst."""

    def __init__(self, channel: Channel) -> None:
        self.arrived: dict[str, asyncio.Event] = {}
        self._send, channel.settle = channel.send, timedelta(0)
        channel.send = self._tell  # type: ignore[method-assign]

    async def _tell(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        number = await self._send(address, rendered, media, replaces, tag)
        if waiting := self.arrived.get(address):
            waiting.set()
        return number


@asynccontextmanager
async def python_telegram_bot(url: str) -> AsyncIterator[One]:
    """`Bot` with the request class it takes by default."""

    async def one(chat: int) -> None:
        try:
            await bot.send_message(chat, "Pelatihan kemasan hari Kamis, gratis.", parse_mode="HTML")
        except TelegramError:
            return

    async with Bot(TOKEN, f"{url}/bot") as bot:
        yield one


@asynccontextmanager
async def plain_httpx(url: str) -> AsyncIterator[One]:
    """A client as it is by default, which posts what ours posts."""
    made = templated(BODY, Voice("id"))
    assert made
    rest, there = rest_of(template_request(made)), f"{url}/v23.0/{PHONE_ID}/messages"

    async def one(chat: int) -> None:
        try:
            (await client.post(there, content=addressed(rest, str(chat), str(chat)))).json()
        except httpx.HTTPError:
            return

    async with httpx.AsyncClient(headers={"Authorization": "Bearer Bench", "Content-Type": "application/json"}) as client:
        yield one


def allow(session: Session, account: str, now: datetime) -> None:
    """As many people a day as there are, and the template that they are told with."""
    session.add(Line(account=account, tier=UNLIMITED))
    remember(session, PUSHED[BODY.key].name, "id", APPROVED, "marketing", "", now)


TELEGRAM = Through(
    "telegram", "send", (30.0, 1000.0), lambda url, rate: Telegram(TOKEN, url, rate=rate), "python-telegram-bot", python_telegram_bot
)
WHATSAPP = Through(
    "whatsapp", "send_whatsapp", (80.0, 1000.0), lambda url, rate: Whatsapp(PHONE_ID, "Bench", f"{url}/v23.0", rate=rate), "httpx",
    plain_httpx, "wamid.", {"whatsapp_ceiling": 10**12}, allow,
)  # fmt: skip
CHANNELS = {one.name: one for one in (TELEGRAM, WHATSAPP)}
