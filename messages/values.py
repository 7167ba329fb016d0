"""Parameters that are worded when they are sent, in the listener's language and zone: money, days, moments, other texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from messages.message import Value


def rupiah(amount: int) -> Value:
    """Rp25.000"""
    return {"rupiah": amount}


def decimal(number: float) -> Value:
    """1.234,5"""
    return {"decimal": number}


def day(when: date) -> Value:
    """22 November 2026"""
    return {"day": when.isoformat()}


def month(when: datetime) -> Value:
    """Desember 2026; `when` is aware."""
    return {"month": when.isoformat()}


def moment(when: datetime) -> Value:
    """25 November 2026, 15.00 WITA; `when` is aware."""
    return {"moment": when.isoformat()}


def clock(when: datetime) -> Value:
    """15.00 WITA; `when` is aware."""
    return {"clock": when.isoformat()}


def left(until: datetime) -> Value:
    """3 hari lagi, counted when it is sent; `until` is aware."""
    return {"left": until.isoformat()}


def say(key: str, **params: Value) -> Value:
    """Another text inside a text."""
    return {"say": key, "params": params}


def joined(parts: Iterable[Value], between: str) -> Value:
    return {"join": list(parts), "between": between}


def lines(parts: Iterable[Value]) -> Value:
    return joined(parts, "\n")


def tag(value: Any) -> str:
    """The kind of a tagged value, "" for plain data."""
    if not isinstance(value, dict):
        return ""
    return next((name for name in ("rupiah", "decimal", "day", "month", "moment", "clock", "left", "say", "join") if name in value), "")
