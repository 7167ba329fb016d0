"""What became of the calls: who was told, who is interested, and the end of one that came to nothing."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.announcements.reach import etalase_names, place_name
from handlers.calls.changes import tell_changes
from handlers.calls.placing import may_place
from handlers.calls.regroup import seen
from handlers.calls.wording import BRIEF, BUYER, closing, worth
from handlers.matching import says
from handlers.office.door import not_yours, officers_only, put_aside
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, joined, lines, say
from messages.folding import cut
from models.call import CANCELLED, TYPED, Call, interested_in, is_open
from models.overview import PAGE, answers_to, count_open, open_page, provincial

NAMED, WHOLE = 10, 256
"""Businesses that are named, and characters of a title that stands alone."""
SOURCES = {
    "inaproc-rup": "data.inaproc.id (RUP)",
    "inaproc-tender": "data.inaproc.id (tender)",
    "inaproc-nontender": "data.inaproc.id (nontender)",
    "sirup": "SiRUP",
    "spse": "SPSE",
    "spse-paket": "SPSE",
    "ocds": "OCDS",
    "sheet": "Excel / CSV",
}
"""Names that are the same in every language."""
PLACELESS = "placeless"
Counts = Mapping[str, int]


def listed(visit: Visit, subject: str, version: int) -> Outcome:
    """A page of the open calls of the officer's regions, with how many answered. A page that is no more is the last one. As subject
    `PLACELESS`: only those that reach nobody, because no source names their place; officers of one place see none of these.
    """
    only = subject == PLACELESS and provincial(visit.offices)
    n, lead = count_open(visit.session, visit.offices, visit.now, only), put_aside(visit)
    if not n:
        key = "call.none_placeless" if only else "call.none"
        return Message(key, {}, (command("calls") if only else command("new_call"), command("sources"), command("menu"))).after(lead)
    page = min(version, (n - 1) // PAGE)
    shown = open_page(visit.session, visit.offices, visit.now, page, only)
    counts = answers_to(visit.session, [call.id or 0 for call in shown])
    rows = [_row(place, call, counts[call.id or 0]) for place, call in enumerate(shown, page * PAGE + 1)]
    buttons = [command("call_interest", call.id or 0, label=say("call.look", n=place)) for place, call in enumerate(shown, page * PAGE + 1)]
    more = (command("calls", subject or 0, page + 1, label=say("option.more")),) if (page + 1) * PAGE < n else ()
    key = "call.list_placeless" if only else "call.list"
    return Message(key, {"n": n, "rows": lines(rows)}, (*buttons, *more, *(() if only else _placeless(visit)), command("new_call"))).after(
        lead
    )


def _placeless(visit: Visit) -> tuple[Option, ...]:
    """The way to those that wait for a place: they may stand many pages away."""
    n = count_open(visit.session, visit.offices, visit.now, True) if provincial(visit.offices) else 0
    return (command("placeless", label=say("call.placeless_n", n=n)),) if n else ()


def placeless(visit: Visit, subject: str, version: int) -> Outcome:
    return listed(visit, PLACELESS, version)


def _row(place: int, call: Call, counts: Counts) -> Value:
    title = cut(call.title, BRIEF)
    named = title if call.region else say("call.placeless", title=title)
    shown: dict[str, Value] = {"place": place, "title": named, "closes": closing(call)}
    return say("call.row_told", **shown, **counts) if counts["told"] else say("call.row", **shown)


def interest(visit: Visit, subject: str, version: int) -> Outcome:
    """One call: what it is, counts, and the businesses the officer may see."""
    call = seen(visit, subject)
    if call is None:
        return Aside(not_yours(visit))
    params: dict[str, Value] = {
        "title": cut(call.title, WHOLE),
        "buyer": cut(call.buyer or call.institution, BUYER) or say("common.none"),
        "place": place_name(call.region),
        "budget": worth(call) or say("common.none"),
        "closes": closing(call),
        "etalase": etalase_names(call.etalase) if call.etalase else say("common.none"),
        "source": _source(call),
        "names": _names(visit, call),
        **_counts(visit, call),
    }
    placing = (command("call_place", call.id or 0),) if may_place(visit, call) else ()
    ways = (command("call_regroup", call.id or 0), command("call_cancel", call.id or 0)) if is_open(call, visit.now) else ()
    return Message("call.interest", params, (command("calls"), *placing, *ways, command("menu")))


def _source(call: Call) -> Value:
    known = say("call.source_officer") if call.source == TYPED else SOURCES.get(call.source, call.source)
    return joined([known, call.link], ", ") if call.link else known


def _names(visit: Visit, call: Call) -> Value:
    found = interested_in(visit.session, call.id or 0, visit.offices)
    names: list[Value] = [business.name for business in found[:NAMED]]
    names += [say("decision.others", n=len(found) - NAMED)] if len(found) > NAMED else []
    return joined(names, ", ") if names else say("common.none")


def _counts(visit: Visit, call: Call) -> Counts:
    return answers_to(visit.session, [call.id or 0])[call.id or 0]


def cancel(visit: Visit, subject: str, version: int) -> Outcome:
    """Asked once more, since it cannot be taken back: what waits does not leave, and who was told hears of it."""
    call = seen(visit, subject, changing=bool(version))
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
    if says(words, "placeless"):
        return listed(visit, PLACELESS, 0)
    return listed(visit, "", 0) if says(words, "calls") else None


COMMANDS = {
    "calls": officers_only(listed),
    "placeless": officers_only(placeless),
    "call_interest": officers_only(interest),
    "call_cancel": officers_only(cancel),
}
OFFICER_SAYS = (officer_says,)
