"""The open question as a message: its buttons, the pages of a long list, the list of answers that can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.dialogue import EDIT, Form, Step, Turn, answered, current, press_of, value_of, visible
from handlers.said import Facts, Rejected, Said
from messages import Message, Option, Value, has, say
from models.conversation import Conversation

ROWS = 10
"""A list holds this many rows, the page turners included."""


def ask(
    form: Form,
    conversation: Conversation,
    facts: Facts,
    now: datetime,
    lead: Message | None = None,
    offers: Mapping[str, Any] | None = None,
    labels: Sequence[str] = (),
    page: int = 0,
) -> Message | None:
    """The open question as a message, and what its buttons mean kept in `asked`. None when all is said."""
    step = current(form, conversation, facts)
    if step is None:
        return None
    answers = conversation.answers
    half = None if offers or step.key in conversation.reopened else _half(step, answers, facts)
    if half:
        offers, labels = {f"o{place}": offer.value for place, offer in enumerate(half.offers, 1)}, [offer.label for offer in half.offers]
    given = dict(offers or {})
    rows, page = _rows(form, step, conversation, facts, [Option(id, label=label) for id, label in zip(given, labels, strict=True)], page)
    conversation.asked = {
        "step": step.key,
        "options": [option.id for option in rows],
        "offers": given,
        "labels": dict(zip(given, labels, strict=True)),
        "page": page,
        "at": now.isoformat(),
        **_before(step, conversation),
        **({"ticked": _ticked(step, conversation, facts)} if step.many else {}),
    }
    note = form.note(conversation.about, step.key) if form.note and step.key in conversation.reopened else None
    message = Message(
        half.key if half else _asks(form, step, facts),
        half.params if half else step.params(answers, facts),
        tuple(_pressable(conversation, step.key, option) for option in rows),
        step.media(answers, facts),
        request=step.request,
    )
    return message.after(note).after(lead)


def _asks(form: Form, step: Step, facts: Facts) -> str:
    """A long question has a short form, for under the answer to what was asked in between."""
    short = form.text(step, "again")
    return short if facts.get("asked_between") and has(short) else form.text(step, "ask")


def _half(step: Step, answers: Mapping[str, Any], facts: Facts) -> Rejected | None:
    """What is still asked after half an answer; None when there is none."""
    try:
        if words := step.begun(answers):
            step.reader.read(Said(text=words), {**facts, "answers": answers})
    except Rejected as rejected:
        return rejected
    return None


def _before(step: Step, conversation: Conversation) -> dict[str, str]:
    """The words that the next ones may complete."""
    here = conversation.asked.get("step") == step.key
    words = step.begun(conversation.answers) or (conversation.asked.get("before") if here else "")
    return {"before": words} if words else {}


def _rows(
    form: Form, step: Step, conversation: Conversation, facts: Facts, offered: Sequence[Option], page: int
) -> tuple[list[Option], int]:
    """What was offered, the old answer, the step's own options; skipping and being done stand on every page."""
    buttons = [*offered, *_keep(form, step, conversation, facts), *step.options(conversation.answers, facts)]
    closing = [option for option in buttons if option.id in ("skip", "later")]
    buttons = [option for option in buttons if option not in closing]
    if step.optional and not closing:
        closing.append(Option("skip"))
    if step.many:
        ticked = _ticked(step, conversation, facts)
        buttons = [_tick(option, ticked) if option.id != "keep" else option for option in buttons]
        closing.append(Option("done"))
    return paged(buttons, page, closing)


def _ticked(step: Step, conversation: Conversation, facts: Facts) -> list[str]:
    """As the person left it, else as it was answered before."""
    if conversation.asked.get("step") == step.key:
        return list(conversation.asked.get("ticked", []))
    return list(value_of(step, conversation.answers, facts) or [])


