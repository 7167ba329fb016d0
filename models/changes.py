"""What changed of a call since somebody heard of it, read from its history as `models.history` keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.history import JOINED, NUMBER, OPENED, QUALIFYING, SOURCE

OF_SOURCES = (NUMBER, JOINED, SOURCE, OPENED, QUALIFYING)
"""What is no field of a call."""
Differences = dict[str, tuple[Any, Any]]
"""Old and new value by field."""


def opened(history: Sequence[Mapping[str, Any]], since: datetime) -> bool:
    """Whether it was a plan until then, and is announced now."""
    return any(entry.get("field") == OPENED and datetime.fromisoformat(entry["at"]) > since for entry in history)


def differences(history: Sequence[Mapping[str, Any]], since: datetime) -> Differences:
    """Of all that happened after `since`, from the first old value to the last new one; what came back to what it was is no change."""
    found: Differences = {}
    for entry in history:
        name, old, new = entry.get("field", ""), entry.get("from"), entry.get("to")
        if name and name not in OF_SOURCES and datetime.fromisoformat(entry["at"]) > since:
            found[name] = (found[name][0] if name in found else old, new)
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}
