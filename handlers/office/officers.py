"""Becoming an officer by the single-use link or code of an invitation, and being one no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from handlers.dialogue import Form, Step
from handlers.drafts import close
from handlers.menu import menu
from handlers.reading.answers import call_name
from handlers.said import NO_FACTS, Facts
from handlers.visit import Begin, Outcome, Visit, command, note
from messages import Message
from models.contact import Person, end_office, open_invitation
from models.conversation import Conversation
from models.outbox import Outgoing
from models.places import name_of

PREFIX = "o_"
FOR_OFFICERS = ("review.waiting", "review.triage", "question.for_officer", "question.replies_came", "announcement.approve")
"""Notices that tell of other people's products and questions."""
FORMS_OF_OFFICE = ("office", "fix", "reject", "override", "answer", "call", "announcement", "refusal", "regroup", "placing")


def opened(visit: Visit, parameter: str) -> Outcome | None:
    """Uses the invitation up. One that was used or has expired says so."""
    if not parameter.startswith(PREFIX):
        return None
    region = open_invitation(visit.session, parameter.removeprefix(PREFIX), visit.person_id, visit.now)
    if not region:
        return note("officers.link_over", command("menu"))
    welcome = Message("officers.welcome", {"region": name_of(region)})
    return menu(visit, Message("officers.begin").after(welcome)) if visit.person.call_name else Begin("office", lead=welcome)


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    return NO_FACTS


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    visit.person.call_name = conversation.answers["name"]
    return menu(visit, Message("officers.begin"))


def dismiss(session: Session, person_id: int, region: str, now: datetime) -> bool:
    """Takes an office back, with what lies open or is on its way because of it. False when the person does not hold it."""
    # As a turn of theirs does: it would write an open form as it found it.
    session.execute(select(Person.id).where(col(Person.id) == person_id).with_for_update(key_share=True))
    if not end_office(session, person_id, region):
        return False
    rows = select(Outgoing).where(col(Outgoing.person_id) == person_id, col(Outgoing.status) == "queued")
    for row in session.exec(rows.with_for_update()):
        if row.message and row.message["key"] in FOR_OFFICERS:
            row.status, row.settled_at, row.reason = "cancelled", now, "office"
    open_forms = select(Conversation).where(col(Conversation.person_id) == person_id, col(Conversation.closed_at).is_(None))
    for conversation in session.exec(open_forms.where(col(Conversation.form).in_(FORMS_OF_OFFICE))):
        close(conversation, now)
    return True


FORMS = (Form("office", (Step("name", call_name, texts="welcome.name"),), facts=facts, finish=finish),)
OPENED = (opened,)
