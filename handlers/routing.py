"""Which form or command a message belongs to, and the words that work everywhere."""

from __future__ import annotations

from dataclasses import replace

from handlers import topics
from handlers.asking import again, ask_which, changeable
from handlers.dialogue import Step, back, current, is_id, read_press, reopen
from handlers.doubt import doubt, open_to_doubt, reads, seen, told_last
from handlers.drafts import close, leave, resume, title
from handlers.hearing import advance, has_closed, is_late, remember_order, tapped_twice
from handlers.matching import is_greeting, looks_like_question, says, yes
from handlers.menu import menu
from handlers.questions import ask_back, offer
from handlers.replying import aside, outcome_of, replied, resumed
from handlers.said import NO_FACTS, Facts, started
from handlers.shortcuts import global_word, labelled, shown_command, typed_number
from handlers.typed import named_change, names_option
from handlers.vendor import put_aside
from handlers.visit import Begin, Reply, Visit
from messages import Message, has, say
from models.contact import consented
from models.conversation import Conversation, current_of, of_person, with_album

LOST = 4
"""So many words nobody likes to type again for the officers."""


def turn(visit: Visit) -> Reply:
    """Handles one message: at most one reply, and none only where the same was just answered."""
    if visit.said.kind == "file" and not visit.said.refused:
        return _file(visit)
    return _turned(visit)


def _file(visit: Visit) -> Reply:
    """An officer's spreadsheet; of all other files it is said what to send instead, and what was written with them is heard."""
    if outcome := topics.sent(visit):
        return outcome_of(visit, outcome)
    lead = Message("common.file")
    if not visit.said.text and consented(visit.session, visit.person_id, "registration"):
        return aside(visit, lead)
    reply = _turned(visit)
    return replace(reply, message=reply.message.after(lead)) if reply.message else reply


def _turned(visit: Visit) -> Reply:
    said = visit.said = started(visit.said)
    if said.refused:
        return aside(visit, Message(f"refused.{said.refused}"))
    if said.kind == "edited":
        return aside(visit, Message("common.edited"))
    if said.press.startswith("c:"):
        return _command(visit, said.press)
    if said.press:
        return _pressed(visit)
    if said.start and (outcome := topics.opened(visit)):
        return outcome_of(visit, outcome)
    if said.quoted and (outcome := topics.quoted(visit)):
        return outcome_of(visit, outcome)
    conversation = current_of(visit.session, visit.person_id)
    if conversation and conversation.form not in visit.forms:
        close(conversation, visit.now)
        return Reply(menu(visit, Message("common.form_gone")))
    if conversation and is_late(conversation, said):
        return resumed(visit, conversation)
    if conversation:
        remember_order(conversation, said, visit.now)
    if said.kind == "start" and conversation:
        return resumed(visit, conversation)
    if said.photo and said.group and (owner := with_album(visit.session, visit.person_id, said.group)) and owner is not conversation:
        return _late_part(visit, owner)
    facts = visit.forms[conversation.form].facts(visit, conversation.about) if conversation else NO_FACTS
    if said.text and said.kind == "text" and (reply := _word(visit, conversation, facts)):
        return reply
    return _advance(visit, conversation, facts) if conversation else _fresh(visit)


def _late_part(visit: Visit, owner: Conversation) -> Reply:
    """A photo of an album that began in another conversation: it joins that one while it is open."""
    form = visit.forms.get(owner.form)
    if form is None or owner.closed_at:
        return aside(visit, Message("photos.too_late"))
    advance(form, owner, visit.said, form.facts(visit, owner.about), visit.now, visit.person.locale)
    became = owner.asked.get("burst", ["gone"])[-1]
    if became != "ok":
        return aside(visit, Message("photos.none", {"why": say(f"photos.why_{became}")}))
    return aside(visit, Message("photos.joined", {"title": title(form, owner.answers)}))


def _word(visit: Visit, conversation: Conversation | None, facts: Facts) -> Reply | None:
    """The words that work everywhere, then what an officer types, then the buttons of what was shown last."""
    text = visit.said.text.strip()
    step = current(visit.forms[conversation.form], conversation, facts) if conversation else None
    name = global_word(text) or _put_off(visit, conversation, step, facts)
    if name and conversation is None and (press := labelled(visit, text)):
        return _command(visit, press)
    if name and not (conversation and step and _is_answer(visit, conversation, step, facts)):
        return _in_conversation(visit, name, conversation) if conversation else _command(visit, f"c:{name}:0:0")
    if conversation and (key := named_change(visit.forms[conversation.form], conversation, text, facts, visit.person.locale)):
        return _asked_anew(visit, conversation, key, facts)
    if visit.offices and (outcome := topics.officer_said(visit, text)):
        return outcome_of(visit, outcome)
    if press := shown_command(visit, text, conversation, step):
        return _command(visit, press)
    if outcome := topics.said(visit, text, conversation):
        return outcome_of(visit, outcome)
    if conversation and not visit.offices and says(text, "thanks"):
        return aside(visit, Message("greeting.thanks"))
    return None


def _asked_anew(visit: Visit, conversation: Conversation, key: str, facts: Facts) -> Reply:
    form = visit.forms[conversation.form]
    reopen(conversation, [key])
    conversation.asked = {}
    return replied(visit, form, conversation, again(form, conversation, facts, visit.now))


