"""Quiet hours: nothing but answers is sent between 20.00 and 07.00 of the recipient's own clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING, MORNING = time(20), time(7)
ISLANDS = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
"""The three clocks of Indonesia."""


def quiet(when: datetime, zone: str) -> bool:
    local = when.astimezone(ZoneInfo(zone)).time()
    return local >= EVENING or local < MORNING


def after_quiet(when: datetime, zone: str) -> datetime:
    """`when` itself, or the next 07.00 where it falls into quiet hours; aware, in the zone of `when`."""
    if not quiet(when, zone):
        return when
    local = when.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=1) if local.time() >= EVENING else local.date()
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(when.tzinfo)
