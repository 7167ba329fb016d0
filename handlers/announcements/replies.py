"""The words that come back on an announcement."""

from __future__ import annotations

from datetime import timedelta

from handlers.matching import is_greeting, says
from handlers.questions import fixed_answer, held, hold, region_of, send, tell_officers
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message
from models.campaign import heard

REPLY_WITHIN = timedelta(hours=1)


def quoted(visit: Visit, subject: str) -> Outcome | None:
    """Words that quote an announcement are a reply to it."""
    text = visit.said.text.strip()
    if not text or says(text, "stop") or not heard(visit.session, int(subject), visit.person_id):
        return None
    return Aside(send(visit, text, f"campaign:{subject}"))


def idle_said(visit: Visit, text: str) -> Outcome | None:
    """The first free words within an hour of an announcement: are they a reply to it?"""
    row = visit.shown
    if visit.offices or row is None or row.campaign_id is None or row.settled_at is None:
        return None
    if visit.now - row.settled_at > REPLY_WITHIN or is_greeting(text) or fixed_answer(visit, text):
        return None
    kept = hold(visit, text)
    buttons = (command("reply_yes", kept.id or 0, row.campaign_id), command("reply_no", kept.id or 0))
    return Message("announcement.is_reply", {"text": text}, buttons)


def reply_yes(visit: Visit, subject: str, version: int) -> Outcome:
    kept = held(visit, subject)
    if kept is None or not heard(visit.session, version, visit.person_id):
        return Aside(Message("common.button_old"))
    kept.about = f"campaign:{version}"
    kept.region = region_of(visit, kept.about)
    visit.session.flush()
    return Aside(tell_officers(visit, kept))


def reply_no(visit: Visit, subject: str, version: int) -> Outcome:
    """Not a reply: then perhaps a question."""
    kept = held(visit, subject)
    if kept is None:
        return Aside(Message("common.button_old"))
    return Message("question.send_this", {"text": kept.text}, (command("question_send", kept.id or 0), command("menu")))


COMMANDS = {"reply_yes": reply_yes, "reply_no": reply_no}
QUOTED = {"campaign": quoted}
IDLE_SAYS = (idle_said,)
