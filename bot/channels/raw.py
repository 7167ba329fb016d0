"""Reads what a platform sent. Nothing in it is trusted: a part of another shape is simply not there."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.channels.channel import Inbound
from handlers.said import Document, Said

Part = Mapping[str, Any]
MOST_BYTES = 20 * 1024 * 1024
"""The largest picture that is taken, and the largest file a bot of Telegram may fetch."""
SHEETS = re.compile(r".+\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv)", re.I | re.S)
KINDS = re.compile(r"spreadsheet|ms-excel|csv|comma-separated|tab-separated", re.I)


def part(parent: Part, name: str) -> Part:
    found = parent.get(name)
    return found if isinstance(found, Mapping) else {}


def parts(parent: Part, name: str) -> list[Part]:
    found = parent.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def number(parent: Part, name: str) -> int:
    found = parent.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**53 else 0


def text(parent: Part, name: str) -> str:
    found = parent.get(name)
    return found if isinstance(found, str) else ""


def moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 2**33 else None


def place(spot: Part) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees."""
    north, east = spot.get("latitude"), spot.get("longitude")
    if not isinstance(north, int | float) or not isinstance(east, int | float):
        return None
    return (float(north), float(east)) if -90 <= north <= 90 and -180 <= east <= 180 else None


def documented(said: Said, file: Part, id: str, name: str) -> tuple[Said, dict[str, str]]:
    """A file that may be a spreadsheet, by what the sender's app calls it, and where it is; `id` and `name` are the platform's fields."""
    if said.kind != "file" or not text(file, id) or not is_sheet(text(file, name), text(file, "mime_type")):
        return said, {}
    if number(file, "file_size") > MOST_BYTES:
        return replace(said, document=Document(problem="too_big")), {}
    return said, {id: text(file, id)}


def is_sheet(name: str, kind: str) -> bool:
    """Whether a file of this name and MIME type is worth a look."""
    return bool(SHEETS.fullmatch(name) or KINDS.search(kind))


def walk(root: Any) -> Iterator[Any]:
    """Every part, from the top down, without recursion: what is sent may be nested deeper than the stack."""
    waiting = deque([root])
    while waiting:
        here = waiting.popleft()
        yield here
        waiting.extend(here.values() if isinstance(here, Mapping) else here if isinstance(here, list) else ())


def fingerprint(root: Any) -> str:
    """A hash of everything that was sent, so that a repeat of what has no id is still known as one."""
    digest = sha256()
    for here in walk(root):
        digest.update(repr(list(here) if isinstance(here, Mapping) else len(here) if isinstance(here, list) else here).encode())
    return f"h{digest.hexdigest()[:32]}"


def clean(inbound: Inbound) -> Inbound:
    """Without what no database keeps: NUL and halves of characters."""
    said = inbound.said
    texts = {name: _kept(getattr(said, name)) for name in ("text", "press", "start", "group", "phone", "quoted")}
    return replace(inbound, said=replace(said, **texts), locale=_kept(inbound.locale))  # type: ignore[arg-type]


def _kept(words: str) -> str:
    return words.encode("utf-8", "replace").decode().replace("\x00", "")
