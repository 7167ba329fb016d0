"""What became of a call since it was met: which source said what, and which of two that differ is believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.call import Call
from models.sources import PLANS, RANKS

NUMBER, JOINED, SOURCE, OPENED, QUALIFYING = "number", "joined", "source", "opened", "qualifying"
"""Entries beside those of fields: a number took another's place, another call became part of this one, a source had it too, what was a
plan is announced now, it closes with the papers of its prequalification.
"""
PLACE = "place"
"""An officer's entry on where it is."""


def plainly(value: Any) -> Any:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def note(call: Call, now: datetime, source: str, field: str, before: Any, after: Any) -> None:
    entry = {"at": now.isoformat(), "source": source, "field": field, "from": plainly(before), "to": plainly(after)}
    call.history = [*call.history, entry]


def entries(call: Call, field: str = "") -> Iterator[dict[str, Any]]:
    """The newest first."""
    return (one for one in reversed(call.history) if "field" in one and field in ("", one["field"]))


def sources(call: Call) -> set[str]:
    return {call.source, *(str(one["source"]) for one in entries(call))}


def origin(call: Call, field: str) -> str:
    """The source that a field's value is from; "" where nobody said anything yet."""
    said = next((str(one["source"]) for one in entries(call, field)), "")
    return said or (call.source if getattr(call, field) not in (None, "", []) else "")


def believed(call: Call, field: str, source: str) -> bool:
    """Whether this source may say what a field is: none more exact has."""
    known = origin(call, field)
    return not known or RANKS.get(source, 0) >= RANKS.get(known, len(RANKS))


def planned_only(call: Call) -> bool:
    """Whether nobody but plans spoke of it: who joined two of them said nothing of it yet."""
    return call.source in PLANS and all(one["source"] in PLANS for one in entries(call) if one["field"] != JOINED)


def of_plan(call: Call, field: str) -> bool:
    """Whether a time is only what a plan says: the month in which somebody means to buy."""
    return origin(call, field) in PLANS


def qualifying(call: Call) -> bool:
    """Whether it closes when the papers of its prequalification must be there, which is before offers are taken."""
    said = next((one["to"] for one in entries(call, QUALIFYING)), None)
    return said is not None and said == plainly(call.closes_at)


def located(call: Call) -> bool:
    """Whether an officer said where it is."""
    return any(PLACE in one for one in call.history)


def whole(session: Session, call_id: int) -> Call | None:
    """The call, or the one that it became part of: buttons of either lead there."""
    call = session.get(Call, call_id)
    joined = next((one for one in entries(call, JOINED) if one["from"] == call_id), None) if call else None
    return whole(session, joined["to"]) if joined else call


def superseded(call: Call) -> set[tuple[str, str]]:
    """(system, number) of what another number took the place of: its rows say nothing any more."""
    return {(one["from"][0], one["from"][1]) for one in entries(call, NUMBER)}
