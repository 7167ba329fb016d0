"""What a package says of a call that is known: which of it is believed, what changed, and what those must hear who were told."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from models.call import ACTIVE, CANCELLED, COMPLETE, PLANNED, Call
from models.etalase import classify
from models.history import OPENED, QUALIFYING, believed, located, note, of_plan, origin, planned_only, qualifying, sources
from models.package import NONTENDER, SHEET, TENDER, Package
from models.sources import PLANS, RANKS, spse
from models.sources.regions import region_of

TEXTS = ("title", "detail", "buyer", "institution", "method", "kind", "link")
VALUES = ("budget", "estimate", "small_only", "domestic", "opens_at", "closes_at")
LISTS = ("places", "funds")
TOLD = frozenset({"budget", "closes_at"})
"""Fields whose change those hear who were told; the estimate's where no budget is known."""
ROUNDED = 5
"""Percent by which what SPSE's table rounds ("1 M") differs at most from what it was."""
ALIVE = (PLANNED, ACTIVE)
UNSAID = timedelta(days=30)
"""An announcement that names no end is not spoken of after a month."""


def fill(call: Call, package: Package, now: datetime) -> None:
    """A new call with what its first source says."""
    for field in (*TEXTS, *VALUES, *LISTS):
        value = getattr(package, field)
        setattr(call, field, list(value) if isinstance(value, tuple) else value)
    call.region, call.etalase = region(call), etalase_of(call.title, call.detail)
    _qualify(call, package, now)
    call.status = aged(call, package.status or (ACTIVE if package.closes_at else PLANNED), now)
    call.reason = package.reason


def apply(call: Call, package: Package, now: datetime, *, always: bool = False) -> bool:
    """Whether it changed anything. What changed is noted; what those must hear who were told sets `changed_at`."""
    alive, before, plan = call.status in ALIVE, len(call.history), _is_plan(call)
    telling = _fields(call, package, now, always)
    _qualify(call, package, now)
    if _ended_plan(call, package):
        note(call, now, package.source, "closes_at", call.closes_at, package.closes_at)
        call.closes_at = package.closes_at
    telling = _status(call, package, now, always) or telling
    if plan and call.status == ACTIVE and _announces(package):
        note(call, now, package.source, OPENED, None, package.keys[0])
        telling = True
    if (found := region(call)) != call.region:
        call.region, call.told_at = found, None  # others may be reached
    if telling and (alive or call.status in ALIVE):
        call.changed_at = now
    return len(call.history) > before


def _is_plan(call: Call) -> bool:
    """A draft of an announcement, or an officer's row, may have joined it without opening it."""
    return planned_only(call) or call.status == PLANNED or of_plan(call, "closes_at")


def _fields(call: Call, package: Package, now: datetime, always: bool) -> bool:
    """Whether something changed that those must hear who were told."""
    telling, words = False, (call.title, call.detail)
    for field in (*TEXTS, *VALUES, *LISTS):
        if field == "places" and located(call):
            continue
        held, value = getattr(call, field), _said(call, package, field)
        if value in (None, "", []) or value == held or not (always or _may_set(call, package, field)):
            continue
        telling = _is_news(call, field, value, package.source) or telling
        note(call, now, package.source, field, held, value)
        setattr(call, field, value)
    if words != (call.title, call.detail) and not any("etalase" in one for one in call.history):  # an officer said what it is of
        call.etalase = etalase_of(call.title, call.detail) or call.etalase
    return telling


def _is_news(call: Call, field: str, value: Any, source: str) -> bool:
    """Whether those hear of it who were told. The budget goes before the estimate, as it does in what they were shown."""
    if field == "estimate":
        return not call.budget and not _rounded(call, value, source)
    return field in TOLD or (field == "opens_at" and call.status == PLANNED)


def _rounded(call: Call, estimate: int, source: str) -> bool:
    """Whether it is the table's "1,3 M" as another source writes it out."""
    held = call.estimate or 0
    return origin(call, "estimate") == spse.SOURCE != source and abs(estimate - held) * 100 <= ROUNDED * held


def _may_set(call: Call, package: Package, field: str) -> bool:
    """The most exact of those that spoke of it; and once there is an announcement, no plan says when offers are taken."""
    if package.source in PLANS and field in ("opens_at", "closes_at") and not (sources(call) <= PLANS or of_plan(call, "closes_at")):
        return False
    return believed(call, field, package.source) and not (field == "closes_at" and _later_stage(call, package))


