"""The contract of a channel: decode what comes in, send what goes out. A new channel is one file that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from handlers.said import Said
from messages import Rendered

Decision = Literal["retry", "slow", "failed", "unreachable", "unknown", "migrated"]


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a person. `external_id` makes a repeat harmless; `media` tells `fetch` where the picture is;
    `office` is the region a local officer gets at first contact; `reachable` is set by block and unblock; `locale` and
    `tap` are the channel's own hints.
    """

    external_id: str
    address: str
    said: Said
    media: Mapping[str, Any] = field(default_factory=dict)
    office: str = ""
    reachable: bool | None = None
    locale: str = ""
    tap: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message that was sent: delivered, read or failed."""

    external_id: str
    status: str
    reason: str = ""


class SendError(Exception):
    """The network's word. `decision` says what to do; `retry_after` in seconds; `address` where a chat has moved to."""

    def __init__(self, decision: Decision, reason: str, retry_after: float = 0, address: str = "") -> None:
        super().__init__(f"{decision}: {reason}")
        self.decision, self.reason, self.retry_after, self.address = decision, reason, retry_after, address


class Channel(Protocol):
    """`account` names one bot or number; `settle` is how long an answer waits for more texts or photos of the same burst.

    `rate` and `chat_rate` are messages a second for the account and for one chat, 0 for no limit. `loops` is False where messages are
    taken on demand instead of sent (the terminal).
    """

    account: str
    name: str
    settle: timedelta
    rate: float
    chat_rate: float
    loops: bool

    def decode(self, payload: Any) -> list[Inbound | Receipt]:
        """What a payload says; empty where nobody can be answered. Raises nothing."""
        ...

    async def send(self, address: str, rendered: Rendered, media: Path, replaces: str) -> str:
        """Sends, or edits the message `replaces` where that works, and returns the external id. Raises SendError."""
        ...

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        """The content of a picture. Raises SendError."""
        ...

    async def acknowledge(self, inbound: Inbound) -> None:
        """Best effort after the commit: a tap answered, a typing sign. Raises nothing."""
        ...

    async def close(self) -> None: ...
