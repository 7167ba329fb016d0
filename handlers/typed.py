"""The buttons of the open question, typed: by number, label or a close spelling of what the person saw."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.asking import changeable
from handlers.dialogue import EDIT, Form, Step, visible
from handlers.matching import bare, known, match, place_in, without_polite, yes
from handlers.said import Facts
from messages import Option, Voice, has, locales, say, worded
from models.conversation import Conversation

SYNONYMS = {
    "skip": ("skip", "later", "no"),
    "later": ("skip", "later", "no"),
    "send": ("send", "yes"),
    "agree": ("agree", "yes"),
    "edit_nib": ("yes", "send"),
    "is_question": ("is_question", "yes"),
    "is_answer": ("is_answer", "no"),
    "reply_yes": ("yes",),
    "reply_no": ("no",),
    "link_yes": ("yes",),
    "link_no": ("no",),
    "take_yes": ("yes",),
    "question_send": ("is_question", "yes", "send"),
    "tell": ("yes", "send"),
    "bring": ("bring", "yes", "send"),
    "drop": ("no", "cancel"),
    "announcement_self": ("yes", "send"),
    "answer_replies": ("answer", "yes"),
}
"""Lists of words that are as good as a button's own."""
SPELLED = ("send_all",)
"""Buttons that no number stands for: what goes to many is tapped, or typed as it stands."""
SHORTEST = 4
"""Letters that a label may be begun with."""


def several_typed(conversation: Conversation, text: str) -> list[str]:
    """What "1, 3" picks of the list as it was shown; empty when a number stands for something else."""
    parts = re.sub(r"[,.;&+]|(?<!\w)(?:dan|and)(?!\w)", " ", text).split()
    shown: list[str] = conversation.asked.get("options", [])
    if not parts or not all(1 <= place_in(part) <= len(shown) for part in parts):
        return []
    picked = [shown[int(part) - 1] for part in parts]
    return [id[1:] for id in picked] if all(id[:1] in ("+", "-") for id in picked) else []


def spoken(id: str) -> list[str]:
    """The words that are as good as tapping a button or a command of this name."""
    return [word for name in SYNONYMS.get(id, (id,)) for word in sorted(known(name))]


def names_option(form: Form, conversation: Conversation, step: Step, text: str, facts: Facts, locale: str) -> bool:
    """Whether a word such as "lanjut" is just what a button of the open question says."""
    asked = conversation.asked
    if asked.get("step") not in (step.key, EDIT):
        return False
    labels = [label for id in asked.get("options", ()) for label in _labels(form, conversation, step, id, facts, locale)]
    return bare(text) in map(bare, labels)


def typed_option(form: Form, conversation: Conversation, step: Step, text: str, facts: Facts, locale: str) -> str:
    """The button a typed number, label or close spelling stands for, among what the person last saw; "" for none."""
    asked = conversation.asked
    if asked.get("step") not in (step.key, EDIT):
        return ""
    ids: list[str] = list(asked.get("options", ()))
    if text.isdecimal() and not (step.reader.numeric and asked.get("step") != EDIT):
        number = place_in(text)
        return ids[number - 1] if 1 <= number <= len(ids) and ids[number - 1] not in SPELLED else ""
    if asked.get("step") == EDIT:
        # An answer's name counts whatever page of the list is shown.
        ids += [one.key for one in visible(form, conversation.answers, facts) if not one.summary and one.key not in ids]
    labels = [(id, _labels(form, conversation, step, id, facts, locale)) for id in ids]
    offers = list(asked.get("offers", {}))
    # "Maksudnya Rp25.000?" - "iya"
    return match(text, labels, locale) or _lacking(text, step.key, ids) or (offers[0] if len(offers) == 1 and yes(text) else "")


def begun_option(form: Form, conversation: Conversation, step: Step, text: str, facts: Facts, locale: str) -> str:
    """The one button whose label begins with the words ("semua" of [Semua yang terdaftar]), for words that answer nothing else."""
    said, asked = bare(text), conversation.asked
    if asked.get("step") != step.key or step.reader.free or step.summary or len(said) < SHORTEST or any(map(str.isdigit, said)):
        return ""
    labels = [(id, _labels(form, conversation, step, id, facts, locale)[:1]) for id in asked.get("options", ())]
    found = [id for id, shown in labels if any(bare(label).startswith(f"{said} ") for label in shown)]
    return found[0] if len(found) == 1 else ""


def named_change(form: Form, conversation: Conversation, text: str, facts: Facts, locale: str) -> str:
    """The answer that "eh ubah harga" wants changed, "" for none."""
    parts = [part for part in without_polite(bare(text)).split() if part not in known("hesitating")]
    if len(parts) < 2 or parts[0] not in known("edit"):
        return ""
    shown = [step for step in visible(form, conversation.answers, facts) if not step.summary]
    names = {step.key: form.label(step, conversation.answers, facts) for step in shown}
    labels = [(key, [worded(name, Voice(one)) for one in (locale, *locales())]) for key, name in names.items()]
    named = " ".join(parts[1:])
    begun = [key for key, called in labels if any(bare(label).startswith(f"{named} ") for label in called)]
    key = match(named, labels, locale) or match(named.removesuffix("nya"), labels, locale) or (begun[0] if len(begun) == 1 else "")
    return key if key in {step.key for step in changeable(form, conversation, facts)} else ""


def _lacking(text: str, key: str, ids: Sequence[str]) -> str:
    """ "ga punya nib" is "ga punya" where the NIB is asked and that is one of the buttons. "suratnya belum ada" is of whatever is asked."""
    wanted = next((id for id in ids if id in ("later", "skip")), "")
    return wanted if wanted and lacked(text) in (key, "paper") else ""


def lacked(text: str) -> str:
    """The paper that somebody says is not there ("nibnya blm punya", "saya ga ada nib" name "nib"), "" for none."""
    said = without_polite(bare(text))
    first, _, rest = said.partition(" ")
    return _lacked(said) or (_lacked(rest) if first in known("own") else "")


def _lacked(said: str) -> str:
    for name in ("nib", "pirt", "paper"):
        for spelling in sorted(known(name), key=len, reverse=True):
            rest = " ".join(f" {said} ".replace(f" {spelling} ", " ", 1).split())
            if f" {spelling} " in f" {said} " and any(rest in known(one) for one in ("later", "skip", "no")):
                return name
    return ""


def _labels(form: Form, conversation: Conversation, step: Step, id: str, facts: Facts, locale: str) -> list[str]:
    """What may be typed for a button."""
    if id in conversation.asked.get("labels", {}):
        return [worded(conversation.asked["labels"][id], Voice(locale))]
    if conversation.asked.get("step") == EDIT and id in form.steps_by_key:
        called = form.label(form.steps_by_key[id], conversation.answers, facts)
        return [worded(called, Voice(one)) for one in (locale, *locales())]
    plain = id.lstrip("+-") if step.many else id
    option = next((option for option in step.options(conversation.answers, facts) if option.id == plain), Option(plain))
    named = option.label or (say(f"option.{plain}") if has(f"option.{plain}") else "")
    return [part for part in (worded(named, Voice(locale)), option.short, *spoken(plain)) if part]
