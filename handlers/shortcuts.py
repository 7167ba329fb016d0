"""What a typed word stands for: one that works everywhere, or a button of the message shown last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache

from handlers.dialogue import Step
from handlers.doubt import told_last
from handlers.matching import bare, known, match, no, place_in, says, without_polite, yes
from handlers.typed import spoken
from handlers.visit import Visit
from messages import Button, Message, Option, Voice
from messages.rendering import button
from models.conversation import Conversation

WORDS = (
    "menu", "back", "edit", "cancel", "help", "stop", "go", "alerts", "english", "bahasa", "who", "products", "register", "restart",
    "whole", "other_business", "connect", "disconnect",
)  # fmt: skip
"""The words that work everywhere; each is a list in words.toml and a command."""

COUNTED = re.compile(r"\s*\(\d+\)$")
"""How many there are behind a label is nothing that anybody types."""
NUMBERED = (
    "call.look", "call.number", "feeds.look", "held.read", "products.pick", "review.pick", "drafts.go", "drafts.edit", "drafts.delete",
)  # fmt: skip
"""Labels whose `n` is the number of a row in the text."""
TAPPED = "c:announcement_resume:"
"""What goes on to many people is tapped, or typed as it stands."""
PAGED = ("calls", "calls_found", "calls_next", "products", "queue")
"""Buttons that lead to the next page of such rows."""


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
    message = Message.from_json(row.message)
    buttons = _buttons(visit, message)
    if typed := typed_number(text):
        asked_back = conversation is not None and "held" in conversation.asked
        press = "" if step and step.reader.numeric and not asked_back else _numbered(message.options, typed)
    elif not (press := _onward(message.options) if says(text, "more") else _nodded(visit, buttons, text, conversation)):
        labels = [(one.press, [one.label, COUNTED.sub("", one.label), one.short, *_words(one.press)]) for one in buttons]
        press = match(text, labels, visit.person.locale) or ""
    return press if press.startswith("c:") else ""


def labelled(visit: Visit, text: str) -> str:
    """The command whose button says exactly these words: nearer than what they mean everywhere. "" for none."""
    message = Message.from_json(visit.shown.message) if visit.shown and visit.shown.message else None
    said = (bare(text), without_polite(bare(text)))
    found = (one.press for one in _buttons(visit, message) if bare(one.label) in said) if message else ()
    return next((press for press in found if press.startswith("c:")), "")


def _buttons(visit: Visit, message: Message) -> Sequence[Button]:
    """As they are worded now: the text above them may be of an earlier release, and so may one of them."""
    voice = Voice(visit.person.locale, visit.person.zone, visit.now, visit.person.call_name)
    made = []
    for option in message.options:
        with suppress(KeyError):
            made.append(button(option, voice))
    return made


def number_of(option: Option) -> int:
    """The number that a button shows: a second page goes on counting. 0 for none."""
    label = option.label
    return int(label["params"]["n"]) if isinstance(label, Mapping) and label.get("say") in NUMBERED else 0


def typed_number(text: str) -> int:
    """ "7", "no. 7", "yang nomor 7"; 0 for anything else."""
    *before, last = without_polite(bare(text)).split() or [""]
    return place_in(last) if all(word in known("numbering") for word in before) else 0


def _numbered(options: Sequence[Option], typed: int) -> str:
    """What a typed number stands for: the button that shows it. One beyond those shown is on the next page; else the buttons are counted,
    but for those that show another number.
    """
    shown = [number_of(option) for option in options]
    if typed in shown:
        return options[shown.index(typed)].press
    onward = _onward(options) if typed > max(shown, default=0) else ""
    return onward or (options[typed - 1].press if typed <= len(options) and not shown[typed - 1] else "")


def _onward(options: Sequence[Option]) -> str:
    """The next page of a list whose rows are numbered, "" for none."""
    return next((option.press for option in options if option.id in PAGED), "") if any(map(number_of, options)) else ""


def _nodded(visit: Visit, buttons: Sequence[Button], text: str, conversation: Conversation | None) -> str:
    """ "iya" or "iya batalkan" where one button says yes ([Ya, batalkan]), "tidak" where one begins with no ([Tidak jadi]), or where the
    other of two says yes. With a question open it is not of a notice that came in between.
    """
    if conversation and told_last(visit):
        return ""
    agreeing = [one for one in buttons if _agreed(one.label)]
    if no(text):
        found = [one for one in buttons if bare(one.label).partition(" ")[0] in known("no")]
        return _alone(found or ([one for one in buttons if one not in agreeing] if len(buttons) == 2 and agreeing else []))
    first, _, rest = without_polite(bare(text)).partition(" ")
    if not yes(text) and first not in known("yes"):
        return ""
    meant = [one for one in agreeing if yes(text) or rest == bare(one.label.partition(",")[2])]
    return _alone([one for one in meant if not one.press.startswith(TAPPED)])


def _agreed(label: str) -> bool:
    """[Ya, hapus], and not [Sudah dibaca]."""
    return bare(label.partition(",")[0]) in known("yes")


def _alone(found: Sequence[Button]) -> str:
    return found[0].press if len(found) == 1 else ""


def _words(press: str) -> list[str]:
    return spoken(press.split(":")[1]) if press.startswith("c:") else []
