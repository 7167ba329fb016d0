"""Where the server under load sends its messages: a socket that answers every request at once, with an id of its own."""

from __future__ import annotations

import asyncio
import re
from itertools import count
from typing import Self

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Sink:
    """The Cloud API as far as an answer goes. `shown` counts the messages, `asked` all requests; `answer` has a place for the id."""

    def __init__(self, answer: bytes = b'{"success":true,"messages":[{"id":"wamid.out%d"}]}') -> None:
        self.answer = answer
        self.url, self.shown, self.asked = "", 0, 0
        self._ids = count(1)
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = LENGTH.search(head)
                body = await reader.readexactly(int(length[1])) if length else b""
                self.asked += 1
                self.shown += b'"type"' in body and b'"status"' not in body
                answer = self.answer % next(self._ids)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
