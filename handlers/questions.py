"""Questions: fixed answers, "Tanya petugas", and how words find their way to the officers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from handlers.dialogue import Form, Step, is_id
from handlers.drafts import leave
from handlers.matching import bare, known, says
from handlers.reading.answers import text
from handlers.said import NO_FACTS, Facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Value, day, say
from models.business import businesses_of
from models.call import Call
from models.campaign import Campaign
from models.contact import Person, officers_for, offices
from models.conversation import Conversation, current_of
from models.law import law
from models.places import zone_of
from models.post import gather, notify, withdraw
from models.question import HELD, Question, open_replies
from models.quiet import quiet

FIXED = ("free", "what", "tax", "nib", "kbli", "pirt", "how_long", "who", "order_then")
GATHERED = timedelta(minutes=10)
"""Replies to an announcement are told to the officers together."""


def fixed_answer(visit: Visit, text: str) -> Message | None:
    """The fixed answer whose words the question has most of; None when none fits."""
    plain = bare(text)
    hits = {name: sum(len(word) for word, pattern in _asking(name) if pattern.search(plain)) for name in FIXED}
    best = max(hits, key=lambda name: hits[name])
    return fixed(visit, best) if hits[best] else None


@cache
def _asking(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The words of a fixed answer, whole: "bayar" and "bayarnya" ask what it costs, "belum dibayar" does not."""
    return tuple((word, re.compile(rf"(?<!\w){re.escape(word)}(?:nya|kah|s)?(?!\w)")) for word in known(f"asks_{name}"))


def fixed(visit: Visit, name: str) -> Message:
    """A fixed answer; one that rests on a rule nobody could confirm says so, with the day the rule is of."""
    rule = law(name, visit.now.date())
    badge = say("faq.unverified", since=day(rule.effective_from)) if rule and rule.verified == "no" else ""
    return Message(f"faq.{name}", {"badge": badge}, (command("order", 1), command("menu")) if name == "order_then" else ())


def ask_back(visit: Visit, conversation: Conversation | None, text: str) -> Message:
    """ "Ini pertanyaan?" The words are kept until that is said."""
    if conversation is None:
        if fixed := fixed_answer(visit, text):
            return fixed
        return offer(visit, text)
    conversation.asked = {**conversation.asked, "held": text}
    return Message("question.is_it", {}, (command("is_question", conversation.id or 0), command("is_answer", conversation.id or 0)))


def offer(visit: Visit, text: str) -> Message:
    """Words that are kept until it is said whether the officers are to have them."""
    row = hold(visit, text)
    return Message("question.send_this", {"text": text}, (command("question_send", row.id or 0), command("menu")))


def hold(visit: Visit, text: str) -> Question:
    """Keeps words until it is clear what they are."""
    return _kept(visit, text, HELD, region_of(visit))


def held(visit: Visit, subject: str) -> Question | None:
    """The person's own words that still wait."""
    row = visit.session.get(Question, int(subject)) if subject.isdecimal() and len(subject) <= 18 else None
    return row if row and row.person_id == visit.person_id and row.about == HELD else None


def _asked_already(visit: Visit, subject: str) -> bool:
    row = visit.session.get(Question, int(subject)) if is_id(subject) else None
    return row is not None and row.person_id == visit.person_id


def _kept(visit: Visit, text: str, about: str, region: str) -> Question:
    row = Question(person_id=visit.person_id, region=region, text=text, asked_at=visit.now, about=about)
    visit.session.add(row)
    visit.session.flush()
    return row


def region_of(visit: Visit, about: str = "") -> str:
    """Whose officers are asked: those of the call or the announcement, of the person's business, of the province while nobody knows."""
    kind, _, subject = about.partition(":")
    if kind == "call" and (call := visit.session.get(Call, int(subject))):
        return call.region
    if kind == "campaign" and (campaign := visit.session.get(Campaign, int(subject))):
        return str(campaign.audience["region"])
    known = businesses_of(visit.session, visit.person_id)
    return known[0].region if known else visit.province


def is_question(visit: Visit, subject: str, version: int) -> Outcome:
    """The held words go to the officers, and the open question is shown again."""
    text = _held_answer(visit, subject)
    return Aside(send(visit, text)) if text else _settled(visit, subject)


def is_answer(visit: Visit, subject: str, version: int) -> Outcome:
    """The held words are the answer to the open question after all."""
    conversation = current_of(visit.session, visit.person_id)
    text = _held_answer(visit, subject)
    if conversation is None or not text:
        return _settled(visit, subject)
    return Begin(conversation.form, conversation_id=conversation.id, taken=text)


