"""The conversation of one person in a terminal or through a pipe: lines in, a plain transcript out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from bot.channels.raw import is_sheet
from bot.control import Control

FILE = re.compile(r'\s*@(?:"([^"]+)"|(\S+))')
"""@a.jpg or @"my photo.jpg", at the beginning of a line."""


@dataclass
class Talk:
    """`office` is the region of an officer, "" for everybody else; `now` is the time of the next line, None for the clock's."""

    control: Control
    name: str
    show: Callable[[str], None]
    office: str = ""
    now: datetime | None = None
    session: str = field(default_factory=lambda: token_hex(8))
    count: int = 0

    async def look(self) -> None:
        """Prints what is due."""
        await self._exchange([])

    async def hear(self, line: str) -> None:
        """Says one line and prints what comes of it. An empty one only looks."""
        try:
            said = self._read(line.strip())
        except OSError as error:
            self.show(f"(no photo {error.filename} here; this line was not sent)\n")
            return
        await self._exchange(said)

    async def _exchange(self, said: list[dict[str, Any]]) -> None:
        now = self.now.isoformat() if self.now else ""
        answer = await self.control.ask("/chat", {"as": self.name, "office": self.office, "now": now, "said": said})
        if self.now:
            self.now += timedelta(seconds=1)
        for text in answer["shown"]:
            self.show(text + "\n")

    def _read(self, line: str) -> list[dict[str, Any]]:
        """The payloads of a line. Raises OSError for a file that cannot be read."""
        files, at = [], 0
        while found := FILE.match(line, at):
            files.append(found[1] or found[2])
            at = found.end()
        text = line[at:].strip()
        if not files:
            return [self._payload(text=text)] if text else []
        kinds = ["file" if is_sheet(name, "") else "photo" for name in files]
        contents = [Path(name).expanduser().read_bytes().hex() for name in files]
        group = f"{self.session}-{self.count}" if "photo" in kinds else ""
        parts = enumerate(zip(kinds, contents, strict=True))
        return [self._payload(**{kind: content}, text="" if place else text, group=group) for place, (kind, content) in parts]

    def _payload(self, **said: str) -> dict[str, Any]:
        self.count += 1
        return {"id": f"{self.session}-{self.count}", "as": self.name, **said}


def read_time(text: str, zone: Any) -> datetime | None:
    """An ISO time; without an offset it is in `zone`. Raises ValueError."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)
