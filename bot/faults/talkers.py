"""The bot in a process whose disk is watched: people talk, and each acknowledgement is written where the disk sees it.

python -m bot.faults.talkers URL FOLDER PERSONS [PRAGMA ...]
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot import logs, store
from bot.app import App
from bot.bench.turn import PATIENCE, PHOTO, Null
from bot.channels.channel import Inbound
from bot.faults.people import script_of
from bot.settings import Settings
from handlers.said import Photo, Said

ACKNOWLEDGED = "acknowledged"
PICTURE = Photo("0" * 64 + ".jpg", "0" * 64, 1200, 900, twin="0f" * 8)


def weaken(pragmas: Sequence[str]) -> None:
    """Every connection of this process to an SQLite file is as told, as a peer of the product would have it."""
    opened = store.open_engine

    def prepare(connection: Any, _: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    def open_weaker(*args: Any, **named: Any) -> Engine:
        engine = opened(*args, **named)
        event.listen(engine, "connect", prepare)
        return engine

    store.open_engine = open_weaker


async def talk(app: App, channel: Null, address: str, acknowledged: int) -> None:
    channel.answers[address] = asyncio.Queue()
    for place, (text, _) in enumerate(script_of(address)):
        said = Said(kind="photo", text=text, photo=PICTURE) if place == PHOTO else Said(text=text)
        await app.receive(channel, Inbound(f"{address}:{place}", address, said))
        os.write(acknowledged, f"{address}:{place}\n".encode())
        async with asyncio.timeout(PATIENCE):
            await channel.answers[address].get()


async def serve(url: str, folder: Path, persons: int) -> None:
    channel = Null()
    settings = Settings(_env_file=None, database_url=url, media_dir=folder / "media")  # type: ignore[call-arg]
    app = App(settings, channels=[channel])
    await app.start()
    acknowledged = os.open(folder / ACKNOWLEDGED, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    await asyncio.gather(*(talk(app, channel, f"person-{number}", acknowledged) for number in range(persons)))
    await app.stop()


if __name__ == "__main__":
    logs.configure()
    if sys.argv[4:]:
        weaken(sys.argv[4:])
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
