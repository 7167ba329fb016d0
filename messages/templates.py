"""What may be sent when a person has not written for a day."""

from __future__ import annotations

from dataclasses import dataclass

from messages.message import Category
from messages.rendering import Button


@dataclass(frozen=True, slots=True)
class Templated:
    """A message as its template: the values of {{1}}, {{2}} ... in order, and what the buttons send."""

    name: str
    locale: str
    values: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    category: Category = "utility"
