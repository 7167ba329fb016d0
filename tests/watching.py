"""A world whose sources are a stand-in's: looks at them when they are due, with a clock on which a second of waiting takes no time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from bot.feeds.fetching import Manners
from bot.feeds.polling import sweep
from models.call import Call
from models.feed import Feed
from tests.standin_sources import TOKEN, StandIn
from tests.world import World


class Clock:
    """Seconds of waiting pass at once; `waits` are those that were waited."""

    def __init__(self) -> None:
        self.seconds, self.waits = 0.0, list[float]()

    def ticks(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


class Watch:
    """`look` once at what is due; `pass_by` lets time pass, looking whenever something is due."""

    def __init__(self, world: World, standin: StandIn) -> None:
        self.world, self.standin, self.clock = world, standin, Clock()
        world.app.manners = Manners(self.clock.ticks, self.clock.sleep)

    def look(self) -> int:
        return self.world.do(sweep(self.world.app))

    def all(self, most: int = 50) -> None:
        """Looks until nothing is due any more."""
        for _ in range(most):
            if not self.look():
                return
        raise AssertionError("it does not come to an end")

    def pass_by(self, **span: float) -> None:
        end = self.world.now + timedelta(**span)
        self.look()
        while (at := self.world.read(first_due)) and at <= end:
            self.world.now = max(at, self.world.now)
            self.look()
        self.world.now = end

    def feed(self, name: str) -> Feed:
        return self.world.read(lambda session: session.exec(select(Feed).where(Feed.name == name)).one())

    def calls(self, source: str = "") -> int:
        kept = select(func.count()).select_from(Call)
        return self.world.read(lambda session: session.exec(kept.where(Call.source == source) if source else kept).one())


def first_due(session: Session) -> Any:
    return session.exec(select(func.min(col(Feed.next_at)))).one()


SOURCES: dict[str, Callable[[str], dict[str, str]]] = {
    "inaproc": lambda url: {"inaproc_api": url, "inaproc_token": TOKEN, "inaproc_offices": "D107,D108"},
    "sirup": lambda url: {"sirup_api": url, "sirup_places": "14903,14902"},
    "spse": lambda url: {"spse_urls": f"{url}/samarindakota"},
    "ocds": lambda url: {"ocds_urls": f"{url}/ocds/0"},
}


@contextmanager
def watching(database: str, folder: Path, *names: str, **more: Any) -> Iterator[Watch]:
    """`names` are the sources that are set, `more` other settings."""
    standin = StandIn()
    asyncio.run(standin.start())
    settings = {key: value for name in names for key, value in SOURCES[name](standin.url).items()} | more
    try:
        with World(database, folder / "media", **settings) as world:
            yield Watch(world, standin)
    finally:
        asyncio.run(standin.stop())
