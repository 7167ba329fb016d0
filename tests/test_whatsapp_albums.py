"""WhatsApp does not say which photos belong together: those that come within a moment of each other do. On both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot.app import App
from bot.channels.channel import Inbound
from bot.channels.whatsapp import Whatsapp
from bot.settings import Settings
from models.inbox import Received
from tests.pictures import encoded, product
from tests.standin_whatsapp import StandIn
from tests.whatsapp_updates import Owner, Webhook, hidden
from tests.world import MORNING

SITI, YUSUF = hidden(1), hidden(2)


class Offline(Whatsapp):
    """Has every picture at hand and marks nothing as read."""

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return encoded(product(1))

    async def acknowledge(self, inbound: Inbound) -> None:
        return


def groups(database: str, folder: Path, *said: tuple[float, Webhook]) -> list[str]:
    """Of each message, by the order in which they came; after so many seconds each."""

    async def run() -> list[str]:
        now = MORNING
        settings = Settings(_env_file=None, database_url=database, media_dir=folder / "media")  # type: ignore[call-arg]
        channel = Offline(StandIn().phone_id, "token", "http://127.0.0.1:9")
        app = App(settings, clock=lambda: now, channels=[channel])
        for after, webhook in said:
            now += timedelta(seconds=after)
            await app.receive_all(channel, channel.decode(webhook))
            await app.receive_all(channel, channel.decode(webhook))
        await app.settled()
        found = await app.store.read(_groups)
        await app.stop()
        return found

    return asyncio.run(run())


def _groups(session: Session) -> list[str]:
    return [row.said.get("group", "") for row in session.exec(select(Received).order_by(col(Received.id)))]


def photo(standin: StandIn, who: Owner, caption: str = "") -> Webhook:
    return standin.image(who, encoded(product(1)), caption)


def test_photos_of_one_moment_are_one_album(database: str, tmp_path: Path) -> None:
    standin = StandIn()
    came = [(0.0, photo(standin, SITI, "foto no 2 dan 3")), (2.0, photo(standin, SITI)), (4.0, photo(standin, SITI))]
    first, second, third = groups(database, tmp_path, *came)
    assert first and first == second == third


def test_photos_of_different_moments_people_or_with_words_between_are_not(database: str, tmp_path: Path) -> None:
    standin = StandIn()
    came = [(0.0, photo(standin, SITI)), (1.0, photo(standin, YUSUF)), (9.0, photo(standin, SITI))]
    came += [(1.0, standin.text(SITI, "ini yang kedua")), (1.0, photo(standin, SITI))]
    found = [group for group in groups(database, tmp_path, *came) if group]
    assert len(found) == len(set(found)) == 4
