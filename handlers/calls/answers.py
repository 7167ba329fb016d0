"""What became of the calls: who was told, who is interested, and the end of one that came to nothing."""

from __future__ import annotations

from handlers.calls.changes import tell_changes
from handlers.matching import says
from handlers.office.door import not_yours, officers_only
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, joined, lines, moment, say
from models.call import CANCELLED, INTERESTED, UNRELATED, Call, answers_to, interested_in, is_open, open_calls
from models.contact import sees

SHOWN, NAMED = 5, 10


def listed(visit: Visit, subject: str, version: int) -> Outcome:
    """The open calls of the officer's regions, with how many answered."""
    seen = [call for call in open_calls(visit.session, visit.now) if sees(visit.offices, call.region)]
    if not seen:
        return Message("call.none", {}, (command("new_call"), command("sources"), command("menu")))
    shown = seen[:SHOWN]
    rows = [say("call.row", place=place, title=call.title, **_counts(visit, call)) for place, call in enumerate(shown, 1)]
    buttons = [command("call_interest", call.id or 0, label=say("call.look", n=place)) for place, call in enumerate(shown, 1)]
    return Message("call.list", {"n": len(seen), "rows": lines(rows)}, (*buttons, command("new_call")))


def interest(visit: Visit, subject: str, version: int) -> Outcome:
    """What became of one call: counts, and the businesses the officer may see."""
    call = _mine(visit, subject)
    if call is None:
        return Aside(not_yours(visit))
    found = interested_in(visit.session, call.id or 0, visit.offices)
    names: list[Value] = [business.name for business in found[:NAMED]]
    names += [say("decision.others", n=len(found) - NAMED)] if len(found) > NAMED else []
    closes = moment(call.closes_at) if call.closes_at else say("common.none")
    params = {"title": call.title, "closes": closes, "names": joined(names, ", ") if names else say("common.none"), **_counts(visit, call)}
    return Message("call.interest", params, (command("calls"), *(_end(call) if is_open(call, visit.now) else ()), command("menu")))


def _counts(visit: Visit, call: Call) -> dict[str, Value]:
    found = answers_to(visit.session, call.id or 0)
    return {"told": found["told"], "interested": found[INTERESTED], "unrelated": found[UNRELATED]}


def _end(call: Call) -> tuple[Option, ...]:
    return (command("call_cancel", call.id or 0),)


def _mine(visit: Visit, subject: str) -> Call | None:
    call = visit.session.get(Call, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    return call if call and sees(visit.offices, call.region) else None


def cancel(visit: Visit, subject: str, version: int) -> Outcome:
    """Asked once more, since it cannot be taken back: what waits does not leave, and who was told hears of it."""
    call = _mine(visit, subject)
    if call is None:
        return Aside(not_yours(visit))
    if not is_open(call, visit.now):
        return Aside(Message("call.over_already", {"title": call.title}))
    counts: dict[str, Value] = {"title": call.title, **_counts(visit, call)}
    if not version:
        yes = command("call_cancel", call.id or 0, 1, say("call.cancel_yes"))
        return Message("call.cancel_sure", counts, (yes, command("call_interest", call.id or 0, label=say("call.cancel_no"))))
    call.status = CANCELLED
    call.history = [*call.history, {"status": CANCELLED, "at": visit.now.isoformat(), "by": visit.person_id}]
    call.changed_at = visit.now
    visit.session.flush()
    tell_changes(visit.session, call.id or 0, visit.now)
    return Message("call.cancelled", counts, (command("calls"), command("menu")))


def officer_says(visit: Visit, words: str) -> Outcome | None:
    return listed(visit, "", 0) if says(words, "calls") else None


COMMANDS = {"calls": officers_only(listed), "call_interest": officers_only(interest), "call_cancel": officers_only(cancel)}
OFFICER_SAYS = (officer_says,)
