"""The message and its buttons, as data that a row of the outbox can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Value = str | int | float | Mapping[str, Any]
"""A parameter: plain data, or one of the tagged values of `messages.values`, worded only when it is sent."""

Params = Mapping[str, Value]
Category = Literal["own", "utility", "marketing"]
Request = Literal["", "contact", "location"]
EMPTY: Params = {}


@dataclass(frozen=True, slots=True)
class Option:
    """A button. `id` is at most 24 bytes; an empty `label` is worded by the locale as `option.<id>`.

    `press` is what the button sends when it is not an option of the question asked (a command, see handlers.routing).
    """

    id: str
    label: Value = ""
    short: str = ""
    detail: Value = ""
    press: str = ""

    def to_json(self) -> dict[str, Value]:
        parts: dict[str, Value] = {"id": self.id, "label": self.label, "short": self.short, "detail": self.detail, "press": self.press}
        return {name: part for name, part in parts.items() if part}


@dataclass(frozen=True, slots=True)
class Message:
    """What to say, before words. `media` holds names of stored pictures; `lead` is said first, in the same bubble."""

    key: str
    params: Params = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    media: tuple[str, ...] = ()
    category: Category = "own"
    request: Request = ""
    lead: Message | None = None

    def after(self, lead: Message | None) -> Message:
        """This message with another one said before it, in the same bubble."""
        if lead is None:
            return self
        first = lead if self.lead is None else self.lead.after(lead)
        return replace(self, lead=first)

    def to_json(self) -> dict[str, Any]:
        parts: dict[str, Any] = {
            "key": self.key,
            "params": dict(self.params),
            "options": [option.to_json() for option in self.options],
            "media": list(self.media),
            "category": self.category if self.category != "own" else "",
            "request": self.request,
            "lead": self.lead.to_json() if self.lead else None,
        }
        return {name: part for name, part in parts.items() if part}

    @staticmethod
    def from_json(parts: Mapping[str, Any]) -> Message:
        lead = parts.get("lead")
        return Message(
            key=parts["key"],
            params=parts.get("params", {}),
            options=tuple(Option(**option) for option in parts.get("options", ())),
            media=tuple(parts.get("media", ())),
            category=parts.get("category", "own"),
            request=parts.get("request", ""),
            lead=Message.from_json(lead) if lead else None,
        )
