"""Wires the running system, starts and stops it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import structlog

from bot import inbox, migrate, unfinished
from bot.channels.channel import Channel, Found, Inbound, News, Receipt
from bot.channels.configured import channels_of
from bot.duties import RECEIVING, Role, duties, take_up
from bot.feeds.fetching import Manners
from bot.leases import Keeping
from bot.sending.lines import heard, resume_line, stop_line, stopped_lines
from bot.sending.outbox import Sender, Sleep, Ticks
from bot.sending.receipts import receipted
from bot.settings import Settings
from bot.store import Store, may_pass
from bot.unfinished import FETCH
from bot.wakes import Wakes
from handlers.visit import Uncounted
from models.shelf import SHELF, Shelf

log = structlog.get_logger()
Played = TypeVar("Played")
FETCHING = 6
"""So many pictures at most are in memory at once."""
LOOK = 1.0
"""Seconds between two looks at what other processes may have queued, stopped or left behind."""
LINES = "lines"
"""Told to the others when an account was stopped or taken up again."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class App:
    """One process: the database, the channels, a sender for each account."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now, channels: Sequence[Channel] | None = None,
                 ticks: Ticks = time.monotonic, sleep: Sleep = asyncio.sleep, role: Role = "all") -> None:  # fmt: skip
        self.settings, self.clock, self.role = settings, clock, role
        settings.media_dir.mkdir(parents=True, exist_ok=True)
        self.media = settings.media
        self.store = Store(settings.database_url, settings.database_pool)
        self.shelf = Shelf(self.store.reader)
        self.store.known[SHELF] = self.shelf
        self.worker = secrets.token_hex(4)
        links = tuple(settings.links.split(","))
        self.scene = inbox.Scene(
            settings.region, settings.timezone, links, settings.official_page, settings.approve_above, self.worker, settings.terms, {}
        )
        self.channels = {channel.account: channel for channel in (channels if channels is not None else channels_of(settings, role))}
        self.senders = {
            account: Sender(self.store, channel, self.media, clock, self.worker, ticks, sleep) for account, channel in self.channels.items()
        }
        self.wakes = None if self.store.sqlite else Wakes(settings.database_url, self.worker, self._heard)
        self.keepings: dict[str, Keeping] = {}
        """By the name of the lease."""
        self.tasks: set[asyncio.Task[None]] = set()
        self.fetching = asyncio.Semaphore(FETCHING)
        self.manners = Manners(ticks, sleep)
        self.whole = channels is None
        """Whether every channel that the settings name is here: a command that works alone has only the terminal."""

    async def start(self) -> None:
        """Migrates, takes what leases are free, takes up what a stop or a crash left behind, and begins to send. What is open by then is
        closed where something of it fails.
        """
        try:
            await self._begin()
        except BaseException:
            await self.stop()
            raise

    async def _begin(self) -> None:
        await asyncio.to_thread(migrate.upgrade, self.settings.database_url)
        self.spawn(self._fill())
        await self._look_at_lines()
        for account, sender in self.senders.items():
            sender.halt, sender.terms, sender.books.elsewhere = self.halt, self.settings.terms, self.wake
            if not sender.channel.loops:
                await take_up(self, account)
        for keeping in duties(self):
            await self.keep(keeping)
        if self.role in RECEIVING:
            await unfinished.sweep(self)
        if self.wakes:
            self.spawn(self.wakes.run())
            self.spawn(self._look_about())

    async def keep(self, keeping: Keeping) -> None:
        """Has it done for as long as the process runs, whenever its lease is ours."""
        self.keepings[keeping.name] = keeping
        await keeping.step()
        self.spawn(keeping.run())

    async def _fill(self) -> None:
        """Until the products stand in memory, the tables are asked; of a million they take a minute."""
        try:
            await asyncio.to_thread(self.shelf.build)
        except Exception as error:
            log.warning("the products could not be read", error=inbox.where(error))

    async def stop(self) -> None:
        self.shelf.close()
        if self.wakes:
            await self.wakes.told()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.gather(*(sender.land() for sender in self.senders.values()))
        for channel in self.channels.values():
            await channel.close()
        self.store.close()

    def spawn(self, work: Coroutine[Any, Any, None], name: str = "") -> None:
        task = asyncio.create_task(work, name=name or None)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def wake(self) -> None:
        """Whoever sends looks for what is due, in this process and in the others."""
        self._heard("")
        if self.wakes:
            self.wakes.tell()

    def _heard(self, word: str) -> None:
        for sender in self.senders.values():
            sender.wake()
        if word == LINES:
            self.spawn(self._look_at_lines())

    async def _look_at_lines(self) -> None:
        stopped = await self.store.read(stopped_lines)
        for account, sender in self.senders.items():
            sender.stopped = account in stopped

    async def _look_about(self) -> None:
        """What was not told, or was told while nobody listened, is found within a second."""
        while True:
            await asyncio.sleep(LOOK)
            self._heard("")
            try:
                await self._look_at_lines()
                if self.role in RECEIVING:
                    await unfinished.sweep(self)
            except Exception as error:
                log.warning("could not look", error=inbox.where(error))

    async def receive(self, channel: Channel, inbound: Inbound) -> inbox.Outcome:
        """Takes one message. Returns after the commit; raises when the database does not answer, or takes not even a dead letter."""
        clean, now = inbox.screened(inbound), self.clock()
        try:
            outcome = await self.play(partial(inbox.accept, channel=channel, inbound=clean, now=now))
        except Exception as error:
            if may_pass(error):
                raise  # the message is not at fault: it comes again, and finds the database there
            log.error("turn failed", error=inbox.where(error), account=channel.account)
            outcome = await self.store.write(partial(inbox.bury, channel=channel, inbound=clean, error=error, now=now, scene=self.scene))
        self.wake()
        if outcome.received and outcome.status in ("waiting", "queued", "repeat"):
            self.spawn(unfinished.finish(self, channel.account, outcome.received), FETCH)
        self.spawn(channel.acknowledge(inbound))
        return outcome

    async def play(self, turn: Callable[..., Played]) -> Played:
        """A turn in its transaction. What it takes long to count is counted on the reader, and the turn is played again with that."""
        scene = self.scene
        while True:
            try:
                return await self.store.write(partial(turn, scene=scene))
            except Uncounted as asked:
                scene = replace(scene, counts={**(scene.counts or {}), asked.key: await self.store.read(asked.count)})

    async def receive_all(self, channel: Channel, found: Sequence[Found]) -> None:
        """Everything of one delivery; raises when some of it could not be kept, after the rest was."""
        people: dict[str, list[Inbound]] = defaultdict(list)
        for one in found:
            if isinstance(one, Inbound):
                people[one.address].append(one)
        receipts = [one for one in found if isinstance(one, Receipt)]
        told = [one for one in found if isinstance(one, News)]
        work: list[Coroutine[Any, Any, None]] = [self._receive_in_order(channel, messages) for messages in people.values()]
        work += [self._settle(channel, receipts)] if receipts else []
        work += [self._hear(channel, one) for one in told]
        done = await asyncio.gather(*work, return_exceptions=True)
        for error in done:
            if isinstance(error, BaseException):
                raise error

    async def _receive_in_order(self, channel: Channel, messages: Sequence[Inbound]) -> None:
        for one in messages:
            await self.receive(channel, one)

    async def _settle(self, channel: Channel, receipts: Sequence[Receipt]) -> None:
        told = await self.store.write(partial(receipted, account=channel.account, receipts=receipts, now=self.clock()))
        if told.stop:
            await self.halt(channel.account, told.stop)
        if told.wakes:
            self.wake()

    async def _hear(self, channel: Channel, news: News) -> None:
        reason = await self.store.write(partial(heard, news=news, now=self.clock(), province=self.settings.region))
        if reason:
            await self.halt(channel.account, reason)
        self.wake()

    async def halt(self, account: str, reason: str) -> None:
        """Nothing leaves an account until somebody has looked at it; the officers hear why."""
        self._let_send(account, False)
        try:
            await self.store.write(partial(stop_line, account=account, reason=reason, now=self.clock(), province=self.settings.region))
        except BaseException:
            self._let_send(account, True)  # stopped without a word to anybody, nobody would ever take it up again
            raise
        self._tell_lines()

    async def resume(self, account: str) -> bool:
        """Whether the account was stopped."""
        was = await self.store.write(partial(resume_line, account=account))
        self._let_send(account, True)
        self._tell_lines()
        return was

    def _let_send(self, account: str, may: bool) -> None:
        if account in self.senders:
            self.senders[account].stopped = not may

    def _tell_lines(self) -> None:
        self.wake()
        if self.wakes:
            self._heard(LINES)  # a look that began before the commit may have found what was
            self.wakes.tell(LINES)

    async def settled(self) -> None:
        """Until no picture is being fetched any more."""
        while pending := [task for task in self.tasks if task.get_name() == FETCH]:
            await asyncio.wait(pending)
