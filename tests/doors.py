"""A small world with three doors: one app in process, spoken to on channels that are called Telegram, WhatsApp and web chat."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Self

from sqlmodel import Session, select

from bot.app import App
from bot.channels.channel import Inbound
from bot.channels.terminal import Terminal
from bot.settings import Settings
from handlers.said import Said
from messages import Rendered
from models.contact import Address, Person
from tests.pictures import photo
from tests.world import MORNING, World, shown

TELEGRAM, WHATSAPP, WEB = "telegram", "whatsapp", "webchat"


class Door(Terminal):
    """Messages are taken on demand, as from the terminal."""

    settle = timedelta(0)

    def __init__(self, name: str) -> None:
        self.account = f"{name}:1"


class Doors(World):
    """`at` speaks on a channel and returns what is heard there; everything else is as in a world of one channel."""

    def __init__(self, url: str, media: Path) -> None:
        super().__init__(url, media)
        settings = Settings(_env_file=None, database_url=url, media_dir=media)  # type: ignore[call-arg]
        self.app.store.close()
        self.app = App(settings, clock=lambda: self.now, channels=[Terminal(), *(Door(name) for name in (TELEGRAM, WHATSAPP, WEB))])
        self.numbers = count(1)
        self.now = MORNING
        self.seen: dict[tuple[str, str], Rendered] = {}

    def __enter__(self) -> Self:
        super().__enter__()
        for account, channel in self.app.channels.items():
            # Only now: what a channel is called decides how the app listens to it.
            channel.name = account.partition(":")[0]
        return self

    def at(self, channel: str, name: str, text: str = "", **more: Any) -> str:
        return self.come(channel, Inbound(f"d{next(self.numbers)}", name, Said(text=text), **more))

    def tap_at(self, channel: str, name: str, label: str) -> str:
        buttons = self.seen[channel, name].buttons
        press = next((one.press for one in buttons if one.label.startswith(label)), "")
        assert press, f"no button {label!r} among {[one.label for one in buttons]}"
        return self.come(channel, Inbound(f"d{next(self.numbers)}", name, Said(kind="tap", press=press)))

    def photo_at(self, channel: str, name: str, seed: int, caption: str = "") -> str:
        media = {"hex": photo(seed).hex()}
        return self.come(channel, Inbound(f"d{next(self.numbers)}", name, Said(kind="photo", text=caption), media))

    def come(self, channel: str, inbound: Inbound) -> str:
        self.later(seconds=1)
        self._run(self.app.receive(self.app.channels[f"{channel}:1"], inbound))
        self._run(self.app.settled())
        return self.heard(channel, inbound.address)

    def heard(self, channel: str, name: str) -> str:
        """What is due there now."""
        heard = self._run(self.app.senders[f"{channel}:1"].drain(name))
        for rendered in heard:
            self.seen[channel, name] = rendered
        return "\n---\n".join(shown(rendered) for rendered in heard)

    def code(self, channel: str, name: str) -> str:
        """Asks for a code and reads it."""
        text = self.at(channel, name, "sambungkan")
        return next(word.strip("*") for word in text.split() if "-" in word and len(word.strip("*")) == 9)

    def link(self, first: tuple[str, str], second: tuple[str, str]) -> str:
        """A code shown at the first door and sent from the second."""
        self.at(*second, f"sambung {self.code(*first)}")
        return self.tap_at(*second, "Ya, gabungkan")

    def people(self) -> list[Person]:
        return self.read(lambda session: list(session.exec(select(Person).order_by("id"))))

    def owner_of(self, channel: str, name: str) -> int:
        def look(session: Session) -> int:
            rows = select(Address).where(Address.account == f"{channel}:1", Address.address == name, Address.until == None)  # noqa: E711
            return session.exec(rows).one().person_id

        return self.read(look)
