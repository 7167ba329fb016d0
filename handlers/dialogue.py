"""The engine of every conversation: a form, the answers so far, and from them the question to ask. It never sends and never looks at a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.said import Facts, Reader
from messages import Message, Option, Params, Request, Value, has, say
from models.conversation import Conversation

Answers = Mapping[str, Any]
EDIT = "@edit"
"""The pseudo question "which answer shall we change?"."""
ROWS = 10
"""A list holds this many rows, the page turners included."""


def always(answers: Answers, facts: Facts) -> bool:
    return True


def no_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return ()


def no_params(answers: Answers, facts: Facts) -> Params:
    return {}


def no_media(answers: Answers, facts: Facts) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Step:
    """One question. Its texts are `<form>.<key>.ask`, `.label`, and where wanted `.heard` (read back in the next question) and `.help`.

    A step whose `default` tells a value is derived: shown on the card and asked only when it is reopened. `upto` collects photos; `many` lets several
    options be ticked.
    """

    key: str
    reader: Reader
    options: Callable[[Answers, Facts], Sequence[Option]] = no_options
    when: Callable[[Answers, Facts], bool] = always
    default: Callable[[Answers, Facts], Any] | None = None
    optional: bool = False
    upto: int = 0
    many: bool = False
    request: Request = ""
    params: Callable[[Answers, Facts], Params] = no_params
    media: Callable[[Answers, Facts], tuple[str, ...]] = no_media
    summary: bool = False
    """The closing card: it is not an answer that can be edited, and it does not count in what is left."""
    texts: str = ""
    """Where its texts stand, when another form or several steps share them: "product.place" for a step of a price list."""


@dataclass(frozen=True, slots=True)
class Form:
    """`facts(visit, about)` reads what the tables know; `finish(visit, conversation)` turns the answers into rows and says what comes next.

    `caption(text)` finds answers in a photo's caption; `note(about, key)` is said before a question that was reopened; `title(answers)` names a
    draft on its card. `collects(conversation, said, facts)` names the step a photo belongs to, where its caption or album says so. A form that
    `yields` gives way to a photo or another wish: what it asks can be left unanswered.
    """

    name: str
    steps: tuple[Step, ...]
    facts: Callable[[Any, Mapping[str, Any]], Facts]
    finish: Callable[[Any, Conversation], Any]
    caption: Callable[[str], Mapping[str, Any]] | None = None
    note: Callable[[Mapping[str, Any], str], Message | None] | None = None
    title: Callable[[Answers], Value] | None = None
    collects: Callable[[Conversation, Any, Facts], str] | None = None
    yields: bool = False
    steps_by_key: dict[str, Step] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.steps_by_key.update({step.key: step for step in self.steps})
        assert len(self.steps_by_key) == len(self.steps), f"{self.name}: a key stands twice"
        assert all(len(step.key) <= 20 for step in self.steps), f"{self.name}: a key is longer than 20"

    def text(self, step: Step, part: str) -> str:
        return f"{step.texts or f'{self.name}.{step.key}'}.{part}"

    def label(self, step: Step, answers: Answers, facts: Facts) -> Value:
        return say(self.text(step, "label"), **step.params(answers, facts))


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one message: the reply, whether the form is done, and what the router must decide."""

    reply: Message | None = None
    done: bool = False
    edits: bool = False
    """The reply takes the place of the question last shown, where the channel can."""
    question: str = ""
    """Free text that reads like a question: is it one, or the answer?"""
    settles: bool = False
    """The reply may wait a moment for more of the same (photos of an album, texts in a row)."""


def answered(step: Step, answers: Answers) -> bool:
    """Whether a valid answer is stored; None is a skipped question."""
    if step.key not in answers:
        return False
    value = answers[step.key]
    return step.optional if value is None else _keeps(step, value)


def _keeps(step: Step, value: Any) -> bool:
    try:
        if step.upto:
            return isinstance(value, list) and 0 < len(value) <= step.upto and all(step.reader.keeps(part) for part in value)
        return step.reader.keeps(value)
    except (TypeError, KeyError, ValueError, AttributeError):
        return False  # a value that an older release stored in another shape is asked again


def value_of(step: Step, answers: Answers, facts: Facts) -> Any:
    """The valid answer, else the derived one, else None."""
    if answered(step, answers):
        return answers[step.key]
    return step.default(answers, facts) if step.default else None


def visible(form: Form, answers: Answers, facts: Facts) -> list[Step]:
    return [step for step in form.steps if step.when(answers, facts)]


def current(form: Form, conversation: Conversation, facts: Facts) -> Step | None:
    """The question to ask: the first that applies and was reopened or has no valid answer. None when all is said."""
    steps = visible(form, conversation.answers, facts)
    reopened = next((step for step in steps if step.key in conversation.reopened), None)
    if reopened:
        return reopened
    return next(
        (step for step in steps if not answered(step, conversation.answers) and not derived(step, conversation.answers, facts)), None
    )


def derived(step: Step, answers: Answers, facts: Facts) -> bool:
    """Whether the answer can be told from the others; where it cannot, the question is asked like any other."""
    return step.default is not None and step.default(answers, facts) is not None


def filled(form: Form, conversation: Conversation, facts: Facts) -> tuple[int, int]:
    """(answered, asked in all) of the questions that count: "6 dari 9 terisi"."""
    counted = [
        step for step in visible(form, conversation.answers, facts) if not step.summary and not derived(step, conversation.answers, facts)
    ]
    open_ones = [step for step in counted if not answered(step, conversation.answers) or step.key in conversation.reopened]
    return len(counted) - len(open_ones), len(counted)


