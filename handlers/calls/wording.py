"""A call in words: whole, and in one line of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.announcements.reach import place_name
from handlers.visit import command
from messages import Message, Option, Value, has, joined, left, moment, month, rupiah, say
from messages.folding import cut
from models.alerts import WAITS
from models.call import PLANNED, Call
from models.history import of_plan

TITLE, BRIEF, BUYER, PRODUCT = 110, 70, 60, 60
"""Characters of a title in its own notice and in a line of several, of a buyer, and of a product's name."""
REASONS = 2
"""So many reasons are said, the first ones."""
LINE = "call.line"
Kept = Sequence[Mapping[str, Any]]
"""Reasons as `CallNotice` keeps them."""


def notice(call: Call, product: str, reasons: Kept) -> Message:
    """The whole of a call, to be answered. The words of earlier releases have the same parameters: rows of theirs may still wait."""
    params: dict[str, Value] = {
        "title": cut(call.title, TITLE),
        "buyer": cut(call.buyer or call.institution, BUYER),
        "budget": with_worth(call, "call.estimate"),
        "place": place_name(call.region),
        "closes": closing(call),
        "left": remaining(call),
        "reason": joined([*([why("call.why", product, reasons)] if product or reasons else []), way(call)], " "),
        "link": say("call.with_link", link=call.link) if call.link else "",
    }
    buttons = (command("call_yes", call.id or 0), command("call_no", call.id or 0), meaning(call))
    return Message("call.new", params, buttons, category="marketing")


def meaning(call: Call) -> Option:
    """One tap away from every notice: what the words of its way of buying mean."""
    return command("call_what", call.method or "unknown", call.id or 0)


def line(place: int, call: Call, product: str, reasons: Kept) -> Value:
    return say(
        LINE,
        place=place,
        title=cut(call.title, BRIEF),
        buyer=cut(call.buyer or call.institution, BUYER),
        budget=with_worth(call, "call.estimate_brief"),
        where=place_name(call.region),
        closes=closing(call),
        why=why("call.why_line", product, reasons),
    )


def closing(call: Call) -> Value:
    """As it stands after "Tutup". Of a plan only the month is known, and tenders are often announced without their schedule."""
    if call.closes_at and of_plan(call, "closes_at"):
        return say("call.planned_end", month=month(call.closes_at))
    return moment(call.closes_at) if call.closes_at else say("call.closes_unsaid")


def remaining(call: Call) -> Value:
    """How long that is from now, as it stands in brackets after the closing."""
    if call.closes_at and of_plan(call, "closes_at"):
        return say("call.unannounced")
    return left(call.closes_at) if call.closes_at else say("call.left_unsaid")


def worth(call: Call, estimate: str = "call.estimate") -> Value:
    """The budget; where the source names none, the office's own estimate in the words of this key. "" for neither."""
    if call.budget:
        return rupiah(call.budget)
    return say(estimate, amount=rupiah(call.estimate)) if call.estimate else ""


def with_worth(call: Call, estimate: str) -> Value:
    """The same as it follows other words, "" for neither."""
    known = worth(call, estimate)
    return say("call.with_budget", budget=known) if known else ""


def way(call: Call) -> Value:
    """How to take part, in a sentence."""
    if call.status == PLANNED:
        return say("call.way_planned")
    return say(_of_method("call.way", call))


def how(call: Call) -> Value:
    """The same with what to prepare."""
    return say(_of_method("call.how", call))


def _of_method(key: str, call: Call) -> str:
    if call.method != "unknown" and has(f"{key}_{call.method}"):
        return f"{key}_{call.method}"
    return f"{key}_unlinked" if unlinked(call) else f"{key}_unknown"


def unlinked(call: Call) -> bool:
    """Nothing can be read about it elsewhere."""
    return not call.link


def why(key: str, product: str, reasons: Kept) -> Value:
    """ "Saya kabari karena Bu Siti jual nasi kotak (masih diperiksa petugas), tempatnya dekat." """
    named = [(f"call.why_{one['key']}", one.get("params", {})) for one in reasons if "key" in one and one["key"] != WAITS]
    said = [say(text, **_short(params)) for text, params in named if has(text)][:REASONS]
    first, *rest = said or [say("call.why_category", product=cut(product, PRODUCT))]
    if any(one.get("key") == WAITS for one in reasons):
        first = joined([first, say("call.why_waiting")], "")
    return say(key, reasons=joined([first, *rest], ", "))


def _short(params: Mapping[str, Any]) -> dict[str, Value]:
    return {name: cut(value, PRODUCT) if isinstance(value, str) else value for name, value in params.items()}


# --- several in one message ---


def look(call_id: int, place: int) -> Option:
    return command("call_open", call_id, label=say("call.look", n=place))


def without(message: Message, gone: frozenset[int]) -> Message | None:
    """A message of several calls without some of them, counted anew; None where nothing is left."""
    listed: Any = message.params["list"]
    parts = listed["join"]
    calls = [option for option in message.options if option.id == "call_open"]
    kept = [(option, part) for option, part in zip(calls, parts, strict=False) if subject_of(option) not in gone]
    if not kept:
        return None
    said = [_renumbered(part, place) for place, (_, part) in enumerate(kept, 1)] + parts[len(calls) :]
    options = tuple(look(subject_of(option), place) for place, (option, _) in enumerate(kept, 1))
    rest = tuple(option for option in message.options if option.id != "call_open")
    params = {**message.params, "n": len(kept), "list": joined(said, listed["between"])}
    return Message(message.key, params, (*options, *rest), category=message.category)


def subject_of(option: Option) -> int:
    return int(option.press.split(":")[2])


def calls_in(message: Message) -> list[int]:
    """The calls that a message of several tells of; none for any other."""
    return [subject_of(option) for option in message.options if option.id == "call_open"] if "list" in message.params else []


def _renumbered(part: Any, place: int) -> Value:
    return {**part, "params": {**part["params"], "place": place}}
