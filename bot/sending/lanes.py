"""What a sender has in hand and has not asked for yet. Who goes next is decided when there is a turn: answers first."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

from bot.sending.hand import Claimed
from bot.sending.pacing import Pace
from messages import Rendered
from models.outbox import BULK, NOTICE, REPLY


@dataclass(frozen=True, slots=True)
class Work:
    """A row and its words."""

    row: Claimed
    rendered: Rendered


class Lanes:
    """By lane those whose chat is free, and beside them those that wait for theirs."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.addresses: set[int] = set()
        self._ready: dict[int, deque[Work]] = {lane: deque() for lane in (REPLY, NOTICE, BULK)}
        self._later: list[tuple[float, int, Work]] = []
        self._expected: Counter[int] = Counter()
        """By lane, so many are still to come."""
        self._count = count()

    def __len__(self) -> int:
        return len(self.addresses)

    def expect(self, rows: Iterable[Claimed]) -> None:
        """They are in hand, and come once it is known what they go as."""
        for row in rows:
            self.addresses.add(row.address_id)
            self._expected[row.lane] += 1

    def arrived(self, row: Claimed) -> None:
        self.addresses.discard(row.address_id)
        self._expected[row.lane] -= 1

    def push(self, work: Work, now: float) -> None:
        self.addresses.add(work.row.address_id)
        self._place(work, now)

    def _place(self, work: Work, now: float) -> None:
        free = self.pace.chat_free(work.row.address)
        if free > now:
            heappush(self._later, (free, next(self._count), work))
        else:
            self._ready[work.row.lane].append(work)

    def pop(self, now: float) -> Work | None:
        """Whose turn it is now."""
        self._ripen(now)
        for lane, ready in self._ready.items():
            if ready and self.pace.free(bulk=lane != REPLY) <= now:
                work = ready.popleft()
                self.addresses.discard(work.row.address_id)
                return work
        return None

    def _ripen(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            self._place(heappop(self._later)[2], now)

    def next(self) -> float:
        """When somebody's turn comes at the earliest."""
        turns = [self.pace.free(bulk=lane != REPLY) for lane, ready in self._ready.items() if ready]
        return min([*turns, self._later[0][0] if self._later else inf])

    def waiting(self, lane: int) -> int:
        """So many of a lane are in hand."""
        return len(self._ready[lane]) + sum(work.row.lane == lane for _, _, work in self._later) + self._expected[lane]

    def ready(self) -> int:
        """So many but answers leave one after the other from now on."""
        return len(self._ready[NOTICE]) + len(self._ready[BULK])

    def crowded(self) -> int:
        """So many wait for their chat."""
        return len(self._later)

    def withdraw(self, chosen: Callable[[Claimed], bool]) -> list[Claimed]:
        """Takes out all that are chosen."""
        out = [work.row for ready in self._ready.values() for work in ready if chosen(work.row)]
        out += [work.row for _, _, work in self._later if chosen(work.row)]
        if out:
            gone = {row.id for row in out}
            for lane, ready in self._ready.items():
                self._ready[lane] = deque(work for work in ready if work.row.id not in gone)
            self._later = [entry for entry in self._later if entry[2].row.id not in gone]
            heapify(self._later)
            self.addresses -= {row.address_id for row in out}
        return out
