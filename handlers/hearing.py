"""How a message is taken as the answer to the open question: taps, photos, typed options, free text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers.album import shown
from handlers.asking import again, ask, ask_which, turn_page
from handlers.dialogue import EDIT, Form, Press, Step, Turn, already, answer, answered, current, filled, fits, read_press, reopen
from handlers.doubt import reads, unread
from handlers.matching import after_greeting, is_greeting, looks_like_question, place_in, says, yes
from handlers.said import Facts, Found, Rejected, Said
from handlers.typed import begun_option, lacked, several_typed, typed_option
from messages import Message, has, template
from models.conversation import Conversation

TWICE = timedelta(seconds=10)
"""A second tap within this time is impatience, later it is a wish to see the question again."""


def advance(form: Form, conversation: Conversation, said: Said, facts: Facts, now: datetime, locale: str = "id", seen: bool = True) -> Turn:
    """Takes a message and returns the turn. The conversation is altered; nothing else is. `seen`: the open question has been shown."""
    step = current(form, conversation, facts)
    if step is None:
        return Turn(done=True)
    facts = {**facts, "answers": conversation.answers}
    conversation.updated_at = now
    try:
        if said.press:
            return _tapped(form, conversation, step, said, facts, now)
        if said.photo:
            return shown(form, conversation, step, said, facts, now)
        if said.kind in step.reader.takes and said.kind != "text":
            return _take(form, conversation, step, step.reader.read(said, facts), facts, now)
        if said.text and not seen and (turn := unread(form, conversation, step, said, facts, now, locale)):
            return turn
        if said.text:
            return _typed(form, conversation, step, said, facts, now, locale)
    except Rejected as rejected:
        if said.press:
            conversation.revision += 1  # the buttons that follow are others, even where they are called the same
        turn = _rejected(form, conversation, rejected, facts, now, rejected.words or said.text)
        return _pressed(conversation, said.press, turn, now) if said.press else turn
    return again(form, conversation, facts, now, Message("problem.kind"))


def take_anyway(form: Form, conversation: Conversation, text: str, facts: Facts, now: datetime) -> Turn:
    """The person says that a text which read like a question is the answer."""
    step = current(form, conversation, facts)
    if step is None:
        return Turn(done=True)
    facts = {**facts, "answers": conversation.answers}
    try:
        return _take(form, conversation, step, step.reader.read(Said(text=text), facts), facts, now)
    except Rejected as rejected:
        return _rejected(form, conversation, rejected, facts, now, rejected.words or text)


def is_late(conversation: Conversation, said: Said) -> bool:
    """Whether it was sent before what was handled last: texts only, photos and ticks are safe in any order."""
    if said.kind != "text" or said.sent_at is None or conversation.heard_at is None:
        return False
    return (said.sent_at, said.sequence) < (conversation.heard_at, conversation.heard_sequence)


def remember_order(conversation: Conversation, said: Said, now: datetime) -> None:
    """A clock that is ahead must not make everything after it late."""
    if said.kind == "text" and said.sent_at:
        conversation.heard_at, conversation.heard_sequence = min(said.sent_at, now), said.sequence


def _rejected(form: Form, conversation: Conversation, rejected: Rejected, facts: Facts, now: datetime, text: str = "") -> Turn:
    """Says what was understood, with the likely meanings as buttons. The words are kept: the next message may complete them."""
    extra = {key: value for key, value in rejected.also.items() if fits(form, key, value)}
    if extra:
        answer(conversation, extra)
    offers = {f"o{place}": offer.value for place, offer in enumerate(rejected.offers, 1)}
    labels = [offer.label for offer in rejected.offers]
    reply = ask(form, conversation, facts, now, rejected.message, offers, labels)
    if text and not rejected.elsewhere and (rejected.offers or not conversation.asked.get("before")):
        # What came close is not forgotten for words that do not help: "25rb", "hmm", "per bungkus".
        conversation.asked = {**conversation.asked, "before": text}
    if reply and template(rejected.key, "id").endswith("?"):
        # It asks for itself: one message, one question.
        reply = replace(rejected.message, options=reply.options, request=reply.request)
    return Turn(reply, done=reply is None, settles=True)


def _tapped(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts, now: datetime) -> Turn:
    press = read_press(said.press)
    if tapped_twice(conversation, said.press, now):
        return Turn()
    asked = conversation.asked
    if press is None or press.conversation != conversation.id:
        return again(form, conversation, facts, now)
    fresh = press.revision == conversation.revision and press.step == asked.get("step")
    ticking = press.step == step.key == asked.get("step") and step.many and press.option[:1] in "+-"
    if (not fresh and not ticking) or (press.option not in asked.get("options", ()) and not ticking):
        return again(form, conversation, facts, now)
    turn = choose(form, conversation, step, press.option, facts, now)
    return turn if ticking or press.option in ("more", "less") else _pressed(conversation, said.press, turn, now)


def _pressed(conversation: Conversation, press: str, turn: Turn, now: datetime) -> Turn:
    """Remembers the button that led here."""
    conversation.asked = {**conversation.asked, "pressed": press, "pressed_at": now.isoformat()}
    return turn


def tapped_twice(conversation: Conversation, press: str, now: datetime) -> bool:
    """Whether this very button has just done its work: an impatient second tap is answered by nothing new."""
    asked = conversation.asked
    return asked.get("pressed") == press and now - datetime.fromisoformat(asked["pressed_at"]) < TWICE


def has_closed(conversation: Conversation, press: Press) -> bool:
    """Whether a button belongs to the question whose answer closed the conversation."""
    return press.revision == conversation.revision - 1 and press.step in conversation.answers


def choose(form: Form, conversation: Conversation, step: Step, option: str, facts: Facts, now: datetime) -> Turn:
    """An option of what was asked last, tapped or typed."""
    asked = conversation.asked
    if option in ("more", "less"):
        return turn_page(form, conversation, facts, now, 1 if option == "more" else -1)
    if option == "change":
        return Turn(ask_which(form, conversation, facts, now), edits=True)
    if asked.get("step") == EDIT:
        if option != "back":
            reopen(conversation, [option])
        conversation.asked = {}
        return again(form, conversation, facts, now)
    if option.startswith("edit_") and option.removeprefix("edit_") in form.steps_by_key:
        reopen(conversation, [option.removeprefix("edit_")])
        return again(form, conversation, facts, now)
    if option in asked.get("offers", {}):
        return _take(form, conversation, step, _offered(step, asked["offers"][option], facts), facts, now)
    if option in ("skip", "later"):
        return _take(form, conversation, step, None, facts, now)
    if option == "keep":
        return _take(form, conversation, step, conversation.answers.get(step.key), facts, now, heard=False)
    if step.many:
        return _ticked(form, conversation, step, option, facts, now)
    return _take(form, conversation, step, option, facts, now)


def _offered(step: Step, value: Any, facts: Facts) -> Any:
    """What an offered button means; one that is not yet a whole answer is read on, so that the rest is asked for."""
    held = isinstance(value, dict) and set(value) == {"words"}
    if not held and (value is None or answered(step, {step.key: value})):
        return value
    words = value["words"] if held else step.reader.words(value)
    try:
        return step.reader.read(Said(text=words), facts)
    except Rejected as rejected:
        rejected.words = words
        raise


def _ticked(form: Form, conversation: Conversation, step: Step, option: str, facts: Facts, now: datetime) -> Turn:
    ticked = list(conversation.asked.get("ticked", []))
    if option == "done":
        if not ticked:
            raise Rejected("problem.tick_one")
        return _take(form, conversation, step, ticked, facts, now)
    id = option[1:]
    if id not in [choice.id for choice in step.options(conversation.answers, facts)]:
        return again(form, conversation, facts, now)
    if option[0] == "+" and id not in ticked:
        ticked.append(id)
    if option[0] == "-" and id in ticked:
        ticked.remove(id)
    conversation.asked = {**conversation.asked, "ticked": ticked}
    return Turn(ask(form, conversation, facts, now, page=conversation.asked.get("page", 0)), edits=True)


def _take(form: Form, conversation: Conversation, step: Step, value: Any, facts: Facts, now: datetime, heard: bool = True) -> Turn:
    """Stores an answer that was read, and asks what comes next with a short word on what was understood."""
    also: Mapping[str, Any] = {}
    if isinstance(value, Found):
        value, also = value.value, value.also
    if step.upto and not isinstance(value, list) and value is not None:
        value = [value]
    if not answered(step, {step.key: value}):
        return again(form, conversation, facts, now, Message("problem.choose"))
    extra = {key: part for key, part in also.items() if fits(form, key, part) and not already(form, conversation, key)}
    answer(conversation, {step.key: value, **extra})
    key = form.text(step, "heard")
    lead = Message(key, {"value": step.reader.show(value)}) if heard and value is not None and has(key) else None
    reply = ask(form, conversation, facts, now, lead or _progress(form, conversation, facts))
    return Turn(reply, done=reply is None, settles=True)


def _progress(form: Form, conversation: Conversation, facts: Facts) -> Message | None:
    done, total = filled(form, conversation, facts)
    return Message("common.left", {"n": 3}) if total - done == 3 and total > 5 else None


def _typed(form: Form, conversation: Conversation, step: Step, said: Said, facts: Facts, now: datetime, locale: str) -> Turn:
    text = said.text.strip()
    option = typed_option(form, conversation, step, text, facts, locale)
    if option:
        return choose(form, conversation, step, option, facts, now)
    if conversation.asked.get("step") == EDIT:
        return Turn(ask_which(form, conversation, facts, now, conversation.asked.get("page", 0)).after(Message("problem.choose")))
    if step.many and (picked := several_typed(conversation, text)):
        ticked = conversation.asked.get("ticked", [])
        return _take(form, conversation, step, [*ticked, *(id for id in picked if id not in ticked)], facts, now)
    if step.many and conversation.asked.get("ticked") and (yes(text) or says(text, "send")):
        return _ticked(form, conversation, step, "done", facts, now)
    if is_greeting(text) and not step.reader.whole:
        rest = after_greeting(text)
        if not rest:
            return again(form, conversation, facts, now, Message(f"greeting.{is_greeting(text)}"))
        text = rest
    if form.name != "question" and (paper := lacked(text)) in ("nib", "pirt"):
        # Said early, it is no answer to what is open: what to do without it is told.
        return Turn(question=text, lacks=paper)
    if looks_like_question(text) and (step.reader.free or not reads(step, text, facts, surely=False)):
        return Turn(question=text)
    begun = begun_option(form, conversation, step, text, facts, locale)
    if begun and not reads(step, text, facts, surely=False):
        return choose(form, conversation, step, begun, facts, now)
    turn = _take(form, conversation, step, _read_text(conversation, step, text, facts), facts, now)
    conversation.asked = {**conversation.asked, "after": step.key}
    return turn


def _read_text(conversation: Conversation, step: Step, text: str, facts: Facts) -> Any:
    """Read alone, else together with the words before it that were not enough: "25rb", then "per bungkus"."""
    before = conversation.asked.get("before") if conversation.asked.get("step") == step.key else ""
    try:
        return step.reader.read(Said(text=text), facts)
    except Rejected as rejected:
        if step.many and conversation.asked.get("ticked"):
            raise Rejected("problem.ticked") from rejected
        if rejected.elsewhere:
            raise
        options: list[str] = conversation.asked.get("options", [])
        if conversation.asked.get("offers") and 1 <= (number := place_in(text)) <= len(options):
            return _offered(step, conversation.asked["offers"].get(options[number - 1]), facts)
        whole = next((both for both in (f"{before} {text}", f"{text} {before}") if before and reads(step, both, facts)), "")
        if not whole:
            raise
        return step.reader.read(Said(text=whole), facts)
