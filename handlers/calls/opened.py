"""A call that somebody opened: whole, how to take part in it, and what the words of procurement mean."""

from __future__ import annotations

from handlers.calls.wording import notice
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, has
from models.call import CANCELLED, is_open, note_found
from models.history import whole
from models.product import Product


def look(visit: Visit, subject: str, version: int) -> Outcome:
    """Whoever opens it can answer it, however they came by it."""
    call = whole(visit.session, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    if call is None or visit.offices:
        return Aside(Message("common.button_old"))
    if not is_open(call, visit.now):
        return Aside(Message("call.cancelled_for_you" if call.status == CANCELLED else "call.over", {"title": call.title}))
    kept = note_found(visit.session, call.id or 0, visit.person_id, visit.now)
    product = visit.session.get(Product, kept.product_id) if kept.product_id else None
    return notice(call, product.name if product else "", kept.reasons)


def what_is(visit: Visit, subject: str, version: int) -> Outcome:
    """The way of buying in plain words, with the way back to the call."""
    key = f"call.what_{subject}" if has(f"call.what_{subject}") else "call.what_unknown"
    back = (command("call_open", version),) if version else ()
    return Aside(Message(key, {}, (*back, command("order", 1), command("menu"))))


COMMANDS = {"call_open": look, "call_what": what_is}
