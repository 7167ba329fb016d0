"""The sender: claim rows (commit), send with no transaction open, settle (commit). One for each account."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import case, func, or_, select, update
from sqlmodel import Session, col

from bot.channels.channel import Channel, SendError
from bot.collage import is_sheet, sheet
from bot.pacing import Pace
from bot.store import Store
from messages import Message, Rendered, Voice, render
from models.campaign import Campaign
from models.contact import Address, Person
from models.outbox import BULK, REPEATED, Outgoing

log = structlog.get_logger()
BATCH = 30
TRIES = 8
BACKOFF = (2, 4, 8, 16, 32, 64, 128)
"""Seconds before the next try."""


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    address_id: int
    address: str
    lane: int
    kind: str
    attempts: int
    message: Message
    voice: Voice
    replaces: str
    pictured: bool = False
    """Whether contact sheets were made for it."""


@dataclass(frozen=True, slots=True)
class Settled:
    id: int
    status: str
    external_id: str = ""
    reason: str = ""
    due_at: datetime | None = None
    unreachable: int = 0
    moved: str = ""
    message: dict[str, Any] | None = None
    """Where a contact sheet took the place of its photos: what was really shown."""


def claim(
    session: Session, account: str, worker: str, now: datetime, limit: int = BATCH, address: str = "", busy: frozenset[int] = frozenset()
) -> list[Claimed]:
    """Takes what is due, answers first, at most one row for an address so that its order is kept. What is too late is settled as expired."""
    expire(session, account, now)
    rows = (
        select(Outgoing, Person, Address, Campaign)
        .join(Person, col(Person.id) == col(Outgoing.person_id))
        .join(Address, col(Address.id) == col(Outgoing.address_id))
        .join(Campaign, col(Campaign.id) == col(Outgoing.campaign_id), isouter=True)
        .where(col(Outgoing.account) == account, col(Outgoing.status) == "queued", col(Outgoing.due_at) <= now)
        .where(or_(col(Campaign.id).is_(None), col(Campaign.status) == "running"))
        .order_by(col(Outgoing.lane), col(Outgoing.due_at), col(Outgoing.id))
    )
    if address:
        rows = rows.where(col(Address.address) == address)
    if session.get_bind().dialect.name == "postgresql":
        rows = rows.with_for_update(of=Outgoing, skip_locked=True)
    claimed: list[Claimed] = []
    taken = set(busy)
    for row, person, place, campaign in session.execute(rows.limit(limit * 4)):
        if place.id in taken or len(claimed) >= limit:
            continue
        taken.add(place.id)
        body = row.message if row.message is not None else campaign.message
        voice = Voice(person.locale, person.zone, now, person.call_name)
        edited = session.get(Outgoing, row.replaces) if row.replaces else None
        claimed.append(Claimed(row.id, place.id, place.address, row.lane, row.kind, row.attempts, Message.from_json(body), voice,
                               edited.external_id if edited else ""))  # fmt: skip
    ids = [one.id for one in claimed]
    session.execute(
        update(Outgoing)
        .where(col(Outgoing.id).in_(ids))
        .values(status="claimed", claimed_by=worker, claimed_at=now, attempts=col(Outgoing.attempts) + 1)
        .execution_options(synchronize_session=False)
    )
    return claimed


def expire(session: Session, account: str, now: datetime) -> None:
    late = (col(Outgoing.account) == account, col(Outgoing.status) == "queued", col(Outgoing.expires_at) <= now)
    session.execute(update(Outgoing).where(*late).values(status="expired", settled_at=now, reason="expired"))


def settle(session: Session, results: list[Settled], now: datetime) -> None:
    """Writes what became of the rows; a status only moves on from `claimed`."""
    for one in results:
        values: dict[str, Any] = {"status": one.status, "reason": one.reason, "external_id": one.external_id}
        values |= {"due_at": one.due_at, "claimed_by": ""} if one.status == "queued" else {"settled_at": now}
        values |= {"message": one.message} if one.message else {}
        session.execute(update(Outgoing).where(col(Outgoing.id) == one.id, col(Outgoing.status) == "claimed").values(**values))
        if one.unreachable:
            changes = {"address": one.moved} if one.moved else {"unreachable_at": now, "reason": one.reason}
            session.execute(update(Address).where(col(Address.id) == one.unreachable).values(**changes))


def recover(session: Session, account: str, now: datetime) -> int:
    """After a crash: rows that were in somebody's hands are sent again or listed as unknown, as their kind says. Returns how many."""
    mine = (col(Outgoing.account) == account, col(Outgoing.status) == "claimed")
    again = case((col(Outgoing.kind).in_(REPEATED), "queued"), else_="unknown")
    found = session.execute(update(Outgoing).where(*mine).values(status=again, reason="restart", claimed_by="", settled_at=now))
    return int(getattr(found, "rowcount", 0))


