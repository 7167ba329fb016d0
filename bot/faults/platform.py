"""Telegram's Bot API with a ledger of what it took, in a thread of its own; it goes wrong as the weather has it."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NamedTuple, Self

from aiohttp import web

from bot.faults import weather
from bot.faults.weather import FALLEN, Weather

BOT = 110201543
TOKEN = f"{BOT}:FaultsSecretPart"
ACCOUNT = f"telegram:{BOT}"
SENDS = ("sendMessage", "sendPhoto", "sendMediaGroup", "sendDocument", "editMessageText", "editMessageCaption")
MARK = re.compile(r"\bm\d{6}\b")
WAIT, AT_ONCE = 1.0, 20
"""Seconds a poll waits for something new, and how much it brings at most."""
LATEST = 0.3
"""Seconds."""
AWAY = 0.4
"""Seconds without anybody who listens."""
STORMS = (0.5, 1.5)
"""Seconds that a storm lasts."""
Key = tuple[int, str]
"""A chat, and the mark of a message there; answers to what somebody said have none."""


class Asked(NamedTuple):
    """A request that shows something. `taken` is whether the person sees it, `at` in seconds of a monotonic clock."""

    key: Key
    method: str
    fields: Mapping[str, Any]
    trouble: str
    taken: bool
    at: float


class Platform:
    """`asked` is in order. Everything else than showing something goes well."""

    def __init__(self, sky: Weather) -> None:
        self.sky = sky
        self.asked: list[Asked] = []
        self.updates: list[dict[str, Any]] = []
        self.offset = 1
        self.port = 0
        self.changed = threading.Condition()
        self._numbers, self._messages = count(1), count(1)
        self._storm, self._away = 0.0, False
        self._loop = asyncio.new_event_loop()
        self._news = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def acknowledged(self) -> list[int]:
        """The chats whose words will not be given out again."""
        return [update["message"]["chat"]["id"] for update in self.updates if update["update_id"] < self.offset]

    @property
    def behind(self) -> bool:
        return bool(self.updates) and self.updates[-1]["update_id"] >= self.offset

    def say(self, chat: int, text: str) -> None:
        number = next(self._numbers)
        person = {"id": chat, "is_bot": False, "first_name": "Siti", "language_code": "id"}
        message = {"message_id": number, "from": person, "chat": _chat(chat), "date": int(time.time()), "text": text}
        self.updates.append({"update_id": number, "message": message})
        self._loop.call_soon_threadsafe(self._news.set)

    def times(self) -> Counter[Key]:
        """How often each message was taken."""
        with self.changed:
            return Counter(one.key for one in self.asked if one.taken)

    def troubles(self) -> dict[Key, str]:
        """What went wrong with each message first."""
        with self.changed:
            return {one.key: one.trouble for one in reversed(self.asked) if one.trouble}

    def until(self, holds: Callable[[], object], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        with self.changed:
            while not holds():
                if time.monotonic() > deadline:
                    return False
                self.changed.wait(0.02)
        return True

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self) -> None:
        made = web.Application(client_max_size=20_000_000)
        made.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(made, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._listen()

    async def _close(self) -> None:
        await self._runner.cleanup()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _listen(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._site = web.SockSite(self._runner, listening)
        await self._site.start()

    async def _go_away(self) -> None:
        """Nobody listens for a moment, and who was connected is hung up on."""
        if self._away:
            return
        self._away = True
        await self._site.stop()
        server = self._runner.server
        for connection in list(server.connections) if server else []:
            if connection.transport:
                connection.transport.abort()
        await asyncio.sleep(AWAY)
        await self._listen()
        self._away = False

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method, fields = request.match_info["method"], await _fields(request)
        if method == "getUpdates":
            return _told(await self._poll(int(fields.get("offset", 0))))
        return await self._show(request, method, fields) if method in SENDS else _told(True)

    async def _poll(self, offset: int) -> list[dict[str, Any]]:
        self.offset = max(self.offset, offset)
        if not self.behind:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), WAIT)
            except TimeoutError:
                return []
        return [update for update in self.updates if update["update_id"] >= self.offset][:AT_ONCE]

    async def _show(self, request: web.Request, method: str, fields: Mapping[str, Any]) -> web.StreamResponse:
        now = time.monotonic()
        trouble = weather.STORM if now < self._storm else self.sky.trouble()
        if trouble == weather.STORM and now >= self._storm:
            self._storm = now + self.sky.draw.uniform(*STORMS)
        taken = self.sky.taken(trouble)
        words = MARK.search(str(fields.get("text") or fields.get("caption") or fields.get("media") or ""))
        key = (int(fields["chat_id"]), words[0] if words else "")
        with self.changed:
            self.asked.append(Asked(key, method, fields, trouble, taken, now))
            self.changed.notify_all()
        answer = _shown(method, key[0], next(self._messages))
        return await self._spoil(request, trouble, answer) if trouble else answer

    async def _spoil(self, request: web.Request, trouble: str, answer: web.Response) -> web.StreamResponse:
        match trouble:
            case weather.LATE:
                await asyncio.sleep(self.sky.draw.uniform(0, LATEST))
            case weather.REFUSED:
                self._loop.call_later(0.01, lambda: self._loop.create_task(self._go_away()))
            case weather.STORM:
                return _refused(429, "Too Many Requests: retry after 1", parameters={"retry_after": 1})
            case weather.BROKEN_BEFORE | weather.BROKEN_AFTER:
                return self._fall()
            case weather.ODD:
                return web.Response(text=self.sky.draw.choice(['{"ok": true, "resu', "<html>hello</html>", "", "[]", '{"ok": true}']))
            case weather.HUNG:
                while request.transport and not request.transport.is_closing():
                    await asyncio.sleep(0.02)
            case weather.HALF:
                return await _half(request)
            case _:
                _cut(request)
        return answer

    def _fall(self) -> web.Response:
        """With the platform's own words, or with those of whatever stands before it."""
        status = self.sky.draw.choice(FALLEN)
        return _refused(status, "Internal Server Error") if self.sky.draw.random() < 0.5 else web.Response(status=status, text="<html>")


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found: dict[str, Any] = await request.json()
        return found
    return {name: part if isinstance(part, str) else "file" for name, part in (await request.post()).items()}


async def _half(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await answer.prepare(request)
    await answer.write(b'{"ok": true, "resu')
    _cut(request)
    return answer


def _cut(request: web.Request) -> None:
    if request.transport:
        request.transport.abort()


def _chat(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private", "first_name": "Siti"}


def _told(result: Any) -> web.Response:
    return web.Response(text=json.dumps({"ok": True, "result": result}), content_type="application/json")


def _refused(status: int, description: str, **more: Any) -> web.Response:
    said = {"ok": False, "error_code": status, "description": description, **more}
    return web.Response(status=status, text=json.dumps(said), content_type="application/json")


def _shown(method: str, chat: int, number: int) -> web.Response:
    message = {"message_id": number, "date": int(time.time()), "chat": _chat(chat), "text": "..."}
    return _told([message] if method == "sendMediaGroup" else message)
