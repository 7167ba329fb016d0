"""An app whose pictures wait for the test."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, select

from bot.app import App
from bot.channels.channel import Inbound
from bot.channels.terminal import Terminal
from bot.inbox import Outcome
from bot.settings import Settings
from handlers.said import Said
from models.conversation import Conversation
from tests.pictures import encoded, product
from tests.world import MORNING

PHOTO = {"hex": encoded(product(1)).hex()}


class Slow(Terminal):
    """Pictures come when the test opens the gate; `trouble` may take their place."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.trouble: Exception | None = None

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        await self.gate.wait()
        if self.trouble:
            raise self.trouble
        return await super().fetch(media)


class Desk:
    """An app whose pictures wait for the test."""

    def __init__(self, url: str, media: Path) -> None:
        settings = Settings(_env_file=None, database_url=url, media_dir=media)  # type: ignore[call-arg]
        self.channel = Slow()
        self.app = App(settings, clock=lambda: MORNING, channels=[self.channel])

    async def say(self, id: str, text: str, *, name: str = "siti", photo: bool = False, press: str = "") -> Outcome:
        said = Said(kind="photo" if photo else "tap" if press else "text", text=text, press=press)
        return await self.app.receive(self.channel, Inbound(id, name, said, PHOTO if photo else {}))

    async def meet(self, name: str = "siti") -> None:
        """As far as the question for photos."""
        for place, words in enumerate(("halo", "setuju", "Bu Siti")):
            await self.say(f"{name}{place}", words, name=name)

    async def rows(self, table: type[SQLModel]) -> list[Any]:
        return await self.app.store.read(lambda session: list(session.exec(select(table).order_by("id"))))

    async def answers(self) -> Mapping[str, Any]:
        rows = await self.rows(Conversation)
        return next(row.answers for row in rows if row.form == "product")
