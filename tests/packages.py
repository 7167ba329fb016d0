"""Calls that a source has, and what becomes of them there: written straight into the tables, as taking them in leaves them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from handlers.derived import guesses
from models.call import ACTIVE, CANCELLED, Call
from models.history import note

LINK = "https://sirup.lkpp.go.id/sirup/rup/"


def closing(day: str) -> datetime:
    """15.00 WITA of a day of 2026 such as 12-05."""
    return datetime.fromisoformat(f"2026-{day}T15:00").replace(tzinfo=ZoneInfo("Asia/Makassar"))


def listed(session: Session, line: str, now: datetime) -> None:
    """ "package A 64.72 12-05 18500000: Konsumsi rapat"; "-" is a region or a day that no source named, "hps=1850000" an estimate."""
    given, _, title = line.partition(": ")
    _, key, region, day, budget = given.split()
    field = "estimate" if budget.startswith("hps=") else "budget"
    more = {field: int(budget.removeprefix("hps="))}
    add_package(session, key, title, now, region=region.strip("-"), closes_at=None if day == "-" else closing(day), **more)


def add_package(session: Session, key: str, title: str, now: datetime, **more: Any) -> int:
    given = {"source": "inaproc-nontender", "region": "64.72", "etalase": [guess.code for guess in guesses(title)[:1]],
             "buyer": "Dinas Kesehatan Kota Samarinda", "method": "langsung", "status": ACTIVE, "link": LINK + key} | more  # fmt: skip
    call = Call(source_id=key, title=title, created_at=now, **given)
    session.add(call)
    session.flush()
    return call.id or 0


def altered(session: Session, line: str, now: datetime) -> None:
    """ "changed A closes_at 12-07", "changed A budget 20000000", "changed A cancelled: Anggaran digeser" """
    given, _, reason = line.partition(": ")
    _, key, field, *values = given.split()
    change(session, key, field, values[0] if values else reason, now)


def change(session: Session, key: str, field: str, value: str, now: datetime) -> None:
    call = session.exec(select(Call).where(Call.source_id == key)).one()
    moment, money = field in ("closes_at", "opens_at"), field in ("budget", "estimate")
    new: Any = CANCELLED if field == CANCELLED else closing(value) if moment else int(value) if money else value
    name = "status" if field == CANCELLED else field
    note(call, now, call.source, name, getattr(call, name), new)
    setattr(call, name, new)
    call.reason = value if field == CANCELLED else call.reason
    call.changed_at = now
    session.add(call)
    session.flush()
