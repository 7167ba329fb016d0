"""What Telegram accepts: the shape of every request, the text behind its marks, and how many a second."""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from tests.schemas import SHARED, Strict, complaint, loaded

OURS = Path(__file__).parent / "telegram_schema.json"
THEIRS = SHARED / "schemas" / "telegram-requests.schema.json"
TAG = re.compile(r"<(/?)(b|i|u|s|code|pre)>")
UNESCAPED = re.compile(r"[<>]|&(?!lt;|gt;|amp;|quot;)")
LEEWAY = 0.05
"""Seconds by which the network may bring two messages closer together than they left."""


class Refused(Exception):
    """A request that Telegram would not take."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@cache
def _checks(method: str) -> list[Any]:
    """Our own schema, and everybody's where it is at hand."""
    found = []
    for file in (OURS, THEIRS):
        if file.exists():
            schema = loaded(file)
            found.append(Strict({"$defs": schema["$defs"], **schema["methods"][method]}))
    return found


def read_fields(method: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Form fields as values: all but plain texts are JSON."""
    known = loaded(OURS)["methods"][method]["properties"]
    return {name: text if known.get(name, {}).get("type") == "string" else _value(text) for name, text in fields.items()}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def check(method: str, asked: Mapping[str, Any]) -> None:
    """Raises Refused when the request breaks a schema."""
    if broken := complaint(_checks(method), asked):
        raise Refused(400, f"Bad Request: {broken}"[:300])


def plain(html: str, most: int) -> str:
    """The text behind the marks. Raises Refused when they do not match or something is not escaped, and over `most` characters."""
    open_tags: list[str] = []
    for end, tag in TAG.findall(html):
        if not end:
            open_tags.append(tag)
        elif not open_tags or open_tags.pop() != tag:
            raise Refused(400, "Bad Request: can't parse entities: unexpected end tag")
    bare = TAG.sub("", html)
    if open_tags or UNESCAPED.search(bare):
        raise Refused(400, "Bad Request: can't parse entities")
    text = unescape(bare)
    if len(text.encode("utf-16-le")) // 2 > most:
        raise Refused(400, "Bad Request: message is too long")
    return text


class Limits:
    """`rate` messages a second of the bot, `chat_rate` to one chat; 0 for no limit. `broken` counts what was over."""

    def __init__(self, rate: float, chat_rate: float) -> None:
        self.rate, self.chat_rate = rate, chat_rate
        self.broken: list[str] = []
        self._all: deque[float] = deque()
        self._chats: dict[str, float] = defaultdict(lambda: float("-inf"))

    def count(self, chat: str, now: float) -> None:
        """Raises Refused with retry_after."""
        while self._all and self._all[0] <= now - 1 + LEEWAY:
            self._all.popleft()
        if self.rate and len(self._all) >= self.rate:
            self._refuse("bot")
        if self.chat_rate and now - self._chats[chat] < 1 / self.chat_rate - LEEWAY:
            self._refuse("chat")
        self._all.append(now)
        self._chats[chat] = now

    def _refuse(self, whose: str) -> None:
        self.broken.append(whose)
        raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
