"""`lapak calls aside`: which rows of the sources could not be read, by reason, with an example of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.commands.campaigns import looking
from bot.ownership import Complaint
from bot.settings import Settings
from models.feed import SetAside
from models.sources import KNOWN, READERS
from models.sources.door import kept

SHOWN = 160
"""Letters of an example."""


class Group(NamedTuple):
    source: str
    reason: str
    rows: int
    latest: datetime
    example: SetAside


def aside(settings: Settings, source: str) -> None:
    """Of all sources, or of one; "spse:samarindakota" is kept under its kind."""
    kind = source.partition(":")[0]
    if kind and kind not in READERS:
        raise Complaint(f"no source {source}; one of: {', '.join(sorted(READERS))}")
    with looking(settings) as engine, Session(engine) as session:
        found = groups(session, kind)
        if not found:
            print("Nothing is set aside.")
        for group in found:
            print(f"{group.source:18} {group.reason:18} {group.rows:6}  last {group.latest:%Y-%m-%d}  {shown(group.example)}")


def groups(session: Session, source: str) -> list[Group]:
    """The commonest of each source first, with the newest row of each."""
    by = (col(SetAside.feed), col(SetAside.reason))
    rows = select(*by, func.count(), func.max(col(SetAside.at)), func.max(col(SetAside.id))).group_by(*by)
    found = session.execute(rows.where(col(SetAside.feed) == source) if source else rows).all()
    made = (Group(feed, reason, count, latest, session.get_one(SetAside, id)) for feed, reason, count, latest, id in found)
    return sorted(made, key=lambda group: (group.source, -group.rows, group.reason))


def shown(row: SetAside) -> str:
    """Its number and what its columns say, once more without people: a release before may have let more in.

    Of a row that could not be read at all nothing is kept, and its reason says all there is.
    """
    said = _said(kept(row.row, KNOWN))
    words = json.dumps(said, ensure_ascii=False) if said else ""
    return f"{row.number or '-'} {words if len(words) <= SHOWN else words[: SHOWN - 1] + '…'}".rstrip()


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}
