"""Three days and one day before a call closes, whoever said "Saya berminat" is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from handlers.calls.wording import TITLE, closing, how, meaning, remaining
from handlers.visit import command
from messages import Message, Value, say
from messages.folding import cut
from models.alerts import SLICE, UNIQUE
from models.audience import best_addresses, why_not
from models.call import INTERESTED, ORIGINS, Call, CallNotice, still_open
from models.contact import Address, Person
from models.history import entries, of_plan
from models.inserting import insert_all, insert_missing
from models.morning import day_at_eight
from models.outbox import NOTICE, Outgoing
from models.quiet import after_quiet

SOON = "soon"
DAYS = {f"{SOON}1": 1, f"{SOON}3": 3}
"""By the kind of notice. Of two that were missed only the nearer one is made up for."""
BUNDLE = "soon"


@dataclass(frozen=True, slots=True)
class Reminder:
    call: Call
    person_id: int
    kind: str
    due_at: datetime


def remind(session: Session, now: datetime, limit: int = SLICE) -> int:
    """At 08.00 of the person's clock, unless the answer came later than that. Returns how many."""
    found = {(one.call.id, one.person_id): one for one in _due(session, now)[:limit]}
    kept: list[dict[str, Any]] = [
        {"call_id": call, "person_id": person, "kind": one.kind, "reasons": [], "answer": "", "at": now, "score": 0.0, "told_at": now}
        for (call, person), one in found.items()
    ]
    new = insert_missing(session, CallNotice, kept, UNIQUE, col(CallNotice.id))
    pairs = session.execute(select(col(CallNotice.call_id), col(CallNotice.person_id)).where(col(CallNotice.id).in_(new))).all()
    addresses = best_addresses(session, {person for _, person in pairs}, now)
    insert_all(session, Outgoing, [_row(found[call, person], addresses[person], now) for call, person in pairs])
    return len(new)


def _due(session: Session, now: datetime) -> list[Reminder]:
    """Of all calls that close within days; those who were reminded already are left out. The end of a plan's month closes nothing."""
    near = (still_open(now), col(Call.closes_at) < now + timedelta(days=1 + max(DAYS.values())))
    told = select(col(CallNotice.call_id), col(CallNotice.person_id), col(CallNotice.kind), col(CallNotice.at)).join(
        Call, col(Call.id) == col(CallNotice.call_id)
    )
    known = {
        (call, person, kind): at for call, person, kind, at in session.execute(told.where(*near, col(CallNotice.kind).startswith(SOON)))
    }
    rows = (
        select(Call, col(CallNotice.person_id), col(Person.zone), col(CallNotice.answered_at))
        .join(CallNotice, col(CallNotice.call_id) == col(Call.id))
        .join(Person, col(Person.id) == col(CallNotice.person_id))
        .where(*near, col(CallNotice.kind).in_(ORIGINS), col(CallNotice.answer) == INTERESTED, col(CallNotice.answered_at) <= now)
        .where(why_not() == "")
        .order_by(col(Person.id))
        .with_for_update(read=True, of=Person)
    )
    found = []
    for call, person, zone, answered in session.execute(rows):
        kind, due_at = due_kind(call, zone, answered, now), after_quiet(now, zone)
        if not kind or of_plan(call, "closes_at") or _was_reminded(call, person, kind, known):
            continue
        if call.closes_at and due_at < call.closes_at:
            found.append(Reminder(call, person, kind, due_at))
    return found


def _was_reminded(call: Call, person: int, kind: str, known: Mapping[tuple[int, int, str], datetime]) -> bool:
    """Releases up to 0.4 named the reminder of a closing that had moved without its day: one since then was of this closing."""
    plain, moved = known.get((call.id or 0, person, kind.partition(":")[0])), _moved(call)
    return (call.id, person, kind) in known or bool(plain and moved and plain >= moved)


def _moved(call: Call) -> datetime | None:
    """When the closing changed last."""
    return next((datetime.fromisoformat(one["at"]) for one in entries(call, "closes_at")), None)


def due_kind(call: Call, zone: str, answered: datetime, now: datetime) -> str:
    """The reminder whose morning has come, "" for none. One that was due before the closing moved says nothing that the change did not
    say; for a closing that moved each comes once more, and so is named after its day.
    """
    if call.closes_at is None:
        return ""
    moved = _moved(call)
    for kind, days in DAYS.items():
        morning = day_at_eight(call.closes_at, -days, zone)
        if morning <= now:
            named = f"{kind}:{call.closes_at.astimezone(ZoneInfo(zone)).date()}" if moved else kind
            return named if max(answered, moved or answered) < morning else ""
    return ""


def reminder(call: Call) -> Message:
    params: dict[str, Value] = {
        "title": cut(call.title, TITLE),
        "closes": closing(call),
        "left": remaining(call),
        "how": how(call),
        "link": say("call.with_link", link=call.link) if call.link else "",
    }
    return Message("call.soon", params, (command("call_ask", call.id or 0), meaning(call)))


def _row(one: Reminder, address: Address, now: datetime) -> dict[str, Any]:
    return {
        "person_id": one.person_id, "address_id": address.id, "account": address.account, "lane": NOTICE, "kind": "call",
        "subject": f"call:{one.call.id}", "bundle": BUNDLE, "message": reminder(one.call).to_json(), "due_at": one.due_at,
        "expires_at": one.call.closes_at, "created_at": now,
    }  # fmt: skip
