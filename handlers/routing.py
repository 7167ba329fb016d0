"""Which form or command a message belongs to, and the words that work everywhere."""

from __future__ import annotations

from datetime import datetime

from handlers import topics
from handlers.asking import again, ask_which
from handlers.dialogue import Form, Turn, back, current, read_press
from handlers.drafts import close, leave, resume
from handlers.hearing import advance, take_anyway
from handlers.matching import is_greeting, known, looks_like_question, match
from handlers.menu import menu
from handlers.questions import ask_back, fixed_answer
from handlers.said import started
from handlers.visit import Aside, Begin, Outcome, Reply, Visit
from messages import Message, Voice, has, render
from models.contact import consented
from models.conversation import Conversation, begin, current_of, of_person
from models.post import last_message, told_since

WORDS = ("menu", "back", "edit", "cancel", "help", "stop", "go", "alerts", "english", "bahasa", "who", "products", "register")
"""The words that work everywhere; each is a list in words.toml and a command."""


def turn(visit: Visit) -> Reply:
    """Handles one message: at most one reply, and none only where the same was just answered."""
    said = visit.said = started(visit.said)
    if said.refused:
        return _aside(visit, Message(f"refused.{said.refused}"))
    if said.kind == "edited":
        return _aside(visit, Message("common.edited"))
    if said.press.startswith("c:"):
        return _command(visit, said.press)
    if said.press:
        return _pressed(visit)
    if said.start and (outcome := topics.opened(visit)):
        return _outcome(visit, outcome)
    if said.quoted and (outcome := topics.quoted(visit)):
        return _outcome(visit, outcome)
    conversation = current_of(visit.session, visit.person_id)
    if conversation and conversation.form not in visit.forms:
        close(conversation, visit.now)
        return Reply(menu(visit, Message("common.form_gone")))
    if said.kind == "start" and conversation:
        return _resume(visit, conversation)
    if said.text and said.kind == "text" and (reply := _word(visit, conversation)):
        return reply
    return _advance(visit, conversation) if conversation else _fresh(visit)


def _word(visit: Visit, conversation: Conversation | None) -> Reply | None:
    """The words that work everywhere, then what an officer types, then the buttons of what was shown last."""
    text = visit.said.text.strip()
    plain = text.casefold().rstrip(".!").removeprefix("/")
    name = next((name for name in WORDS if plain in known(name) or plain == name), "")
    if name and not (conversation and _is_answer(visit, conversation, plain)):
        return _in_conversation(visit, name, conversation) if conversation else _command(visit, f"c:{name}:0:0")
    if visit.offices and (outcome := topics.officer_said(visit, text)):
        return _outcome(visit, outcome)
    if press := _shown_button(visit, text, conversation):
        return _command(visit, press)
    if outcome := topics.said(visit, text, conversation):
        return _outcome(visit, outcome)
    return None


def _is_answer(visit: Visit, conversation: Conversation, plain: str) -> bool:
    """Whether a word such as "lanjut" is just what a button of the open question says."""
    form = visit.forms[conversation.form]
    step = current(form, conversation, form.facts(visit, conversation.about))
    return bool(step) and any(plain in known(id) for id in conversation.asked.get("options", ()) if id not in WORDS)


def _in_conversation(visit: Visit, name: str, conversation: Conversation) -> Reply:
    form = visit.forms[conversation.form]
    facts = form.facts(visit, conversation.about)
    if name == "back":
        lead = None if back(form, conversation, facts) else Message("common.no_earlier")
        conversation.asked = {}
        return _turn(visit, form, conversation, again(form, conversation, facts, visit.now, lead))
    if name == "edit":
        return Reply(ask_which(form, conversation, facts, visit.now), conversation.id)
    if name == "help":
        step = current(form, conversation, facts)
        key = form.text(step, "help") if step else ""
        return _aside(visit, Message(key if has(key) else "common.help_here"))
    if name == "go":
        return _resume(visit, conversation)
    if name in ("cancel", "menu"):
        return Reply(menu(visit, leave(form, conversation, facts)))
    return _command(visit, f"c:{name}:0:0")


def _fresh(visit: Visit) -> Reply:
    """Nothing is open: a first meeting, a photo that begins a product, something asked or wanted, or the menu."""
    said = visit.said
    if not visit.offices and not consented(visit.session, visit.person_id, "registration"):
        photos = [said.photo.to_json()] if said.photo and not said.photo.problem else []
        return _outcome(visit, Begin("welcome", about={"text": said.text, "photos": photos}))
    if said.photo and not visit.offices:
        reply = _outcome(visit, Begin("product"))
        conversation = current_of(visit.session, visit.person_id)
        return _advance(visit, conversation) if conversation else reply
    if said.text and (outcome := topics.idle_said(visit, said.text)):
        return _outcome(visit, outcome)
    if said.text and looks_like_question(said.text):
        return Reply(ask_back(visit, None, said.text))
    greeting = is_greeting(said.text)
    return Reply(menu(visit, Message(f"greeting.{greeting}") if greeting else Message("common.not_understood") if said.text else None))


