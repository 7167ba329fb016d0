"""`lapak chat`: asks for lines and has them said, one after the other."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from zoneinfo import ZoneInfo

from bot.control import reach
from bot.ownership import Complaint
from bot.settings import Settings
from bot.terminal_chat import Talk, read_time


def chat(settings: Settings, name: str, officer: bool, now: str) -> None:
    try:
        moment = read_time(now, ZoneInfo(settings.timezone))
    except ValueError as error:
        raise Complaint(f"--now is a time such as 2026-11-23T10:00, not {now}") from error
    stack = AsyncExitStack()
    # The loop runs only while something is asked, so that Ctrl-C at the prompt ends the chat at once.
    with asyncio.Runner() as loop:
        try:
            control = loop.run(stack.enter_async_context(reach(settings)))
            talk = Talk(control, name, print, settings.region if officer else "", moment)
            loop.run(talk.look())
            with suppress(KeyboardInterrupt):
                for line in typed() if sys.stdin.isatty() else piped():
                    loop.run(talk.hear(line))
        finally:
            loop.run(stack.aclose())


def typed() -> Iterator[str]:
    import readline

    assert readline  # importing it gives the prompt its history and editing
    print("Write as on a phone; @photo.jpg sends a photo, Enter alone looks for news, Ctrl-D ends.\n")
    with suppress(EOFError):
        while True:
            yield input("> ")


def piped() -> Iterator[str]:
    """Lines of a pipe; what was said is shown, as it would be on a screen."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for line in sys.stdin:
        if line.strip():
            print(f"> {line.strip()}")
        yield line
