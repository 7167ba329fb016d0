"""A call on its way to those whose products fit, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.calls.digest import deliver
from handlers.calls.settings import fewer
from handlers.calls.taking_back import take_back
from handlers.calls.which import meant, numbered, which
from handlers.calls.wording import how, subject_of
from handlers.matching import no, says, yes
from handlers.questions import send
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Params
from models.alerts import SLICE, WAITS, Fit, fits, keep, waiting
from models.call import (
    CANCELLED,
    INTERESTED,
    NEW,
    UNRELATED,
    Call,
    CallNotice,
    fitting_calls,
    hear_all_again,
    is_open,
    note_found,
    notice_of,
)
from models.history import whole
from models.post import last_message
from models.product import Product
from models.relevance import rank


def tell(session: Session, call: Call, now: datetime, limit: int = SLICE, product_id: int = 0, after: datetime | None = None) -> int:
    """Those who fit and do not know of it yet: told at once, not before `after`, where that is their wish or it presses; the others with
    their next digest. Returns how many.
    """
    if not is_open(call, now):
        return 0
    ranked = rank(session, call, product_id, most=0 if product_id else limit + 1)
    if len(ranked) <= limit and not product_id:
        call.told_at = call.told_at or now
    return keep_and_tell(session, fits(session, [(call, ranked[:limit])]), now, after or now)


def keep_and_tell(session: Session, found: Sequence[Fit], now: datetime, after: datetime) -> int:
    """A notice each. Returns how many are new."""
    soon: list[Fit] = []
    wait: list[Fit] = []
    for fit in found:
        (soon if fit.at_once(now) else wait).append(fit)
    later = keep(session, wait, now, after)
    if ids := keep(session, soon, now, after):
        deliver(session, waiting(session, now, col(CallNotice.id).in_(ids)), now, after)
    return len(ids) + len(later)


def tell_new(session: Session, product: Product, now: datetime, after: datetime | None = None) -> int:
    """A product that was approved after calls it fits were announced: its people hear of those that are still open."""
    calls = fitting_calls(session, product.etalase, now)
    found = fits(session, [(call, rank(session, call, product.id or 0)) for call in calls])
    return keep_and_tell(session, found, now, after or now)


def untell(session: Session, product: Product, now: datetime) -> None:
    """The approval was taken back: what waits because of it does not go out, and may be told another time."""
    rows = select(CallNotice).where(CallNotice.product_id == product.id, CallNotice.answer == "", CallNotice.kind == NEW)
    kept = [one for one in session.exec(rows.with_for_update()) if not any(reason.get("key") == WAITS for reason in one.reasons)]
    for call in {one.call_id for one in kept}:
        mine = {one.person_id: one for one in kept if one.call_id == call}
        gone = take_back(session, mine, call, now)
        for one in mine.values():
            if one.told_at is None or one.person_id in gone:
                session.delete(one)
    session.flush()


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
        return Aside(_thanks(visit, call, _product(visit, kept), word, again))

    return handler


def _thanks(visit: Visit, call: Call, product: str, word: str, again: bool) -> Message:
    if word == UNRELATED and not product:
        return Message("call.unrelated_found", {"title": call.title}, (fewer(visit), command("menu")))
    if word == UNRELATED:
        params: Params = {"product": product, "title": call.title}
        key = "call.unrelated_again" if again else "call.unrelated"
        return Message(key, params, (command("call_more", call.id or 0), fewer(visit)))
    key = "call.interested_again" if again else "call.interested"
    return Message(key, {"title": call.title, "how": how(call)}, (command("call_ask", call.id or 0), command("order", 1)))


def _product(visit: Visit, kept: CallNotice) -> str:
    product = visit.session.get(Product, kept.product_id) if kept.product_id else None
    return product.name if product else ""


def _mine(visit: Visit, subject: str) -> tuple[Call | None, CallNotice | None]:
    if not subject.isdecimal() or len(subject) > 18:
        return None, None
    call = whole(visit.session, int(subject))
    kept = notice_of(visit.session, call.id or 0, visit.person_id) if call else None
    return (call, kept) if kept else (None, None)


def hear_more(visit: Visit, subject: str, version: int) -> Outcome:
    """The way back: the answer stays, and keeps no other call away."""
    call, kept = _mine(visit, subject)
    if call is None or kept is None:
        return Aside(Message("common.button_old"))
    hear_all_again(visit.session, visit.person_id, kept.product_id)
    return Aside(Message("call.more", {"product": _product(visit, kept)}))


def ask_about(visit: Visit, subject: str, version: int) -> Outcome:
    call, _ = _mine(visit, subject)
    return Begin("question", about={"about": f"call:{call.id}"}) if call else Aside(Message("common.button_old"))


def quoted(visit: Visit, subject: str) -> Outcome | None:
    """Words that quote a notice: an answer to it, else a question about it."""
    text = visit.said.text.strip()
    call, kept = _mine(visit, subject)
    if not text or says(text, "stop") or call is None or kept is None:
        return None
    if answer := _meant(text):
        return answered(answer)(visit, subject, 0)
    return Aside(send(visit, text, f"call:{call.id}"))


def idle_said(visit: Visit, text: str) -> Outcome | None:
    """ "ya" typed right under a notice; "minat" wherever it is plain which call is meant, else it is asked which."""
    words, place = numbered(text)
    answer = _meant(words)
    if not answer:
        return None
    shown = last_message(visit.session, visit.address.id or 0)
    if shown and shown.key == "call.new" and not place:
        return answered(answer)(visit, str(subject_of(shown.options[0])), 0)
    if not says(words, "interested") and not says(words, "unrelated"):
        return None
    picked, calls = meant(visit, shown, place, answer)
    if picked:
        if is_open(picked, visit.now):
            note_found(visit.session, picked.id or 0, visit.person_id, visit.now)
        return answered(answer)(visit, str(picked.id), 0)
    return Aside(which(visit, calls, answer)) if calls else None


def _meant(text: str) -> str:
    if says(text, "interested") or yes(text):
        return INTERESTED
    return UNRELATED if says(text, "unrelated") or no(text) else ""


COMMANDS = {"call_yes": answered(INTERESTED), "call_no": answered(UNRELATED), "call_ask": ask_about, "call_more": hear_more}
QUOTED = {"call": quoted}
IDLE_SAYS = (idle_said,)
