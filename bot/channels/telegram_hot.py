"""The way to Telegram with nothing between: aiohttp for python-telegram-bot's `Bot`, and a request that is JSON already past that too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram_sending import Part
from bot.channels.wire import session


def ready(chat: str, rest: str) -> bytes:
    """A request whose JSON is made once for many chats: all of it but the chat."""
    return f'{{"chat_id": {json.dumps(chat)}, {rest}'.encode()


def rest_of(part: Part, ids: Sequence[str], paid: bool) -> tuple[str, str]:
    """The method, and the JSON after the chat, of a part whose pictures the platform has: what `Bot` would ask for."""
    asked: dict[str, Any] = {}
    if len(ids) > 1:
        method, asked["media"] = "sendMediaGroup", [{"type": "photo", "media": one} for one in ids]
    elif ids:
        method, asked["photo"] = "sendPhoto", ids[0]
        asked |= {"caption": part.html} if part.html else {}
    else:
        method, asked["text"], asked["link_preview_options"] = "sendMessage", part.html, {"is_disabled": True}
    if method != "sendMediaGroup":
        asked |= {"parse_mode": "HTML"} | ({"reply_markup": part.keyboard.to_dict()} if part.keyboard else {})
    asked |= {"allow_paid_broadcast": True} if paid else {}
    return method, json.dumps(asked, ensure_ascii=False)[1:]


class Wire(BaseRequest):
    """What the answers mean is read by python-telegram-bot on either way, so every error is the same."""

    def __init__(self, timeout: float, connections: int) -> None:
        """`timeout` in seconds for one answer."""
        self._timeout, self._connections = timeout, connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        return

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()

    async def ask(self, url: str, content: bytes) -> Any:
        """The result of a request that is JSON already. Raises TelegramError."""
        return self.parse_json_payload(await self._request_wrapper(url, "POST", content))["result"]  # type: ignore[arg-type]

    async def do_request(
        self, url: str, method: str, request_data: RequestData | bytes | None = None, read_timeout: Any = None, write_timeout: Any = None,
        connect_timeout: Any = None, pool_timeout: Any = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        if self._session is None:
            self._session = session(self._timeout, self._connections)
        content, headers = _content(request_data)
        try:
            async with self._session.request(method, url, data=content, headers=headers) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _content(asked: RequestData | bytes | None) -> tuple[Any, Mapping[str, str] | None]:
    if isinstance(asked, bytes):
        return asked, {"Content-Type": "application/json"}
    if asked is None or not asked.contains_files:
        return (asked.json_parameters if asked else None), None
    form = aiohttp.FormData(asked.json_parameters)
    for name, (file, content, kind) in (asked.multipart_data or {}).items():
        form.add_field(name, content, filename=file, content_type=kind)
    return form, None
