"""Telegram in one process with the tests: real HTTP, the Bot API's own rules, and a ledger of what was shown to whom."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.listening import Fault, Listening
from tests.telegram_chats import EDITS, SENDS, Chats, Shown
from tests.telegram_rules import Limits, Refused, check, read_fields
from tests.telegram_updates import Update


class StandIn(Listening, Chats):
    """`await start()`, talk to it at `url` with `token`, `push` updates, look into `ledger`, `await stop()`.

    It runs in a thread of its own, so that it answers whatever the test's own loop is doing. `rate` and `chat_rate` 0: no limits.
    """

    def __init__(self, bot_id: int = 110201543, rate: float = 30, chat_rate: float = 1, clock: Callable[[], float] = time.time) -> None:
        Listening.__init__(self)
        Chats.__init__(self, bot_id, clock)
        self.token = f"{bot_id}:StandInSecretPart"
        self.limits = Limits(rate, chat_rate)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[str] = []
        """What broke a rule of the Bot API."""
        self.blocked: set[int] = set()
        """Chats whose owners have blocked the bot."""
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.webhook: dict[str, Any] = {}
        self._updates: deque[Update] = deque()

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file_of, methods=["GET"]),
        ]

    def shown(self) -> list[Shown]:
        return self.ledger

    def push(self, *updates: Any) -> None:
        """Something a person did, to be polled for."""
        with self.changed:
            self._updates.extend(updates)
            self.changed.notify_all()

    def fail(self, how: str = "", status: int = 0, description: str = "", *, times: int = 1, method: str = "", **parameters: Any) -> None:
        """ "cut" and "hang" act on the request but never answer, "half" answers half; else the status is answered and nothing is done."""
        self.faults.append(Fault(method, how, Refused(status, description or f"status {status}", **parameters), times))

    def assert_taps_answered(self) -> None:
        assert all(self.taps.values()), f"never answered: {[number for number, times in self.taps.items() if not times]}"

    def assert_well_behaved(self) -> None:
        """Every rule kept: shapes, lengths, limits, and no tap left spinning."""
        assert not self.refused, self.refused
        assert not self.limits.broken, f"too fast for {self.limits.broken}"
        self.assert_taps_answered()

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != self.token:
            return _refusal(Refused(401, "Unauthorized"))
        form = {**request.query_params, **(await request.form())}
        files = {name: await part.read() for name, part in form.items() if not isinstance(part, str)}
        asked = read_fields(method, {name: part for name, part in form.items() if isinstance(part, str)})
        if request.headers.get("content-type") == "application/json":
            asked = await request.json()
        with self.changed:
            self.requests.append((method, asked))
            self.changed.notify_all()
        fault = self.fault(method, method in SENDS + EDITS)
        if fault and not fault.how:
            return _refusal(fault.refused)
        try:
            check(method, asked | {name: f"attach://{name}" for name in files if name in ("photo", "document")})
            result = await self._answer(method, asked, files)
        except Refused as refused:
            if refused.status == 400 and "is too big" not in refused.description and "not modified" not in refused.description:
                self.refused.append(f"{method}: {refused.description}")
            return _refusal(refused)
        finally:
            self.tell()
        return await self.spoilt(fault, request) if fault else JSONResponse({"ok": True, "result": result})

    async def _answer(self, method: str, asked: dict[str, Any], files: dict[str, bytes]) -> Any:
        if method == "getUpdates":
            return await self._polled(asked)
        if method in SENDS or method in EDITS:
            self.limits.count(str(asked["chat_id"]), self.clock())
            if int(asked["chat_id"]) in self.blocked:
                raise Refused(403, "Forbidden: bot was blocked by the user")
            return self.show(method, asked, files)
        if method == "getFile":
            return self.file_at(asked["file_id"])
        return self._setting(method, asked)

    def _setting(self, method: str, asked: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": self.bot_id, "is_bot": True, "first_name": "Lapak", "username": "lapak_bot"}
        if method == "getWebhookInfo":
            return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(self._updates)}
        if method == "setMyCommands":
            self.commands[asked.get("language_code", "")] = asked["commands"]
        if method in ("setWebhook", "deleteWebhook"):
            self.webhook = asked if method == "setWebhook" else {}
        if method == "answerCallbackQuery":
            self.taps[asked["callback_query_id"]] = self.taps.get(asked["callback_query_id"], 0) + 1
        return True

    async def _polled(self, asked: dict[str, Any]) -> list[Update]:
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        while self._updates and isinstance(first := self._updates[0], dict) and first.get("update_id", 0) < asked.get("offset", 0):
            self._updates.popleft()
        until = time.monotonic() + asked.get("timeout", 0)
        while not self._updates and time.monotonic() < until and not self.ended.is_set():
            await asyncio.sleep(0.01)
        return list(self._updates)[: asked.get("limit", 100)]

    async def _file_of(self, request: Request) -> Response:
        content = self.files.get(request.path_params["path"].removeprefix("photos/"))
        if request.path_params["token"] != self.token or content is None:
            return _refusal(Refused(404, "Not Found"))
        fault = self.fault("file", False)
        if fault and not fault.how:
            return _refusal(fault.refused)
        return await self.spoilt(fault, request) if fault else Response(content)


def _refusal(refused: Refused) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
    return JSONResponse(body | ({"parameters": refused.parameters} if refused.parameters else {}), refused.status)
