"""Token buckets: how soon the next message of an account, and of one chat, may leave. Seconds of a monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Pace:
    """`rate` and `chat_rate` in messages a second, 0 for no limit. Evenly spaced, so that no second ever holds more than the rate."""

    rate: float
    chat_rate: float
    _next: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)
    _halted: float = 0.0

    def reserve(self, address: str, now: float, *, bulk: bool = False) -> float:
        """Takes the next free slot and returns its time."""
        slot = max(now, self._next, self._chats.get(address, 0.0), self._halted if bulk else 0.0)
        if self.rate:
            self._next = max(self._next, now) + 1 / self.rate
        if self.chat_rate:
            self._chats[address] = slot + 1 / self.chat_rate
            if len(self._chats) > 10_000:
                self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return slot

    def halt(self, until: float) -> None:
        """After a 429: nothing of the bulk lane leaves before then."""
        self._halted = max(self._halted, until)
