"""The engine of every conversation: a form, the answers so far, and from them the question to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.said import Facts, Reader
from messages import Message, Option, Params, Request, Value, say
from models.conversation import Conversation

Answers = Mapping[str, Any]
EDIT = "@edit"
"""The pseudo question "which answer shall we change?"."""


def always(answers: Answers, facts: Facts) -> bool:
    return True


def no_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    return ()


def no_params(answers: Answers, facts: Facts) -> Params:
    return {}


def no_media(answers: Answers, facts: Facts) -> tuple[str, ...]:
    return ()


def no_words(answers: Answers) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Step:
    """One question. Its texts are `<form>.<key>.ask`, `.label`, and where wanted `.heard` (read back in the next question) and `.help`.

    A step whose `default` tells a value is derived: shown on the card and asked only when it is reopened. `upto` collects photos;
    `many` lets several options be ticked.
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
    begun: Callable[[Answers], str] = no_words
    """Words said earlier that are half an answer; the question asks for the other half."""
    summary: bool = False
    """The closing card: it is not an answer that can be edited, and it does not count in what is left."""
    texts: str = ""
    """Where its texts stand, when another form or several steps share them: "product.place" for a step of a price list."""


@dataclass(frozen=True, slots=True)
class Form:
    """`facts(visit, about)` reads what the tables know; `finish(visit, conversation)` turns the answers into rows and says what follows.

    `caption(text)` finds answers in a photo's caption; `note(about, key)` is said before a question that was reopened;
    `title(answers)` names a draft on its card. `collects(conversation, said, facts)` names the step a photo belongs to, where its
    caption or album says so. A form that `yields` gives way to a photo or another wish: what it asks can be left unanswered.
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
    lacks: str = ""
    """The paper that it says is not there: what to do without it is a fixed answer."""
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
    answers = conversation.answers
    reopened = next((step for step in form.steps if step.key in conversation.reopened and step.when(answers, facts)), None)
    if reopened:
        return reopened
    # An answer is looked at before the condition, which may have to ask the database.
    open_ones = (step for step in form.steps if not answered(step, answers) and step.when(answers, facts))
    return next((step for step in open_ones if not derived(step, answers, facts)), None)


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
    steps = [
        step for step in visible(form, conversation.answers, facts) if not step.summary and not derived(step, conversation.answers, facts)
    ]
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


def is_id(text: str) -> bool:
    """Whether a text can be the id of a row: a forged one may be any text."""
    return text.isdecimal() and len(text) <= 18


def read_press(press: str) -> Press | None:
    parts = press.split(":", 4)
    if len(parts) != 5 or parts[0] != "a" or not (is_id(parts[1]) and is_id(parts[2])):
        return None
    return Press(int(parts[1]), int(parts[2]), parts[3], parts[4])


def fits(form: Form, key: str, value: Any) -> bool:
    return key in form.steps_by_key and answered(form.steps_by_key[key], {key: value})


def already(form: Form, conversation: Conversation, key: str) -> bool:
    return answered(form.steps_by_key[key], conversation.answers) and conversation.answers[key] is not None
