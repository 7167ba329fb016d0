"""A call on its way to those whose products fit, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from handlers.announcements.reach import place_name
from handlers.matching import no, says, yes
from handlers.questions import send
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Params, Value, left, moment, rupiah, say
from models.audience import best_addresses, insert_all, insert_missing
from models.call import CANCELLED, INTERESTED, UNRELATED, Call, CallNotice, hear_all_again, is_open, notice_of, open_calls, unanswered
from models.contact import Address
from models.matching import Candidate, candidates
from models.outbox import NOTICE, Outgoing
from models.post import last_message
from models.product import Product
from models.quiet import after_quiet

SLICE = 500
"""People told in one transaction, so that conversations go on in between."""


def tell(session: Session, call: Call, now: datetime, limit: int = SLICE, product_id: int = 0, after: datetime | None = None) -> int:
    """Tells those who fit and were not told yet, each once and not before `after`. Returns how many."""
    if not is_open(call, now):
        return 0
    before = set(session.exec(select(CallNotice.person_id).where(CallNotice.call_id == call.id)))
    found = candidates(session, call.etalase, call.region, product_id, call.title)
    fresh = [one for one in found if not one.why and one.person_id not in before][:limit]
    if len(fresh) < limit and not product_id:
        call.told_at = call.told_at or now
    unique = ("call_id", "person_id", "kind")
    new = insert_missing(session, CallNotice, [_kept(call, one, now) for one in fresh], unique, col(CallNotice.person_id))
    addresses = best_addresses(session, new, now)
    insert_all(
        session, Outgoing, [_row(call, one, addresses[one.person_id], now, after or now) for one in fresh if one.person_id in addresses]
    )
    return len(new)


def tell_new(session: Session, product: Product, now: datetime, after: datetime | None = None, calls: Sequence[Call] | None = None) -> int:
    """A product that was approved after calls it fits were announced: its people hear of those that are still open.

    `calls` are the open ones, where they are known.
    """
    known = open_calls(session, now) if calls is None else calls
    fitting = [call for call in known if product.etalase in call.etalase]
    return sum(tell(session, call, now, product_id=product.id or 0, after=after) for call in fitting)


def untell(session: Session, product: Product, now: datetime) -> None:
    """The approval was taken back: what waits because of it does not go out, and may be told another time."""
    kept = session.exec(select(CallNotice).where(CallNotice.product_id == product.id, CallNotice.answer == "")).all()
    for notice in [one for one in kept if one.reasons[0]["approved"]]:
        mine = (col(Outgoing.person_id) == notice.person_id, col(Outgoing.subject) == f"call:{notice.call_id}")
        gone = update(Outgoing).where(*mine, col(Outgoing.status) == "queued", col(Outgoing.kind) == "call")
        if getattr(session.execute(gone.values(status="cancelled", settled_at=now)), "rowcount", 0):
            session.delete(notice)
    session.flush()


def _kept(call: Call, one: Candidate, now: datetime) -> dict[str, Any]:
    reason = {"product": one.product_id, "name": one.product, "approved": one.approved}
    return {
        "call_id": call.id, "person_id": one.person_id, "kind": "new", "product_id": one.product_id, "reasons": [reason], "answer": "",
        "at": now, "score": 0.0, "told_at": now,
    }  # fmt: skip


def _row(call: Call, one: Candidate, address: Address, now: datetime, after: datetime) -> dict[str, Any]:
    """Outside quiet hours, unless the call closes before the next morning."""
    due = after_quiet(after, one.zone)
    if call.closes_at and due >= call.closes_at:
        due = after
    return {
        "person_id": one.person_id, "address_id": address.id, "account": address.account, "lane": NOTICE, "kind": "call",
        "subject": f"call:{call.id}", "message": notice(call, one).to_json(), "due_at": due, "expires_at": call.closes_at,
        "created_at": now,
    }  # fmt: skip


def notice(call: Call, one: Candidate) -> Message:
    because = "call.because" if one.approved else "call.because_waiting"
    params: dict[str, Value] = {
        "title": call.title,
        "buyer": call.buyer,
        "budget": say("call.with_budget", budget=rupiah(call.budget)) if call.budget else "",
        "place": place_name(call.region),
        "closes": moment(call.closes_at) if call.closes_at else say("common.none"),
        "left": left(call.closes_at) if call.closes_at else say("common.none"),
        "reason": say(because, product=one.product),
        "link": say("call.with_link", link=call.link) if call.link else "",
    }
    buttons = (command("call_yes", call.id or 0), command("call_no", call.id or 0))
    return Message("call.new", params, buttons, category="marketing")


def answered(word: str) -> Callable[[Visit, str, int], Outcome]:
    """A tap on a notice: recorded once, safe when it is old, repeated or not one's own."""

    def handler(visit: Visit, subject: str, version: int) -> Outcome:
        call, kept = _mine(visit, subject)
        if call is None or kept is None:
            return Aside(Message("common.button_old"))
        if not is_open(call, visit.now):
            return Aside(Message("call.cancelled_for_you" if call.status == CANCELLED else "call.over", {"title": call.title}))
        again = kept.answer == word
        if not again:
            kept.answer, kept.answered_at = word, visit.now
        return Aside(_thanks(call, kept, word, again))

    return handler


