"""The sender: claim rows (commit), send with no transaction open, settle (commit). One for each account."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.channels.channel import Channel, SendError
from bot.claims import BATCH, Claimed, Settled, Taken, claim, settle
from bot.collage import is_sheet, sheet
from bot.inbox import where
from bot.outside import Purse, tell_outside
from bot.pacing import Pace
from bot.store import Store
from messages import Rendered, render
from models.outbox import BULK, REPEATED
from models.terms import Terms

log = structlog.get_logger()
BULK_ROOM = BATCH // 2
"""So many announcements at most are on their way at once, so that an answer never waits behind all of them."""
LANDING = 5.0
"""Seconds that a stop waits for what is being sent."""
BACKOFF = (2, 4, 8, 16, 32, 64, 128)
"""Seconds between tries to write what became of a message."""
LONGEST = 300.0
"""Seconds that a next try waits at most, where the channel does not ask for more."""


def outcome(claimed: Claimed, error: SendError, now: datetime, told: bool = False) -> Settled:
    """One decision for each named send error. `told`: the channel tells of what it took, so its silence means that it may be sent again;
    calls and announcements once, since nobody pays twice for a network that is down.
    """
    settled = Settled(claimed.id, "failed", reason=error.reason, address_id=claimed.address_id, error=error)
    if error.decision == "hold":
        return replace(settled, status="held")
    if error.decision == "later":
        return replace(settled, status="queued", due_at=now + timedelta(seconds=error.retry_after), untried=True)
    if error.decision in ("migrated", "stop"):
        return replace(settled, status="queued", due_at=now)
    if error.decision == "unknown" and claimed.kind not in REPEATED and (not told or claimed.attempts):
        return replace(settled, status="unknown")
    if error.decision not in ("retry", "slow", "unknown") or claimed.attempts + 1 >= error.tries:
        return settled
    wait = error.retry_after or min(error.base ** (claimed.attempts + 1), LONGEST)
    return replace(settled, status="queued", due_at=now + timedelta(seconds=wait))


Ticks = Callable[[], float]
"""Seconds of a clock that only goes forward."""
Sleep = Callable[[float], Awaitable[None]]


class Sender:
    """Sends the rows of one account until it is stopped."""

    def __init__(
        self, store: Store, channel: Channel, media: Path, clock: Callable[[], datetime], worker: str, ticks: Ticks, sleep: Sleep
    ) -> None:
        self.store, self.channel, self.media, self.clock, self.worker = store, channel, media, clock, worker
        self.ticks, self.sleep = ticks, sleep
        self.pace = Pace(channel.rate, channel.chat_rate, channel.burst)
        self.terms, self.purse = Terms(), Purse()
        """What may go as a template that is paid for, and what is left of it."""
        self.stopped = False
        """Nothing is taken while the account waits for somebody to look at it."""
        self.halt: Callable[[str, str], Awaitable[None]] | None = None
        self.woken = asyncio.Event()
        self.inflight: dict[int, asyncio.Task[None]] = {}
        """By address."""
        self.bulk: set[int] = set()
        """Those of them that get an announcement."""
        self.more = True

    def wake(self) -> None:
        self.woken.set()

    async def run(self) -> None:
        while True:
            self.woken.clear()
            # Until the claim has looked, whoever lands makes it look again.
            self.more = True
            room = BATCH - len(self.inflight)
            taken = await self.take(room) if room > 0 else Taken(more=True)
            self.more = taken.more
            for one in taken.rows:
                self._begin(one)
            await self._rest(taken)

    def _begin(self, one: Claimed) -> None:
        task = asyncio.create_task(self._deliver(one))
        self.inflight[one.address_id] = task
        if one.lane == BULK:
            self.bulk.add(one.address_id)
        task.add_done_callback(lambda _: self._landed(one.address_id))

    def _landed(self, address_id: int) -> None:
        self.inflight.pop(address_id, None)
        self.bulk.discard(address_id)
        if self.more:
            self.woken.set()

    async def land(self) -> None:
        """Lets what is on its way arrive, for a moment: cut off, it would be sent twice or be unknown."""
        if self.inflight:
            await asyncio.wait(self.inflight.values(), timeout=LANDING)
        for task in self.inflight.values():
            task.cancel()

    async def take(self, limit: int, address: str = "") -> Taken:
        if self.stopped:
            return Taken()
        busy = frozenset(self.inflight)
        bulk = 0 if self.pace.halted(self.ticks()) else BULK_ROOM - len(self.bulk)
        # Who takes messages on demand has said all there is to say: an answer need not wait for more.
        due = self.clock() + (self.channel.settle if address else timedelta(0))
        account, worker = self.channel.account, self.worker
        return await self.store.write(
            lambda session: claim(session, account, worker, due, limit=limit, bulk=bulk, address=address, busy=busy)
        )

    async def drain(self, address: str) -> list[Rendered]:
        """Sends what is due for one address now and returns it, for who takes messages on demand."""
        shown: list[Rendered] = []
        while rows := (await self.take(1, address)).rows:
            one = await self._pictured(rows[0])
            shown.append(render(one.message, one.voice))
            await self._deliver(one)
        return shown

    async def _deliver(self, one: Claimed) -> None:
        pictured = await self._pictured(one)
        result = await self._send(pictured)
        if pictured.pictured:
            result = replace(result, message=pictured.message.to_json())
        await self._settle(result, self.clock())
        # A row that is tried again has a new time, which the rest that has begun does not know.
        self.more = self.more or result.status in ("queued", "held")
        settled = getattr(self.channel, "settled", None)
        if settled:
            settled(one.address)
        log.info("sent", row=one.id, status=result.status, reason=result.reason, account=self.channel.account)

    async def _settle(self, result: Settled, now: datetime) -> None:
        """What is known of a row is not given up for a fault of the database; if that stays, the row is taken up at the next start."""
        for pause in BACKOFF:
            try:
                await self.store.write(lambda session: settle(session, result, now))
                return
            except Exception as error:
                log.error("not settled", row=result.id, status=result.status, error=where(error))
                await self.sleep(pause)

    async def _pictured(self, one: Claimed) -> Claimed:
        """With its contact sheets made, off the loop. A sheet that cannot be made must not hold up the words."""
        if not any(is_sheet(entry) for entry in one.message.media):
            return one
        try:
            made = [await asyncio.to_thread(sheet, entry, self.media) for entry in one.message.media]
        except Exception as error:
            log.warning("no contact sheet", row=one.id, error=where(error))
            made = [entry for entry in one.message.media if not is_sheet(entry)]
        return replace(one, message=replace(one.message, media=tuple(made)), pictured=True)

    async def _send(self, one: Claimed) -> Settled:
        try:
            rendered = replace(render(one.message, one.voice), shown=one.shown)
        except Exception as error:
            # Whatever is odd in a row must not leave it in nobody's hands.
            log.error("not worded", row=one.id, error=where(error), account=self.channel.account)
            return Settled(one.id, "failed", reason=f"unworded: {type(error).__name__}")
        await self._wait(one)
        if one.expires_at and one.expires_at <= self.clock():
            return Settled(one.id, "expired", reason="expired")
        try:
            return Settled(one.id, "sent", await self._tell(one, rendered))
        except SendError as error:
            if error.decision == "slow":
                self.pace.halt(self.ticks() + error.retry_after)
            if error.decision == "stop" and self.halt and not self.stopped:
                await self.halt(self.channel.account, error.reason)
            return self._outcome(one, error)
        except Exception as error:
            # A bug may rise before or after the request left: nobody knows whether it arrived.
            log.error("send failed", row=one.id, error=where(error), account=self.channel.account)
            return self._outcome(one, SendError("unknown", type(error).__name__))

    def _outcome(self, one: Claimed, error: SendError) -> Settled:
        echo = self.channel.echo
        if error.decision == "unknown" and echo:
            # The channel itself says whether it arrived, a little later.
            error = SendError("unknown", error.reason, echo.total_seconds())
        return outcome(one, error, self.clock(), told=bool(echo))

    async def _tell(self, one: Claimed, rendered: Rendered) -> str:
        """Sends it; outside the window as a template, where it may be. Raises SendError."""
        if self.channel.window is None or (one.heard_at and self.clock() - one.heard_at < self.channel.window):
            return await self.channel.send(one.address, rendered, self.media, one.replaces, str(one.id))
        return await tell_outside(self, one)

    async def _wait(self, one: Claimed) -> None:
        """Until its turn. What waited for a turn when the channel asked to slow down waits for another."""
        bulk = one.lane == BULK
        while True:
            ticks = self.ticks()
            wait = self.pace.reserve(one.address, ticks, bulk=bulk) - ticks
            if wait > 0:
                await self.sleep(wait)
            if not (bulk and self.pace.halted(self.ticks())):
                return

    async def _rest(self, taken: Taken) -> None:
        """Until something new is queued, a send ends that others wait for, or the next row is due."""
        if taken.more and not self.inflight and not self.pace.halted(self.ticks()):
            return
        due = (taken.next_due - self.clock()).total_seconds() if taken.next_due else 60.0
        wait = min(due, self.pace.halted(self.ticks()) or 60.0, 60.0)
        # Not wait_for: before Python 3.12 it may swallow the cancellation that ends the sender.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(wait, 0.01)):
                await self.woken.wait()
