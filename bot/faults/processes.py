"""Processes in the hands of a run that kills them. They are forked from one that has everything loaded, which saves seconds each."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.faults import served
from bot.faults.children import end_forked
from bot.faults.platform import TOKEN

LOADED = ["bot.faults.served", "bot.app", "bot.commands.serve", "bot.polling", "handlers.routing"]
SHORT = 1.5
"""Seconds of a sender's lease, where a run has no time to wait for the real one after each kill."""


class Processes:
    """On one database and one platform; what they log is in `log`."""

    def __init__(self, database: str, platform: str, folder: Path, lease: float = SHORT, patience: float = 1.0) -> None:
        self.settings = {
            "database_url": database, "media_dir": folder / "media", "host": "127.0.0.1", "port": 0,
            "telegram_token": TOKEN, "telegram_api": platform,
        }  # fmt: skip
        self.log, self.lease, self.patience = folder / "log", lease, patience
        self.log.touch()
        self.kills = 0
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(LOADED)

    def start(self, role: str = "all") -> BaseProcess:
        process = self._context.Process(target=served.main, args=(role, self.lease, self.patience, self.settings, self.log), daemon=True)
        process.start()
        return process

    @contextmanager
    def running(self, *roles: str) -> Iterator[list[BaseProcess]]:
        """Killed at the end, in the order in which they are then."""
        started = [self.start(role) for role in roles]
        try:
            yield started
        finally:
            for process in started:
                self.kill(process)

    def kill(self, process: BaseProcess) -> None:
        if process.is_alive():
            end_forked(process)
            self.kills += 1

    def signal(self, process: BaseProcess, number: int) -> None:
        os.kill(process.pid or 0, number)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def alive(self, started: Sequence[BaseProcess]) -> None:
        """Raises when one ended by itself."""
        if not all(process.is_alive() for process in started):
            raise RuntimeError(f"a process ended by itself: {self.said()[-2000:]}")
