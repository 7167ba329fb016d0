"""Words that may not be meant for the open question: typed before it could be read, or after a notice had come in between."""

from __future__ import annotations

from datetime import datetime

from handlers.asking import again, ask
from handlers.dialogue import Form, Step, Turn, answer, current
from handlers.said import Facts, Found, Rejected, Said
from handlers.typed import typed_option
from handlers.visit import Visit
from messages import Message
from models.conversation import Conversation
from models.outbox import REPLY
from models.post import waits


def unread(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts, now: datetime, locale: str) -> Turn | None:
    """The turn of a text whose open question nobody has seen yet; None where it can only be meant for that question.

    "Amplang", "ikan tenggiri", "25rb per bungkus": two parts of a name, and a price that says itself what it is.
    """
    before = form.steps_by_key.get(conversation.asked.get("after", ""))
    if before is None or (step.reader.marked and reads(step, said.text, facts)):
        return None
    text = f"{before.reader.words(conversation.answers.get(before.key))} {said.text}" if before.reader.free else said.text
    try:
        found = before.reader.read(Said(text=text), facts)
    except Rejected:
        if step.reader.free:
            return doubt(form, conversation, said, facts, now, Message("common.unread"))
        return again(form, conversation, facts, now) if typed_option(form, conversation, step, said.text, facts, locale) else None
    answer(conversation, {before.key: found.value if isinstance(found, Found) else found})
    reply = ask(form, conversation, facts, now)
    conversation.asked = {**conversation.asked, "after": before.key}
    return Turn(reply, done=reply is None, settles=True)


def doubt(form: Form, conversation: Conversation, said: Said, facts: Facts, now: datetime, lead: Message) -> Turn:
    """The question is shown again, and the words wait on a button as its answer."""
    step = current(form, conversation, facts)
    words = said.text.strip()
    if step is None or not reads(step, words, facts):
        return again(form, conversation, facts, now, lead)
    reply = ask(form, conversation, facts, now, lead, {"o1": {"words": words}}, [words])
    return Turn(reply, done=reply is None)


def reads(step: Step, text: str, facts: Facts, surely: bool = True) -> bool:
    """Whether the words are an answer, or (unless `surely`) at least close to one."""
    try:
        step.reader.read(Said(text=text), facts)
    except Rejected as rejected:
        return bool(rejected.offers) and not surely
    return True


def told_last(visit: Visit) -> bool:
    """Whether a notice or an announcement is the newest thing that was shown: words may be meant for it."""
    return visit.shown is not None and visit.shown.lane != REPLY


def seen(visit: Visit, conversation: Conversation) -> bool:
    """Whether the open question was shown, or at least is not waiting any more."""
    asked: str = conversation.asked.get("at", "")
    shown = visit.shown.settled_at if visit.shown else None
    if not asked or (shown and shown >= datetime.fromisoformat(asked)):
        return True
    return not waits(visit.session, visit.address.id or 0, conversation.id or 0)


def open_to_doubt(step: Step, text: str) -> bool:
    """Words that any question would take, and digits, which may be the number of a button."""
    return step.reader.free or text.strip().isdecimal()
