"""What an officer does in the chat, and the words for it: antrean, setujui 1-7, cari siti, urungkan, rekap."""

from __future__ import annotations

import re

from handlers import bulk, deciding, inspection, searching, triage, undoing, verdict
from handlers.dialogue import current
from handlers.matching import bare, known
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, say
from models.conversation import current_of
from models.post import last_message
from models.review import Shortlist

FORMS = deciding.FORMS
COMMANDS = {**triage.COMMANDS, **inspection.COMMANDS, **deciding.COMMANDS, **undoing.COMMANDS, **bulk.COMMANDS, **searching.COMMANDS}
QUOTED = {"decision": verdict.quoted}

SEARCH = re.compile(r"(?:cari(?:kan)?|search|find)\s+(.{1,80})", re.I | re.S)
FEW = 2
"""Words of a search; what is longer may be a sentence that begins with "cari"."""
APPROVE = re.compile(r"(?:setujui|setuju|approve|acc)\s+(?:no(?:mor)?\.?\s*)?(.{1,80})", re.I)


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


def _open_number(visit: Visit, plain: str) -> Outcome | None:
    """A bare number below a numbered list opens that product."""
    if not plain.isdecimal() or len(plain) > 4 or current_of(visit.session, visit.person_id):
        return None
    message, shown = last_message(visit.session, visit.address.id or 0), visit.session.get(Shortlist, visit.person_id)
    if message is None or not message.key.startswith("review.list") or shown is None:
        return None
    row = next((row for row in shown.rows if row[0] == int(plain)), None)
    if row is None:
        return Aside(Message("review.left_out", {"list": say("review.left_unknown", number=int(plain))}, (command("queue"),)))
    return inspection.review(visit, str(row[1]), row[2])


OFFICER_SAYS = (listen,)
__all__ = ["COMMANDS", "FORMS", "OFFICER_SAYS", "QUOTED"]
