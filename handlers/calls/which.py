""" "minat" where it is not plain of what: the calls that may be meant, and which of them it is."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.calls.wording import BRIEF, closing, subject_of
from handlers.matching import bare, known, without_polite
from handlers.visit import Visit, command
from messages import Message, Option, lines, say
from messages.folding import cut
from models.alerts import DIGEST
from models.call import INTERESTED, Call, is_open, notice_of, unanswered

ABOUT = ("call_open", "call_yes", "call_no", "call_more", "call_ask")
"""Buttons that name a call."""


def numbered(text: str) -> tuple[str, int]:
    """ "minat yang no. 2" as its words and its number, 0 where it has none."""
    words = without_polite(bare(text)).split()
    if len(words) < 2 or not (words[-1].isdecimal() and len(words[-1]) == 1):
        return text, 0
    place = int(words.pop())
    while len(words) > 1 and words[-1] in known("numbering"):
        words.pop()
    return " ".join(words), place


def meant(visit: Visit, shown: Message | None, place: int, answer: str) -> dict[int, Call]:
    """By their place the calls that the message shown last is about: one whatever became of it, of several those that are open. Else, or
    where it has none at this place, or one that was just answered so, those that were told and not answered, the latest first.
    """
    about = dict.fromkeys(subject_of(option) for option in shown.options if option.id in ABOUT) if shown else {}
    found = {number: visit.session.get(Call, one) for number, one in enumerate(about, 1)}
    calls = {number: call for number, call in found.items() if call and (len(about) == 1 or is_open(call, visit.now))}
    waits = dict(enumerate(unanswered(visit.session, visit.person_id, visit.now)[:DIGEST], 1))
    if not calls or (place and place not in calls):
        return waits
    return waits if waits and len(about) == 1 and _answered(visit, calls[1], answer) else calls


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
    """The answer itself; what somebody only found in a search is opened first."""
    heard = notice_of(visit.session, call.id or 0, visit.person_id)
    name = "call_open" if heard is None else "call_yes" if answer == INTERESTED else "call_no"
    return command(name, call.id or 0, label=say("call.number", n=place))
