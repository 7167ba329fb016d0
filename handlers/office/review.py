"""What an officer does in the chat, and the words for it: antrean, setujui 1-7, cari siti, urungkan, rekap."""

from __future__ import annotations

import re

from handlers.dialogue import current
from handlers.matching import bare, known, without_polite
from handlers.office import bulk, deciding, inspection, overriding, searching, triage, undoing, verdict
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, say
from models.conversation import current_of
from models.post import last_message
from models.review import Shortlist

FORMS = (*deciding.FORMS, *overriding.FORMS)
COMMANDS = {**triage.COMMANDS, **inspection.COMMANDS, **deciding.COMMANDS, **undoing.COMMANDS, **bulk.COMMANDS, **searching.COMMANDS}
QUOTED = {"decision": verdict.quoted}

SEARCH = re.compile(r"(?:cari(?:kan)?|search|find)\s+(.{1,80})", re.I | re.S)
FEW = 2
"""Words of a search; what is longer may be a sentence that begins with "cari"."""
APPROVE = re.compile(r"(?:setujui|setuju|approve|acc)[\s:]*(?:no(?:mor)?\.?\s*)?(.{1,80})", re.I)

ONE = re.compile(r"(tolak|reject|kembalikan|return)[\s:]*(?:no(?:mor)?\.?\s*)?(\d{1,4})", re.I)
DECISIONS = ("approve", "reject", "send_back", "flag")
"""The buttons of a card that decide or lead to it."""
UNFINISHED = re.compile(r"(?:(setuju(?:i)?|approve|acc|tolak|reject|kembalikan|return)|(cari(?:kan)?|search|find))(?!\w)", re.I)
"""An officer's word to which something is missing, or that says more than is understood."""
ALONE = {"setuju": ("approve",), "approve": ("approve",), "acc": ("approve",), "tolak": ("reject",), "reject": ("reject",)}
"""The button that such a word stands for on a card; what is sent back goes with its findings, else it is asked what is to be mended."""


def listen(visit: Visit, text: str) -> Outcome | None:
    """An officer's words; None for what is something else, such as the answer to an open question."""
    plain = bare(text)
    for name, answer in (("queue", triage.queue), ("recap", searching.recap)):
        if plain in known(name):
            return answer(visit, "0", 0)
    if plain in known("undo"):
        return undoing.undo_last(visit)
    if said := APPROVE.fullmatch(text.strip()):
        return bulk.approve_typed(visit, said[1])
    if said := ONE.fullmatch(text.strip(" .!")):
        return _decide_one(visit, said[1].casefold(), int(said[2]))
    if said := SEARCH.fullmatch(text.strip()):
        words = said[1].strip(" .?!")
        return searching.search(visit, words, answering=_writing(visit, words))
    return _open_number(visit, plain)


def _writing(visit: Visit, words: str) -> bool:
    """Whether "cari ..." may be the answer to an open question.

    What goes out without a card in between (a reason, an answer) is never a search of one or two words with a slip in it.
    """
    conversation = current_of(visit.session, visit.person_id)
    form = visit.forms.get(conversation.form) if conversation else None
    if conversation is None or form is None or not current(form, conversation, form.facts(visit, conversation.about)):
        return False
    return any(step.summary for step in form.steps) or len(words.split()) > FEW


def _decide_one(visit: Visit, word: str, number: int) -> Outcome | None:
    """ "tolak 3" of the list seen last asks for the reason, "kembalikan 3" returns what was found."""
    shown = visit.session.get(Shortlist, visit.person_id)
    if shown is None or not shown.rows:
        return Aside(Message("review.no_list", {}, (command("queue"),)))
    row = _row(shown, number)
    if row is None:
        return _not_listed(number)
    decide = deciding.reject if word in ("tolak", "reject") else deciding.send_back
    return decide(visit, str(row[1]), row[2])


def _open_number(visit: Visit, plain: str) -> Outcome | None:
    """A bare number below a numbered list opens that product."""
    if not plain.isdecimal() or len(plain) > 4 or current_of(visit.session, visit.person_id):
        return None
    message, shown = last_message(visit.session, visit.address.id or 0), visit.session.get(Shortlist, visit.person_id)
    if message is None or not message.key.startswith("review.list") or shown is None:
        return None
    row = _row(shown, int(plain))
    return inspection.review(visit, str(row[1]), row[2]) if row else _not_listed(int(plain))


def _row(shown: Shortlist, number: int) -> list[int] | None:
    return next((row for row in shown.rows if row[0] == number), None)


def _not_listed(number: int) -> Outcome:
    return Aside(Message("review.left_out", {"list": say("review.left_unknown", number=number)}, (command("queue"),)))


def _card_button(visit: Visit, word: str) -> str:
    """The button of the card shown last that the word alone stands for: there is no list to name a number of."""
    wanted = next((names for word_of, names in ALONE.items() if word.startswith(word_of)), ("send_back", "flag"))
    shown = last_message(visit.session, visit.address.id or 0)
    presses = [option.press for option in (shown.options if shown else ())]
    return next((press for name in wanted for press in presses if press.startswith(f"c:{name}:")), "")


def _deciding(visit: Visit) -> tuple[Option, ...]:
    """The decisions of the card shown last, so that they stay within reach below what is said of them."""
    shown = last_message(visit.session, visit.address.id or 0)
    return tuple(option for option in (shown.options if shown else ()) if option.id in DECISIONS)


def hint(visit: Visit, text: str) -> Outcome | None:
    """ "setujui" or "cari" alone: what is missing, with an example. On a card the word alone decides; in a sentence ("setuju kalau
    harganya turun") it decides nothing.
    """
    said = UNFINISHED.match(text.strip()) if visit.offices else None
    if said is None:
        return None
    if said[1] and (press := _card_button(visit, said[1].casefold())):
        if not UNFINISHED.fullmatch(without_polite(bare(text))):
            return Aside(Message("review.undecided", {}, _deciding(visit)))
        _, name, subject, version = press.split(":")
        return COMMANDS[name](visit, subject, int(version))
    return Aside(Message("review.which_number" if said[1] else "review.search_whom", {}, (command("queue"), command("menu"))))


OFFICER_SAYS = (listen,)
IDLE_SAYS = (hint,)
__all__ = ["COMMANDS", "FORMS", "IDLE_SAYS", "OFFICER_SAYS", "QUOTED"]
