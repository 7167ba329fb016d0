"""`lapak serve` as people run it, but with little patience: python -m bot.faults.served, settings in the environment."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot import logs
from bot.channels import telegram

if TYPE_CHECKING:
    from bot.settings import Settings

PATIENCE = 1.0
"""Seconds for one answer of the platform."""


class Impatient(telegram.Telegram):
    """A platform that hangs must not hang up a run of a hundred rounds."""

    settle = timedelta(0)
    chat_rate = 5.0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{**named, "timeout": PATIENCE})


def main() -> None:
    logs.configure(logging.INFO)
    telegram.Telegram = Impatient  # type: ignore[misc]
    from bot.commands.serve import serve
    from bot.settings import Settings

    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    if settings.database_url.startswith("sqlite"):
        serve(settings)
    else:
        asyncio.run(_alone(settings))


async def _alone(settings: Settings) -> None:
    from bot.app import App

    await App(settings).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
