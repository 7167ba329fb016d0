"""Wires the running system, starts and stops it."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session, col, select

from bot import inbox, migrate
from bot.channels.channel import Channel, Found, Inbound, News, Receipt, SendError
from bot.channels.terminal import Terminal
from bot.channels.webchat import Webchat
from bot.claims import recover
from bot.lines import heard, resume_line, stop_line, stopped_lines
from bot.outbox import Sender, Sleep, Ticks
from bot.photos import keep
from bot.receipts import receipted
from bot.settings import Settings
from bot.store import Store
from handlers.said import Photo
from models.inbox import Received

log = structlog.get_logger()
FETCH_TRIES = 4
FETCHING = 6
"""So many pictures at most are in memory at once."""
FETCH = "fetch"
"""The name of the tasks that fetch pictures."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class App:
    """One process: the database, the channels, a sender for each account."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now, channels: Sequence[Channel] | None = None,
                 ticks: Ticks = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:  # fmt: skip
        self.settings, self.clock = settings, clock
        settings.media_dir.mkdir(parents=True, exist_ok=True)
        self.store = Store(settings.database_url)
        self.scene = inbox.Scene(
            settings.region, settings.timezone, tuple(settings.links.split(",")), settings.official_page, settings.terms
        )
        self.channels = {channel.account: channel for channel in (channels if channels is not None else channels_of(settings))}
        worker = secrets.token_hex(4)
        self.senders = {
            account: Sender(self.store, channel, settings.media_dir, clock, worker, ticks, sleep)
            for account, channel in self.channels.items()
        }
        self.tasks: set[asyncio.Task[None]] = set()
        self.fetching = asyncio.Semaphore(FETCHING)
        self.whole = channels is None
        """Whether every channel that the settings name is here: a command that works alone has only the terminal."""

    async def start(self) -> None:
        """Migrates, takes up what a stop or a crash left behind, and begins to send."""
        await asyncio.to_thread(migrate.upgrade, self.settings.database_url)
        stopped = await self.store.read(stopped_lines)
        for account, sender in self.senders.items():
            sender.halt, sender.stopped, sender.terms = self.halt, account in stopped, self.settings.terms
            left = await self.store.write(partial(recover, account=account, now=self.clock(), echo=sender.channel.echo))
            if left:
                log.info("recovered", rows=left, account=account)
            if sender.channel.loops:
                self.spawn(self._keep_running(sender))
            if sender.channel.name == "telegram":
                from bot import polling  # its libraries cost half a second, only where they are used

                self.spawn(polling.run(self, sender.channel))
        for account, received in await self.store.read(_unfinished):
            if account in self.channels:
                self.spawn(self._finish(self.channels[account], received), FETCH)
            elif self.whole:
                self.spawn(self._give_up(received), FETCH)

    async def stop(self) -> None:
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
        for sender in self.senders.values():
            sender.wake()

    async def receive(self, channel: Channel, inbound: Inbound) -> inbox.Outcome:
        """Takes one message. Returns after the commit; raises only when not even a dead letter could be written."""
        clean, now = inbox.screened(inbound), self.clock()
        try:
            outcome = await self.store.write(partial(inbox.accept, channel=channel, inbound=clean, now=now, scene=self.scene))
        except Exception as error:
            log.error("turn failed", error=inbox.where(error), account=channel.account)
            outcome = await self.store.write(partial(inbox.bury, channel=channel, inbound=clean, error=error, now=now, scene=self.scene))
        self.wake()
        if outcome.status in ("waiting", "queued"):
            self.spawn(self._finish(channel, outcome.received), FETCH)
        self.spawn(channel.acknowledge(inbound))
        return outcome

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
        if account in self.senders:
            self.senders[account].stopped = True
        await self.store.write(partial(stop_line, account=account, reason=reason, now=self.clock(), province=self.settings.region))
        self.wake()

    async def resume(self, account: str) -> bool:
        """Whether the account was stopped."""
        was = await self.store.write(partial(resume_line, account=account))
        if account in self.senders:
            self.senders[account].stopped = False
        self.wake()
        return was

    async def settled(self) -> None:
        """Until no picture is being fetched any more."""
        while pending := [task for task in self.tasks if task.get_name() == FETCH]:
            await asyncio.wait(pending)

    async def _finish(self, channel: Channel, received: int) -> None:
        """Fetches the picture of a waiting row, off the writer, and goes on with the person's rows in their order."""
        row = await self.store.read(lambda session: session.get(Received, received))
        if row is not None and row.status == "waiting":
            photo = await self._picture(channel, row)
            await self.store.write(lambda session: inbox.fetched(session, received, photo))
        await self._catch_up(channel, received)

    async def _give_up(self, received: int) -> None:
        """A picture on an account that is no longer configured: nobody can fetch it, and the person's later messages wait for it."""
        await self.store.write(lambda session: inbox.fetched(session, received, Photo(problem="gone")))
        await self._catch_up(self.channels[Terminal.account], received)

    async def _picture(self, channel: Channel, row: Received) -> Photo:
        for tried in range(FETCH_TRIES):
            try:
                async with self.fetching:
                    content = await channel.fetch(row.media)
                    return await asyncio.to_thread(keep, content, self.settings.media_dir)
            except SendError as error:
                log.warning("picture not fetched", row=row.id, reason=error.reason)
                if error.decision not in ("retry", "slow", "unknown"):
                    return Photo(problem=error.reason if error.reason in ("too_big", "not_a_picture") else "gone")
                await asyncio.sleep(min(2**tried, 8))
            except Exception as error:
                # A bug, or a full disk: the person's later messages must not wait for ever.
                log.error("picture not kept", row=row.id, error=inbox.where(error))
                break
        return Photo(problem="gone")

    async def _catch_up(self, channel: Channel, received: int) -> None:
        more = True
        while more:
            now = self.clock()
            try:
                more = await self.store.write(partial(inbox.handle_next, channel=channel, received=received, now=now, scene=self.scene))
            except Exception as error:
                log.error("turn failed", error=inbox.where(error), account=channel.account)
                await self.store.write(partial(inbox.bury_next, received=received, error=error, now=now))
            self.wake()

    async def _keep_running(self, sender: Sender) -> None:
        """A fault of the database must not end the sender; it goes on after a moment."""
        while True:
            try:
                await sender.run()
            except Exception as error:
                log.error("sender stumbled", account=sender.channel.account, error=inbox.where(error))
            await asyncio.sleep(1)


def _unfinished(session: Session) -> list[tuple[str, int]]:
    rows = session.exec(select(Received).where(col(Received.status).in_(("waiting", "queued"))).order_by(col(Received.id)))
    return [(row.account, row.id or 0) for row in rows]


def channels_of(settings: Settings) -> list[Channel]:
    """The channels that the settings name; the terminal is always there."""
    found: list[Channel] = [Terminal()]
    if settings.local:
        found.append(Webchat(settings.media_dir, settings.region))
    if token := settings.telegram_token.get_secret_value():
        from bot.channels.telegram import Telegram

        found.append(Telegram(token, settings.telegram_api))
    if token := settings.whatsapp_token.get_secret_value():
        from bot.channels.whatsapp import Whatsapp

        found += [Whatsapp(number, token, settings.whatsapp_api) for number in settings.whatsapp_phones]
    return found
