"""The officer's inbox: questions one by one, replies to an announcement together, and the answer on its way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.dialogue import Answers, Form, Step
from handlers.matching import says
from handlers.office.decency import decent, refusal
from handlers.office.door import not_yours, officers_only
from handlers.questions import asker, brief, send, subject_of, take_back, title_of
from handlers.reading.answers import text
from handlers.said import Facts, Rejected, Said
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Params, Value, clock, lines, moment, say
from models.contact import Person, sees
from models.conversation import Conversation
from models.post import notify
from models.question import Question, grouped, open_questions, open_replies, settle
from models.quiet import after_quiet

NEWEST = 3
"""Replies shown of a group."""


def inbox(visit: Visit, subject: str, version: int) -> Outcome:
    """What waits, the oldest first; `version` is the place in the list."""
    waiting = open_questions(visit.session, visit.offices)
    groups = grouped(waiting)
    if not groups:
        return Aside(Message("question.none"))
    place = version if version < len(groups) else 0
    more = (command("inbox", 0, place + 1, say("option.more")),) if place + 1 < len(groups) else ()
    group = groups[place]
    shown = _replies(visit, group) if group[0].about.startswith("campaign:") else _single(visit, group[0], len(waiting))
    return replace(shown, options=(*shown.options, *more, command("menu")))


def _single(visit: Visit, row: Question, n: int) -> Message:
    params: Params = {
        "n": n, "text": row.text, "at": moment(row.asked_at), "who": asker(visit, row), "about": subject_of(visit, row.about)
    }  # fmt: skip
    return Message("question.next", params, (command("answer", row.id or 0),))


def _replies(visit: Visit, group: Sequence[Question]) -> Message:
    """ "12 balasan untuk 'Sosialisasi ...'" with the newest few."""
    campaign = int(group[0].about.partition(":")[2])
    upto = max(row.id or 0 for row in group)
    newest = [say("question.reply_row", who=asker(visit, row), text=brief(row.text)) for row in reversed(group[-NEWEST:])]
    params: Params = {"n": len(group), "title": title_of(visit, campaign), "rows": lines(newest)}
    key = "question.replies" if len(group) > 1 else "question.reply_one"
    return Message(key, params, (command("answer_replies", campaign, upto), command("replies_read", campaign, upto)))


def answer(visit: Visit, subject: str, version: int) -> Outcome:
    row = visit.session.get(Question, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    if row is None or not sees(visit.offices, row.region):
        return Aside(not_yours(visit))
    if row.answered_at:
        return Aside(_too_late(row))
    return Begin("answer", about={"question": row.id})


def answer_replies(visit: Visit, subject: str, version: int) -> Outcome:
    """One answer for all the replies that were shown; later ones wait for their own."""
    if not subject.isdecimal() or not open_replies(visit.session, int(subject), visit.offices, version):
        return Aside(Message("question.none"))
    return Begin("answer", about={"campaign": int(subject), "upto": version})


def replies_read(visit: Visit, subject: str, version: int) -> Outcome:
    """Most replies need no answer."""
    rows = open_replies(visit.session, int(subject), visit.offices, version) if subject.isdecimal() else []
    done = [row for row in rows if settle(visit.session, row.id or 0, "", visit.person_id, visit.now)]
    return Message("question.read", {"n": len(done)}, (command("inbox"), command("menu")))


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    if "campaign" in about:
        rows = open_replies(visit.session, about["campaign"], visit.offices, about["upto"])
        replies = rows[0].text if len(rows) == 1 else say("question.all_replies", n=len(rows), title=title_of(visit, about["campaign"]))
        return {"question": replies, "links": visit.links, "many": True}
    row = visit.session.get(Question, about["question"])
    return {"question": row.text if row else "", "links": visit.links}


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """The first answer counts; the second officer is told."""
    about, words = conversation.about, conversation.answers["text"]
    if "campaign" in about:
        ids = [row.id or 0 for row in open_replies(visit.session, about["campaign"], visit.offices, about["upto"])]
    else:
        ids = [about["question"]]
    answered = [row for id in ids if (row := _answer(visit, id, words))]
    if "campaign" in about:
        if not answered:
            return Aside(Message("question.settled_already"))
        return Message("question.answers_sent", {"n": len(answered), "when": when(visit, answered)}, (command("inbox"), command("menu")))
    if not answered:
        return Aside(_too_late(visit.session.get(Question, about["question"])))
    return Message("question.answer_sent", {"when": when(visit, answered)}, (command("inbox"), command("menu")))


def when(visit: Visit, answered: Sequence[Question]) -> Value:
    """Nothing reaches a vendor at night, and so it is said."""
    people = [visit.session.get(Person, row.person_id) for row in answered]
    due = max((after_quiet(visit.now, person.zone) for person in people if person), default=visit.now)
    return say("question.in_the_morning", at=clock(due)) if due > visit.now else ""


def _answer(visit: Visit, question_id: int, words: str) -> Question | None:
    known = visit.session.get(Question, question_id)
    if known is None or not sees(visit.offices, known.region):
        return None
    row = settle(visit.session, question_id, words, visit.person_id, visit.now)
    if row:
        take_back(visit, row)
        reply = Message("question.reply", {"question": brief(row.text), "answer": words}, (command("ask_officer"),))
        notify(visit.session, row.person_id, reply, visit.now, subject=f"question:{row.id}")
    return row


def _too_late(row: Question | None) -> Message:
    return Message("question.answered_already", {"answer": row.answer}) if row and row.answer else Message("question.settled_already")


def quoted(visit: Visit, subject: str) -> Outcome | None:
    """A quoted reply: the officer's is the answer, the owner's is a further question."""
    words = visit.said.text.strip()
    row = visit.session.get(Question, int(subject))
    if not words or row is None:
        return None
    if visit.offices and sees(visit.offices, row.region):
        if row.answered_at:
            return Aside(_too_late(row))
        why = refusal(words, visit.links)
        return Begin("answer", {} if why else {"text": words}, {"question": row.id}, lead=why)
    return Aside(send(visit, words, row.about if row.about.startswith("call:") else ""))


def params(answers: Answers, facts: Facts) -> dict[str, Value]:
    return {"question": facts["question"]}


def officer_says(visit: Visit, words: str) -> Outcome | None:
    return inbox(visit, "", 0) if says(words, "inbox") else None


def _read_answer(said: Said, facts: Facts) -> Any:
    """The name of the button, typed once more, is told to nobody."""
    if says(said.text, "answer"):
        raise Rejected("problem.text_own", empty=True)
    return plain.read(said, facts)


plain = decent(text(2, 1500))
to_tell = replace(plain, read=_read_answer, free=False)
FORMS = (Form("answer", (Step("text", to_tell, params=params),), facts=facts, finish=finish),)
COMMANDS = {
    "inbox": officers_only(inbox),
    "answer": officers_only(answer),
    "answer_replies": officers_only(answer_replies),
    "replies_read": officers_only(replies_read),
}
QUOTED = {"question": quoted}
OFFICER_SAYS = (officer_says,)
