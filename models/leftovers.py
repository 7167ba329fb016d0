"""Rows of sources that could not become calls: kept with the reason, without what could be of a person, until they can be read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from models.feed import SetAside
from models.inserting import parts
from models.package import Package
from models.sources import KNOWN, READERS
from models.sources.door import kept, line

NO_PACKAGE = "no_package"
"""Why a row that only adds to a package is set aside until the package comes."""


def put_aside(session: Session, feed: str, row: Mapping[str, Any], number: str, reason: str, now: datetime) -> None:
    """Keeps a row that could not be read, without what could be of a person; once, however often it comes."""
    put_all_aside(session, feed, [(row, number, reason)], now)


def put_all_aside(session: Session, feed: str, rows: Sequence[tuple[Mapping[str, Any], str, str]], now: datetime) -> None:
    wanted = [(named(number), reason, kept(row, KNOWN)) for row, number, reason in rows]
    known: list[SetAside] = []
    for part in parts(sorted({number for number, _, _ in wanted})):
        there = select(SetAside).where(col(SetAside.feed) == feed, col(SetAside.number).in_(part))
        known += session.execute(there).scalars()
    for number, reason, row in wanted:
        same = next((one for one in known if (one.number, one.reason, one.row) == (number, reason, row)), None)
        if same is None:
            same = SetAside(feed=feed, number=number, reason=reason, row=row, at=now)
            session.add(same)
            known.append(same)
        same.at = now
    session.flush()


def named(number: str) -> str:
    """A number as it may be kept: what has no digit, or tells of a person, is none."""
    return number if re.fullmatch(r"\d{1,15}|(?=\D*\d)[\w.:/\-]+", number) and (number.isdecimal() or line(number) == number) else ""


def forget_aside(session: Session, feed: str, numbers: Collection[str]) -> None:
    """What was set aside under these numbers has come again and could be read."""
    for part in parts(sorted(numbers)):
        mine = (col(SetAside.feed) == feed, col(SetAside.number).in_(part), col(SetAside.reason) != NO_PACKAGE)
        session.execute(delete(SetAside).where(*mine))


def read_again(row: SetAside, zone: str) -> Package | None:
    """A row that was kept by an earlier release, or was cut, may not be read by this one: it waits on, and holds up nobody."""
    try:
        return READERS[row.feed](row.row, zone)
    except Exception:
        return None
