"""A platform's server in one process with the tests: real HTTP in a thread of its own, and faults that the test orders."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


@dataclass
class Fault:
    """What happens to the next `times` requests of a kind ("" is anything shown): an answer, or "cut", "half" or "hang"."""

    kind: str
    how: str
    refused: Any
    times: int


class Listening(ABC):
    """`await start()`, then it answers at `url` whatever the test's own loop is doing, until `await stop()`."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.changed = threading.Condition()
        self.ended = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @abstractmethod
    def routes(self) -> Sequence[Route]: ...

    @abstractmethod
    def shown(self) -> Sequence[Any]:
        """What the last failed wait is told with."""

    async def start(self) -> None:
        """Listens; on the same port as before when it is started again."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            Starlette(routes=self.routes()), log_config=None, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        assert await asyncio.to_thread(self._wait, lambda: self._server.started, 60), "the stand-in does not start"

    async def stop(self) -> None:
        """From now on connections are refused."""
        self.ended.set()
        self._server.should_exit = True
        await asyncio.to_thread(self._thread.join, 10)

    async def until(self, holds: Callable[[], object], seconds: float = 15) -> None:
        """Waits for the ledger or the requests to be as the test wants them."""
        assert await asyncio.to_thread(self._wait, holds, seconds), f"not within {seconds} s; the ledger ends with {self.shown()[-3:]}"

    def _wait(self, holds: Callable[[], object], seconds: float) -> bool:
        with self.changed:
            deadline = time.monotonic() + seconds
            while not holds():
                if time.monotonic() > deadline:
                    return False
                self.changed.wait(0.02)
        return True

    def tell(self) -> None:
        """Wakes whoever waits for something to have happened."""
        with self.changed:
            self.changed.notify_all()

    def fault(self, kind: str, shows: bool) -> Fault | None:
        """What the test ordered for this request, used up by it."""
        for fault in self.faults:
            if fault.times and (fault.kind or kind) == kind and (fault.kind or shows):
                fault.times -= 1
                return fault
        return None

    async def spoilt(self, fault: Fault, request: Request) -> Response:
        """The request was carried out, but its answer does not arrive."""
        if fault.how == "hang":
            while not self.ended.is_set() and not await request.is_disconnected():
                await asyncio.sleep(0.02)
        if fault.how == "half":
            return Half()
        request.receive.__self__.transport.abort()  # type: ignore[attr-defined]  # the only way to a cut through uvicorn
        return Response()


class Half(Response):
    """Promises more than it sends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b'{"ok": true, "resu', "more_body": True})
        receive.__self__.transport.close()  # type: ignore[attr-defined]
