"""What a vendor hears of decisions: one message for all that was decided within the two minutes, made anew with each decision and undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers.calls.notices import tell_new
from handlers.questions import send
from handlers.visit import Outcome, Visit, command
from messages import Message, Option, Value, has, joined, lines, say
from models.business import members_of
from models.decisions import bundle_of, of_batch
from models.post import notify, withdraw
from models.product import APPROVED, Decision, Product

Decided = Sequence[tuple[Decision, Product]]
NAMED = 8
"""So many products are named or have a button; the others are in "Produk saya"."""


def tell(session: Session, business_id: int, batch: int, now: datetime) -> None:
    """Puts the one message of a batch into the outbox, or takes it back when nothing is left to say."""
    decided = of_batch(session, batch)
    for member in members_of(session, business_id):
        if not decided:
            withdraw(session, member, bundle_of(batch), now)
            continue
        message, due = news(decided), decided[0][0].due_at
        notify(session, member, message, now, subject=bundle_of(batch), bundle=bundle_of(batch), due_at=due)
    for decision, product in decided:
        if product.status == APPROVED:
            tell_new(session, product, now, decision.due_at)


def news(decided: Decided) -> Message:
    return one(*decided[0]) if len(decided) == 1 else several(decided)


def one(decision: Decision, product: Product) -> Message:
    name: dict[str, Value] = {"product": product.name}
    if decision.verdict == "approved":
        return Message("decision.approved", name | {"route": say(f"route.{decision.route}")}, (command("products"), command("register")))
    if decision.verdict == "rejected":
        return Message("decision.rejected", name | {"reason": reason(decision.flags)}, (command("ask_officer"), command("products")))
    listed = lines(say("decision.point", reason=words) for words in reasons(decision.flags))
    return Message("decision.fix", name | {"n": len(decision.flags), "list": listed}, (fix_button(product), command("ask_officer")))


def several(decided: Decided) -> Message:
    groups = {verdict: [pair for pair in decided if pair[0].verdict == verdict] for verdict in ("approved", "fix", "rejected")}
    counts = joined([say(f"decision.n_{verdict}", n=len(pairs)) for verdict, pairs in groups.items() if pairs], ", ")
    parts = [*_approved(groups["approved"]), *_listed("fix", groups["fix"]), *_listed("rejected", groups["rejected"])]
    mend = groups["fix"][:NAMED]
    buttons = [fix_button(product, place if len(mend) > 1 else 0) for place, (_, product) in enumerate(mend, 1)]
    ask = (command("ask_officer"),) if mend or groups["rejected"] else ()
    return Message("decision.several", {"counts": counts, "parts": lines(parts)}, (*buttons, *ask, command("products")))


def _approved(pairs: Decided) -> list[Value]:
    if not pairs:
        return []
    names: list[Value] = [product.name for _, product in pairs[:NAMED]]
    return [say("decision.group_approved", list=joined(names + _rest(pairs), ", "))]


def _listed(verdict: str, pairs: Decided) -> list[Value]:
    if not pairs:
        return []
    made: list[Value] = []
    for place, (decision, product) in enumerate(pairs[:NAMED], 1):
        why = joined(reasons(decision.flags), "; ") if verdict == "fix" else reason(decision.flags)
        made.append(say("decision.item", number=place, product=product.name, reasons=why))
    return [say(f"decision.group_{verdict}", list=lines(made + _rest(pairs)))]


def _rest(pairs: Decided) -> list[Value]:
    return [say("decision.others", n=len(pairs) - NAMED)] if len(pairs) > NAMED else []


def fix_button(product: Product, number: int = 0) -> Option:
    label = say("decision.fix_number", n=number) if number else say("decision.fix_now")
    return command("fix", product.id or 0, product.revision, label=label, detail=product.name if number else "")


def reasons(flags: Mapping[str, Any]) -> list[Value]:
    """Each flagged field with what is asked for."""
    return [say("decision.reason", field=say(f"fix.{field}.label"), reason=reason({field: flag})) for field, flag in flags.items()]


def reason(flags: Mapping[str, Any]) -> Value:
    """The words of the first reason; a ready one that a later release withdrew is told in general."""
    flag: Mapping[str, Any] = next(iter(flags.values()), {})
    if "text" in flag:
        return str(flag["text"])
    key = f"reason.{flag.get('key')}"
    return say(key if has(key) else "reason.general")


def quoted(visit: Visit, subject: str) -> Outcome:
    """A reply to a decision is a question to the officers."""
    return send(visit, visit.said.text)
