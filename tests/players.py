"""The players of transcripts: the terminal's channel in process; Telegram and the web chat over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import httpx

from bot.channels.channel import Inbound
from handlers.said import Said
from messages import Rendered
from tests.pictures import encoded, product
from tests.script import find_press, words_of
from tests.stage import PATIENCE, STEP, Stage
from tests.world import World


class TerminalPlayer:
    """Plays in a `World`, every message delivered twice."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.news: dict[str, list[Rendered]] = {}
        self.ids = count(1)

    def officer(self, name: str, region: str) -> None:
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(text="menu"), office=region))

    def text(self, name: str, text: str) -> None:
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(text=text)))

    def tap(self, name: str, option: str) -> None:
        press = find_press([button.press for button in self.world.last[name].buttons], option)
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(kind="tap", press=press)))

    def album(self, name: str, seeds: list[int], caption: str) -> None:
        ends = self.world.now + STEP
        self.news.setdefault(name, []).extend(self.world.photos(name, seeds, caption))
        self.world.now = ends

    def pin(self, name: str, latitude: float, longitude: float) -> None:
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(kind="location", location=(latitude, longitude))))

    def contact(self, name: str, phone: str) -> None:
        self._twice(Inbound(f"p{next(self.ids)}", name, Said(kind="contact", phone=phone)))

    def wait(self, seconds: float) -> None:
        self.world.later(seconds=seconds)

    def heard(self, name: str) -> list[str]:
        heard = [*self.news.pop(name, []), *self.world.hears(name)]
        return [golden_words(rendered) for rendered in heard]

    def _twice(self, inbound: Inbound) -> None:
        ends = self.world.now + STEP
        self.news.setdefault(inbound.address, []).extend(self.world.hand(inbound))
        repeated = self.world.hand(inbound)
        self.world.now = ends
        assert not repeated, "a repeat was answered"


def golden_words(rendered: Rendered) -> str:
    text = "".join(f"*{span.text}*" if span.strong else span.text for span in rendered.spans)
    return words_of(text, [button.label for button in rendered.buttons], len(rendered.media))


class WebPlayer:
    """Plays on the local web chat: the first owner is "pemilik", the officer "petugas". Every message is posted twice, at once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.client = httpx.Client(base_url=stage.url, timeout=PATIENCE, trust_env=False, headers={"Origin": stage.url})
        self.personas: dict[str, str] = {}
        self.after: dict[str, int] = {}
        self.buttons: dict[str, list[str]] = {}
        self.ids = count(1)

    def officer(self, name: str, region: str) -> None:
        self.personas[name] = "petugas"
        self._say(name, {"text": "menu"})

    def text(self, name: str, text: str) -> None:
        self._say(name, {"text": text})

    def tap(self, name: str, option: str) -> None:
        self._say(name, {"press": find_press(self.buttons[self._persona(name)], option)})

    def pin(self, name: str, latitude: float, longitude: float) -> None:
        self._say(name, {"location": [latitude, longitude]})

    def contact(self, name: str, phone: str) -> None:
        self._say(name, {"text": phone})

    def album(self, name: str, seeds: list[int], caption: str) -> None:
        form = {"id": f"photos-{next(self.ids):06}", "text": caption}
        files = [("files", (f"{seed}.jpg", encoded(product(seed)), "image/jpeg")) for seed in seeds]
        path = f"/chat/{self._persona(name)}/photos"
        self.stage.act(lambda: self._twice(lambda: self.client.post(path, data=form, files=files)))

    def wait(self, seconds: float) -> None:
        self.stage.quiet(seconds)

    def heard(self, name: str) -> list[str]:
        persona = self._persona(name)
        events = self.client.get(f"/chat/{persona}/history").json()["events"]
        answers = [event for event in events if event["from"] == "bot"]
        fresh = answers[self.after.get(persona, 0) :]
        self.after[persona] = len(answers)
        if fresh:
            self.buttons[persona] = [button["press"] for button in fresh[-1]["buttons"]]
        return [_event_words(event) for event in fresh]

    def _persona(self, name: str) -> str:
        return self.personas.setdefault(name, "pemilik")

    def _say(self, name: str, said: dict[str, Any]) -> None:
        body = {"id": f"message-{next(self.ids):06}", **said}
        self.stage.act(lambda: self._twice(lambda: self.client.post(f"/chat/{self._persona(name)}/say", json=body)))

    def _twice(self, post: Callable[[], httpx.Response]) -> None:
        with ThreadPoolExecutor(2) as pool:
            for answer in [pool.submit(post), pool.submit(post)]:
                assert answer.result().status_code == 200, answer.result().text


def _event_words(event: dict[str, Any]) -> str:
    text = "".join(f"*{span['text']}*" if span["strong"] else span["text"] for span in event["spans"])
    return words_of(text, [button["label"] for button in event["buttons"]], len(event["media"]))
