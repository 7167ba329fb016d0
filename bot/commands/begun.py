"""How every command begins and ends: with the settings, and with what is wrong in plain words."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings


def die(complaint: str, code: int = 1) -> NoReturn:
    print(f"lapak: {complaint}", file=sys.stderr)
    raise typer.Exit(code)


def prepared(level: int = logging.WARNING) -> Settings:
    """Quiet logs and the settings; ends with every mistake at once."""
    from bot import logs

    logs.configure(level)
    from pydantic import ValidationError

    from bot.settings import Settings, complaints

    try:
        return Settings()
    except ValidationError as error:
        die("the settings need a look\n" + "\n".join(f"  {line}" for line in complaints(error)), 2)


@contextmanager
def complaining() -> Iterator[None]:
    from bot.ownership import Complaint

    try:
        yield
    except Complaint as error:
        die(str(error))
