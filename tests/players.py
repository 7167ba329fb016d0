"""The players of transcripts: the terminal's channel in process; Telegram and the web chat over real HTTP."""

from __future__ import annotations

from itertools import count

from bot.channels.channel import Inbound
from handlers.said import Said
from messages import Rendered
from tests.script import find_press, words_of
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
        self.news.setdefault(name, []).extend(self.world.photos(name, seeds, caption))

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
        self.news.setdefault(inbound.address, []).extend(self.world.hand(inbound))
        repeated = self.world.hand(inbound)
        assert not repeated, "a repeat was answered"


def golden_words(rendered: Rendered) -> str:
    text = "".join(f"*{span.text}*" if span.strong else span.text for span in rendered.spans)
    return words_of(text, [button.label for button in rendered.buttons], len(rendered.media))
