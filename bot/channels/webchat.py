"""The local web chat: pages take what is said by server-sent events; sending only wakes them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.channels.channel import Inbound, Receipt, SendError
from handlers.said import Said
from messages import Rendered

PERSONAS = ("pemilik", "petugas")


class Webchat:
    account = "webchat"
    name = "webchat"
    settle = timedelta(seconds=1)
    rate = 0.0
    chat_rate = 0.0
    loops = True

    def __init__(self, media: Path, office: str = "") -> None:
        self.media, self.office = media, office
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)

    def decode(self, payload: Any) -> list[Inbound | Receipt]:
        """`payload` is {"id", "as", "text" | "press" | "upload" | "location"}; "upload" names a file the page sent before."""
        address = str(payload.get("as", ""))
        office = self.office if address == PERSONAS[1] else ""
        location = payload.get("location")
        kind: Any = "tap" if payload.get("press") else "photo" if payload.get("upload") else "location" if location else "text"
        said = Said(
            kind=kind,
            text=str(payload.get("text", "")),
            press=str(payload.get("press", "")),
            quoted=str(payload.get("quoted", "")),
            group=str(payload.get("group", "")),
            location=(float(location[0]), float(location[1])) if location else None,
            sent_at=payload.get("at"),
        )
        media = {"upload": str(payload["upload"])} if payload.get("upload") else {}
        return [Inbound(str(payload["id"]), address, said, media, office)]

    async def send(self, address: str, rendered: Rendered, media: Path, replaces: str) -> str:
        """Nothing leaves the machine: the row itself is what the page shows once it is settled."""
        return ""

    def settled(self, address: str) -> None:
        """Called after the commit that settled rows of an address."""
        for event in self._listeners[address]:
            event.set()

    def listen(self, address: str) -> Listening:
        return Listening(self._listeners[address])

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        file = self.media / "uploads" / Path(media["upload"]).name
        try:
            return await asyncio.to_thread(file.read_bytes)
        except OSError as error:
            raise SendError("failed", "the upload is gone") from error

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        for events in self._listeners.values():
            for event in events:
                event.set()


@dataclass
class Listening:
    """One open page: `event` is set when there is something new for its address."""

    listeners: set[asyncio.Event]

    def __enter__(self) -> asyncio.Event:
        self.event = asyncio.Event()
        self.listeners.add(self.event)
        return self.event

    def __exit__(self, *_: object) -> None:
        self.listeners.discard(self.event)