def next_due(session: Session, account: str) -> datetime | None:
    rows = (
        select(func.min(col(Outgoing.due_at)))
        .join(Campaign, col(Campaign.id) == col(Outgoing.campaign_id), isouter=True)
        .where(col(Outgoing.account) == account, col(Outgoing.status) == "queued")
        .where(or_(col(Campaign.id).is_(None), col(Campaign.status) == "running"))
    )
    return session.execute(rows).scalar()


def outcome(claimed: Claimed, error: SendError, now: datetime) -> Settled:
    """One decision for each named send error."""
    if error.decision == "unreachable":
        return Settled(claimed.id, "failed", reason=error.reason, unreachable=claimed.address_id)
    if error.decision == "migrated":
        return Settled(claimed.id, "queued", reason=error.reason, due_at=now, unreachable=claimed.address_id, moved=error.address)
    if error.decision == "unknown" and claimed.kind not in REPEATED:
        return Settled(claimed.id, "unknown", reason=error.reason)
    if error.decision == "failed" or claimed.attempts + 1 >= TRIES:
        return Settled(claimed.id, "failed", reason=error.reason)
    wait = error.retry_after or BACKOFF[min(claimed.attempts, len(BACKOFF) - 1)]
    return Settled(claimed.id, "queued", reason=error.reason, due_at=now + timedelta(seconds=wait))


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
        self.pace = Pace(channel.rate, channel.chat_rate)
        self.woken = asyncio.Event()
        self.inflight: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        self.woken.set()

    async def run(self) -> None:
        while True:
            self.woken.clear()
            room = BATCH - len(self.inflight)
            claimed = await self.take(room) if room > 0 else []
            for one in claimed:
                task = asyncio.create_task(self._deliver(one))
                self.inflight[one.address_id] = task
                task.add_done_callback(lambda _, id=one.address_id: self._landed(id))  # type: ignore[misc]
            if not claimed:
                await self._rest()

    def _landed(self, address_id: int) -> None:
        self.inflight.pop(address_id, None)
        self.woken.set()

    async def take(self, limit: int, address: str = "") -> list[Claimed]:
        busy = frozenset(self.inflight)
        # Who takes messages on demand has said all there is to say: an answer need not wait for more.
        due = self.clock() + (self.channel.settle if address else timedelta(0))
        return await self.store.write(lambda session: claim(session, self.channel.account, self.worker, due, limit, address, busy))

    async def drain(self, address: str) -> list[Rendered]:
        """Sends what is due for one address now and returns it, for who takes messages on demand."""
        shown: list[Rendered] = []
        while claimed := await self.take(1, address):
            one = await self._pictured(claimed[0])
            shown.append(render(one.message, one.voice))
            await self._deliver(one)
        return shown

    async def _deliver(self, one: Claimed) -> None:
        pictured = await self._pictured(one)
        result, now = await self._send(pictured), self.clock()
        if pictured.pictured:
            result = replace(result, message=pictured.message.to_json())
        await self.store.write(lambda session: settle(session, [result], now))
        settled = getattr(self.channel, "settled", None)
        if settled:
            settled(one.address)
        log.info("sent", row=one.id, status=result.status, reason=result.reason, account=self.channel.account)

    async def _pictured(self, one: Claimed) -> Claimed:
        """With its contact sheets made, off the loop. A sheet that cannot be made must not hold up the words."""
        if not any(is_sheet(entry) for entry in one.message.media):
            return one
        try:
            made = [await asyncio.to_thread(sheet, entry, self.media) for entry in one.message.media]
        except (OSError, ValueError):
            made = [entry for entry in one.message.media if not is_sheet(entry)]
        return replace(one, message=replace(one.message, media=tuple(made)), pictured=True)

    async def _send(self, one: Claimed) -> Settled:
        try:
            rendered = render(one.message, one.voice)
        except (KeyError, ValueError, IndexError) as error:
            return Settled(one.id, "failed", reason=f"unworded: {type(error).__name__}")
        ticks = self.ticks()
        wait = self.pace.reserve(one.address, ticks, bulk=one.lane == BULK) - ticks
        if wait > 0:
            await self.sleep(wait)
        try:
            return Settled(one.id, "sent", await self.channel.send(one.address, rendered, self.media, one.replaces))
        except SendError as error:
            if error.decision == "slow":
                self.pace.halt(self.ticks() + error.retry_after)
            return outcome(one, error, self.clock())

    async def _rest(self) -> None:
        """Until something new is queued, a send ends, or the next row is due."""
        due = await self.store.read(lambda session: next_due(session, self.channel.account))
        wait = max((due - self.clock()).total_seconds(), 0.01) if due else 60.0
        if self.inflight and wait < 0.05:
            wait = 60.0  # what is due belongs to chats that are still being sent to; their end wakes us
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), min(wait, 60.0))
