"""What a sender has in hand: rows that are claimed, what they go as, and what it has room for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from messages import Message, Voice
from messages.templates import Templated
from models.spending import Hold

BATCH = 30


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a row goes as outside of its window. `price` in rupiah, and its person, are reserved in the row: given back where nobody was
    asked for it. `people` is 0 where the person counts to the day already; `campaign` is the announcement it is of.
    """

    made: Templated
    price: int
    people: int
    campaign: int | None


@dataclass(frozen=True, slots=True)
class Claimed:
    id: int
    address_id: int
    address: str
    lane: int
    kind: str
    attempts: int
    message: Message
    voice: Voice
    replaces: str
    expires_at: datetime | None = None
    heard_at: datetime | None = None
    shown: int = 0
    pictured: bool = False
    """Whether contact sheets were made for it."""
    campaign: int = 0
    """The announcement whose words it says; 0 for words of its own."""
    ticket: Ticket | None = None
    spent: int = 0
    """Rupiah that earlier tries may have cost."""

    def held_by(self, worker: str) -> Hold:
        return Hold(self.id, worker, self.attempts + 1, self.spent)


@dataclass(frozen=True, slots=True)
class Taken:
    """`more`: other rows are due too, of chats still being sent to or beyond what was asked for. `next_due` is of those not yet due.
    `going` are the announcements that are sent now. `lost`: another process sends for the account.
    """

    rows: tuple[Claimed, ...] = ()
    more: bool = False
    next_due: datetime | None = None
    going: tuple[int, ...] = ()
    lost: bool = False


@dataclass
class Hand:
    """What a sender asks for: at most `limit` rows, of them `notices` and `bulk` of those lanes, and none of the `busy` addresses.

    `crowded` says that a chat waits for its turn and that enough others do: its announcements can stay where they are. `bodies` are those
    that were read before.
    """

    limit: int = BATCH
    bulk: int = BATCH
    notices: int = BATCH
    address: str = ""
    busy: frozenset[int] = frozenset()
    crowded: Callable[[str], bool] = lambda address: False
    bodies: dict[int, Message] = field(default_factory=dict)
