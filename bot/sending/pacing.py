"""How soon the next message of an account, and of one chat, may leave. Seconds of a monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass, field

FEW = 10_000
"""So many chats are remembered before those that are free again are forgotten."""
MOST_SLACK = 0.02
JITTER = 0.015
"""Seconds by which the network may bring two messages closer together than they left."""


@dataclass
class Pace:
    """`rate` and `chat_rate` in messages a second, 0 for no limit; a chat may be ahead of its rate by `burst` messages.

    Nobody reserves: whoever leaves moves the account's next time back by one message. A message that was late is caught up with within
    `slack`, and an answer may leave almost a message early, so that it hardly ever waits behind others. Any second, also the one in which
    another process ended and this one began, so holds at most a twentieth more than the rate, and never more than one where that is less.
    """

    rate: float
    chat_rate: float
    burst: int = 1
    _due: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)
    _halted: float = 0.0
    _many: int = FEW

    def __post_init__(self) -> None:
        self.gap = 1 / self.rate if self.rate else 0.0
        """Seconds between two messages."""
        spare = max(self.rate // 20, 1) * self.gap
        self.slack = max(0.15 * self.gap, min(MOST_SLACK, (spare - self.gap) / 2))
        self.early = min(self.slack + self.gap, max(spare - JITTER, spare / 2))
        self.grain = self.slack / 5 or 0.001
        """Shorter pauses are not worth it."""

    def begin(self, now: float) -> None:
        """Whoever sent before may have used all that is allowed just now."""
        self._due = max(self._due, now + self.early + self.gap)

    def free(self, *, bulk: bool) -> float:
        """When the next message of the account may leave."""
        due = self._due if self.rate else 0.0
        return max(due - self.slack, self._halted) if bulk else due - self.early

    def chat_free(self, address: str) -> float:
        ahead = (self.burst - 1) / self.chat_rate if self.chat_rate else 0.0
        return self._chats.get(address, 0.0) - ahead

    def take(self, address: str, now: float) -> None:
        """A message to that chat leaves."""
        self._due = max(self._due, now) + self.gap
        if self.chat_rate:
            self._remember(address, max(now, self._chats.get(address, 0.0)) + 1 / self.chat_rate, now)

    def reserve(self, address: str, now: float) -> float:
        """Takes the next turn that is free and returns its time, for who sends one after the other."""
        slot = max(now, self.chat_free(address), self.free(bulk=False))
        self.take(address, slot)
        return slot

    def landed(self, address: str, now: float) -> None:
        """A message of the chat arrived at some time before now: however slow the network was, the next one keeps its distance."""
        if self.chat_rate:
            self._remember(address, max(self._chats.get(address, 0.0), now + 1 / self.chat_rate), now)

    def halt(self, until: float) -> None:
        """After a 429: nothing but answers leaves before then."""
        self._halted = max(self._halted, until)

    def halted(self, now: float) -> float:
        """Seconds until others than answers may go on, 0 when they may."""
        return max(self._halted - now, 0.0)

    def _remember(self, address: str, until: float, now: float) -> None:
        self._chats[address] = until
        if len(self._chats) > self._many:
            self._chats = {chat: due for chat, due in self._chats.items() if due > now}
            self._many = max(FEW, 2 * len(self._chats))
