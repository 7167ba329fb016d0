"""A small world for tests: the app in process with a clock of its own, spoken to as its users do, through the terminal's channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlmodel import Session

from bot.alerts import tend
from bot.app import App
from bot.campaigns import SPREAD, steer
from bot.channels.channel import Inbound
from bot.channels.terminal import Terminal
from bot.settings import Settings
from bot.sheet_intake import take_sheets
from handlers.said import Said
from messages import Rendered
from tests.pictures import photo

Result = TypeVar("Result")
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, 10.00 WITA."""


class World:
    """`say`, `tap` and `photos` return what the person hears in answer; `hears` what else has come meanwhile.

    Officers are made with `officer(name, region)`. `later` moves the clock. Everything is also kept in `transcript`, as
    (who, said or heard, text) lines.
    """

    def __init__(self, url: str, media: Path, now: datetime = MORNING, **more: Any) -> None:
        """`more` are settings."""
        self.now = now
        settings = Settings(_env_file=None, database_url=url, media_dir=media, **more)  # type: ignore[call-arg]
        self.channel = Terminal()
        self._loop = asyncio.new_event_loop()
        self._ids = count(1)
        self.last: dict[str, Rendered] = {}
        self.messages: dict[str, int] = {}
        """How many messages each person has sent."""
        self.transcript: list[str] = []
        self.app = App(settings, clock=lambda: self.now, channels=[self.channel])

    def __enter__(self) -> Self:
        self._run(self.app.start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self.app.stop())
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._loop.run_until_complete(asyncio.wait_for(work, 60))

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._run(work)

    def read(self, work: Callable[[Session], Result]) -> Result:
        """Looks into the database."""
        return self._run(self.app.store.read(work))

    def write(self, work: Callable[[Session], Result]) -> Result:
        return self._run(self.app.store.write(work))

    def steer(self) -> int:
        """What the scheduler does each second and each minute about announcements and calls, and the recipients that it adds."""
        return self._run(steered(self.app))

    def officer(self, name: str, region: str = "64") -> list[Rendered]:
        """Makes an officer by a first message."""
        return self.hand(Inbound(f"x{next(self._ids)}", name, Said(text="menu"), office=region))

    def say(self, name: str, text: str, **more: Any) -> list[Rendered]:
        self._note(f"{name}: {text}")
        return self.hand(Inbound(f"x{next(self._ids)}", name, Said(text=text, **more)))

    def tap(self, name: str, label: str) -> list[Rendered]:
        """Taps a button of the message this person heard last; the label may be its beginning."""
        self._note(f"{name}: [{label}]")
        return self.press(name, self.button(name, label))

    def button(self, name: str, label: str) -> str:
        buttons = self.last[name].buttons
        found = [button.press for button in buttons if button.label == label] or [
            button.press for button in buttons if button.label.startswith(label)
        ]
        assert found, f"no button {label!r} among {[button.label for button in buttons]}"
        return found[0]

    def press(self, name: str, press: str) -> list[Rendered]:
        return self.hand(Inbound(f"x{next(self._ids)}", name, Said(kind="tap", press=press)))

    def photos(self, name: str, seeds: list[int], caption: str = "") -> list[Rendered]:
        """An album, or one photo; the caption is on the first."""
        return self.album(name, [photo(seed) for seed in seeds], caption)

    def album(self, name: str, pictures: list[bytes], caption: str = "") -> list[Rendered]:
        """The same of any pictures."""
        self._note(f"{name}: ({len(pictures)} foto) {caption}".rstrip())
        group = f"g{next(self._ids)}" if len(pictures) > 1 else ""
        for place, content in enumerate(pictures):
            said = Said(kind="photo", text="" if place else caption, group=group)
            self._receive(Inbound(f"x{next(self._ids)}", name, said, {"hex": content.hex()}))
        self._run(self.app.settled())
        self.messages[name] = self.messages.get(name, 0) + 1
        return self.hears(name)

    def hand(self, *inbounds: Inbound) -> list[Rendered]:
        """What one person sends, and what is heard after the last of it."""
        for inbound in inbounds:
            self._receive(inbound)
            self.messages[inbound.address] = self.messages.get(inbound.address, 0) + 1
        return self.hears(inbounds[-1].address)

    def receive(self, inbound: Inbound) -> None:
        """One whose file is fetched; what follows from it has been done."""
        self._receive(inbound)
        self._run(self.app.settled())

    def _receive(self, inbound: Inbound) -> None:
        self.later(seconds=1)
        self._run(self.app.receive(self.channel, inbound))

    def hears(self, name: str) -> list[Rendered]:
        """What is due for this person now."""
        heard = self._run(self.app.senders[self.channel.account].drain(name))
        for rendered in heard:
            self._note(shown(rendered))
            self.last[name] = rendered
        return heard

    def _note(self, line: str) -> None:
        self.transcript.append(line)


async def steered(app: App) -> int:
    done = await take_sheets(app) + await steer(app) + await tend(app)
    await asyncio.gather(*(task for task in app.tasks if task.get_name() == SPREAD))
    return done


def shown(rendered: Rendered) -> str:
    """A message as golden text: pictures, text with its emphasis, buttons."""
    text = "".join(f"*{span.text}*" if span.strong else span.text for span in rendered.spans)
    pictures = f"[{len(rendered.media)} foto]\n" if rendered.media else ""
    buttons = "".join(f"\n  [{button.label}]{' ' + button.detail if button.detail else ''}" for button in rendered.buttons)
    return f"{pictures}{text}{buttons}"


def text_of(heard: list[Rendered]) -> str:
    return "\n---\n".join(shown(rendered) for rendered in heard)
