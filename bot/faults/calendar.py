"""Days of a WhatsApp number, played with a clock of their own: the real sender and claims, people who write, a sender that dies."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session, SQLModel, col

from bot.channels.channel import Inbound
from bot.faults.number import Number
from bot.faults.virtual import Hours, Watched
from bot.inbox import Scene, accept
from bot.sending.claims import BEHIND
from bot.sending.outbox import Sender
from bot.sending.receipts import receipted
from bot.sending.settling import recover
from handlers.said import Said
from messages import Message
from messages.pushed import PUSHED
from models.audience import Audience
from models.business import Business, Membership
from models.campaign import Campaign, fill
from models.contact import Address, Consent, Person
from models.forecast import Plan, forecast
from models.line import Line
from models.outbox import Outgoing
from models.template import remember
from models.terms import Terms

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10.00 in Samarinda."""
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
TOLD = timedelta(seconds=1)
"""How long statuses are on their way."""
AWAY = timedelta(seconds=3)
"""How long a restart takes."""
AUDIENCE = Audience("64")
MOST_IDLE = 50
"""Wakes in a row on which the sender does nothing, though there is something to do."""


@dataclass
class Play:
    """`kills`: after so many announcements taken the sender dies in the middle of its requests."""

    hours: Hours
    store: Watched
    number: Number
    media: Path
    terms: Terms
    kills: list[int]
    says: list[tuple[datetime, str]] = field(default_factory=list)
    """Who writes, and when, the latest first."""
    killed: int = 0
    told: int = 0
    """So many statuses were delivered."""
    sender: Sender = field(init=False)
    running: asyncio.Task[None] = field(init=False)

    async def begin(self) -> None:
        hours = self.hours
        self.sender = Sender(self.store, self.number, self.media, hours.clock, f"w{self.killed}", hours.ticks, hours.sleep)
        self.sender.terms, self.sender.halt = self.terms, self._halt
        await self.store.write(partial(recover, account=self.number.account, now=hours.now, echo=self.number.echo))
        self.running = asyncio.create_task(self.sender.run())

    async def _halt(self, account: str, reason: str) -> None:
        """A number that the platform restricts sends nothing any more."""
        self.sender.stopped = True

    async def die(self) -> None:
        """As kill -9: nothing is settled, answers on their way are lost."""
        tasks = [self.running, *self.sender.turns.inflight.values(), *self.sender.booking.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.killed += 1

    async def restart(self) -> None:
        await self.die()
        self.hours.advance(self.hours.now + AWAY)
        await self.begin()

    async def until(self, end: datetime) -> None:
        """Lets everything happen that happens before then."""
        idle = 0
        while self.hours.now < end:
            await self.store.rest()
            if self.running.done():
                self.running.result()
            if self.kills and sum(one.template for one in self.number.ledger) >= self.kills[0]:
                self.kills.pop(0)
                await self.restart()
                continue
            sleeps = self.hours.next()
            # What became of announcements is gathered for a moment of another clock.
            gathering = not sleeps and bool(self.sender.books.done)
            due = None if sleeps or gathering else await self.store.read(_next_due)
            if self.store.under_way:
                continue  # begun by the sender's own timer, which is not of these days: no time passes while it is written
            idle = idle + 1 if gathering or (due and due <= self.hours.now) else 0
            if idle > MOST_IDLE:
                raise RuntimeError(self._stuck(due))
            if gathering:
                self.sender.wake()
                continue
            moments = [sleeps, due, self.says[-1][0] if self.says else None, self._receipts_at(), end]
            self.hours.advance(min(one for one in moments if one))
            await self._happen()
            if not sleeps:
                self.sender.wake()

    def _stuck(self, due: datetime | None) -> str:
        sender = self.sender
        what = f"a row is due at {due} and nobody takes it" if due else "what became of messages is not written"
        return (
            f"{what} at {self.hours.now}: stopped {sender.stopped}, {len(sender.turns.inflight)} on their way, "
            f"{len(sender.lanes)} in hand, {len(sender.books.done)} to be written, "
            f"the platform's rules that were broken: {self.number.broken}"
        )

    def _receipts_at(self) -> datetime | None:
        waiting = self.number.ledger[self.told :]
        return waiting[0].at + TOLD if waiting else None

    async def _happen(self) -> None:
        """What comes in by now: statuses, and people's words."""
        now = self.hours.now
        if (at := self._receipts_at()) and at <= now:
            told, self.told = self.number.receipts[self.told :], len(self.number.receipts)
            await self.store.write(partial(receipted, account=self.number.account, receipts=told, now=now))
        while self.says and self.says[-1][0] <= now:
            _, address = self.says.pop()
            self.number.heard[address] = now
            inbound = Inbound(f"{address}-{now.isoformat()}", address, Said(text="menu"))
            await self.store.write(partial(accept, channel=self.number, inbound=inbound, now=now, scene=Scene()))
            self.sender.wake()


def _next_due(session: Session) -> datetime | None:
    """What waits behind another of its chat that is tried again later leaves after that one, whenever it was due itself."""
    return session.execute(select(func.min(col(Outgoing.due_at))).where(col(Outgoing.status) == "queued", ~BEHIND)).scalar()


def people(session: Session, count: int, tier: int) -> None:
    """Vendors of the province who agreed to announcements and have not written for a month; the number's day, and its template."""
    ago, numbers = MORNING - timedelta(days=30), range(1, count + 1)
    at: dict[str, Any] = {"account": Number.account, "channel": Number.name, "since": ago, "heard_at": ago}
    rows: list[list[SQLModel]] = [
        [Person(created_at=ago, zone=ZONES[n % 3]) for n in numbers],
        [Address(person_id=n, address=str(n), **at) for n in numbers],
        [Business(name=f"Usaha {n}", owner="", region="64.72", created_at=ago) for n in numbers],
        [Membership(person_id=n, business_id=n, since=ago) for n in numbers],
        [Consent(person_id=n, purpose="announcements", version="1", channel=Number.name, given_at=ago) for n in numbers],
    ]  # fmt: skip
    for made in rows:
        session.execute(insert(type(made[0])), [one.model_dump(exclude_none=True) for one in made])
    session.add(Line(account=Number.account, tier=tier))
    remember(session, "announcement_body", "id", "approved", "marketing", "", ago)


def announce(session: Session, terms: Terms) -> Plan:
    """The plan that an officer sees, and the announcement that follows it."""
    plan = forecast(session, AUDIENCE, MORNING, terms)
    body = Message("announcement.body", PUSHED["announcement.body"].sample, category="marketing").to_json()
    campaign = Campaign(
        officer_id=1, text="", message=body, audience=AUDIENCE.to_json(), paid=True, plan=plan.to_json(), created_at=MORNING,
        started_at=MORNING,
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    while fill(session, campaign, MORNING):
        pass
    return plan
