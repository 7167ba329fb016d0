"""An announcement to a hundred and twenty over real HTTP, written and watched by an officer in the same app, for tests of its first ten."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.campaign import progress
from models.campaign_life import remaining
from models.outbox import Outgoing
from models.template import remember
from tests.announcing import TEXT, campaign
from tests.stage import Clock, Stage, settings_for
from tests.standin_telegram import StandIn
from tests.standin_whatsapp import StandIn as WhatsappStandIn
from tests.telegram_app import Hasty
from tests.telegram_player import SECRET, TelegramPlayer
from tests.vendors import add_vendors
from tests.whatsapp_app import Hasty as HastyWhatsapp
from tests.whatsapp_app import settings_of
from tests.whatsapp_player import WhatsappPlayer
from tests.whatsapp_updates import hidden

Player = TypeVar("Player", TelegramPlayer, WhatsappPlayer)
Platform = TypeVar("Platform", StandIn, WhatsappStandIn)
FOLK, FIRST = 120, 10
LONG_AGO = timedelta(days=3)
ANSWERS = ("[new_announcement]", TEXT, "[skip]", "[64]", "[all]", "[skip]")
"""Up to the card, on every channel alike."""


@dataclass
class Broadcast(Generic[Player, Platform]):
    """`say` is what the officer writes, or taps in brackets; it returns what they hear of it."""

    player: Player
    platform: Platform

    @property
    def stage(self) -> Stage:
        return self.player.stage

    def say(self, *words: str) -> str:
        for one in words:
            if one.startswith("["):
                self.player.tap("petugas", one.strip("[^]"), one.count("^"))
            else:
                self.player.texts("petugas", one)
        return self.heard()

    def heard(self) -> str:
        return "\n---\n".join(self.player.heard("petugas"))

    def announce(self, *more: str) -> str:
        self.player.officer("petugas", "64")
        self.say(*ANSWERS, *more, "[announcement_self]")
        return self.say("[^send_all]")

    def steer(self, seconds: float = 1) -> None:
        """The clock moves, the scheduler looks, and what is due is sent."""
        self.stage.wait(seconds)

    def until(self, minutes: float) -> None:
        """So long after the announcement began."""
        begun = self.stage.read(campaign).started_at
        assert begun
        self.steer((begun + timedelta(minutes=minutes) - self.stage.clock.now).total_seconds())

    @property
    def status(self) -> str:
        return self.stage.read(campaign).status

    @property
    def left(self) -> int:
        return self.stage.read(lambda session: remaining(session, campaign(session)))

    @property
    def counts(self) -> Mapping[str, int]:
        return self.stage.read(lambda session: dict(progress(session, campaign(session).id or 0)))

    def spent(self) -> int:
        return self.stage.read(lambda session: session.execute(select(func.sum(col(Outgoing.price)))).scalar() or 0)


def vendors(session: Session, numbers: range, account: str, channel: str, zone: str = "Asia/Makassar") -> None:
    """By their chats; nobody has written for days."""
    names = [hidden(number).user_id if channel == "whatsapp" else str(number) for number in numbers]
    add_vendors(session, names, account, channel, zone)


CHATS = range(7_000_001, 7_000_001 + FOLK)


@contextmanager
def on_telegram(database: str, folder: Path, **zones: int) -> Iterator[Broadcast[TelegramPlayer, StandIn]]:
    """`zones`: so many by the clock of each, in place of a hundred and twenty by the province's."""
    clock = Clock()
    telegram = StandIn(rate=0, chat_rate=0, clock=clock.ticks)
    asyncio.run(telegram.start())
    settings = settings_for(
        database, folder, public_url="https://bot.example", telegram_secret=SECRET, telegram_token=telegram.token, telegram_api=telegram.url
    )
    channel = Hasty(telegram.token, telegram.url, ticks=clock.ticks, sleep=clock.sleep)
    try:
        with Stage(settings, [channel], clock) as stage:
            begin = CHATS.start
            for zone, count in (zones or {"Makassar": FOLK}).items():
                area = "America" if zone == "New_York" else "Asia"
                stage.write(
                    partial(
                        vendors, numbers=range(begin, begin + count), account=channel.account, channel="telegram", zone=f"{area}/{zone}"
                    )
                )
                begin += count
            yield Broadcast(TelegramPlayer(stage, telegram), telegram)
    finally:
        asyncio.run(telegram.stop())
    assert not telegram.refused


def told(platform: StandIn) -> list[int]:
    """The chats of vendors in which something was shown, in its order."""
    return [int(shown.chat) for shown in platform.ledger if int(shown.chat) >= CHATS.start]


@contextmanager
def on_whatsapp(database: str, folder: Path, **more: Any) -> Iterator[Broadcast[WhatsappPlayer, WhatsappStandIn]]:
    """Everybody's window is closed, so that each is paid for; the officer's is open."""
    clock = Clock()
    whatsapp = WhatsappStandIn(rate=0, pair=0, clock=clock.ticks)
    asyncio.run(whatsapp.start())
    channel = HastyWhatsapp(whatsapp.phone_id, whatsapp.token, whatsapp.api, ticks=clock.ticks, sleep=clock.sleep)
    for number in CHATS:
        whatsapp.meet(hidden(number))
    try:
        with Stage(settings_of(whatsapp, database, folder, port=0, **more), [channel], clock) as stage:
            stage.write(partial(vendors, numbers=CHATS, account=channel.account, channel="whatsapp"))
            stage.write(lambda session: remember(session, "announcement_body", "id", "approved", "marketing", "", clock.now - LONG_AGO))
            yield Broadcast(WhatsappPlayer(stage, whatsapp), whatsapp)
    finally:
        asyncio.run(whatsapp.stop())
    whatsapp.assert_well_behaved()


def templates(platform: WhatsappStandIn) -> int:
    """How many were asked for, taken or not."""
    return sum(kind == "template" for kind, _ in platform.requests)
