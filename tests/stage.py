"""The real server in a thread over real HTTP, with a clock that the test moves: for transcripts on the web chat and on Telegram."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, bindparam, func, select
from sqlmodel import Session, col

from bot.app import App
from bot.asked import introduce
from bot.channels.channel import Channel
from bot.settings import Settings
from bot.store import open_engine
from bot.web import Server
from models.campaign import LIVE, Campaign
from models.columns import Moment
from models.inbox import Received
from models.outbox import Outgoing
from tests.world import MORNING, steered

Result = TypeVar("Result")
STEP = timedelta(seconds=10)
"""How long one thing that people do takes by the clock, on every channel alike."""
PATIENCE = 30.0
"""Seconds until something that should happen counts as not happening."""


class Clock:
    """Moved by the test, and by who would have slept: no pause takes time."""

    def __init__(self) -> None:
        self.now: datetime = MORNING

    def tick(self) -> datetime:
        """The time, never twice the same: what happens later is seen to be later."""
        self.now += timedelta(microseconds=1)
        return self.now

    def ticks(self) -> float:
        return self.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=max(seconds, 0))
        await asyncio.sleep(0)


class Stage:
    """`act` does something and waits until everything that follows from it has been said."""

    def __init__(self, settings: Settings, channels: Sequence[Channel], clock: Clock) -> None:
        self.clock = clock
        self.app = App(settings, clock=clock.tick, channels=channels, ticks=clock.ticks, sleep=clock.sleep)
        self.server = Server(self.app)
        self.reader = open_engine(settings.database_url, read_only=True)
        self._looking: Connection | None = None

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        until(lambda: self.server.started or not self.thread.is_alive())
        assert self.server.started, "the server did not start"
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"
        return self

    def _serve(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self.server.serve())
        self.loop.close()

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(PATIENCE)
        if self._looking:
            self._looking.close()
        self.reader.dispose()
        assert not self.thread.is_alive(), "the server did not stop"

    def act(self, do: Callable[[], Any]) -> None:
        """Takes `STEP` of the clock's time, whatever the sender had to wait meanwhile."""
        ends = self.clock.now + STEP
        self.clock.now += timedelta(seconds=1)
        do()
        self.quiet()
        self.clock.now = max(ends, self.clock.now)

    def wait(self, seconds: float) -> None:
        """The clock moves, and what the scheduler does each second is done then."""
        self.quiet(seconds)
        asyncio.run_coroutine_threadsafe(steered(self.app), self.loop).result(PATIENCE)
        self.quiet(0)

    def rule(self, name: str, value: int) -> None:
        self.app.scene = replace(self.app.scene, **{name: value})  # type: ignore[arg-type]

    def quiet(self, seconds: float = 3) -> None:
        """The clock passes the moment in which an answer waits for more; then nothing is due and nobody is at work."""
        self._until_idle(pictures=True)
        self.clock.now += timedelta(seconds=seconds)
        self.loop.call_soon_threadsafe(self.app.wake)
        self._until_idle()

    def read(self, work: Callable[[Session], Result]) -> Result:
        with Session(self.looking()) as session:
            return work(session)

    def looking(self) -> Connection:
        """Kept open: what is asked every two milliseconds is not also connected for each time."""
        self._looking = self._looking or self.reader.connect()
        return self._looking

    def write(self, work: Callable[[Session], Result]) -> Result:
        return self.app.store.submit(work).result(PATIENCE)

    def appoint(self, address: str, region: str) -> None:
        """By the command line's way: the office is given to an address."""
        [channel] = self.app.channels.values()
        self.write(partial(introduce, app=self.app, channel=channel, address=address, office=region, now=self.clock.now))

    def received(self) -> int:
        return self.read(lambda session: int(session.execute(select(func.count()).select_from(Received)).scalar_one()))

    def _until_idle(self, pictures: bool = False) -> None:
        """And whoever wrote last has gone on from there: a clock that moves before that would be taken for the time of what was written."""
        until(lambda: self._idle(pictures))
        self.write(lambda _: None)
        asyncio.run_coroutine_threadsafe(_turns(), self.loop).result(PATIENCE)
        until(lambda: self._idle(pictures))

    def _idle(self, pictures: bool = False) -> bool:
        with (looking := self.looking()).begin():
            return not looking.execute(WAITING if pictures else OPEN, {} if pictures else {"now": self.clock.now}).scalar_one()


HELD = select(col(Campaign.id)).where(col(Campaign.status).not_in(LIVE))
DUE = (
    (col(Outgoing.status) == "queued")
    & (col(Outgoing.due_at) <= bindparam("now", type_=Moment))
    & ~func.coalesce(col(Outgoing.campaign_id).in_(HELD), False)
)
FETCHED = select(col(Received.id)).where(col(Received.status).in_(("waiting", "queued"))).exists()
WAITING = select(FETCHED)
"""Whether pictures are being fetched."""
OPEN = select(FETCHED | select(col(Outgoing.id)).where((col(Outgoing.status) == "claimed") | DUE).exists())
"""Whether somebody is still at work: on pictures, or on what is due."""


async def _turns() -> None:
    """Whoever was waiting for what is there already has had their turn."""
    for _ in range(5):
        await asyncio.sleep(0)


def until(holds: Callable[[], object]) -> None:
    ends = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < ends, "it did not happen in time"
        sleep(0.002)


def settings_for(database: str, media: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, database_url=database, media_dir=media, port=0, **more)  # type: ignore[call-arg]
