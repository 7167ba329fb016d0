"""Telegram in one process with the tests: real HTTP, the Bot API's own rules, and a ledger of what was shown to whom."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.telegram_chats import EDITS, SENDS, Chats
from tests.telegram_rules import Limits, Refused, check, read_fields
from tests.telegram_updates import Update


@dataclass
class Fault:
    """What happens to the next `times` requests of a method ("" is anything shown): a status, or "cut", "half" or "hang"."""

    method: str
    how: str
    refused: Refused
    times: int


class StandIn(Chats):
    """`await start()`, talk to it at `url` with `token`, `push` updates, look into `ledger`, `await stop()`.

    It runs in a thread of its own, so that it answers whatever the test's own loop is doing. `rate` and `chat_rate` 0: no limits.
    """

    def __init__(self, bot_id: int = 110201543, rate: float = 30, chat_rate: float = 1, clock: Callable[[], float] = time.time) -> None:
        super().__init__(bot_id, clock)
        self.token = f"{bot_id}:StandInSecretPart"
        self.limits = Limits(rate, chat_rate)
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[str] = []
        """What broke a rule of the Bot API."""
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.webhook: dict[str, Any] = {}
        self._updates: deque[Update] = deque()
        self._faults: list[Fault] = []
        self._changed = threading.Condition()
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listens; on the same port as before when it is started again."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file_of, methods=["GET"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), log_config=None, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        await asyncio.to_thread(self._wait, lambda: self._server.started, 10)

    async def stop(self) -> None:
        """From now on connections are refused."""
        self._ended.set()
        self._server.should_exit = True
        await asyncio.to_thread(self._thread.join, 10)

    async def until(self, holds: Callable[[], object], seconds: float = 15) -> None:
        """Waits for the ledger or the requests to be as the test wants them."""
        assert await asyncio.to_thread(self._wait, holds, seconds), f"not within {seconds} s; the ledger ends with {self.ledger[-3:]}"

    def _wait(self, holds: Callable[[], object], seconds: float) -> bool:
        with self._changed:
            deadline = time.monotonic() + seconds
            while not holds():
                if time.monotonic() > deadline:
                    return False
                self._changed.wait(0.02)
        return True

    def push(self, *updates: Any) -> None:
        """Something a person did, to be polled for."""
        with self._changed:
            self._updates.extend(updates)
            self._changed.notify_all()

    def fail(self, how: str = "", status: int = 0, description: str = "", *, times: int = 1, method: str = "", **parameters: Any) -> None:
        """ "cut" and "hang" act on the request but never answer, "half" answers half; else the status is answered and nothing is done."""
        self._faults.append(Fault(method, how, Refused(status, description or f"status {status}", **parameters), times))

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
        with self._changed:
            self.requests.append((method, asked))
            self._changed.notify_all()
        fault = self._fault(method)
        if fault and not fault.how:
            return _refusal(fault.refused)
        try:
            check(method, asked | {name: f"attach://{name}" for name in files if name == "photo"})
            result = await self._answer(method, asked, files)
        except Refused as refused:
            if refused.status == 400 and "is too big" not in refused.description and "not modified" not in refused.description:
                self.refused.append(f"{method}: {refused.description}")
            return _refusal(refused)
        finally:
            with self._changed:
                self._changed.notify_all()
        return await self._spoilt(fault, request) if fault else JSONResponse({"ok": True, "result": result})

    def _fault(self, method: str) -> Fault | None:
        for fault in self._faults:
            if fault.times and (fault.method or method) == method and (fault.method or method in SENDS + EDITS):
                fault.times -= 1
                return fault
        return None

    async def _spoilt(self, fault: Fault, request: Request) -> Response:
        """The request was carried out, but its answer does not arrive."""
        if fault.how == "hang":
            while not self._ended.is_set() and not await request.is_disconnected():
                await asyncio.sleep(0.02)
        if fault.how == "half":
            return Half()
        request.receive.__self__.transport.abort()  # type: ignore[attr-defined]  # the only way to a cut through uvicorn
        return Response()

    async def _answer(self, method: str, asked: dict[str, Any], files: dict[str, bytes]) -> Any:
        if method == "getUpdates":
            return await self._polled(asked)
        if method in SENDS or method in EDITS:
            self.limits.count(str(asked["chat_id"]), self.clock())
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
        while not self._updates and time.monotonic() < until and not self._ended.is_set():
            await asyncio.sleep(0.01)
        return list(self._updates)[: asked.get("limit", 100)]

    async def _file_of(self, request: Request) -> Response:
        content = self.files.get(request.path_params["path"].removeprefix("photos/"))
        if request.path_params["token"] != self.token or content is None:
            return _refusal(Refused(404, "Not Found"))
        fault = self._fault("file")
        if fault and not fault.how:
            return _refusal(fault.refused)
        return await self._spoilt(fault, request) if fault else Response(content)


class Half(Response):
    """Promises more than it sends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b'{"ok": true, "resu', "more_body": True})
        receive.__self__.transport.close()  # type: ignore[attr-defined]


def _refusal(refused: Refused) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
    return JSONResponse(body | ({"parameters": refused.parameters} if refused.parameters else {}), refused.status)
