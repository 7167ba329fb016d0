"""A platform at its limit, in a process of its own: answers after a while, refuses what is over the rate, keeps when it took what."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
CHAT = re.compile(rb'chat_id"?[:=] ?"?(-?\d+)')
TO = re.compile(rb'"to": ?"(\d+)"')
WHATSAPP, NUMBER = re.compile(rb"POST /[^/ ]+/[^/ ]+/messages "), re.compile(rb"GET /[^/ ]+/\d+\?fields=")
TOO_FAST = json.dumps({"error": {
    "message": "(#130429) Rate limit hit", "type": "OAuthException", "code": 130429, "fbtrace_id": "x",
    "error_data": {"messaging_product": "whatsapp", "details": "Message failed to send because there were too many messages sent"
                   " from this phone number in a short period of time"},
}}).encode()  # fmt: skip
LEEWAY = 0.05
"""So much more than the rate may be within any second, for what the network brings closer together."""
LONGEST = 600
"""Seconds after which it ends by itself."""
HOLD = 20
"""Seconds that a poll for updates is held."""


@dataclass
class Ledger:
    """What was taken, when, for which chat; and what was refused by which of the two measures."""

    rate: float
    times: list[float] = field(default_factory=list)
    chats: list[int] = field(default_factory=list)
    bucket_refused: int = 0
    second_refused: int = 0

    def __post_init__(self) -> None:
        self._tokens, self._at = self.rate, 0.0
        self._second: deque[float] = deque()
        self._most = max(self.rate * (1 + LEEWAY), self.rate + 1)

    def takes(self, chat: int, now: float) -> bool:
        """A bucket that holds the messages of a second, and a strict count of every second."""
        self._tokens = min(self.rate, self._tokens + (now - self._at) * self.rate)
        self._at = now
        while self._second and self._second[0] <= now - 1:
            self._second.popleft()
        if self._tokens < 1 or len(self._second) + 1 > self._most:
            self.bucket_refused += self._tokens < 1
            self.second_refused += self._tokens >= 1
            return False
        self._tokens -= 1
        self._second.append(now)
        self.times.append(now)
        self.chats.append(chat)
        return True


class Connection(asyncio.Protocol):
    def __init__(self, ledger: Ledger, delay: float) -> None:
        self.ledger, self.delay, self.waiting = ledger, delay, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self.waiting[:end])
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self.waiting) < whole:
                return
            request, self.waiting = self.waiting[:whole], self.waiting[whole:]
            self._answer(request[: request.find(b"\r\n")], request[end + 4 :])

    def _answer(self, first: bytes, body: bytes) -> None:
        status, answer, delay = 200, b'{"ok":true,"result":true}', 0.0
        if b"/ledger" in first:
            answer = json.dumps(asdict(self.ledger)).encode()
        elif b"/getUpdates" in first:
            answer, delay = b'{"ok":true,"result":[]}', HOLD
        elif b"/getMe" in first:
            answer = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"x","username":"x"}}'
        elif b"/sendMessage" in first:
            (status, answer), delay = self._telegram(body), self.delay
        elif WHATSAPP.match(first):
            (status, answer), delay = self._whatsapp(body), self.delay
        elif NUMBER.match(first):
            answer = b'{"id":"1","quality_rating":"GREEN","whatsapp_business_manager_messaging_limit":"TIER_UNLIMITED"}'
        head = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(answer))
        asyncio.get_running_loop().call_later(delay, self.transport.write, head + answer)

    def _telegram(self, body: bytes) -> tuple[int, bytes]:
        found = CHAT.search(body)
        chat = int(found[1]) if found else 0
        if not self.ledger.takes(chat, time.monotonic()):
            return 429, b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}'
        return 200, b'{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"},"text":"x"}}' % (
            len(self.ledger.times), chat,
        )  # fmt: skip

    def _whatsapp(self, body: bytes) -> tuple[int, bytes]:
        """A read mark is no message."""
        found = TO.search(body)
        if not found:
            return 200, b'{"success":true}'
        if not self.ledger.takes(int(found[1]), time.monotonic()):
            return 429, TOO_FAST
        return 200, b'{"messaging_product":"whatsapp","contacts":[{"input":"%s","wa_id":"%s"}],"messages":[{"id":"wamid.%d"}]}' % (
            found[1], found[1], len(self.ledger.times),
        )  # fmt: skip


async def serve(rate: float, delay: float) -> None:
    """Until whoever started it is gone."""
    gc.disable()  # its ledger only grows, and its pauses would be taken for ours
    ledger = Ledger(rate)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(ledger, delay), "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    gone = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await asyncio.wait({gone}, timeout=LONGEST)


@contextmanager
def platform(rate: float, delay: float) -> Iterator[str]:
    """Its address."""
    command = [sys.executable, "-m", "bot.bench.limit", str(rate), str(delay)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def ledger_of(url: str) -> Ledger:
    with urllib.request.urlopen(f"{url}/ledger", timeout=30) as answer:
        return Ledger(**json.loads(answer.read()))


def most_twice(ledger: Ledger, chats: set[int]) -> int:
    """How many of these chats got it more than once."""
    return sum(times > 1 for chat, times in Counter(ledger.chats).items() if chat in chats)


def densest(times: list[float]) -> int:
    """The most in any second."""
    first, most = 0, 0
    for last, now in enumerate(times):
        while times[first] <= now - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), float(sys.argv[2])))