def _thanks(call: Call, kept: CallNotice, word: str, again: bool) -> Message:
    if word == UNRELATED:
        params: Params = {"product": kept.reasons[0]["name"] if kept.reasons else "", "title": call.title}
        return Message("call.unrelated_again" if again else "call.unrelated", params, (command("call_more", call.id or 0),))
    key = "call.interested_again" if again else "call.interested"
    return Message(key, {"title": call.title, "how": say(f"call.how_{call.method or 'unknown'}")}, (command("call_ask", call.id or 0),))


def _mine(visit: Visit, subject: str) -> tuple[Call | None, CallNotice | None]:
    if not subject.isdecimal() or len(subject) > 18:
        return None, None
    kept = notice_of(visit.session, int(subject), visit.person_id)
    return (visit.session.get(Call, int(subject)), kept) if kept else (None, None)


def hear_more(visit: Visit, subject: str, version: int) -> Outcome:
    """The way back: the answer stays, and keeps no other call away."""
    call, kept = _mine(visit, subject)
    if call is None or kept is None:
        return Aside(Message("common.button_old"))
    hear_all_again(visit.session, visit.person_id, kept.product_id)
    return Aside(Message("call.more", {"product": kept.reasons[0]["name"] if kept.reasons else ""}))


def ask_about(visit: Visit, subject: str, version: int) -> Outcome:
    call, _ = _mine(visit, subject)
    return Begin("question", about={"about": f"call:{call.id}"}) if call else Aside(Message("common.button_old"))


def quoted(visit: Visit, subject: str) -> Outcome | None:
    """Words that quote a notice: an answer to it, else a question about it."""
    text = visit.said.text.strip()
    call, kept = _mine(visit, subject)
    if not text or says(text, "stop") or call is None or kept is None:
        return None
    if meant := _meant(text):
        return answered(meant)(visit, subject, 0)
    return Aside(send(visit, text, f"call:{call.id}"))


def idle_said(visit: Visit, text: str) -> Outcome | None:
    """ "ya" typed right under a notice, or "minat" while only one waits for an answer."""
    meant = _meant(text)
    if not meant:
        return None
    shown = last_message(visit.session, visit.address.id or 0)
    if shown and shown.key == "call.new":
        return answered(meant)(visit, shown.options[0].press.split(":")[2], 0)
    waiting = unanswered(visit.session, visit.person_id, visit.now)
    named = says(text, "interested") or says(text, "unrelated")
    return answered(meant)(visit, str(waiting[0].id), 0) if named and len(waiting) == 1 else None


def _meant(text: str) -> str:
    if says(text, "interested") or yes(text):
        return INTERESTED
    return UNRELATED if says(text, "unrelated") or no(text) else ""


COMMANDS = {"call_yes": answered(INTERESTED), "call_no": answered(UNRELATED), "call_ask": ask_about, "call_more": hear_more}
QUOTED = {"call": quoted}
IDLE_SAYS = (idle_said,)
