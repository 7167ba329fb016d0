"""What a typed word stands for: one that works everywhere, or a button of the message shown last."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from handlers.dialogue import Step
from handlers.matching import bare, known, match, without_polite
from handlers.typed import spoken
from handlers.visit import Visit
from messages import Message, Voice, render
from models.conversation import Conversation

WORDS = (
    "menu", "back", "edit", "cancel", "help", "stop", "go", "alerts", "english", "bahasa", "who", "products", "register", "restart",
    "whole", "other_business", "connect", "disconnect",
)  # fmt: skip
"""The words that work everywhere; each is a list in words.toml and a command."""

COUNTED = re.compile(r"\s*\(\d+\)$")
"""How many there are behind a label is nothing that anybody types."""


def global_word(text: str) -> str:
    """The word that works everywhere, "" for none: "/menu", "batal ya bu"."""
    said = bare(text)
    return said if said in WORDS else _everywhere().get(said) or _everywhere().get(without_polite(said), "")


@cache
def _everywhere() -> Mapping[str, str]:
    """By each spelling what it stands for; one that stands in two lists is of the first."""
    return {word: name for name in reversed(WORDS) for word in known(name)}


def shown_command(visit: Visit, text: str, conversation: Conversation | None, step: Step | None) -> str:
    """The command that a typed number, label or close spelling stands for, of the message shown last; "" for none."""
    row = visit.shown
    if row is None or not row.message or not any(option.get("press", "").startswith("c:") for option in row.message.get("options", ())):
        return ""
    voice = Voice(visit.person.locale, visit.person.zone, visit.now, visit.person.call_name)
    buttons = render(Message.from_json(row.message), voice).buttons
    if text.isdecimal():
        asked_back = conversation is not None and "held" in conversation.asked
        number = 0 if step and step.reader.numeric and not asked_back else int(text[:4])
        press = buttons[number - 1].press if 1 <= number <= len(buttons) else ""
    else:
        labels = [(button.press, [button.label, COUNTED.sub("", button.label), button.short, *_words(button.press)]) for button in buttons]
        press = match(text, labels, visit.person.locale) or ""
    return press if press.startswith("c:") else ""


def _words(press: str) -> list[str]:
    return spoken(press.split(":")[1]) if press.startswith("c:") else []
