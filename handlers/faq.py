"""The questions everybody asks, as a list of buttons; the answers are fixed."""

from __future__ import annotations

from handlers.matching import bare, without_polite
from handlers.questions import FIXED, fixed, fixed_answer
from handlers.typed import lacked
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, say

SHORT = 3
"""A text of so few words that names a subject ("soal pajak") asks about it, without a question mark; more may be a complaint."""


def questions(visit: Visit, subject: str, version: int) -> Outcome:
    """The list, or with a name the answer, after which the open question comes again."""
    if subject in FIXED:
        return Aside(fixed(visit, subject))
    options = [command("faq", name, label=say(f"faq.ask_{name}")) for name in FIXED]
    return Message("faq.which", {}, (*options, command("ask_officer")))


def named(visit: Visit, text: str) -> Outcome | None:
    """ "soal pajak" while nothing is open."""
    if visit.offices:
        return None
    if (paper := lacked(text)) in FIXED:
        return fixed(visit, paper)
    return fixed_answer(visit, text) if len(without_polite(bare(text)).split()) <= SHORT else None


COMMANDS = {"faq": questions}
IDLE_SAYS = (named,)
