"""`lapak serve` as people run it, but with little patience, in a process that a run of faults has forked."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import logs
from bot.channels import telegram


class Impatient(telegram.Telegram):
    """A platform that hangs must not hang up a run of a hundred rounds."""

    settle = timedelta(0)
    chat_rate = 5.0
    patience = 1.0
    """Seconds for one answer of the platform."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{**named, "timeout": self.patience})


def main(role: str, lease: float, patience: float, given: Mapping[str, Any], log: Path) -> None:
    """`lease` in seconds, 0 as in the product. Both outputs go into `log`."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    logs.configure(logging.INFO)
    Impatient.patience = patience
    telegram.Telegram = Impatient  # type: ignore[misc]
    from bot import duties
    from bot.commands.serve import serve
    from bot.settings import Settings

    if lease:
        duties.SENDER = lease  # type: ignore[attr-defined]
    serve(Settings(_env_file=None, **given), role)  # type: ignore[call-arg]