def changeable(form: Form, conversation: Conversation, facts: Facts) -> list[Step]:
    """The steps whose answers can be changed; those that were skipped stand last."""
    shown, answers = visible(form, conversation.answers, facts), conversation.answers
    steps = [step for step in shown if not step.summary and value_of(step, answers, facts) is not None]
    return [*steps, *(step for step in shown if step.optional and step.key in answers and step not in steps)]


def ask_which(form: Form, conversation: Conversation, facts: Facts, now: datetime, page: int = 0) -> Message:
    """The list of answers that can be changed."""
    buttons = [
        Option(step.key, form.label(step, conversation.answers, facts), detail=show_value(form, step, conversation, facts))
        for step in changeable(form, conversation, facts)
    ]
    rows, page = paged(buttons, page, [Option("back")])
    conversation.asked = {"step": EDIT, "options": [option.id for option in rows], "offers": {}, "page": page, "at": now.isoformat()}
    return Message("common.which", {}, tuple(_pressable(conversation, EDIT, option) for option in rows))


def paged(buttons: Sequence[Option], page: int, closing: Sequence[Option] = ()) -> tuple[list[Option], int]:
    """The rows of a page of a long list, with the turners; a page that is not there is the first. `closing` stands on every page."""
    if len(buttons) + len(closing) <= ROWS:
        return [*buttons, *closing], 0
    size = ROWS - 2 - len(closing)
    pages = [buttons[start : start + size] for start in range(0, len(buttons), size)]
    page = page if 0 <= page < len(pages) else 0
    rows = list(pages[page])
    if page > 0:
        rows.append(Option("less"))
    if page < len(pages) - 1:
        rows.append(Option("more"))
    return [*rows, *closing], page


def show_value(form: Form, step: Step, conversation: Conversation, facts: Facts) -> Value:
    """An answer as it is read back; the word for "none" when it was skipped."""
    value = value_of(step, conversation.answers, facts)
    if value is None:
        return say("common.none")
    if step.upto:
        return say("common.photos", n=len(value))
    worded = form.text(step, f"is_{value}") if isinstance(value, str) else ""
    if worded and has(worded):
        return say(worded)
    shown = step.reader.show(value)
    # A value that is only an id is shown as the button that stands for it.
    chosen = next((option for option in step.options(conversation.answers, facts) if option.id == shown == value), None)
    return (chosen.label or say(f"option.{value}")) if chosen else shown


def _keep(form: Form, step: Step, conversation: Conversation, facts: Facts) -> list[Option]:
    if (
        step.key not in conversation.reopened
        or conversation.answers.get(step.key) is None
        or not answered(step, conversation.answers)
        or step.many
    ):
        return []
    return [Option("keep", say("common.keep", value=show_value(form, step, conversation, facts)))]


def _tick(option: Option, ticked: Sequence[str]) -> Option:
    on = option.id in ticked
    label = option.label or say(f"option.{option.id}")
    return Option(f"{'-' if on else '+'}{option.id}", say("common.ticked", label=label) if on else label)


def _pressable(conversation: Conversation, step: str, option: Option) -> Option:
    if option.press:
        return option
    return Option(option.id, option.label, option.short, option.detail, press_of(conversation, step, option.id))


def again(form: Form, conversation: Conversation, facts: Facts, now: datetime, lead: Message | None = None) -> Turn:
    """The open question once more."""
    reply = ask(form, conversation, facts, now, lead)
    return Turn(reply, done=reply is None)


def turn_page(form: Form, conversation: Conversation, facts: Facts, now: datetime, by: int) -> Turn:
    """Another page of the list that is shown, with what was offered on it."""
    asked = conversation.asked
    page = asked.get("page", 0) + by
    if asked.get("step") == EDIT:
        return Turn(ask_which(form, conversation, facts, now, page), edits=True)
    reply = ask(form, conversation, facts, now, None, asked.get("offers"), list(asked.get("labels", {}).values()), page)
    return Turn(reply, done=reply is None, edits=True)
