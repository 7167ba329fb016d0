"""A small messenger over real HTTP: it gives out updates until they are acknowledged, and keeps a ledger of what it was sent."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs, urlparse

from PIL import Image

WAIT = 1.0
"""Seconds a poll waits for something new."""
AT_ONCE = 10


class Ledger:
    """`sent` are (address, text) in order; `acknowledged` the updates below the newest offset polled for."""

    def __init__(self, answered: Callable[[str, str], None]) -> None:
        self.answered = answered
        self.sent: list[tuple[str, str]] = []
        self.updates: list[dict[str, Any]] = []
        self.offset = 1
        self.point, self.left = "", 0
        self.kill: Callable[[], None] = lambda: None
        self.changed = threading.Condition()
        self._ids = count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who is killed hangs up in the middle

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def acknowledged(self) -> list[dict[str, Any]]:
        return [update for update in self.updates if update["id"] < self.offset]

    def say(self, address: str, text: str, photo: bool = False) -> None:
        with self.changed:
            self.updates.append({"id": next(self._ids), "address": address, "text": text, "photo": photo})
            self.changed.notify_all()

    def arm(self, point: str, nth: int, kill: Callable[[], None]) -> None:
        self.point, self.left, self.kill = point, nth, kill

    def struck(self, point: str) -> bool:
        """Whether this was the drawn moment; the other side is dead then."""
        if point != self.point:
            return False
        self.left -= 1
        if self.left:
            return False
        self.kill()
        return True

    def poll(self, offset: int) -> list[dict[str, Any]]:
        with self.changed:
            self.offset = max(self.offset, offset)
            self.changed.wait_for(lambda: self.updates and self.updates[-1]["id"] >= offset, WAIT)
            return [update for update in self.updates if update["id"] >= offset][:AT_ONCE]

    def take(self, address: str, text: str) -> int | None:
        """The number of the kept message; None when the sender died over it."""
        with self.changed:
            if self.struck("asked"):
                return None
            self.sent.append((address, text))
            number = len(self.sent)
            if self.struck("recorded"):
                return None
        self.answered(address, text)
        return number

    def times(self) -> Counter[tuple[str, str]]:
        return Counter(self.sent)


def picture() -> bytes:
    made = BytesIO()
    Image.effect_noise((400, 400), 80).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def _handler(ledger: Ledger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = urlparse(self.path)
            if asked.path == "/file":
                return None if ledger.struck("media") else self._answer(picture())
            return self._answer(json.dumps(ledger.poll(int(parse_qs(asked.query)["offset"][0]))).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            number = ledger.take(body["address"], body["text"])
            if number is not None:
                self._answer(json.dumps({"id": number}).encode())

        def _answer(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    return Handler
