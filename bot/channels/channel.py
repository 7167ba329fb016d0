"""The contract of a channel: decode what comes in, send what goes out. A new channel is one file that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bot.media import Media
from bot.sending.pacing import Pace
from handlers.said import Said
from messages import Rendered
from messages.templates import Templated
from models.reasons import FAULTS

if TYPE_CHECKING:
    from bot.sending.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a person. `external_id` makes a repeat harmless; `media` tells `fetch` where the picture is;
    `office` is the region a local officer gets at first contact; `reachable` is set by block and unblock; `locale` and
    `tap` are the channel's own hints. `alias` is the other name of the same chat, `phone` the number that the channel vouches for, and
    `moved` the address that this one takes the place of.
    """

    external_id: str
    address: str
    said: Said
    media: Mapping[str, Any] = field(default_factory=dict)
    office: str = ""
    reachable: bool | None = None
    locale: str = ""
    tap: str = ""
    alias: str = ""
    phone: str = ""
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message that was sent: sent, delivered, read or failed. `tag` is what was given along with it, where the channel
    brings that back; `error` is what a failure means.
    """

    external_id: str
    status: str
    reason: str = ""
    tag: str = ""
    error: SendError | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What the platform says of the account itself: `field` as it names it, `at` when it said so."""

    field: str
    value: Mapping[str, Any]
    at: datetime | None = None


Found = Inbound | Receipt | News


PART = "."
"""Between the row and the place of a part, in the tag of a message that is not the last of its row."""


def part_of(tag: str, place: int) -> str:
    """The tag of the part at that place, from 1; its receipts say how much of the row is there."""
    return f"{tag}{PART}{place}" if tag else ""


PRICED = "-"
"""Between the row and what its message costs, in the tag of one that does."""


def priced(tag: str, price: int) -> str:
    """The tag of a message for which so many rupiah are reserved: should it fail, its receipt says how many go back, however often the row
    was tried.
    """
    return f"{tag}{PRICED}{price}" if price else tag


class SendError(Exception):
    """The network's word, by its name in `models.reasons.FAULTS`, which says what to do. `address` is where a chat has moved to, and
    `retry_after` the seconds that the platform itself asks for.
    """

    def __init__(self, reason: str, retry_after: float = 0, address: str = "") -> None:
        fault = FAULTS[reason]
        super().__init__(f"{fault.decision}: {reason}")
        self.reason, self.decision, self.address = reason, fault.decision, address
        self.retry_after, self.base, self.tries = retry_after or fault.wait, fault.base, fault.tries


class Channel(Protocol):
    """`account` names one bot or number; `settle` is how long an answer waits for more texts or photos of the same burst.

    `rate` and `chat_rate` are messages a second for the account and for one chat, 0 for no limit, and `burst` is how many a chat may get
    ahead of that. `loops` is False where messages are taken on demand instead of sent (the terminal). `window` is how long after a
    person's last message they can be written to freely, None for ever. `echo` is how long to wait for the channel's own word on a
    message whose answer was lost, zero where it never comes. `album` is within how long of each other photos belong together, zero where
    the channel says so itself. `uploads` is where it keeps the ids of pictures, None where it needs none; `pace` is its sender's, which
    has taken the turn of the first request of a message and is to be asked for every other.
    """

    account: str
    name: str
    settle: timedelta
    rate: float = 0.0
    chat_rate: float = 0.0
    burst: int = 1
    loops: bool = True
    window: timedelta | None = None
    echo: timedelta = timedelta(0)
    album: timedelta = timedelta(0)
    uploads: Uploads | None = None
    pace: Pace = Pace(0, 0)

    def decode(self, payload: Any) -> list[Found]:
        """What a payload says; empty where nobody can be answered. Raises nothing."""
        ...

    async def send(self, address: str, rendered: Rendered, media: Media, replaces: str, tag: str = "") -> str:
        """Sends, or edits the message `replaces` where that works, and returns the external id. Raises SendError."""
        ...

    async def send_template(self, address: str, templated: Templated, tag: str) -> str:
        """The same outside the window, for channels that have one."""
        raise SendError("window_closed")

    def safe(self) -> bool:
        """Whether no other process sends for the account now: its sender's word, asked before each further request of a message."""
        return True

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        """The content of a picture. Raises SendError."""
        ...

    async def acknowledge(self, inbound: Inbound) -> None:
        """Best effort after the commit: a tap answered, a typing sign. Raises nothing."""
        ...

    async def close(self) -> None: ...
