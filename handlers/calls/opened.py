"""A call that somebody opened: whole, how to take part in it, and what the words of procurement mean."""

from __future__ import annotations

from handlers.calls.which import meant, numbered, which
from handlers.calls.wording import TITLE, notice, unlinked
from handlers.doubt import told_last
from handlers.matching import says
from handlers.menu import CALLS
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, has
from messages.folding import cut
from models.business import businesses_of
from models.call import CANCELLED, Call, is_open, note_found
from models.conversation import Conversation
from models.history import whole
from models.post import last_message
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
    """The way of buying in plain words, with the way back to the call; where it is not known, to the officers."""
    call = visit.session.get(Call, version) if version else None
    known = subject != "unknown" and has(f"call.what_{subject}")
    key = f"call.what_{subject}" if known else "call.what_unlinked" if call and unlinked(call) else "call.what_unknown"
    back = (command("call_open", version),) if call else ()
    onward = command("order", 1) if known or not call else command("call_ask", version)
    return Aside(Message(key, {}, (*back, onward, command("menu"))))


def asks_how(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """ "Apa caranya?" of the call that is plain, else it is asked of which; with a question open only right after calls were told."""
    words, place = numbered(text)
    if visit.offices or not says(words, "asks_call_how") or (conversation and not told_last(visit)):
        return None
    picked, calls = meant(visit, last_message(visit.session, visit.address.id or 0), place, "")
    if picked:
        return _named(visit, picked)
    if calls:
        return Aside(which(visit, calls, "what"))
    return Message("call.how_general", {}, (CALLS, command("menu"))) if businesses_of(visit.session, visit.person_id) else None


def _named(visit: Visit, call: Call) -> Outcome:
    """Said of which call it is: it need not be the one on the screen."""
    found = what_is(visit, call.method or "unknown", call.id or 0)
    lead = Message("call.what_of", {"title": cut(call.title, TITLE)})
    return Aside(found.message.after(lead)) if isinstance(found, Aside) else found


COMMANDS = {"call_open": look, "call_what": what_is}
SAYS = (asks_how,)
