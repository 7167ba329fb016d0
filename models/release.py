"""Calls as OCDS 1.1 releases, one each; `models.sources.ocds` reads them back as they were."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.call import CANCELLED, PLANNED, Call, CallKey
from models.gazetteer import name_of
from models.history import superseded
from models.package import RUP
from models.sources.ocds import OWN, REGION

PREFIX = "ocds-lapak"
"""Not registered with the Open Contracting Partnership; an office that publishes the file registers one and puts it here."""
METHODS = {
    "tender": ("open", "Tender"), "langsung": ("direct", "Pengadaan Langsung"), "epurchasing": ("direct", "E-Purchasing"),
    "unknown": ("limited", "Lainnya"),
}  # fmt: skip
PAGE = 500

Key = tuple[str, str]


def package(session: Session, now: datetime, publisher: str) -> Iterator[str]:
    """The text of a release package, piece by piece, so that any number of calls fits in memory."""
    head = {
        "uri": f"urn:lapak:calls:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", "version": "1.1", "publishedDate": at(now),
        "publisher": {"name": publisher}, "extensions": [],
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "releases": ['
    for place, (call, keys) in enumerate(calls(session)):
        yield (",\n" if place else "\n") + json.dumps(release(call, keys), ensure_ascii=False)
    yield "\n]}\n"


def calls(session: Session) -> Iterator[tuple[Call, list[Key]]]:
    """Every call with its numbers, the one it was met by first."""
    last = 0
    while True:
        rows = session.exec(select(Call).where(col(Call.id) > last).order_by(col(Call.id)).limit(PAGE)).all()
        if not rows:
            return
        numbers: dict[int, list[Key]] = defaultdict(list)
        for key in session.exec(select(CallKey).where(col(CallKey.call_id).in_([call.id for call in rows]))):
            numbers[key.call_id].append((key.system, key.number))
        for call in rows:
            last = call.id or 0
            yield call, sorted(numbers[last], key=lambda key: (f"{key[0]}:{key[1]}" != call.source_id, key))
        session.expunge_all()


def at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def release(call: Call, keys: Sequence[Key]) -> dict[str, Any]:
    ocid, date = f"{PREFIX}-{call.id}", changed(call)
    made: dict[str, Any] = {
        "ocid": ocid, "id": f"{ocid}-{date.astimezone(UTC):%Y%m%dT%H%M%S%f}", "date": at(date), "tag": [_tag(call)],
        "initiationType": "tender", "language": "id", "parties": _parties(call), "tender": _tender(call, keys),
        "relatedProcesses": _processes(call, keys),
    }  # fmt: skip
    if call.institution:
        made["buyer"] = {"id": "buyer", "name": call.institution}
    budget: dict[str, Any] = {"amount": _value(call.budget)} if call.budget else {}
    budget |= {"funds": call.funds} if call.funds else {}
    return made | ({"planning": {"budget": budget}} if budget else {})


def changed(call: Call) -> datetime:
    last = max((str(one["at"]) for one in call.history), default="")
    return max(call.created_at, datetime.fromisoformat(last)) if last else call.created_at


def _tag(call: Call) -> str:
    if call.status == CANCELLED:
        return "tenderCancellation"
    kind = "planning" if call.status == PLANNED else "tender"
    return f"{kind}Update" if call.history else kind


def _parties(call: Call) -> list[dict[str, Any]]:
    named = (("buyer", call.institution), ("procuringEntity", call.buyer))
    return [{"id": role, "name": name, "roles": [role]} for role, name in named if name]


def _value(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "IDR"}


def _tender(call: Call, keys: Sequence[Key]) -> dict[str, Any]:
    method, details = METHODS.get(call.method, ("", ""))
    period = {name: at(moment) for name, moment in (("startDate", call.opens_at), ("endDate", call.closes_at)) if moment}
    told: dict[str, Any] = {
        "id": ":".join(keys[0]) if keys else f"call:{call.id}",
        "title": call.title,
        "description": call.detail,
        "status": call.status,
        "statusReason": call.reason,
        "value": _value(call.estimate) if call.estimate else None,
        "procurementMethod": method,
        "procurementMethodDetails": details,
        "mainProcurementCategory": "services" if call.kind == "consulting" else call.kind,
        "additionalProcurementCategories": ["consultingServices"] if call.kind == "consulting" else [],
        "procuringEntity": {"id": "procuringEntity", "name": call.buyer} if call.buyer else None,
        "tenderPeriod": period,
        "deliveryLocations": [_place(code) for code in call.places],
        "documents": [{"id": "1", "documentType": "tenderNotice", "url": call.link}] if call.link else [],
        "smallOnly": call.small_only,
        "domesticOnly": call.domestic,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def _place(code: str) -> dict[str, Any]:
    return {"description": name_of(code), "gazetteer": {"scheme": REGION, "identifiers": [code]}}


def _processes(call: Call, keys: Sequence[Key]) -> list[dict[str, Any]]:
    gone = superseded(call)
    return [
        {
            "id": str(place),
            "relationship": ["replacementProcess" if key in gone else "planning" if key[0] == RUP else "sameProcess"],
            "scheme": OWN + key[0],
            "identifier": key[1],
        }
        for place, key in enumerate(keys, 1)
    ]
