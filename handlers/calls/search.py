"""Somebody looks for calls: "cari nasi kotak", "peluang minggu ini"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.announcements.reach import place_name
from handlers.calls.wording import BRIEF, closing, look, with_worth
from handlers.matching import bare, says, without_polite
from handlers.vendor import put_aside
from handlers.visit import Outcome, Visit, command
from messages import Message, Value, joined, say
from messages.folding import cut
from models.business import businesses_of
from models.call import Call
from models.conversation import Conversation
from models.places import read_place
from models.product import own_products
from models.search import Wanted, best_for, find_calls, stems_of, wanted

PAGE = 5
LOOKS = re.compile(
    r"(?:tolong |coba |bantu )?(?:cari(?:kan|in)?|search|find|ada)\s+(?:peluang|tender|paket|pengadaan|calls?)(?:\s+(?P<of>.+))?"
    r"|(?:tolong |coba |bantu )?(?:cari(?:kan|in)?|search|find)\s+(?P<plain>.+)|peluang\s+(?P<kind>.+)"
)
WHERE = re.compile(r"\s+(?:di|se|in|at|daerah|wilayah)\s+(?P<place>[\w ]+)$")
KEPT = 40
"""Bytes of what was looked for that fit into a button."""


def looked_for(visit: Visit, text: str) -> Outcome | None:
    """While no question is open; "minat" too, where nothing is there that it answers."""
    if not visit.offices and says(text, "interested"):
        return found(visit, "~", 0)
    matched = None if visit.offices else LOOKS.fullmatch(without_polite(bare(text)))
    if matched is None:
        return None
    query, region = _split(matched["of"] or matched["plain"] or matched["kind"] or "", visit.province)
    query = query if stems_of(query) else ""
    return found(visit, _subject(query, region), 0)


def named(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """ "Peluang" shows what is open, whatever was asked."""
    if visit.offices:
        return None
    if says(text, "calls_this_week"):
        return found(visit, "~ini", 0)
    return found(visit, "~", 0) if says(text, "calls") and not says(text, "interested") else None


def _split(query: str, province: str) -> tuple[str, str]:
    """What, and where: a place only where it is named as one."""
    where = WHERE.search(f" {query}")
    places = {place.region for place in read_place(where["place"], province)} if where else set()
    return (f" {query}"[: where.start()].strip(), places.pop()) if where and len(places) == 1 else (query, "")


def _subject(query: str, region: str) -> str:
    plain = re.sub(r"[^a-z0-9 ]", "", bare(query))[:KEPT]
    return f"{region}~{plain.strip()}"


def found(visit: Visit, subject: str, version: int) -> Outcome:
    """A page of what is open and fits what was looked for; a question that was open is left for it."""
    lead = put_aside(visit)
    region, _, query = subject.partition("~")
    week = query == "ini"
    monday, sunday = _week(visit.now, visit.person.zone) if week else (None, None)
    sought = wanted("" if week else query, region, sunday, monday)
    calls = _own_first(visit, find_calls(visit.session, sought, visit.now), sought)
    if not calls:
        return _nothing(query, region, week).after(lead)
    first = min(version, (len(calls) - 1) // PAGE) * PAGE
    shown = calls[first : first + PAGE]
    rows = [_row(place, call, week) for place, call in enumerate(shown, first + 1)]
    buttons = [look(call.id or 0, place) for place, call in enumerate(shown, first + 1)]
    more = (command("calls_found", subject, version + 1),) if first + PAGE < len(calls) else ()
    params: dict[str, Value] = {"n": len(calls), "rows": joined(rows, "\n\n"), "what": _what(query, region, week)}
    return Message("seek.found", params, (*buttons, *more, command("menu"))).after(lead)


def _row(place: int, call: Call, week: bool) -> Value:
    return say(
        "seek.row_new" if week and call.closes_at is None else "seek.row",
        place=place,
        title=cut(call.title, BRIEF),
        where=place_name(call.region),
        budget=with_worth(call, "call.estimate_brief"),
        closes=closing(call),
    )


def _what(query: str, region: str, week: bool) -> Value:
    """What was looked for, as it stands in a sentence."""
    words: Value = say("seek.this_week") if week else say("seek.words", words=query) if query else say("seek.all")
    return say("seek.in_place", what=words, place=place_name(region)) if region else words


def _own_first(visit: Visit, calls: list[Call], sought: Wanted) -> list[Call]:
    """Where nothing particular is looked for: what the own products fit comes first."""
    if sought.stems or sought.codes:
        return calls
    peers = [peer for one in businesses_of(visit.session, visit.person_id) for peer in own_products(visit.session, one.id or 0)]
    return best_for(calls, {peer.etalase for peer in peers}, [peer.name for peer in peers])


def _nothing(query: str, region: str, week: bool) -> Message:
    if week:
        return Message("seek.nothing_week", {}, (command("calls_found", "~", label=say("option.calls")), command("menu")))
    wider = (command("calls_found", f"~{query}"),) if region else (command("calls_found", "~"),) if query else ()
    return Message("seek.nothing", {"what": _what(query, region, week)}, (*wider, command("calls_settings"), command("menu")))


def _week(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The person's week, from Monday to the end of Sunday."""
    local = now.astimezone(ZoneInfo(zone))
    monday = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=local.weekday())
    return monday, monday + timedelta(days=7)


COMMANDS = {"calls_found": found}
SAYS = (named,)
IDLE_SAYS = (looked_for,)