def _settled(visit: Visit, subject: str) -> Outcome:
    """Tapped once more: where the conversation goes on, its open question."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or str(conversation.id) != subject:
        return Aside(Message("common.button_old"))
    return Begin(conversation.form, conversation_id=conversation.id)


def _held_answer(visit: Visit, subject: str) -> str:
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or str(conversation.id) != subject:
        return ""
    text: str = conversation.asked.get("held", "")
    conversation.asked = {key: value for key, value in conversation.asked.items() if key != "held"}
    return text


def send(visit: Visit, text: str, about: str = "") -> Message:
    """Keeps a question, or a reply to an announcement, and tells the officers whose it is."""
    return tell_officers(visit, _kept(visit, text, about, region_of(visit, about)))


def tell_officers(visit: Visit, row: Question) -> Message:
    told = _officers(visit, row)
    kind, _, subject = row.about.partition(":")
    for officer in told:
        if kind == "campaign":
            _gather(visit, officer, int(subject))
        else:
            params: dict[str, Value] = {"who": asker(visit, row), "text": row.text, "about": subject_of(visit, row.about)}
            waiting = Message("question.for_officer", params, (command("answer", row.id or 0),))
            notify(visit.session, officer, waiting, visit.now, subject=f"question:{row.id}", bundle=f"asked:{row.id}")
    if not told:
        return Message("question.nobody_yet")
    if kind == "campaign":
        return Message("question.reply_sent")
    # At night the officers hear in the morning, and so it is said.
    return Message("question.sent_later" if quiet(visit.now, zone_of(visit.province)) else "question.sent")


def _officers(visit: Visit, row: Question) -> Sequence[int]:
    return officers_for(visit.session, row.region) or officers_for(visit.session, visit.province)


def take_back(visit: Visit, row: Question) -> None:
    """An answered question is news to nobody: what was to tell of it in the morning does not leave."""
    for officer in _officers(visit, row):
        withdraw(visit.session, officer, f"asked:{row.id}", visit.now)


def _gather(visit: Visit, officer: int, campaign_id: int) -> None:
    """One notice for all replies of some minutes."""
    bundle = f"replies:{campaign_id}"
    gather(visit.session, [officer], bundle)
    waiting = open_replies(visit.session, campaign_id, offices(visit.session, officer))
    message = Message("question.replies_came", {"n": len(waiting), "title": title_of(visit, campaign_id)}, (command("inbox"),))
    notify(visit.session, officer, message, visit.now, bundle=bundle, due_at=visit.now + GATHERED)


def asker(visit: Visit, row: Question) -> Value:
    """ "Bu Siti (Dapur Siti)" """
    person = visit.session.get(Person, row.person_id)
    name = (person.call_name if person else "") or say("question.somebody")
    known = businesses_of(visit.session, row.person_id)
    return say("question.asker", name=name, business=known[0].name) if known else name


def subject_of(visit: Visit, about: str) -> Value:
    """What a question is about, as a line of its own; "" for a question of its own."""
    kind, _, subject = about.partition(":")
    call = visit.session.get(Call, int(subject)) if kind == "call" else None
    return say("question.about_call", title=call.title) if call else ""


def title_of(visit: Visit, campaign_id: int) -> str:
    campaign = visit.session.get(Campaign, campaign_id)
    return brief(campaign.text) if campaign else "-"


def brief(text: str) -> str:
    """A text as a title."""
    first = " ".join(text.split())
    return first if len(first) <= 60 else first[:59].rstrip() + "…"


def question_send(visit: Visit, subject: str, version: int) -> Outcome:
    row = held(visit, subject)
    if row is None and _asked_already(visit, subject):
        return Aside(Message("question.sent"))
    if row is None:
        return Aside(Message("common.button_old"))
    row.about = ""
    return Aside(tell_officers(visit, row))


def no_facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    return NO_FACTS


def finish_question(visit: Visit, conversation: Conversation) -> Outcome:
    return Aside(send(visit, conversation.answers["text"], conversation.about.get("about", "")))


def ask_officer(visit: Visit, subject: str, version: int) -> Outcome:
    return Begin("question")


def idle_said(visit: Visit, text: str) -> Outcome | None:
    """ "tanya petugas" is a wish to ask, not yet the question."""
    return Begin("question") if not visit.offices and says(text, "is_question") else None


def said(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """The same in the middle of a form, which waits meanwhile: sent as they are, these words would tell the officers nothing."""
    form = visit.forms.get(conversation.form) if conversation else None
    if conversation is None or form is None or visit.offices or conversation.form == "welcome" or not says(text, "is_question"):
        return None
    return Begin("question", lead=leave(form, conversation, form.facts(visit, conversation.about)))


FORMS = (Form("question", (Step("text", replace(text(5, 1000), free=False)),), facts=no_facts, finish=finish_question),)
COMMANDS = {
    "is_question": is_question,
    "is_answer": is_answer,
    "question_send": question_send,
    "ask_officer": ask_officer,
}
IDLE_SAYS = (idle_said,)
SAYS = (said,)
