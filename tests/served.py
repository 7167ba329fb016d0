"""The real server on a free port of this machine, in a thread, over a database of its own."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self
from uuid import uuid4

import httpx

from bot.app import App
from bot.settings import Settings
from bot.web import Server
from tests.visiting import visitor
from tests.world import MORNING

PATIENCE = 20.0
"""Seconds until something that should happen counts as not happening."""


class Served:
    """`url` while it runs. Its clock begins at `now` and goes on by itself; `later` moves it."""

    def __init__(self, database: str, media: Path, now: datetime = MORNING) -> None:
        self.settings = Settings(_env_file=None, database_url=database, media_dir=media, port=0)  # type: ignore[call-arg]
        self.ahead = now - datetime.now(UTC)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, **span: float) -> None:
        self.ahead += timedelta(**span)
        self.loop.call_soon_threadsafe(self.app.wake)

    def __enter__(self) -> Self:
        self.app = App(self.settings, self.clock)
        self.server = Server(self.app)
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self.thread.start()
        until(lambda: self.server.started or not self.thread.is_alive())
        assert self.server.started, "the server did not start"
        self.port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        await self.server.serve()

    def stop(self) -> float:
        """Seconds until it had ended."""
        began = monotonic()
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the server did not stop"
        return monotonic() - began

    def client(self) -> httpx.Client:
        return visitor(self.url, PATIENCE)


def until(holds: Callable[[], object]) -> None:
    ends = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < ends, "it did not happen in time"
        sleep(0.02)


def say(client: httpx.Client, persona: str = "pemilik", **part: Any) -> httpx.Response:
    return client.post(f"/chat/{persona}/say", json={"id": str(uuid4()), **part})


def history(client: httpx.Client, persona: str = "pemilik") -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = client.get(f"/chat/{persona}/history").raise_for_status().json()["events"]
    return events


def answers(client: httpx.Client, persona: str = "pemilik") -> list[dict[str, Any]]:
    return [event for event in history(client, persona) if event["from"] == "bot"]


def listen(client: httpx.Client, count: int, after: str = "", persona: str = "pemilik") -> list[tuple[str, dict[str, Any]]]:
    """So many events of the stream, as (cursor, event); then the stream is cut."""
    found: list[tuple[str, dict[str, Any]]] = []
    cursor = ""
    with client.stream("GET", f"/chat/{persona}/events", headers={"Last-Event-ID": after} if after else {}) as stream:
        for line in stream.iter_lines():
            assert not line.startswith(":"), f"only {len(found)} of {count} events came"
            if line.startswith("id: "):
                cursor = line.removeprefix("id: ")
            if line.startswith("data: "):
                found.append((cursor, json.loads(line.removeprefix("data: "))))
                if len(found) == count:
                    break
    return found


def words(event: dict[str, Any]) -> str:
    return "".join(span["text"] for span in event["spans"])


def upload(client: httpx.Client, contents: list[bytes], **fields: str) -> httpx.Response:
    files = [("files", (f"{place}.jpg", content, "image/jpeg")) for place, content in enumerate(contents)]
    return client.post("/chat/pemilik/photos", data={"id": str(uuid4()), **fields}, files=files)


def begin(client: httpx.Client) -> None:
    """As far as the question for photos."""
    say(client, text="Halo")
    until(lambda: len(answers(client)) == 1)
    say(client, press=answers(client)[0]["buttons"][0]["press"])
    until(lambda: len(answers(client)) == 2)
    say(client, text="Bu Siti")
    until(lambda: len(answers(client)) == 3)
