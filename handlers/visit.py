"""One message being handled: who says it, what was said, when, and the transaction it is handled in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session

from handlers.dialogue import Form
from handlers.said import Said
from messages import Message, Option, Params, Value
from models.contact import Address, Person, offices
from models.post import Shown, last_seen
from models.terms import NOTHING, Terms

Count = TypeVar("Count")


class Uncounted(Exception):
    """Something is asked for that takes long to count: it is counted beside the turn, which is then played again with it."""

    def __init__(self, key: Hashable, count: Callable[[Session], Any]) -> None:
        super().__init__()
        self.key, self.count = key, count


@dataclass(slots=True)
class Visit:
    """`forms` are all there are, `province` is the region code served, `links` the domains announcements may point to, `page` the
    official page that names this number; an announcement to more than `approve_above` people needs a second officer, and `terms` are
    what may be paid for.
    """

    session: Session
    person: Person
    address: Address
    said: Said
    now: datetime
    forms: Mapping[str, Form]
    province: str = "64"
    links: tuple[str, ...] = ("go.id",)
    page: str = ""
    approve_above: int = 500
    terms: Terms = NOTHING
    counts: Mapping[Hashable, Any] | None = None
    """What was counted beside the turn; None where that cannot be."""
    _offices: list[str] | None = None
    _shown: list[Shown | None] = field(default_factory=list)

    @property
    def shown(self) -> Shown | None:
        """What this address was shown last; read once a turn."""
        if not self._shown:
            self._shown.append(last_seen(self.session, self.address.id or 0))
        return self._shown[0]

    def count(self, key: Hashable, count: Callable[[Session], Count]) -> Count:
        """What may take seconds with a million people, in which nobody else could write. Raises Uncounted."""
        if self.counts is None:
            return count(self.session)
        if key not in self.counts:
            raise Uncounted(key, count)
        found: Count = self.counts[key]
        return found

    def become(self, person: Person) -> None:
        """The one who speaks turned out to be this person too."""
        self.person, self._offices = person, None

    @property
    def person_id(self) -> int:
        assert self.person.id is not None
        return self.person.id

    @property
    def offices(self) -> list[str]:
        """The regions this person is an officer of; empty for everybody else."""
        if self._offices is None:
            self._offices = offices(self.session, self.person_id)
        return self._offices


@dataclass(frozen=True, slots=True)
class Reply:
    """What the router hands to the outbox: at most one message a turn."""

    message: Message | None
    conversation_id: int | None = None
    settles: bool = False
    edits: bool = False


@dataclass(frozen=True, slots=True)
class Begin:
    """Start this form (or go on with its conversation when `conversation_id` is given), saying `lead` first."""

    form: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    reopened: tuple[str, ...] = ()
    lead: Message | None = None
    conversation_id: int | None = None
    groups: tuple[str, ...] = ()
    """Albums of which later parts may still come."""
    taken: str = ""
    """Words to take as the answer to its open question, even if they read like something else."""

    def after(self, lead: Message | None) -> Begin:
        if lead is None:
            return self
        return replace(self, lead=self.lead.after(lead) if self.lead else lead)


@dataclass(frozen=True, slots=True)
class Aside:
    """Said in between: where a question is open it is shown again below, else the message stands alone."""

    message: Message


Outcome = Message | Begin | Aside
"""What a command or a finished form says: a message, the form that follows, or a word in between."""


def command(name: str, subject: int | str = 0, version: int = 0, label: Value = "", detail: Value = "") -> Option:
    """A button that works outside any conversation: `c:name:subject:version`, within 64 bytes. Worded as `option.<name>` without a label.

    `version` lets the handler see that what the button was about has changed since.
    """
    return Option(name, label, detail=detail, press=f"c:{name}:{subject}:{version}")


def note(key: str, *options: Option, **params: Value) -> Message:
    """A message in one line."""
    given: Params = params
    return Message(key, given, tuple(options))
