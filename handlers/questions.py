"""Questions: eight fixed answers, "Tanya petugas", and the officer's answer on its way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.answers import text
from handlers.dialogue import Form, Step
from handlers.said import NO_FACTS, Facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Params, moment, words
from models.business import businesses_of
from models.contact import officers_for, sees
from models.conversation import Conversation, current_of
from models.post import notify
from models.question import Question, open_questions

FIXED = ("free", "tax", "nib", "kbli", "pirt", "how_long", "who", "order_then")


def fixed_answer(visit: Visit, text: str) -> Message | None:
    """The fixed answer whose words the question has most of; None when none fits."""
    plain = f" {text.casefold()} "
    hits = {name: sum(len(word) for word in words(f"asks_{name}", visit.person.locale) if word in plain) for name in FIXED}
    best = max(hits, key=lambda name: hits[name])
    return Message(f"faq.{best}") if hits[best] else None


def ask_back(visit: Visit, conversation: Conversation | None, text: str) -> Message:
    """ "Ini pertanyaan?" The words are kept until that is said."""
    if conversation is None:
        if fixed := fixed_answer(visit, text):
            return fixed
        row = Question(person_id=visit.person_id, region=region_of(visit), text=text, asked_at=visit.now, about="held")
        visit.session.add(row)
        visit.session.flush()
        return Message("question.send_this", {"text": text}, (command("question_send", row.id or 0), command("menu")))
    conversation.asked = {**conversation.asked, "held": text}
    return Message("question.is_it", {}, (command("is_question", conversation.id or 0), command("is_answer", conversation.id or 0)))


def region_of(visit: Visit) -> str:
    """Where the person's business is; the province while nobody knows."""
    known = businesses_of(visit.session, visit.person_id)
    return known[0].region if known else visit.province


def is_question(visit: Visit, subject: str, version: int) -> Outcome:
    """The held words go to the officers, and the open question is shown again."""
    held = _held(visit, subject)
    return Aside(send(visit, held)) if held else Aside(Message("common.button_old"))


def is_answer(visit: Visit, subject: str, version: int) -> Outcome:
    """The held words are the answer to the open question after all."""
    conversation = current_of(visit.session, visit.person_id)
    held = _held(visit, subject)
    if conversation is None or not held:
        return Aside(Message("common.button_old"))
    return Begin(conversation.form, conversation_id=conversation.id, taken=held)


def _held(visit: Visit, subject: str) -> str:
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or str(conversation.id) != subject:
        return ""
    held: str = conversation.asked.get("held", "")
    conversation.asked = {key: value for key, value in conversation.asked.items() if key != "held"}
    return held


def send(visit: Visit, text: str, about: str = "") -> Message:
    """Keeps a question and tells the officers of the person's region."""
    row = Question(person_id=visit.person_id, region=region_of(visit), text=text, asked_at=visit.now, about=about)
    visit.session.add(row)
    visit.session.flush()
    return tell_officers(visit, row)


def tell_officers(visit: Visit, row: Question) -> Message:
    told = officers_for(visit.session, row.region) or officers_for(visit.session, visit.province)
    for officer in told:
        waiting = Message(
            "question.for_officer", {"who": visit.person.call_name or "-", "text": row.text}, (command("answer", row.id or 0),)
        )
        notify(visit.session, officer, waiting, visit.now, subject=f"question:{row.id}")
    return Message("question.sent")


def question_send(visit: Visit, subject: str, version: int) -> Outcome:
    row = visit.session.get(Question, int(subject)) if subject.isdecimal() else None
    if row is None or row.person_id != visit.person_id or row.about != "held":
        return Aside(Message("common.button_old"))
    row.about = ""
    return Aside(tell_officers(visit, row))


def no_facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    return NO_FACTS


def finish_question(visit: Visit, conversation: Conversation) -> Outcome:
    return send(visit, conversation.answers["text"], conversation.about.get("about", ""))


def ask_officer(visit: Visit, subject: str, version: int) -> Outcome:
    return Begin("question")


def inbox(visit: Visit, subject: str, version: int) -> Outcome:
    """The officer's unanswered questions, the oldest first."""
    if not visit.offices:
        return Aside(Message("common.not_officer"))
    waiting = [row for row in open_questions(visit.session) if sees(visit.offices, row.region)]
    if not waiting:
        return Aside(Message("question.none"))
    row = waiting[0]
    params: Params = {"n": len(waiting), "text": row.text, "at": moment(row.asked_at)}
    return Message("question.next", params, (command("answer", row.id or 0), command("menu")))


def answer(visit: Visit, subject: str, version: int) -> Outcome:
    row = visit.session.get(Question, int(subject)) if subject.isdecimal() else None
    if not visit.offices or row is None or not sees(visit.offices, row.region):
        return Aside(Message("common.not_officer"))
    if row.answer:
        return Aside(Message("question.answered_already", {"answer": row.answer}))
    return Begin("answer", about={"question": row.id})


def answer_facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    row = visit.session.get(Question, about["question"])
    return {"question": row.text if row else ""}


def finish_answer(visit: Visit, conversation: Conversation) -> Outcome:
    """The first answer counts; the second officer is told."""
    row = visit.session.get(Question, conversation.about["question"])
    if row is None or row.answer:
        return Aside(Message("question.answered_already", {"answer": row.answer if row else "-"}))
    row.answer, row.answered_by, row.answered_at = conversation.answers["text"], visit.person_id, visit.now
    reply = Message("question.reply", {"question": row.text, "answer": row.answer}, (command("ask_officer"),))
    notify(visit.session, row.person_id, reply, visit.now, subject=f"question:{row.id}")
    return Message("question.answer_sent")


def quoted(visit: Visit, subject: str) -> Outcome:
    """A quoted reply: the officer's is the answer, the owner's is a further question."""
    row = visit.session.get(Question, int(subject))
    if row and visit.offices and sees(visit.offices, row.region) and not row.answer:
        return Begin("answer", {"text": visit.said.text}, {"question": row.id})
    return send(visit, visit.said.text)


def question_params(answers: Mapping[str, Any], facts: Facts) -> Params:
    return {"question": facts["question"]}


FORMS = (
    Form("question", (Step("text", replace(text(5, 1000), free=False)),), facts=no_facts, finish=finish_question),
    Form("answer", (Step("text", replace(text(2, 1500), free=False), params=question_params),), facts=answer_facts, finish=finish_answer),
)
COMMANDS = {
    "is_question": is_question,
    "is_answer": is_answer,
    "question_send": question_send,
    "ask_officer": ask_officer,
    "inbox": inbox,
    "answer": answer,
}
QUOTED = {"question": quoted}
