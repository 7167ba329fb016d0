"""Keeps the boards of officers up to date: an edit every three seconds at most, or a message at the half and at the end."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from sqlmodel import Session

from handlers.announcements.board import board as board_message
from messages import Message
from models.board import Board, add, board_of, edit, open_boards
from models.campaign import Campaign
from models.standing import Standing, standing

if TYPE_CHECKING:
    from bot.app import App

EVERY = timedelta(seconds=3)
SHARE = 20
"""Counting takes one part in so many of the time at most."""
OVER = timedelta(seconds=60)
"""The rate is told over the last minute."""
EDITED = ("telegram", "webchat")
"""Channels on which a message can be changed; on others a few are sent."""
HALF, END = 1, 2

Watched = tuple[Board, str]


@dataclass(slots=True)
class Counted:
    """How many were settled at which times, and when to count again."""

    samples: deque[tuple[datetime, int]] = field(default_factory=deque)
    again: datetime | None = None


class Boards:
    """`refresh` is called every second. What it remembers is only how fast each announcement was lately. `ticks` are seconds of a clock
    that goes on while it is counted.
    """

    def __init__(self, ticks: Callable[[], float] = time.perf_counter) -> None:
        self.ticks = ticks
        self.counted: dict[int, Counted] = {}

    async def refresh(self, app: App) -> int:
        """Returns how many boards were told something."""
        found = await app.store.read(open_boards)
        self.counted = {campaign: one for campaign, one in self.counted.items() if campaign in {board.campaign_id for board, _ in found}}
        told = 0
        for campaign_id, group in groupby(found, key=lambda one: one[0].campaign_id):
            told += await self._tell(app, campaign_id, list(group))
        if told:
            app.wake()
        return told

    async def _tell(self, app: App, campaign_id: int, watched: Sequence[Watched]) -> int:
        now = app.clock()
        counted = self.counted.setdefault(campaign_id, Counted())
        due = [one for one in watched if one[0].told_at is None or now - one[0].told_at >= EVERY]
        if not due or (counted.again and now < counted.again):
            return 0
        campaign, found, took = await app.store.read(partial(_count, campaign_id=campaign_id, ticks=self.ticks))
        counted.again = now + timedelta(seconds=took * SHARE)
        message = board_message(campaign, found, now, rate(counted.samples, now, found.settled))
        return await app.store.write(partial(_show, watched=due, message=message, found=found, now=now))


def rate(samples: deque[tuple[datetime, int]], now: datetime, settled: int) -> float:
    """Messages a second over the last minute; 0 until two counts are there."""
    samples.append((now, settled))
    while len(samples) > 2 and now - samples[1][0] >= OVER:
        samples.popleft()
    since, before = samples[0]
    seconds = (now - since).total_seconds()
    return max(0.0, (settled - before) / seconds) if seconds > 0 else 0.0


def _count(session: Session, campaign_id: int, ticks: Callable[[], float]) -> tuple[Campaign, Standing, float]:
    """Also the seconds it took, without those in which it waited for its turn on the reader."""
    begun = ticks()
    campaign = session.get_one(Campaign, campaign_id)
    found = standing(session, campaign)
    session.expunge(campaign)
    return campaign, found, ticks() - begun


def _show(session: Session, watched: Sequence[Watched], message: Message, found: Standing, now: datetime) -> int:
    told = 0
    for one, channel in watched:
        board = board_of(session, one.campaign_id, one.address_id)
        if board:
            told += _edit(session, board, message, found, now) if channel in EDITED else _add(session, board, message, found, now)
    return told


def _edit(session: Session, board: Board, message: Message, found: Standing, now: datetime) -> bool:
    shows = edit(session, board, message, now)
    if shows and found.over:
        board.ended_at = now
    return shows


def _add(session: Session, board: Board, message: Message, found: Standing, now: datetime) -> bool:
    step = END if found.over else HALF if found.settled * 2 >= found.total else 0
    new = step > board.step
    if new:
        add(session, board, message, now)
        board.step = step
    if found.over:
        board.ended_at = now
    return new


BOARDS = Boards()
