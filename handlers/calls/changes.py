"""A call that changed or was cancelled after people were told of it: they hear what is different now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from handlers.announcements.reach import place_name
from handlers.calls.taking_back import take_back
from handlers.calls.wording import BRIEF, TITLE, closing, how, remaining, way
from handlers.visit import command
from messages import Message, Value, has, joined, moment, month, rupiah, say
from messages.folding import cut
from messages.message import Category
from models.alerts import SLICE, UNIQUE, untell
from models.audience import best_addresses, why_not
from models.call import CANCELLED, INTERESTED, ORIGINS, UNRELATED, Call, CallNotice, is_open
from models.changes import Differences, differences, opened
from models.contact import Address, Person
from models.history import of_plan
from models.inserting import insert_all, insert_missing
from models.outbox import NOTICE, Outgoing
from models.quiet import after_quiet

WORTH = "worth"
"""A budget that came where an estimate was shown."""
SAID = ("closes_at", "opens_at", WORTH, "budget", "estimate", "region", "method", "title")
"""What is said of a change, the weightiest first; all else is behind the link."""
UNSEEN = frozenset({"link"})
"""What is different with every new number of a plan: no news of its own."""
MOST = 3
SCHEDULED = timedelta(minutes=15)
"""In which the schedule of an announcement follows it."""
REASON = 120
BUNDLE = "change"


def changed_calls(session: Session, now: datetime) -> list[int]:
    """An announcement without a closing is not spoken of at once: that comes from a list of its own, which is read next."""
    known = or_(col(Call.closes_at).is_not(None), col(Call.status) == CANCELLED, col(Call.changed_at) <= now - SCHEDULED)
    rows = select(col(Call.id)).where(col(Call.changed_at).is_not(None), known).order_by(col(Call.changed_at))
    return list(session.execute(rows).scalars())


def tell_changes(session: Session, call_id: int, now: datetime, limit: int = SLICE) -> int:
    """The next ones who were told of the call before it changed, besides those who said that it is none of their business. What has not
    left yet is taken back, and told as it is now. Returns how many persons were looked at; 0 ends it.
    """
    call = session.get(Call, call_id)
    if call is None or call.changed_at is None:
        return 0
    people = _told_before(session, call, limit) if _worth_telling(call, now) else {}
    if not people:
        _finish(session, call, now)
        return 0
    gone = take_back(session, people, call_id, now)
    untell(session, [(call_id, person) for person in gone])
    _notify(session, call, {person: told for person, told in people.items() if person not in gone}, now)
    return len(people)


def _worth_telling(call: Call, now: datetime) -> bool:
    over = call.closes_at is not None and call.closes_at <= now
    return not over if call.status == CANCELLED else is_open(call, now)


def _finish(session: Session, call: Call, now: datetime) -> None:
    """Unless it changed once more meanwhile. Whom it concerns may have changed with it."""
    rows = update(Call).where(col(Call.id) == call.id, col(Call.changed_at) == call.changed_at).values(changed_at=None, told_at=None)
    session.execute(rows, execution_options={"synchronize_session": False})
    session.expire(call)


def kind_of(call: Call) -> str:
    return CANCELLED if call.status == CANCELLED else f"changed:{len(call.history)}"


def _told_before(session: Session, call: Call, limit: int) -> dict[int, tuple[str, str, datetime]]:
    """Zone, answer and when they last heard of it, by person."""
    last = func.max(col(CallNotice.told_at)).label("told")
    mine = (col(CallNotice.call_id) == call.id,)
    heard_at = select(col(CallNotice.person_id).label("person"), last).where(*mine).group_by(col(CallNotice.person_id)).subquery()
    done = select(col(CallNotice.person_id)).where(col(CallNotice.call_id) == call.id, col(CallNotice.kind) == kind_of(call))
    rows = (
        select(col(CallNotice.person_id), col(Person.zone), col(CallNotice.answer), heard_at.c.told)
        .join(Person, col(Person.id) == col(CallNotice.person_id))
        .join(heard_at, heard_at.c.person == col(CallNotice.person_id))
        .where(col(CallNotice.call_id) == call.id, col(CallNotice.kind).in_(ORIGINS), col(CallNotice.told_at) < call.changed_at)
        .where(col(CallNotice.answer) != UNRELATED, col(CallNotice.person_id).not_in(done), why_not() == "")
        .order_by(col(Person.id))
        .limit(limit)
        .with_for_update(read=True, of=Person)
    )
    return {person: (zone, answer, told) for person, zone, answer, told in session.execute(rows)}


def _notify(session: Session, call: Call, people: Mapping[int, tuple[str, str, datetime]], now: datetime) -> None:
    kept: list[dict[str, Any]] = [
        {"call_id": call.id, "person_id": one, "kind": kind_of(call), "reasons": [], "answer": "", "at": now, "score": 0.0, "told_at": now}
        for one in people
    ]
    new = insert_missing(session, CallNotice, kept, UNIQUE, col(CallNotice.person_id))
    addresses = best_addresses(session, new, now)
    rows = []
    for person in sorted(new):
        zone, answer, told = people[person]
        message = news(call, answer == INTERESTED, differences(call.history, told), opened(call.history, told))
        due_at = after_quiet(now, zone)
        if message and not (call.closes_at and due_at >= call.closes_at):
            rows.append(_row(call, message, addresses[person], due_at, now))
    insert_all(session, Outgoing, rows)


def _row(call: Call, message: Message, address: Address, due_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "person_id": address.person_id, "address_id": address.id, "account": address.account, "lane": NOTICE, "kind": "call",
        "subject": f"call:{call.id}", "bundle": BUNDLE, "message": message.to_json(), "due_at": due_at, "expires_at": call.closes_at,
        "created_at": now,
    }  # fmt: skip


def news(call: Call, interested: bool, found: Differences, is_opened: bool = False) -> Message | None:
    """To whoever is interested it is news of what they did, to all others an alert more; None where nothing is different for them."""
    title: dict[str, Value] = {"title": cut(call.title, TITLE)}
    category: Category = "own" if interested else "marketing"
    if call.status == CANCELLED:
        reason = say("call.off_because", reason=cut(call.reason, REASON)) if call.reason else say("call.off_unsaid")
        return Message("call.off_for_you" if interested else "call.off", {**title, "why": reason}, category=category)
    found = _shown(call, found)
    if found.keys() <= UNSEEN and not is_opened:
        return None
    key, params = ("opened", _opened(call, interested)) if is_opened else ("changed", _changed(call, found))
    params |= {**title, "link": say("call.with_link", link=call.link) if call.link else ""}
    return Message(f"call.{key}_for_you" if interested else f"call.{key}", params, (command("call_open", call.id or 0),), category=category)


def _opened(call: Call, interested: bool) -> dict[str, Value]:
    """What was a plan when they heard of it: until when offers are taken now, and how."""
    ends = say("call.opened_until", closes=closing(call), left=remaining(call)) if call.closes_at else say("call.opened_unsaid")
    return {"ends": ends, "way": how(call) if interested else way(call)}


def _changed(call: Call, found: Differences) -> dict[str, Value]:
    said = [_change(call, name, *found[name]) for name in SAID if name in found][:MOST] or [say("call.change_other")]
    return {"list": joined(said, "; ")}


def _shown(call: Call, found: Differences) -> Differences:
    """Of budget and estimate what they were shown: the estimate only where no budget is known; one that came takes the estimate's place."""
    if not call.budget:
        return found
    estimate = found.get("estimate", (call.estimate,))[0]
    shown = {name: pair for name, pair in found.items() if name != "estimate"}
    if estimate and "budget" in found and not found["budget"][0]:
        shown[WORTH] = (estimate, shown.pop("budget")[1])
    return shown


def _change(call: Call, name: str, old: Any, new: Any) -> Value:
    return say(f"call.change_{name}", old=_worded(call, name, old), new=_worded(call, name, new))


def _worded(call: Call, name: str, value: Any) -> Value:
    if value in (None, ""):
        return say("common.none")
    if name in ("closes_at", "opens_at"):
        return (month if of_plan(call, name) else moment)(datetime.fromisoformat(value))
    if name in ("budget", "estimate", WORTH):
        return rupiah(int(value))
    if name == "region":
        return place_name(value)
    if name == "method":
        return say(f"call.method.is_{value}" if has(f"call.method.is_{value}") else "call.method.is_unknown")
    return cut(str(value), BRIEF)
