"""The buttons of the open question, typed: by number, label or a close spelling of what the person saw."""

from __future__ import annotations

from handlers.dialogue import EDIT, Form, Step
from handlers.matching import known, match
from handlers.said import Facts
from messages import Option, Voice, has, say, worded
from models.conversation import Conversation

SYNONYMS = {
    "skip": ("skip", "later", "no"),
    "later": ("skip", "later", "no"),
    "send": ("send", "yes"),
    "agree": ("agree", "yes"),
    "edit_nib": ("yes", "send"),
}
"""Lists of words that are as good as a button's own."""


def numbers_in(text: str) -> list[int]:
    parts = text.replace(",", " ").replace("dan", " ").split()
    return [int(part) for part in parts] if parts and all(part.isdecimal() and len(part) < 4 for part in parts) else []


def typed_option(form: Form, conversation: Conversation, step: Step, text: str, facts: Facts, locale: str) -> str:
    """The button a typed number, label or close spelling stands for, among what the person last saw; "" for none."""
    asked = conversation.asked
    if asked.get("step") not in (step.key, EDIT):
        return ""
    ids: list[str] = list(asked.get("options", ()))
    if text.isdecimal() and not (step.reader.numeric and asked.get("step") != EDIT):
        number = int(text)
        return ids[number - 1] if 1 <= number <= len(ids) else ""
    labels = [(id, _labels(form, conversation, step, id, facts, locale)) for id in ids]
    return match(text, labels, locale) or ""


def _labels(form: Form, conversation: Conversation, step: Step, id: str, facts: Facts, locale: str) -> list[str]:
    """What may be typed for a button."""
    if id in conversation.asked.get("labels", {}):
        return [worded(conversation.asked["labels"][id], Voice(locale))]
    if conversation.asked.get("step") == EDIT and id in form.steps_by_key:
        return [worded(form.label(form.steps_by_key[id], conversation.answers, facts), Voice(locale))]
    bare = id.lstrip("+-") if step.many else id
    option = next((option for option in step.options(conversation.answers, facts) if option.id == bare), Option(bare))
    worded_one = has(f"option.{bare}")
    label = worded(option.label, Voice(locale)) if option.label else worded(say(f"option.{bare}"), Voice(locale)) if worded_one else ""
    typed = [word for name in SYNONYMS.get(bare, (bare,)) for word in sorted(known(name))]
    return [part for part in (label, option.short, *typed) if part]
