"""How much a sender takes in hand: little more than what leaves in the next moment, since it is uncertain after a kill."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from bot.sending.hand import BATCH
from bot.sending.lanes import Lanes
from models.outbox import BULK, NOTICE, REPLY

AHEAD, FURTHEST = 0.1, 0.4
"""Seconds of sending that wait in hand for their turn; and where the disk is so slow that they would be gone before the next are there."""
FEW = 4


@dataclass(frozen=True, slots=True)
class Room:
    limit: int
    notices: int
    bulk: int


def ahead(rate: float, writing: float) -> int:
    """`writing`: seconds that a transaction took of late."""
    return max(ceil(rate * min(max(AHEAD, 3 * writing), FURTHEST)), FEW) if rate else BATCH


def room_for(rate: float, writing: float, lanes: Lanes, inflight: int, bulk: int, halted: bool) -> Room:
    """`inflight` are on their way, `bulk` of them announcements. There is always as much room again for answers as for all notices."""
    most, wait = max(BATCH, int(rate)), ahead(rate, writing)
    waiting = {lane: lanes.waiting(lane) for lane in (REPLY, NOTICE, BULK)}
    own = inflight - bulk + waiting[REPLY] + waiting[NOTICE]
    notices = 0 if halted else max(min(wait - waiting[NOTICE], most - own), 0)
    announcements = 0 if halted else max(min(wait, most // 2 - bulk) - waiting[BULK], 0)
    return Room(max(2 * most - own, 0) + announcements, notices, announcements)


def low(rate: float, writing: float, lanes: Lanes) -> bool:
    """Whether the next are to be taken in hand before these have left."""
    return 2 * (lanes.waiting(NOTICE) + lanes.waiting(BULK)) < ahead(rate, writing)
