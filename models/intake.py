"""What a reader made becomes a call, or goes into the one that has its key already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session

from models.call import Call, CallKey
from models.feed import SetAside
from models.package import Package

Taken = Literal["new", "changed", "merged", "same"]


def take(session: Session, package: Package, now: datetime) -> Taken:
    system, number = package.keys[0]
    if key := session.get(CallKey, (system, number)):
        call = session.get(Call, key.call_id)
        assert call
        call.seen_at = now
        if call.title == package.title:
            return "same"
        call.title = package.title
        return "changed"
    call = Call(source=package.source, source_id=number, title=package.title, created_at=now, seen_at=now)
    session.add(call)
    session.flush()
    session.add(CallKey(system=system, number=number, call_id=call.id or 0))
    return "new"


def put_aside(session: Session, feed: str, row: Mapping[str, Any], number: str, reason: str, now: datetime) -> None:
    session.add(SetAside(feed=feed, number=number, reason=reason, row={}, at=now))
