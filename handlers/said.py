"""What a person said, whatever the channel, and how an answer is read from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from messages import EMPTY, Message, Option, Params, Value

Kind = Literal["text", "tap", "photo", "location", "contact", "start", "edited", "voice", "sticker", "file", "other"]
Facts = Mapping[str, Any]
"""What the tables know and a form needs, read once a turn."""

NO_FACTS: Facts = {}


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as stored. `name` is its file name in the media folder, `sha256` of its content, sides in pixels.

    `twin` is a 64-bit perceptual hash in hex; `advice` names what could be better ("blurry", "dark", "small");
    `problem` says why it cannot be used ("too_small", "not_a_picture", "too_big", "card", "gone") and then nothing is stored.
    """

    name: str = ""
    sha256: str = ""
    width: int = 0
    height: int = 0
    twin: str = ""
    advice: tuple[str, ...] = ()
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "advice": list(self.advice)}

    @staticmethod
    def from_json(parts: Mapping[str, Any]) -> Photo:
        return Photo(**{**parts, "advice": tuple(parts.get("advice", ()))})


@dataclass(frozen=True, slots=True)
class Document:
    """A spreadsheet as it was read. `name` is the file in the media folder where its rows wait, `digest` is of what was sent.

    `columns` are the sheet's names without those of people, `examples` a value of each, `guessed` our fields by column; `header` is known
    again in the next sheet. `problem` says why it cannot be used ("not_a_sheet", "old", "locked", "empty", "too_big", "too_long",
    "damaged", "gone") and then nothing is stored.
    """

    name: str = ""
    digest: str = ""
    header: str = ""
    rows: int = 0
    columns: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    guessed: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "columns": list(self.columns), "examples": list(self.examples)}

    @staticmethod
    def from_json(parts: Mapping[str, Any]) -> Document:
        return Document(**{**parts, "columns": tuple(parts.get("columns", ())), "examples": tuple(parts.get("examples", ()))})


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a person, decoded. Aware UTC times; `sequence` orders what one chat sent within a second.

    `press` is what a tapped button carries; `quoted` the external id of the message answered to; `group` joins the
    photos of an album; `own` tells whether a contact card is the sender's; `start` is a deep link's parameter;
    `refused` names what was screened away before anything was kept ("nik", "code", "account", "card").
    """

    kind: Kind = "text"
    text: str = ""
    photo: Photo | None = None
    document: Document | None = None
    location: tuple[float, float] | None = None
    phone: str = ""
    own: bool = True
    press: str = ""
    quoted: str = ""
    group: str = ""
    start: str = ""
    refused: str = ""
    sent_at: datetime | None = None
    sequence: int = 0

    def to_json(self) -> dict[str, Any]:
        parts = asdict(self) | {
            "photo": self.photo.to_json() if self.photo else None,
            "document": self.document.to_json() if self.document else None,
            "location": list(self.location) if self.location else None,
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
        }
        return {name: part for name, part in parts.items() if part not in (None, "", 0, ()) and not (name == "own" and part)}

    @staticmethod
    def from_json(parts: Mapping[str, Any]) -> Said:
        given = dict(parts)
        if given.get("photo"):
            given["photo"] = Photo.from_json(given["photo"])
        if given.get("document"):
            given["document"] = Document.from_json(given["document"])
        if given.get("location"):
            given["location"] = (given["location"][0], given["location"][1])
        if given.get("sent_at"):
            given["sent_at"] = datetime.fromisoformat(given["sent_at"])
        return Said(**given)


def started(said: Said) -> Said:
    """A deep link that was typed: "/start o_abc" is the same as the link itself."""
    command, _, parameter = said.text.partition(" ")
    if said.kind != "text" or command != "/start" or not parameter.strip():
        return said
    return replace(said, kind="start", text="", start=parameter.strip())


@dataclass(frozen=True, slots=True)
class Offer:
    """A likely meaning, offered as a button: tapping it answers with `value`."""

    label: str
    value: Any


class Rejected(Exception):
    """The person must answer again. `key` is a text that says what was understood and what would help, never blaming.

    `also`: answers to other steps that the same words gave. `words`: what an offered button stood for, where that was not enough.
    `empty`: the words said nothing, so nothing can complete them.
    """

    def __init__(
        self,
        key: str,
        params: Params = EMPTY,
        offers: Sequence[Offer] = (),
        also: Mapping[str, Any] = MappingProxyType({}),
        empty: bool = False,
    ) -> None:
        super().__init__(key)
        self.empty = empty
        self.key, self.params, self.offers, self.also = key, params, tuple(offers), also
        self.words = ""

    @property
    def message(self) -> Message:
        return Message(self.key, self.params)

    @property
    def elsewhere(self) -> bool:
        """This step has not even half an answer: the words were another's, or none."""
        return self.empty or (bool(self.also) and not self.offers)


@dataclass(frozen=True, slots=True)
class Found:
    """A reader's answer together with answers to other steps that the same words gave."""

    value: Any
    also: Mapping[str, Any] = field(default_factory=dict)


def never(_: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one kind of answer. Values are JSON.

    `read(said, facts)` returns the value, or a `Found`, or raises `Rejected`; `keeps(value)` is the cheap check of a stored
    value, made every turn; `shown(value)` is how it is read back, and `words(value)` the plain words that read to the same
    value again. `numeric`: digits are an answer, never the number of a button. `free`: any text would do, so a text that
    looks like a question or a greeting is asked back first. `takes`: the kinds of message it reads. `whole`: a greeting at the
    beginning belongs to the answer. `marked`: the words say themselves what they are (a price, an NIB), whatever was asked.
    """

    read: Callable[[Said, Facts], Any]
    keeps: Callable[[Any], bool]
    words: Callable[[Any], str] = str
    shown: Callable[[Any], Value] | None = None
    numeric: bool = False
    free: bool = False
    takes: tuple[Kind, ...] = ("text",)
    whole: bool = False
    marked: bool = False

    def show(self, value: Any) -> Value:
        return self.shown(value) if self.shown else self.words(value)


def options(*ids: str) -> tuple[Option, ...]:
    """Buttons worded by the locale."""
    return tuple(Option(id) for id in ids)
