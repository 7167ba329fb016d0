"""Plays transcripts on Telegram: webhooks in over real HTTP, the Bot API's stand-in out, every update delivered twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from html import unescape
from itertools import count
from typing import Any

from sqlmodel import Session

from bot.webhooks import SECRET as HEADER
from bot.webhooks import WEBHOOK
from tests.papers import Paper
from tests.pictures import picture_of
from tests.script import find_press, words_of
from tests.seeds import Seat
from tests.stage import PATIENCE, Stage
from tests.standin_telegram import StandIn
from tests.telegram_chats import Shown
from tests.visiting import visitor

SECRET = "a-secret-of-the-tests"


class TelegramPlayer:
    def __init__(self, stage: Stage, telegram: StandIn) -> None:
        self.stage, self.telegram, self.media = stage, telegram, stage.app.settings.media_dir
        self.client = visitor(stage.url, PATIENCE, headers={HEADER: SECRET})
        self.chats: dict[str, int] = {}
        self.seen: dict[str, int] = {}
        self.deliveries = count()
        self.groups = count(1)

    def now(self) -> datetime:
        return self.stage.clock.now

    def write(self, work: Callable[[Session], Any]) -> None:
        self.stage.write(work)

    def seat(self, name: str) -> Seat:
        [channel] = self.stage.app.channels.values()
        return Seat(channel.account, channel.name, str(self._chat(name)))

    def officer(self, name: str, region: str) -> None:
        self.stage.appoint(str(self._chat(name)), region)
        self.texts(name, "menu")

    def texts(self, name: str, *texts: str) -> None:
        self._deliver(*(self.telegram.text(self._chat(name), text) for text in texts))

    def quote(self, name: str, place: int, text: str) -> None:
        self._deliver(self.telegram.text(self._chat(name), text, reply_to=self._heard(name)[-place].message_id))

    def tap(self, name: str, option: str, earlier: int = 0) -> None:
        heard = self._heard(name)
        place, press = find_press([[data for _, data in shown.buttons] for shown in heard], option, earlier)
        self._deliver(self.telegram.tap(self._chat(name), press, heard[place].message_id))

    def album(self, name: str, pictures: list[str], caption: str) -> None:
        group = f"album{next(self.groups)}" if len(pictures) > 1 else ""
        contents = [picture_of(word) for word in pictures]
        photos = [self.telegram.photo(self._chat(name), content, group, "" if place else caption) for place, content in enumerate(contents)]
        self._deliver(*photos)

    def sheet(self, name: str, paper: Paper, caption: str) -> None:
        self._deliver(self.telegram.document(self._chat(name), paper.content, paper.kind, paper.name, caption=caption))

    def pin(self, name: str, latitude: float, longitude: float) -> None:
        self._deliver(self.telegram.location(self._chat(name), latitude, longitude))

    def contact(self, name: str, phone: str) -> None:
        self._deliver(self.telegram.contact(self._chat(name), phone))

    def rule(self, name: str, value: int) -> None:
        self.stage.rule(name, value)

    def wait(self, seconds: float) -> None:
        self.stage.wait(seconds)

    def heard(self, name: str) -> list[str]:
        heard = self._heard(name)
        fresh = heard[self.seen.get(name, 0) :]
        self.seen[name] = len(heard)
        return list(_messages(fresh))

    def _chat(self, name: str) -> int:
        return self.chats.setdefault(name, 5_550_001 + len(self.chats))

    def _heard(self, name: str) -> list[Shown]:
        return self.telegram.heard(self._chat(name))

    def _deliver(self, *updates: dict[str, Any]) -> None:
        """Each update twice: every other one while the first is in hand, the others after it."""

        def post(update: dict[str, Any]) -> None:
            assert self.client.post(WEBHOOK, json=update).status_code == 200

        def both() -> None:
            for update in updates:
                if next(self.deliveries) % 2:
                    with ThreadPoolExecutor(2) as pool:
                        for done in [pool.submit(post, update), pool.submit(post, update)]:
                            done.result()
                else:
                    post(update)
                    post(update)

        self.stage.act(both)


def _messages(shown: list[Shown]) -> list[str]:
    """Pictures and the text below them are one message of ours."""
    found: list[str] = []
    pictures = 0
    for one in shown:
        pictures += len(one.photos) if not one.method.startswith("edit") else 0
        if one.html:
            found.append(words_of(unescape(one.html.replace("<b>", "*").replace("</b>", "*")), one.labels, pictures))
            pictures = 0
    return found