def _advance(visit: Visit, conversation: Conversation) -> Reply:
    form = visit.forms[conversation.form]
    if form.yields and visit.said.photo:
        return _fresh(visit)
    facts = form.facts(visit, conversation.about)
    step = current(form, conversation, facts)
    if visit.said.kind == "text" and step and step.reader.free and _interrupted(visit, conversation):
        # A notice came between the question and these words: they may be meant for the notice.
        return _turn(visit, form, conversation, again(form, conversation, facts, visit.now, Message("common.still_open")))
    turn = advance(form, conversation, visit.said, facts, visit.now, visit.person.locale)
    return _turn(visit, form, conversation, turn)


def _interrupted(visit: Visit, conversation: Conversation) -> bool:
    at: str = conversation.asked.get("at", "")
    return bool(at) and told_since(visit.session, visit.address.id or 0, datetime.fromisoformat(at))


def _turn(visit: Visit, form: Form, conversation: Conversation, turn: Turn) -> Reply:
    """From what the engine says to what goes out; a finished form becomes rows and the next message."""
    if turn.question:
        return _question(visit, form, conversation, turn.question)
    if not turn.done:
        return Reply(turn.reply, conversation.id, settles=turn.settles, edits=turn.edits)
    close(conversation, visit.now)
    return _outcome(visit, form.finish(visit, conversation))


def _question(visit: Visit, form: Form, conversation: Conversation, text: str) -> Reply:
    """Free text that reads like a question: a fixed answer and on, or it is asked back."""
    if fixed := fixed_answer(visit, text):
        return _aside(visit, fixed)
    return Reply(ask_back(visit, conversation, text), conversation.id)


def _outcome(visit: Visit, outcome: Outcome) -> Reply:
    if isinstance(outcome, Message):
        return Reply(outcome)
    if isinstance(outcome, Aside):
        return _aside(visit, outcome.message)
    if outcome.conversation_id is not None:
        found = of_person(visit.session, outcome.conversation_id, visit.person_id)
        if found is None or found.closed_at or found.form not in visit.forms:
            return Reply(menu(visit, outcome.lead))
        return _taken(visit, found, outcome.taken) if outcome.taken else _resume(visit, found, outcome.lead)
    conversation = begin(visit.session, visit.person_id, outcome.form, visit.now, dict(outcome.answers), dict(outcome.about))
    conversation.reopened = list(outcome.reopened)
    return _resume(visit, conversation, outcome.lead)


def _taken(visit: Visit, conversation: Conversation, text: str) -> Reply:
    form = visit.forms[conversation.form]
    facts = form.facts(visit, conversation.about)
    return _turn(visit, form, conversation, take_anyway(form, conversation, text, facts, visit.now))


def _resume(visit: Visit, conversation: Conversation, lead: Message | None = None) -> Reply:
    """Makes a conversation the current one and asks its open question."""
    form = visit.forms.get(conversation.form)
    if form is None:
        close(conversation, visit.now)
        return Reply(menu(visit, Message("common.form_gone").after(lead)))
    resume(visit, conversation)
    facts = form.facts(visit, conversation.about)
    return _turn(visit, form, conversation, again(form, conversation, facts, visit.now, lead))


def _pressed(visit: Visit) -> Reply:
    """A button of a question: of this conversation, of a draft, or of one that is over."""
    press = read_press(visit.said.press)
    conversation = of_person(visit.session, press.conversation, visit.person_id) if press else None
    if conversation is None or conversation.closed_at or conversation.form not in visit.forms:
        return _aside(visit, Message("common.button_old"))
    if not conversation.current:
        resume(visit, conversation)
    return _advance(visit, conversation)


def _command(visit: Visit, press: str) -> Reply:
    """A button outside any conversation. Unknown ones, of an older release, lead to the menu."""
    _, name, subject, version = (*press.split(":", 3), "", "", "")[:4]
    handler = topics.COMMANDS.get(name)
    if handler is None:
        return _aside(visit, Message("common.button_old"))
    return _outcome(visit, handler(visit, subject, int(version) if version.isdecimal() else 0))


def _shown_button(visit: Visit, text: str, conversation: Conversation | None) -> str:
    """The command that a typed number, label or close spelling stands for, of the message shown last; "" for none."""
    message = last_message(visit.session, visit.address.id or 0)
    if message is None:
        return ""
    voice = Voice(visit.person.locale, visit.person.zone, visit.now, visit.person.call_name)
    buttons = render(message, voice).buttons
    numbers = conversation is None or "held" in conversation.asked
    if text.isdecimal() and numbers:
        number = int(text)
        press = buttons[number - 1].press if 1 <= number <= len(buttons) else ""
    else:
        labels = [(button.press, [button.label, button.short]) for button in buttons]
        press = match(text, labels, visit.person.locale) or ""
    return press if press.startswith("c:") else ""


def _aside(visit: Visit, lead: Message) -> Reply:
    """Says something and shows the open question again, in one message; without one, the message or the menu."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation and conversation.form in visit.forms:
        return _resume(visit, conversation, lead)
    return Reply(lead if lead.options else menu(visit, lead))
