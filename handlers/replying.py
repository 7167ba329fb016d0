"""From what a form, a command or the engine of conversations comes to, to the one reply that goes out."""

from __future__ import annotations

from handlers.asking import again
from handlers.dialogue import Form, Turn
from handlers.drafts import close, resume
from handlers.hearing import take_anyway
from handlers.menu import menu
from handlers.questions import ask_back, fixed, fixed_answer
from handlers.visit import Aside, Begin, Outcome, Reply, Visit
from messages import Message
from models.conversation import Conversation, begin, current_of, of_person


def replied(visit: Visit, form: Form, conversation: Conversation, turn: Turn, lead: Message | None = None) -> Reply:
    """From what the engine says to what goes out; a finished form becomes rows and the next message."""
    if turn.question:
        return _question(visit, form, conversation, turn)
    if not turn.done:
        return Reply(turn.reply, conversation.id, settles=turn.settles, edits=turn.edits)
    close(conversation, visit.now)
    return outcome_of(visit, _after(form.finish(visit, conversation), lead))


def _after(outcome: Outcome, lead: Message | None) -> Outcome:
    return Aside(outcome.message.after(lead)) if isinstance(outcome, Aside) else outcome.after(lead)


def _question(visit: Visit, form: Form, conversation: Conversation, turn: Turn) -> Reply:
    """Free text that reads like a question: a fixed answer and on, or it is asked back. Officers are those who would be asked."""
    if visit.offices:
        facts = form.facts(visit, conversation.about)
        return replied(visit, form, conversation, take_anyway(form, conversation, turn.question, facts, visit.now))
    if answer := fixed(visit, turn.lacks) if turn.lacks else fixed_answer(visit, turn.question):
        return aside(visit, answer)
    return Reply(ask_back(visit, conversation, turn.question), conversation.id)


def outcome_of(visit: Visit, outcome: Outcome) -> Reply:
    if isinstance(outcome, Message):
        return Reply(outcome)
    if isinstance(outcome, Aside):
        return aside(visit, outcome.message)
    if outcome.conversation_id is not None:
        found = of_person(visit.session, outcome.conversation_id, visit.person_id)
        if found is None or found.closed_at or found.form not in visit.forms:
            return Reply(menu(visit, outcome.lead))
        return _taken(visit, found, outcome.taken) if outcome.taken else resumed(visit, found, outcome.lead)
    return resumed(visit, _begun(visit, outcome), outcome.lead)


def _begun(visit: Visit, outcome: Begin) -> Conversation:
    """A new conversation. One that is open without any answer makes place, or is gone on with where it is the same."""
    here = current_of(visit.session, visit.person_id)
    if here and not here.answers:
        if here.form == outcome.form and not outcome.answers and here.about == {**here.about, **outcome.about}:
            return here
        close(here, visit.now)
    conversation = begin(visit.session, visit.person_id, outcome.form, visit.now, dict(outcome.answers), dict(outcome.about))
    conversation.reopened, conversation.groups = list(outcome.reopened), list(outcome.groups)
    if visit.said.sent_at:
        conversation.heard_at, conversation.heard_sequence = min(visit.said.sent_at, visit.now), visit.said.sequence
    return conversation


def _taken(visit: Visit, conversation: Conversation, text: str) -> Reply:
    form = visit.forms[conversation.form]
    facts = form.facts(visit, conversation.about)
    return replied(visit, form, conversation, take_anyway(form, conversation, text, facts, visit.now))


def resumed(visit: Visit, conversation: Conversation, lead: Message | None = None) -> Reply:
    """Makes a conversation the current one and asks its open question."""
    form = visit.forms.get(conversation.form)
    if form is None:
        close(conversation, visit.now)
        return Reply(menu(visit, Message("common.form_gone").after(lead)))
    resume(visit, conversation)
    facts = form.facts(visit, conversation.about)
    return replied(visit, form, conversation, again(form, conversation, facts, visit.now, lead), lead)


def aside(visit: Visit, lead: Message) -> Reply:
    """Says something and shows the open question again, in one message; without one, the message or the menu."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation and conversation.form in visit.forms:
        return resumed(visit, conversation, lead)
    return Reply(lead if lead.options else menu(visit, lead))
