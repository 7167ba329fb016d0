"""The board: one message that shows how far an announcement is, changed every three seconds at most, and for the last time at its end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.app import App
from bot.board import Boards, rate
from bot.channels.channel import Channel, Found, Inbound
from bot.media import Media
from bot.settings import Settings
from handlers.announcements import sending
from handlers.said import Said
from messages import Rendered
from models.audience import Audience
from models.board import Board
from models.campaign import DONE, RUNNING, Campaign
from models.outbox import Outgoing
from models.recipients import add_these
from tests.vendors import add_vendor
from tests.world import MORNING


class Screen(Channel):
    """What a chat shows, as it looks now; where `edits` is False nothing can be changed."""

    settle = timedelta(0)

    def __init__(self, name: str) -> None:
        self.name = self.account = name
        self.edits = name == "telegram"
        self.shown: dict[str, str] = {}
        self.lost: set[str] = set()
        """Messages that the person has deleted."""
        self.requests = 0

    def decode(self, payload: Any) -> list[Found]:
        return list(payload)

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        self.requests += 1
        number = replaces if replaces and self.edits and replaces not in self.lost else str(self.requests)
        self.shown[number] = rendered.text
        return number

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return b""

    async def acknowledge(self, inbound: Inbound) -> None:
        return

    async def close(self) -> None:
        return


class Watching:
    """An officer who looks at an announcement of ten, the boards, and a clock that the test moves."""

    def __init__(self, database: str, folder: Path, channel: str) -> None:
        self.now, self.screen, self.boards = MORNING, Screen(channel), self.made()
        settings = Settings(_env_file=None, database_url=database, media_dir=folder)  # type: ignore[call-arg]
        self.app = App(settings, clock=lambda: self.now, channels=[self.screen])
        self.count = 0

    def made(self) -> Boards:
        """Counting takes no time but what the test lets pass: on a busy machine it would take any."""
        return Boards(lambda: self.now.timestamp())

    async def begin(self, status: str = RUNNING) -> None:
        await self.app.start()
        await self.say(Said(text="menu"), office="64")
        self.number = await self.app.store.write(lambda session: self.announce(session, status))
        await self.look()

    def announce(self, session: Session, status: str) -> int:
        people = [add_vendor(session, f"v{n}") for n in range(10)]
        campaign = Campaign(officer_id=1, text="Rapat", audience={"region": "64"}, message={"key": "menu.help"}, total=10, status=status,
                            created_at=MORNING, filled_at=MORNING)  # fmt: skip
        session.add(campaign)
        session.flush()
        add_these(session, campaign.id or 0, Audience("64"), people, MORNING)
        return campaign.id or 0

    async def say(self, said: Said, office: str = "") -> None:
        self.count += 1
        await self.app.receive(self.screen, Inbound(f"x{self.count}", "petugas", said, office=office))
        await self.sent()

    async def look(self) -> None:
        await self.say(Said(kind="tap", press=f"c:progress:{self.number}:0"))

    async def sent(self) -> None:
        """Until nothing waits to be sent to the officer."""
        while await self.app.store.read(_waiting):
            await asyncio.sleep(0.01)

    async def tick(self, seconds: float = 0) -> int:
        self.now += timedelta(seconds=seconds)
        told = await self.boards.refresh(self.app)
        await self.sent()
        return told

    async def send(self, count: int, status: str = "sent", reason: str = "") -> None:
        def settle(session: Session) -> None:
            rows = select(Outgoing).where(Outgoing.campaign_id == self.number, Outgoing.status == "queued").order_by(col(Outgoing.id))
            for row in session.exec(rows.limit(count)):
                row.status, row.reason, row.settled_at = status, reason, self.now

        await self.app.store.write(settle)

    async def end(self) -> None:
        def done(session: Session) -> None:
            session.get_one(Campaign, self.number).status = DONE

        await self.app.store.write(done)

    async def open(self) -> list[Board]:
        return await self.app.store.read(lambda session: list(session.exec(select(Board).where(col(Board.ended_at).is_(None)))))


def _waiting(session: Session) -> bool:
    own = (col(Outgoing.campaign_id).is_(None), col(Outgoing.status).in_(("queued", "claimed")))
    return session.exec(select(Outgoing.id).where(*own)).first() is not None


def play(database: str, folder: Path, work: Any, channel: str = "telegram") -> None:
    async def run() -> None:
        watching = Watching(database, folder, channel)
        try:
            await work(watching)
        finally:
            await watching.app.stop()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_one_message_changes_every_three_seconds_at_most(database: str, tmp_path: Path) -> None:
    async def work(on: Watching) -> None:
        await on.begin()
        board, before = list(on.screen.shown)[-1], on.screen.requests
        assert await on.tick() == 0 and await on.tick(1) == 0 and await on.tick(1) == 0
        await on.send(4)
        await on.send(1, "failed", "blocked")
        assert await on.tick(1.5) == 1
        assert "Terkirim 4 dari 10." in on.screen.shown[board] and "Tidak sampai 1: bot diblokir orangnya 1." in on.screen.shown[board]
        assert "Menunggu 5." in on.screen.shown[board]
        for turn in range(12):
            await on.send(1 if turn % 3 == 0 else 0)
            await on.tick(0.5)
        assert on.screen.requests - before == 3, "two in six seconds"
        await on.send(9)
        await on.tick(3)
        assert "Terkirim 9 dari 10." in on.screen.shown[board]
        await on.end()
        assert await on.tick(3) == 1
        assert "Sekarang: selesai." in on.screen.shown[board] and await on.open() == []
        assert on.screen.requests - before == 5 and list(on.screen.shown)[-1] == board
        assert await on.tick(60) == 0

    play(database, tmp_path, work)


def test_nothing_new_is_no_edit_and_a_restart_goes_on_with_the_same_message(sqlite_database: str, tmp_path: Path) -> None:
    async def work(on: Watching) -> None:
        await on.begin()
        board = list(on.screen.shown)[-1]
        await on.send(5)
        await on.tick(3)
        before = on.screen.requests
        for _ in range(4):
            await on.tick(70)
        assert on.screen.requests - before <= 1, "the rate is over, nothing else"
        on.boards = on.made()
        await on.send(2)
        await on.tick(3)
        assert "Terkirim 7 dari 10." in on.screen.shown[board] and list(on.screen.shown)[-1] == board

    play(sqlite_database, tmp_path, work)


def test_what_takes_long_to_count_is_counted_more_rarely(sqlite_database: str, tmp_path: Path) -> None:
    async def work(on: Watching) -> None:
        await on.begin()
        passed = count(0.0, 0.5)
        on.boards = Boards(lambda: next(passed))
        told = []
        for _ in range(5):
            await on.send(1)
            told.append(await on.tick(3))
        assert told == [1, 0, 0, 0, 1], "half a second of counting in ten"

    play(sqlite_database, tmp_path, work)


def test_a_board_that_was_deleted_comes_anew_once(sqlite_database: str, tmp_path: Path) -> None:
    async def work(on: Watching) -> None:
        await on.begin()
        on.screen.lost.add(list(on.screen.shown)[-1])
        for _ in range(4):
            await on.send(1)
            await on.tick(3)
        assert len(on.screen.shown) == 3, "the menu, the board, and the board that took its place"
        assert "Terkirim 4 dari 10." in list(on.screen.shown.values())[-1]

    play(sqlite_database, tmp_path, work)


def test_looking_again_goes_on_in_the_newer_message(database: str, tmp_path: Path) -> None:
    async def work(on: Watching) -> None:
        await on.begin()
        first = list(on.screen.shown)[-1]
        await on.send(1)
        await on.tick(3)
        on.now += timedelta(seconds=1)
        await on.look()
        second = list(on.screen.shown)[-1]
        await on.send(1)
        assert await on.tick(3) == 1 and first != second
        assert "Terkirim 1 dari" in on.screen.shown[first] and "Terkirim 2 dari" in on.screen.shown[second]

    play(database, tmp_path, work)


def test_where_nothing_can_be_edited_it_is_told_at_half_and_at_the_end(database: str, tmp_path: Path) -> None:
    async def work(on: Watching) -> None:
        await on.begin()
        before = on.screen.requests
        for _ in range(9):
            await on.send(1)
            await on.tick(3)
        assert on.screen.requests - before == 1 and "Terkirim 5 dari 10." in list(on.screen.shown.values())[-1]
        await on.end()
        assert await on.tick(3) == 1 and await on.open() == []
        assert "Sekarang: selesai." in list(on.screen.shown.values())[-1] and on.screen.requests - before == 2

    play(database, tmp_path, work, "whatsapp")


def test_a_large_one_is_counted_by_the_board_alone(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "COUNTED", 5)

    async def work(on: Watching) -> None:
        await on.begin(DONE)
        board = list(on.screen.shown)[-1]
        assert "Sedang dihitung" in on.screen.shown[board]
        assert await on.tick(3) == 1 and "Terkirim 0 dari 10." in on.screen.shown[board] and await on.open() == []

    play(sqlite_database, tmp_path, work)


def test_the_rate_is_that_of_the_last_minute() -> None:
    samples: deque[Any] = deque()
    assert rate(samples, MORNING, 0) == 0
    assert rate(samples, MORNING + timedelta(seconds=30), 900) == 30
    for second in range(60, 400, 30):
        found = rate(samples, MORNING + timedelta(seconds=second), 900 + (second - 30) * 10)
    assert found == 10 and len(samples) <= 4
