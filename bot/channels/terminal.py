"""The terminal: lines in, plain text out. Messages are taken on demand by the one who waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.channels.channel import Channel, Found, Inbound, SendError
from bot.channels.documents import is_document
from bot.media import Media
from handlers.said import Kind, Said
from messages import Rendered


class Terminal(Channel):
    account = "terminal"
    name = "terminal"
    settle = timedelta(seconds=2)
    loops = False

    def decode(self, payload: Any) -> list[Found]:
        """`payload` is {"id", "as", "office", "text" | "photo" | "file" (bytes in hex), "group"}."""
        kind: Kind = next((kind for kind in ("photo", "file") if payload.get(kind)), "text")
        said = Said(kind=kind, text=str(payload.get("text", "")), group=str(payload.get("group", "")))
        media = {"hex": payload[kind]} if kind != "text" else {}
        return [Inbound(str(payload["id"]), str(payload["as"]), said, media, str(payload.get("office", "")))]

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        return ""

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        try:
            return bytes.fromhex(media["hex"])
        except ValueError as error:
            raise SendError("not_a_picture") from error

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        return


def transcript(rendered: Rendered, media: Media | None = None) -> str:
    """A message as plain lines: pictures, documents by where they are, text, then the numbered buttons."""
    found = [f"[{(media / name) if isinstance(media, Path) else name}]" if is_document(name) else "[foto]" for name in rendered.media]
    lines = [*found, rendered.text]
    for place, button in enumerate(rendered.buttons, 1):
        lines.append(f"  {place}. {button.label}" + (f" - {button.detail}" if button.detail else ""))
    return "\n".join(lines)