def answer(conversation: Conversation, values: Mapping[str, Any]) -> None:
    """Stores answers. What was reopened among them is closed again, and buttons shown before become stale."""
    conversation.answers = {**conversation.answers, **values}
    conversation.reopened = [key for key in conversation.reopened if key not in values]
    conversation.revision += 1


def reopen(conversation: Conversation, keys: Sequence[str]) -> None:
    """Asks these again, the old answers offered; the summary is always asked anew."""
    conversation.reopened = [*conversation.reopened, *(key for key in keys if key not in conversation.reopened)]
    conversation.revision += 1


def back(form: Form, conversation: Conversation, facts: Facts) -> bool:
    """Reopens the question before the open one. False when there is none."""
    steps = [step for step in visible(form, conversation.answers, facts) if not step.summary and not step.default]
    here = current(form, conversation, facts)
    before = steps[: next((place for place, step in enumerate(steps) if here and step.key == here.key), len(steps))]
    earlier = [step for step in before if answered(step, conversation.answers)]
    if not earlier:
        return False
    reopen(conversation, [earlier[-1].key])
    return True


def press_of(conversation: Conversation, step: str, option: str) -> str:
    """What a button of a question sends; within 64 bytes."""
    return f"a:{conversation.id}:{conversation.revision}:{step}:{option}"


@dataclass(frozen=True, slots=True)
class Press:
    conversation: int
    revision: int
    step: str
    option: str


def read_press(press: str) -> Press | None:
    parts = press.split(":", 4)
    if len(parts) != 5 or parts[0] != "a" or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return None
    return Press(int(parts[1]), int(parts[2]), parts[3], parts[4])


def ask(form: Form, conversation: Conversation, facts: Facts, now: datetime, lead: Message | None = None, offers: Mapping[str, Any] | None = None,
        labels: Sequence[str] = (), page: int = 0) -> Message | None:  # fmt: skip
    """The open question as a message, and what its buttons mean kept in `asked`. None when all is said."""
    step = current(form, conversation, facts)
    if step is None:
        return None
    answers = conversation.answers
    given = dict(offers or {})
    buttons = [Option(id, label=label) for id, label in zip(given, labels, strict=True)]
    buttons += _keep(form, step, conversation, facts) + list(step.options(answers, facts))
    if step.optional and not any(option.id in ("skip", "later") for option in buttons):
        buttons.append(Option("skip"))
    ticked = conversation.asked.get("ticked", []) if conversation.asked.get("step") == step.key else None
    if step.many:
        ticked = list(answers.get(step.key) or []) if ticked is None else ticked
        buttons = [_tick(option, ticked) if option.id not in ("skip", "later", "keep") else option for option in buttons]
        buttons.append(Option("done"))
    rows, page = paged(buttons, page)
    conversation.asked = {
        "step": step.key,
        "options": [option.id for option in rows],
        "offers": given,
        "labels": dict(zip(given, labels, strict=True)),
        "page": page,
        "at": now.isoformat(),
        **({"ticked": ticked} if step.many else {}),
    }
    note = form.note(conversation.about, step.key) if form.note and step.key in conversation.reopened else None
    message = Message(
        form.text(step, "ask"),
        step.params(answers, facts),
        tuple(_pressable(conversation, step.key, option) for option in rows),
        step.media(answers, facts),
        request=step.request,
    )
    return message.after(note).after(lead)


def ask_which(form: Form, conversation: Conversation, facts: Facts, now: datetime, page: int = 0) -> Message:
    """The list of answers that can be changed."""
    steps = [
        step
        for step in visible(form, conversation.answers, facts)
        if not step.summary and value_of(step, conversation.answers, facts) is not None
    ]
    steps += [
        step
        for step in visible(form, conversation.answers, facts)
        if step.optional and step.key in conversation.answers and step not in steps
    ]
    buttons = [
        Option(step.key, form.label(step, conversation.answers, facts), detail=show_value(form, step, conversation, facts))
        for step in steps
    ]
    rows, page = paged([*buttons, Option("back")], page)
    conversation.asked = {"step": EDIT, "options": [option.id for option in rows], "offers": {}, "page": page, "at": now.isoformat()}
    return Message("common.which", {}, tuple(_pressable(conversation, EDIT, option) for option in rows))


def paged(buttons: list[Option], page: int) -> tuple[list[Option], int]:
    """The rows of a page of a long list, with the turners; a page that is not there is the first."""
    if len(buttons) <= ROWS:
        return buttons, 0
    size = ROWS - 2
    pages = [buttons[start : start + size] for start in range(0, len(buttons), size)]
    page = page if 0 <= page < len(pages) else 0
    rows = list(pages[page])
    if page > 0:
        rows.append(Option("less"))
    if page < len(pages) - 1:
        rows.append(Option("more"))
    return rows, page


def show_value(form: Form, step: Step, conversation: Conversation, facts: Facts) -> Value:
    """An answer as it is read back; the word for "none" when it was skipped."""
    value = value_of(step, conversation.answers, facts)
    if value is None:
        return say("common.none")
    if step.upto:
        return say("common.photos", n=len(value))
    worded = form.text(step, f"is_{value}") if isinstance(value, str) else ""
    return say(worded) if worded and has(worded) else step.reader.show(value)


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
