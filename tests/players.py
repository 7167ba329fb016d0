"""The players of transcripts: the terminal's channel in process; Telegram and the web chat over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import httpx
from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.channels.raw import is_sheet
from handlers.said import Said
from messages import Rendered
from models.contact import Address
from models.outbox import Outgoing
from tests.papers import Paper
from tests.pictures import picture_of
from tests.script import find_press, words_of
from tests.seeds import Seat
from tests.stage import PATIENCE, STEP, Stage
from tests.visiting import visitor
from tests.world import World


class TerminalPlayer:
    """Plays in a `World`, every message delivered twice."""

    def __init__(self, world: World) -> None:
        self.world, self.media = world, world.app.settings.media_dir
        self.news: dict[str, list[Rendered]] = {}
        self.told: dict[str, list[Rendered]] = {}
        self.seats: set[str] = set()
        self.ids = count(1)

    def now(self) -> datetime:
        return self.world.now

    def write(self, work: Callable[[Session], Any]) -> None:
        self.world.write(work)

    def rule(self, name: str, value: int) -> None:
        self.world.app.scene = replace(self.world.app.scene, **{name: value})  # type: ignore[arg-type]

    def seat(self, name: str) -> Seat:
        self.seats.add(name)
        return Seat(self.world.channel.account, self.world.channel.name, name)

    def officer(self, name: str, region: str) -> None:
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(text="menu"), office=region))

    def texts(self, name: str, *texts: str) -> None:
        self._twice(*(Inbound(f"p{next(self.ids)}", name, Said(text=text)) for text in texts))

    def quote(self, name: str, place: int, text: str) -> None:
        """The terminal has no ids of messages: the row gets one when it is quoted."""
        self.write(partial(_number, name=name, place=place))
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(text=text, quoted="quoted")))

    def tap(self, name: str, option: str, earlier: int = 0) -> None:
        _, press = find_press([[button.press for button in one.buttons] for one in self.told[name]], option, earlier)
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(kind="tap", press=press)))

    def album(self, name: str, pictures: list[str], caption: str) -> None:
        ends = self.world.now + STEP
        self.news.setdefault(name, []).extend(self.world.album(name, [picture_of(word) for word in pictures], caption))
        self._listen()
        self.world.now = ends

    def sheet(self, name: str, paper: Paper, caption: str) -> None:
        media = {"hex": paper.content.hex()} if is_sheet(paper.name, paper.kind) else {}
        once = Inbound(f"p{next(self.ids)}", name, Said(kind="file", text=caption), media)
        ends = self.world.now + STEP
        for _ in range(2):
            self.world.receive(once)
        self.news.setdefault(name, []).extend(self.world.hears(name))
        self._listen()
        self.world.now = ends

    def pin(self, name: str, latitude: float, longitude: float) -> None:
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(kind="location", location=(latitude, longitude))))

    def contact(self, name: str, phone: str) -> None:
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(kind="contact", phone=phone)))

    def wait(self, seconds: float) -> None:
        ends = self.world.now + timedelta(seconds=seconds)
        self.world.now = ends - self.world.channel.settle
        self.world.steer()
        self._listen()
        self.world.now = ends

    def heard(self, name: str) -> list[str]:
        heard = self.news.pop(name, [])
        self.told.setdefault(name, []).extend(heard)
        return [golden_words(rendered) for rendered in heard]

    def _twice(self, *inbounds: Inbound) -> None:
        ends = self.world.now + STEP
        name = inbounds[0].address
        self.news.setdefault(name, []).extend(self.world.hand(*inbounds))
        repeated = self.world.hand(*inbounds)
        assert not repeated, "a repeat was answered"
        self._listen()
        self.world.now = ends

    def _listen(self) -> None:
        """Everybody hears what is due now, as on the channels that send by themselves."""
        for name in {*self.seats, *self.told}:
            self.news.setdefault(name, []).extend(self.world.hears(name))


def _number(session: Session, name: str, place: int) -> None:
    rows = (
        select(Outgoing)
        .join(Address, col(Address.id) == col(Outgoing.address_id))
        .where(Address.address == name, Outgoing.status == "sent")
    )
    newest = session.exec(rows.order_by(col(Outgoing.settled_at).desc(), col(Outgoing.id).desc()).limit(place)).all()
    newest[-1].external_id = "quoted"


def golden_words(rendered: Rendered) -> str:
    text = "".join(f"*{span.text}*" if span.strong else span.text for span in rendered.spans)
    return words_of(text, [button.label for button in rendered.buttons], len(rendered.media))


class WebPlayer:
    """Plays on the local web chat, everybody under the own name. Every message is posted twice, at once."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.media = stage, stage.app.settings.media_dir
        self.client = visitor(stage.url, PATIENCE, headers={"Origin": stage.url})
        self.told: dict[str, list[dict[str, Any]]] = {}
        self.ids = count(1)

    def now(self) -> datetime:
        return self.stage.clock.now

    def write(self, work: Callable[[Session], Any]) -> None:
        self.stage.write(work)

    def seat(self, name: str) -> Seat:
        [channel] = self.stage.app.channels.values()
        return Seat(channel.account, channel.name, name)

    def officer(self, name: str, region: str) -> None:
        self.stage.appoint(name, region)
        self.texts(name, "menu")

    def texts(self, name: str, *texts: str) -> None:
        self._say(name, *({"text": text} for text in texts))

    def quote(self, name: str, place: int, text: str) -> None:
        self._say(name, {"text": text, "quoted": self.told[name][-place]["external"]})

    def tap(self, name: str, option: str, earlier: int = 0) -> None:
        _, press = find_press([[button["press"] for button in one["buttons"]] for one in self.told[name]], option, earlier)
        self._say(name, {"press": press})

    def sheet(self, name: str, paper: Paper, caption: str) -> None:
        form = {"id": f"sheet-{next(self.ids):06}", "text": caption}
        files = [("files", (paper.name, paper.content, paper.kind))]
        self.stage.act(lambda: self._twice(lambda: self.client.post(f"/chat/{name}/photos", data=form, files=files)))

    def pin(self, name: str, latitude: float, longitude: float) -> None:
        self._say(name, {"location": [latitude, longitude]})

    def contact(self, name: str, phone: str) -> None:
        self._say(name, {"text": phone})

    def album(self, name: str, pictures: list[str], caption: str) -> None:
        form = {"id": f"photos-{next(self.ids):06}", "text": caption}
        files = [("files", (f"{word}.jpg", picture_of(word), "image/jpeg")) for word in pictures]
        path = f"/chat/{name}/photos"
        self.stage.act(lambda: self._twice(lambda: self.client.post(path, data=form, files=files)))

    def wait(self, seconds: float) -> None:
        self.stage.wait(seconds)

    def rule(self, name: str, value: int) -> None:
        self.stage.rule(name, value)

    def heard(self, name: str) -> list[str]:
        events = self.client.get(f"/chat/{name}/history").json()["events"]
        known = {event["id"] for event in self.told.get(name, [])}
        fresh = [event for event in events if event["from"] == "bot" and event["id"] not in known]
        self.told.setdefault(name, []).extend(fresh)
        return [_event_words(event) for event in fresh]

    def _say(self, name: str, *said: dict[str, Any]) -> None:
        bodies = [{"id": f"message-{next(self.ids):06}", **one} for one in said]

        def post(body: dict[str, Any]) -> httpx.Response:
            return self.client.post(f"/chat/{name}/say", json=body)

        def all_of_them() -> None:
            for body in bodies:
                self._twice(partial(post, body))

        self.stage.act(all_of_them)

    def _twice(self, post: Callable[[], httpx.Response]) -> None:
        with ThreadPoolExecutor(2) as pool:
            for answer in [pool.submit(post), pool.submit(post)]:
                assert answer.result().status_code == 200, answer.result().text


def _event_words(event: dict[str, Any]) -> str:
    text = "".join(f"*{span['text']}*" if span["strong"] else span["text"] for span in event["spans"])
    return words_of(text, [button["label"] for button in event["buttons"]], len(event["media"]))
