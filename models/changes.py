"""What changed of a call, read from its history: an entry with an "at" and "changed", the old and new value by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

Differences = dict[str, tuple[Any, Any]]
"""Old and new value by field."""


def differences(history: Sequence[Mapping[str, Any]], since: datetime) -> Differences:
    """Of all that happened after `since`, from the first old value to the last new one; what came back to what it was is no change."""
    found: Differences = {}
    for entry in history:
        if datetime.fromisoformat(entry["at"]) <= since:
            continue
        for name, (old, new) in dict(entry.get("changed", {})).items():
            found[name] = (found[name][0] if name in found else old, new)
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}
