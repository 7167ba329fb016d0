""" "minat" where it is not plain of what: the calls that may be meant, and which of them it is."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.calls.wording import BRIEF, closing, subject_of
from handlers.matching import bare, known, without_polite
from handlers.shortcuts import number_of
from handlers.visit import Visit, command
from messages import Message, Option, lines, say
from messages.folding import cut
from models.alerts import DIGEST
from models.call import INTERESTED, Call, is_open, notice_of, unanswered
from models.history import whole

ABOUT = ("call_open", "call_yes", "call_no", "call_more", "call_ask")
"""Buttons that name a call."""


def numbered(text: str) -> tuple[str, int]:
    """ "minat yang no. 2" as its words and its number, 0 where it has none."""
    words = without_polite(bare(text)).split()
    if len(words) < 2 or not (words[-1].isdecimal() and len(words[-1]) <= 2):
        return text, 0
    place = int(words.pop())
    while len(words) > 1 and words[-1] in known("numbering"):
        words.pop()
    return " ".join(words), place


def meant(visit: Visit, shown: Message | None, place: int, answer: str) -> tuple[Call | None, list[Call]]:
    """The call that is meant, else those that may be. A number is that of the message shown last, and of no other. Without one: the call
    that this message is about, whatever became of it, of several those that are open; where there is none, or it was just answered so,
    those that were told and not answered, the latest first.
    """
    told = _told(visit, shown)
    if place in told:
        return told[place], []
    about = list({call.id: call for call in told.values()}.values())
    calls = [call for call in about if len(about) == 1 or is_open(call, visit.now)]
    waits = unanswered(visit.session, visit.person_id, visit.now)[:DIGEST]
    if not calls or (waits and len(about) == 1 and (place or _answered(visit, calls[0], answer))):
        calls = waits
    return (calls[0] if len(calls) == 1 and not place else None), calls


def _told(visit: Visit, shown: Message | None) -> dict[int, Call]:
    """The calls behind the buttons, by the places that these name; what became part of another call is that one."""
    found: dict[int, Call] = {}
    for option in shown.options if shown else ():
        call = whole(visit.session, subject_of(option)) if option.id in ABOUT else None
        if call and (place := number_of(option)):
            found[place] = call
        elif call and call.id not in {one.id for one in found.values()}:
            found[len(found) + 1] = call
    return found


def _answered(visit: Visit, call: Call, answer: str) -> bool:
    kept = notice_of(visit.session, call.id or 0, visit.person_id)
    return kept is not None and kept.answer == answer


def which(visit: Visit, calls: Iterable[Call], answer: str) -> Message:
    """Counted anew, as a number that is typed next counts the buttons."""
    asked = list(enumerate(calls, 1))
    rows = [say("call.row", place=place, title=cut(call.title, BRIEF), closes=closing(call)) for place, call in asked]
    buttons = [_button(visit, place, call, answer) for place, call in asked]
    return Message(f"call.which_{answer}", {"list": lines(rows)}, tuple(buttons))


def _button(visit: Visit, place: int, call: Call, answer: str) -> Option:
    """The answer itself, or how to take part; what somebody only found in a search is opened first."""
    heard = notice_of(visit.session, call.id or 0, visit.person_id)
    if answer == "what":
        return command("call_what", call.method or "unknown", call.id or 0, say("call.number", n=place))
    name = "call_open" if heard is None else "call_yes" if answer == INTERESTED else "call_no"
    return command(name, call.id or 0, label=say("call.number", n=place))
