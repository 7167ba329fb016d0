"""Two minutes to think again: what was decided is taken back, or goes another route, before the vendor hears."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.calls.notices import untell
from handlers.office.deciding import confirmation
from handlers.office.door import in_reach, officers_only
from handlers.office.verdict import tell
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, clock, lines
from models.decisions import act_of, latest_act, undo
from models.product import Decision, Product
from models.review import kind_of
from models.routes import other


@officers_only
def reroute(visit: Visit, subject: str, version: int) -> Outcome:
    """The other channel, while the vendor has not heard of it."""
    decision = _own(visit, subject)
    found = in_reach(visit, str(decision.product_id)) if decision else None
    if decision is None or found is None or decision.verdict != "approved":
        return Aside(Message("review.not_here"))
    if decision.undone_at or visit.now >= decision.due_at:
        return Aside(too_late(decision))
    product, business = found
    decision.route, decision.because = other(decision.route), "officer"
    visit.session.flush()
    tell(visit.session, business.id or 0, decision.batch, visit.now)
    return confirmation(visit, decision, product, kind_of(product.findings))


@officers_only
def undo_act(visit: Visit, subject: str, version: int) -> Outcome:
    """urungkan: takes back what was decided with one word."""
    decision = _own(visit, subject)
    if decision is None:
        return Aside(Message("review.not_here"))
    return Aside(Message("review.undone_before")) if decision.undone_at else take_back(visit, act_of(visit.session, decision))


def take_back(visit: Visit, decisions: Sequence[Decision]) -> Outcome:
    taken: list[Product] = []
    for decision in decisions:
        product = visit.session.get(Product, decision.product_id)
        if product and undo(visit.session, decision, visit.now):
            tell(visit.session, product.business_id, decision.batch, visit.now)
            untell(visit.session, product, visit.now)
            taken.append(product)
    if not taken:
        return Aside(too_late(decisions[0]))
    names = lines(product.name for product in taken)
    options = [command("review", taken[0].id or 0, taken[0].revision)] if len(taken) == 1 else []
    kept = Message("review.undo_some", {"n": len(decisions) - len(taken)}) if len(taken) < len(decisions) else None
    return Message("review.undone", {"list": names}, (*options, command("queue"))).after(kept)


def too_late(decision: Decision) -> Message:
    """The owner knows; the card says how to reach them."""
    return Message("review.undo_late", {"at": clock(decision.due_at)}, (command("review", decision.product_id), command("queue")))


def undo_last(visit: Visit) -> Outcome:
    decisions = latest_act(visit.session, visit.person_id)
    return take_back(visit, decisions) if decisions else Aside(Message("review.nothing_to_undo"))


def _own(visit: Visit, subject: str) -> Decision | None:
    decision = visit.session.get(Decision, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    return decision if decision and decision.officer_id == visit.person_id else None


COMMANDS = {"reroute": reroute, "undo": undo_act}