def _put_off(visit: Visit, conversation: Conversation | None, step: Step | None, facts: Facts) -> str:
    """ "nanti dulu" where the question cannot be left out: the whole is put aside."""
    if conversation is None or step is None or not conversation.answers or step.optional or not says(visit.said.text, "later"):
        return ""
    return "" if visit.forms[conversation.form].yields or reads(step, visit.said.text, facts, surely=False) else "cancel"


def _is_answer(visit: Visit, conversation: Conversation, step: Step, facts: Facts) -> bool:
    form = visit.forms[conversation.form]
    return names_option(form, conversation, step, visit.said.text.strip(), facts, visit.person.locale)


def _in_conversation(visit: Visit, name: str, conversation: Conversation) -> Reply:
    form = visit.forms[conversation.form]
    facts = form.facts(visit, conversation.about)
    if name == "back":
        lead = None if back(form, conversation, facts) else Message("common.no_earlier")
        conversation.asked = {}
        return replied(visit, form, conversation, again(form, conversation, facts, visit.now, lead))
    if name == "edit":
        if not conversation.answers or not changeable(form, conversation, facts):
            return aside(visit, Message("common.nothing_to_change"))
        return Reply(ask_which(form, conversation, facts, visit.now), conversation.id)
    if name == "help":
        step = current(form, conversation, facts)
        key = form.text(step, "help") if step else ""
        return aside(visit, Message(key if has(key) else "common.help_here"))
    if name == "go":
        return resumed(visit, conversation)
    if name in ("cancel", "menu", "restart"):
        return Reply(menu(visit, leave(form, conversation, facts)))
    return _command(visit, f"c:{name}:0:0")


def _fresh(visit: Visit) -> Reply:
    """Nothing is open: a first meeting, a photo that begins a product, something asked or wanted, or the menu."""
    said = visit.said
    if not visit.offices and not consented(visit.session, visit.person_id, "registration"):
        return _begun_with(visit, Begin("welcome", about={"text": said.text}))
    if said.photo and not visit.offices:
        return _begun_with(visit, Begin("product"))
    if said.text and (outcome := topics.idle_said(visit, said.text)):
        return outcome_of(visit, outcome)
    if said.text and not visit.offices and looks_like_question(said.text):
        return Reply(ask_back(visit, None, said.text))
    return _heard_out(visit)


def _heard_out(visit: Visit) -> Reply:
    """Words that are neither asked nor wanted: a greeting, thanks or a nod is answered as such; more of them are not lost."""
    text = visit.said.text
    if visit.offices and visit.said.photo:
        return Reply(menu(visit, Message("sheet.picture")))
    polite = is_greeting(text) or ("thanks" if says(text, "thanks") or yes(text) else "")
    if polite or not text:
        return Reply(menu(visit, Message(f"greeting.{polite}") if polite else None))
    if not visit.offices and len(text.split()) >= LOST:
        return Reply(offer(visit, text))
    if visit.offices:
        return Reply(menu(visit, Message("common.not_understood_officer")))
    return Reply(menu(visit, Message("common.number_alone" if typed_number(text) else "common.not_understood")))


def _begun_with(visit: Visit, outcome: Begin) -> Reply:
    """A photo is already an answer of the conversation it begins."""
    reply = outcome_of(visit, outcome)
    conversation = current_of(visit.session, visit.person_id) if visit.said.photo else None
    return _advance(visit, conversation) if conversation else reply


def _advance(visit: Visit, conversation: Conversation, facts: Facts | None = None) -> Reply:
    form = visit.forms[conversation.form]
    if form.yields and visit.said.photo:
        put_aside(visit)
        return _fresh(visit)
    facts = form.facts(visit, conversation.about) if facts is None else facts
    step = current(form, conversation, facts)
    if visit.said.kind == "text" and step and open_to_doubt(step, visit.said.text) and told_last(visit):
        # A notice came between the question and these words: they may be meant for the notice.
        return replied(visit, form, conversation, doubt(form, conversation, visit.said, facts, visit.now, Message("common.still_open")))
    read = visit.said.kind != "text" or seen(visit, conversation)
    turn = advance(form, conversation, visit.said, facts, visit.now, visit.person.locale, read)
    if form.yields and conversation.answers and not turn.done:
        form.finish(visit, conversation)  # what was answered counts, even where the rest never is
    return replied(visit, form, conversation, turn)


def _pressed(visit: Visit) -> Reply:
    """A button of a question: of this conversation, of a draft, or of one that is over."""
    press = read_press(visit.said.press)
    conversation = of_person(visit.session, press.conversation, visit.person_id) if press else None
    if press and conversation and conversation.closed_at and has_closed(conversation, press):
        return Reply(None) if tapped_twice(conversation, visit.said.press, visit.now) else aside(visit, Message("common.button_done"))
    if conversation is None or conversation.closed_at or conversation.form not in visit.forms:
        return aside(visit, Message("common.button_old"))
    if not conversation.current:
        resume(visit, conversation)
    return _advance(visit, conversation)


def _command(visit: Visit, press: str) -> Reply:
    """A button outside any conversation. Unknown ones, of an older release, lead to the menu."""
    _, name, subject, version = (*press.split(":", 3), "", "", "")[:4]
    handler = topics.COMMANDS.get(name)
    if handler is None or (subject.isdecimal() and not is_id(subject)):
        return aside(visit, Message("common.button_old"))
    return outcome_of(visit, handler(visit, subject, int(version) if is_id(version) else 0))
