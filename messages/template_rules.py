"""The platform's rules for templates, so that none is refused for its form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from messages.pushed import Pushed
from messages.templates import BODY, ROOM, body, filled, labels, samples

BUTTONS, LABEL = 10, 25
NAME = re.compile(r"[a-z0-9_]{1,512}")
VARIABLE = re.compile(r"\{\{\d+\}\}")
WORD = re.compile(r"\w+")
TOGETHER = re.compile(r"\}\}[\s*_~]*\{\{")
"""Two variables with neither text nor punctuation between them."""


def broken(pushed: Pushed, locale: str) -> list[str]:
    """What a template breaks, in words for whoever writes it; empty when it can be submitted."""
    return [*_of_the_body(pushed, locale), *_of_the_samples(pushed, locale), *_of_the_buttons(pushed, locale)]


def _of_the_body(pushed: Pushed, locale: str) -> Iterator[str]:
    made = body(pushed, locale)
    around = VARIABLE.split(made.text)
    own = sum(map(len, around))
    words = sum(len(WORD.findall(part)) for part in around)
    if not NAME.fullmatch(pushed.name):
        yield "its name has other letters than a-z, 0-9 and _"
    if made.variables and not WORD.search(around[0]):
        yield "it begins with a variable"
    if made.variables and not WORD.search(around[-1]):
        yield "it ends with a variable"
    if TOGETHER.search(made.text):
        yield "two variables stand side by side"
    if words < 2 * len(made.variables) + 1:
        yield f"{len(made.variables)} variables are too many for {words} words"
    if own + ROOM > BODY:
        yield f"{own} characters of its own leave no {ROOM} for its variables"
    if re.search(r"\n{3}|\t| {4}", made.text):
        yield "it has a tab, or more than an empty line or three spaces in a row"


def _of_the_samples(pushed: Pushed, locale: str) -> Iterator[str]:
    given = samples(pushed, locale)
    if any(not value or re.search(r"[\n\t]| {4}", value) for value in given):
        yield "a sample is empty or has more than one line"
    if len(filled(body(pushed, locale).text, given)) > BODY:
        yield f"with its samples it is longer than {BODY}"


def _of_the_buttons(pushed: Pushed, locale: str) -> Iterator[str]:
    shown = labels(pushed, locale)
    if len(shown) > BUTTONS or len(set(shown)) < len(shown):
        yield f"it has more than {BUTTONS} buttons, or two with the same label"
    for one in shown:
        if not one or len(one) > LABEL or "{" in one:
            yield f"the button {one!r} is longer than {LABEL} characters or has a variable"
