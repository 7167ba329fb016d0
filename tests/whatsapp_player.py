"""Plays transcripts on WhatsApp: signed webhooks in over real HTTP, the Cloud API's stand-in out. Every webhook comes twice, every status
twice and out of order, and nobody's number is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count, cycle
from typing import Any

from sqlmodel import Session, col, select

from bot.webhooks import WHATSAPP
from models.outbox import Outgoing
from tests.papers import Paper
from tests.pictures import picture_of
from tests.script import find_press, words_of
from tests.seeds import Seat
from tests.stage import PATIENCE, Stage
from tests.standin_whatsapp import StandIn
from tests.visiting import visitor
from tests.whatsapp_chats import Shown
from tests.whatsapp_updates import Owner, Webhook, batch, hidden, signed

ALIKE = str.maketrans({"∗": "*", "∼": "~", "ˋ": "`"})
"""What stands for a mark in people's own words, so that it is none."""


STORM: list[Any] = [None, None, ("", 131000), None, None, ("cut", 0), None, None, ("", 131056), None, None, ("half", 0)]
"""How what is shown next is answered, and with which code."""


class WhatsappPlayer:
    """In `storm` every third thing that people do meets a fault of the platform, each of them in turn."""

    def __init__(self, stage: Stage, whatsapp: StandIn, storm: bool = False) -> None:
        self.stage, self.whatsapp, self.media = stage, whatsapp, stage.app.settings.media_dir
        self.faults = cycle(STORM) if storm else cycle([None])
        self.client = visitor(stage.url, PATIENCE)
        self.owners: dict[str, Owner] = {}
        self.seen: dict[str, int] = {}
        self.deliveries = count()

    def now(self) -> datetime:
        return self.stage.clock.now

    def write(self, work: Callable[[Session], Any]) -> None:
        self.stage.write(work)

    def seat(self, name: str) -> Seat:
        """Who is there already has written before, so that the window is open."""
        [channel] = self.stage.app.channels.values()
        self.whatsapp.text(self._owner(name), "halo")
        return Seat(channel.account, channel.name, self._owner(name).user_id)

    def officer(self, name: str, region: str) -> None:
        self.stage.appoint(self._owner(name).user_id, region)
        self.texts(name, "menu")

    def texts(self, name: str, *texts: str) -> None:
        self._deliver(*(self.whatsapp.text(self._owner(name), text) for text in texts))

    def quote(self, name: str, place: int, text: str) -> None:
        quoted = self._whole(name)[-place]
        self._deliver(self.whatsapp.text(self._owner(name), text, reply_to=quoted.message_id))

    def tap(self, name: str, option: str, earlier: int = 0) -> None:
        """As a button or as a row of a list."""
        heard = self._whole(name)
        place, press = find_press([[press for _, press in shown.buttons] for shown in heard], option, earlier)
        self._deliver(self.whatsapp.chosen(self._owner(name), heard[place], press))

    def album(self, name: str, pictures: list[str], caption: str) -> None:
        """Here it is so many messages of the same second."""
        contents = [picture_of(word) for word in pictures]
        self._deliver(*(self.whatsapp.image(self._owner(name), one, "" if place else caption) for place, one in enumerate(contents)))

    def sheet(self, name: str, paper: Paper, caption: str) -> None:
        self._deliver(self.whatsapp.document(self._owner(name), paper.content, paper.name, paper.kind, caption))

    def pin(self, name: str, latitude: float, longitude: float) -> None:
        self._deliver(self.whatsapp.location(self._owner(name), latitude, longitude))

    def contact(self, name: str, phone: str) -> None:
        self._deliver(self.whatsapp.contact(self._owner(name), phone))

    def rule(self, name: str, value: int) -> None:
        self.stage.rule(name, value)

    def wait(self, seconds: float) -> None:
        self.stage.wait(seconds)
        self.hear()

    def heard(self, name: str) -> list[str]:
        heard = self.whatsapp.heard_by(self._owner(name))
        fresh = heard[self.seen.get(name, 0) :]
        self.seen[name] = len(heard)
        return messages(fresh)

    def assert_all_read(self) -> None:
        """The statuses found their rows, in whatever order they came."""
        ends = self.stage.read(_statuses)
        assert "read" in ends and not ends & {"claimed", "sent", "delivered", "unknown", "failed"}, ends

    def _whole(self, name: str) -> list[Shown]:
        """The last part of each message of ours: it has the buttons."""
        return [shown for shown in self.whatsapp.heard_by(self._owner(name)) if shown.tag.isdecimal()]

    def _owner(self, name: str) -> Owner:
        return self.owners.setdefault(name, hidden(5_550_001 + len(self.owners)))

    def _deliver(self, *webhooks: Webhook) -> None:
        """Each twice: every other one while the first is in hand, the others after it."""

        def both() -> None:
            for webhook in webhooks:
                if next(self.deliveries) % 2:
                    with ThreadPoolExecutor(2) as pool:
                        for done in [pool.submit(self._post, webhook), pool.submit(self._post, webhook)]:
                            done.result()
                else:
                    self._post(webhook)
                    self._post(webhook)

        if fault := next(self.faults):
            for kind in ("text", "interactive", "image"):
                self.whatsapp.fail(*fault, kind=kind)
        self.stage.act(both)
        self.hear()
        while self.stage.read(_tried):
            self.stage.quiet(5)
            self.hear()

    def hear(self) -> None:
        """What became of the messages: read before sent in one batch, then every other one again, sent last."""
        if told := self.whatsapp.take_statuses():
            self._post(batch(*told[::-1], entries=next(self.deliveries) % 2 == 0))
            self._post(batch(*told[::-2]))

    def _post(self, webhook: Webhook) -> None:
        body, headers = signed(webhook, self.whatsapp.secret)
        answer = self.client.post(WHATSAPP, content=body, headers=headers)
        assert answer.status_code == 200, answer.status_code


def messages(shown: list[Shown]) -> list[str]:
    """As golden text: a message of ours may be several requests, of which the last one carries its whole tag."""
    found: list[str] = []
    parts: list[Shown] = []
    for one in shown:
        parts.append(one)
        if one.tag.isdecimal():
            text = "".join(part.text for part in parts).translate(ALIKE)
            found.append(words_of(text, one.labels, sum(len(part.photos) for part in parts)))
            parts = []
    assert not parts, f"pictures without their words: {parts}"
    return found


def _tried(session: Session) -> bool:
    """Whether a message waits to be tried again."""
    again = select(Outgoing).where(Outgoing.status == "queued", col(Outgoing.attempts) > 0)
    return session.exec(again).first() is not None


def _statuses(session: Session) -> set[str]:
    return {row.status for row in session.exec(select(Outgoing))}
