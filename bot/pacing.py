"""Token buckets: how soon the next message of an account, and of one chat, may leave. Seconds of a monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor

FEW = 10_000
"""So many chats are remembered before those that are free again are forgotten."""


@dataclass
class Pace:
    """`rate` and `chat_rate` in messages a second, 0 for no limit; a chat may be ahead of its rate by `burst` messages.

    The account's messages leave at places of a grid, one each, so that no second ever holds more
    than the rate, in whatever order they are taken.
    """

    rate: float
    chat_rate: float
    burst: int = 1
    _taken: set[int] = field(default_factory=set)
    _chats: dict[str, float] = field(default_factory=dict)
    _halted: float = 0.0

    def reserve(self, address: str, now: float, *, bulk: bool = False) -> float:
        """Takes the next free slot and returns its time."""
        due = self._chats.get(address, 0.0)
        ahead = (self.burst - 1) / self.chat_rate if self.chat_rate else 0.0
        slot = max(now, due - ahead, self._halted if bulk else 0.0)
        if self.rate:
            slot = self._free(slot, now)
        if self.chat_rate:
            self._chats[address] = max(slot, due) + 1 / self.chat_rate
            if len(self._chats) > FEW:
                self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return slot

    def landed(self, address: str, now: float) -> None:
        """A message of the chat arrived at some time before now: however slow the network was, the next one keeps its distance."""
        if self.chat_rate:
            self._chats[address] = max(self._chats.get(address, 0.0), now + 1 / self.chat_rate)

    def halt(self, until: float) -> None:
        """After a 429: nothing of the bulk lane leaves before then."""
        self._halted = max(self._halted, until)

    def halted(self, now: float) -> float:
        """Seconds until the bulk lane may go on, 0 when it may."""
        return max(self._halted - now, 0.0)

    def _free(self, earliest: float, now: float) -> float:
        place = ceil(earliest * self.rate)
        while place in self._taken:
            place += 1
        past = floor(now * self.rate)
        self._taken = {one for one in self._taken if one >= past} | {place}
        return place / self.rate
