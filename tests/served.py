"""The real server on a free port of this machine, in a thread, over a database of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Self

import httpx

from bot.app import App
from bot.settings import Settings
from bot.web import Server

PATIENCE = 20.0
"""Seconds until something that should happen counts as not happening."""


class Served:
    """`url` while it runs; it can be stopped and started again over the same files."""

    def __init__(self, database: str, media: Path, port: int = 0) -> None:
        self.settings = Settings(_env_file=None, database_url=database, media_dir=media, port=port)  # type: ignore[call-arg]

    def __enter__(self) -> Self:
        self.app = App(self.settings)
        self.server = Server(self.app)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        until(lambda: self.server.started or not self.thread.is_alive())
        assert self.server.started, "the server did not start"
        self.port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> float:
        """Seconds until it had ended."""
        began = monotonic()
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "the server did not stop"
        return monotonic() - began

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)


def until(holds: Callable[[], object]) -> None:
    ends = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < ends, "it did not happen in time"
        sleep(0.02)