def _later_stage(call: Call, package: Package) -> bool:
    """Papers of a prequalification and offers are stages of their own, which may come in rows of their own, in any order: whoever is late
    for one of them is out, so that the earlier closes it. What one stage says of itself always counts.
    """
    if not call.closes_at or not package.closes_at or package.qualifying == qualifying(call):
        return False
    return package.closes_at > call.closes_at and (qualifying(call) or origin(call, "closes_at") == package.source)


def _qualify(call: Call, package: Package, now: datetime) -> None:
    if package.qualifying and call.closes_at == package.closes_at and not qualifying(call):
        note(call, now, package.source, QUALIFYING, None, call.closes_at)


def _said(call: Call, package: Package, field: str) -> Any:
    """A row that only adds to a package adds to what its own source has said of it."""
    value = getattr(package, field)
    if not isinstance(value, tuple):
        return value
    adds = value and not package.title and origin(call, field) in ("", package.source)
    return sorted({*getattr(call, field), *value}) if adds else list(value)


def _ended_plan(call: Call, package: Package) -> bool:
    """An announcement came: the month of the plan says nothing any more of when offers end."""
    return call.closes_at is not None and of_plan(call, "closes_at") and _announces(package)


def _announces(package: Package) -> bool:
    """A row of a sheet that names a plan alone, and an announcement that is still being written, open nothing."""
    real = package.source != SHEET or any(system in (TENDER, NONTENDER) for system, _ in package.keys)
    return real and package.source not in PLANS and bool(package.title) and package.status != PLANNED


def _status(call: Call, package: Package, now: datetime, always: bool) -> bool:
    """Whether it was called off, or is no more."""
    may = always or _may_say(call, package)
    said = package.status if package.status and may else call.status
    status, telling = aged(call, said, now), False
    if said != call.status and status == said:
        note(call, now, package.source, "status", call.status, said)
        telling = CANCELLED in (call.status, said)
    if said == CANCELLED and may and package.reason and package.reason != call.reason:
        note(call, now, package.source, "reason", call.reason, package.reason)
        call.reason, telling = package.reason, True
    call.status = status
    return telling


def _may_say(call: Call, package: Package) -> bool:
    """The most exact of those that know it; another announcement may still say that it is over, being often the quicker one."""
    if package.status in (CANCELLED, COMPLETE) and call.status in ALIVE and package.source not in PLANS:
        return True
    return RANKS.get(package.source, 0) >= max(RANKS.get(one, 0) for one in sources(call))


def aged(call: Call, said: str, now: datetime) -> str:
    """What a call is by now, of which its source said this: a plan whose time has come is open, what has closed is over."""
    if said == PLANNED and call.opens_at and call.opens_at <= now:
        said = ACTIVE
    if said not in ALIVE:
        return said
    ends = call.closes_at or ((call.opens_at or call.created_at) + UNSAID if said == ACTIVE else None)
    return COMPLETE if ends and ends <= now else said


def region(call: Call | Package) -> str:
    """The one place, or what all of them lie in; where the source names none, what the buying government governs."""
    if not call.places:
        return region_of(call.institution) or region_of(call.buyer)
    if len(call.places) == 1:
        return call.places[0]
    provinces = {place.split(".")[0] for place in call.places}
    return provinces.pop() if len(provinces) == 1 else ""


def one_place(call: Call, package: Package) -> bool:
    """Whether both are of the same places, or it is not known of one of them."""
    here, there = ({*one.places} or {region(one)} - {""} for one in (call, package))
    return not here or not there or here == there


def etalase_of(title: str, detail: str) -> list[str]:
    """By the title; where it says nothing ("Belanja barang"), by what the source says beyond it. Asked a second time it costs nothing."""
    return list(_etalase(title, detail))


@lru_cache(maxsize=20_000)
def _etalase(title: str, detail: str) -> tuple[str, ...]:
    found = classify(title) or classify(detail)
    return tuple(guess.code for guess in found if guess.score >= 0.5 * found[0].score)


def package_of(call: Call, keys: tuple[tuple[str, str], ...]) -> Package:
    """A call as its sources describe it together."""
    fields: dict[str, Any] = {field: getattr(call, field) for field in (*TEXTS, *VALUES)}
    lists: dict[str, Any] = {field: tuple(getattr(call, field)) for field in LISTS}
    more: dict[str, Any] = {"status": call.status, "reason": call.reason, "qualifying": qualifying(call)}
    return Package(source=call.source, keys=keys, **more, **fields, **lists)
