"""A small messenger over real HTTP: it gives out updates until they are acknowledged, and keeps a ledger of what it was sent."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import count
from typing import Any, NamedTuple, Protocol, Self
from urllib.parse import parse_qs, urlparse

from PIL import Image

WAIT = 1.0
"""Seconds a poll waits for something new."""
AT_ONCE = 10
FILE = "/file"


class Sent(NamedTuple):
    """`tag` is the outbox row as the sender named it."""

    address: str
    text: str
    tag: str


class Dialect(Protocol):
    """How the ledger and the bot speak with each other. `tells`: every message that was taken is also told of by statuses."""

    name: str
    account: str
    tells: bool

    def address(self, name: str) -> str:
        """Where a person writes from."""
        ...

    def said(self, number: int, address: str, text: str, photo: bool) -> Any:
        """The payload of a person's message."""
        ...

    def statuses(self, sent: Sent, number: int) -> list[Any]:
        """The payloads that tell what became of a message."""
        ...

    def read(self, body: bytes) -> Sent | None:
        """What a request shows; None where it shows nothing."""
        ...

    def answer(self, number: int) -> Any:
        """To the request of that number; 0 where nothing was shown."""
        ...

    def media(self, url: str) -> Any:
        """Where a picture is, on the ledger's own `url`."""
        ...


class Ledger:
    """`sent` is in order; `acknowledged` are the messages of people below the newest offset polled for."""

    def __init__(self, dialect: Dialect, answered: Callable[[str, str], None]) -> None:
        self.dialect, self.answered = dialect, answered
        self.sent: list[Sent] = []
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
        return [update for update in self.updates if update["id"] < self.offset and update["text"]]

    @property
    def behind(self) -> bool:
        """Whether something waits to be acknowledged."""
        return bool(self.updates) and self.updates[-1]["id"] >= self.offset

    def say(self, address: str, text: str, photo: bool = False) -> None:
        with self.changed:
            number = next(self._ids)
            self._add(number, address, text, self.dialect.said(number, address, text, photo))

    def _add(self, number: int, address: str, text: str, payload: Any) -> None:
        self.updates.append({"id": number, "address": address, "text": text, "payload": payload})
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
        """What was acknowledged is never given out again, also to who has forgotten how far it was."""
        with self.changed:
            self.offset = max(self.offset, offset)
            self.changed.wait_for(lambda: self.behind, WAIT)
            return [update for update in self.updates if update["id"] >= self.offset][:AT_ONCE]

    def take(self, sent: Sent) -> int | None:
        """The number of the kept message; None when the sender died over it. What was kept is seen by the person all the same."""
        with self.changed:
            if self.struck("asked"):
                return None
            self.sent.append(sent)
            number = len(self.sent)
            for payload in self.dialect.statuses(sent, number):
                self._add(next(self._ids), sent.address, "", payload)
            died = self.struck("recorded")
        self.answered(sent.address, sent.text)
        return None if died else number

    def times(self) -> Counter[str]:
        """How often each row arrived."""
        return Counter(sent.tag for sent in self.sent)


def picture() -> bytes:
    made = BytesIO()
    Image.effect_noise((400, 400), 80).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def _handler(ledger: Ledger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = urlparse(self.path)
            if asked.path == FILE:
                return None if ledger.struck("media") else self._answer(picture())
            if asked.path == "/updates":
                return self._tell(ledger.poll(int(parse_qs(asked.query)["offset"][0])))
            return self._tell(ledger.dialect.media(ledger.url))

        def do_POST(self) -> None:
            sent = ledger.dialect.read(self._body())
            number = ledger.take(sent) if sent else 0
            if number is not None:
                self._tell(ledger.dialect.answer(number))

        def _body(self) -> bytes:
            if "Content-Length" in self.headers:
                return self.rfile.read(int(self.headers["Content-Length"]))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def _tell(self, told: Any) -> None:
            self._answer(json.dumps(told).encode())

        def _answer(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            return

    return Handler
