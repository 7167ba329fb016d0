"""The local web chat: pages take what is said by server-sent events; sending only wakes them."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.channels.channel import Channel, Found, Inbound
from bot.media import Media
from handlers.said import Kind, Photo, Said
from messages import Rendered

PERSONAS = ("pemilik", "petugas")


class Webchat(Channel):
    account = "webchat"
    name = "webchat"
    settle = timedelta(seconds=1)

    def __init__(self, media: Media, office: str = "") -> None:
        self.media, self.office, self.closed = media, office, False
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)

    def decode(self, payload: Any) -> list[Found]:
        """`payload` is {"id", "as", "text" | "press" | "photo" | "file" | "location", "quoted", "group"}; "photo" is a Photo, kept
        already, "file" the bytes of a document in hex.
        """
        address = str(payload.get("as", ""))
        office = self.office if address == PERSONAS[1] else ""
        media = {"hex": payload["file"]} if payload.get("file") else {}
        return [Inbound(str(payload["id"]), address, _said(payload), media, office=office)]

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        """Nothing leaves the machine: the row itself is what the page shows once it is settled. The id is what a quoted reply names."""
        return replaces or secrets.token_hex(8)

    def settled(self, address: str) -> None:
        """Called after the commit that settled rows of an address."""
        for event in self._listeners[address]:
            event.set()

    def listen(self, address: str) -> Listening:
        return Listening(self._listeners[address])

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return bytes.fromhex(media["hex"])

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        """Ends the streams of the open pages."""
        self.closed = True
        for events in self._listeners.values():
            for event in events:
                event.set()


def _said(payload: Mapping[str, Any]) -> Said:
    photo = Photo.from_json(payload["photo"]) if payload.get("photo") else None
    if photo and photo.problem == "card":
        return Said(refused="card")
    location = payload.get("location")
    kinds: dict[Kind, Any] = {"tap": payload.get("press"), "photo": photo, "file": "file" in payload, "location": location, "text": True}
    kind = next(kind for kind, there in kinds.items() if there)
    return Said(
        kind=kind,
        text=str(payload.get("text", "")),
        photo=photo,
        press=str(payload.get("press", "")),
        quoted=str(payload.get("quoted", "")),
        group=str(payload.get("group", "")),
        location=(float(location[0]), float(location[1])) if location else None,
    )


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
