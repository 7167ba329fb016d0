"""Templates: what WhatsApp lets us say to somebody who has not written for a day. Each is a text of the catalogue with numbered variables.

A text that breaks the platform's rules for templates has another wording under `template.<name>`, with the same placeholders.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, replace

from messages.catalogue import DEFAULT, has, locales, template
from messages.folding import folded, shared
from messages.message import Message, Option, Params
from messages.pushed import PUSHED, SAID_AT, Pushed
from messages.rendering import Button, Voice, button, worded
from messages.values import tag

ROOM = 600
"""Characters that the values of one message may have in all; with the template's own words they stay below the platform's 1,024."""
BODY = 1024


@dataclass(frozen=True, slots=True)
class Body:
    """`text` has {{1}}, {{2}} ... for `variables`, the parameters in the order in which they first appear."""

    text: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Templated:
    """What is sent for one message. `buttons` are all the template shows, in its order; their `press` is the payload."""

    name: str
    locale: str
    values: tuple[str, ...]
    buttons: tuple[Button, ...]
    category: str


def source(pushed: Pushed, locale: str) -> str:
    """The words a template is made of."""
    own = f"template.{pushed.name}"
    return template(own if has(own) else pushed.key, locale)


def body(pushed: Pushed, locale: str) -> Body:
    text, variables = "", []
    for words, name, _, _ in string.Formatter().parse(source(pushed, locale)):
        text += words
        if name is not None:
            variables += [] if name in variables else [name]
            text += f"{{{{{variables.index(name) + 1}}}}}"
    return Body(text, tuple(variables))


def fitting(message: Message) -> Pushed | None:
    """The template that says all of a message that a template must: None where there is none, where something is to be said before it,
    where a button is missing, and where the message calls itself marketing and the template does not.
    """
    pushed = PUSHED.get(message.key)
    if pushed is None or message.lead or (message.category == "marketing") > (pushed.category == "marketing"):
        return None
    there = {option.id for option in message.options}
    return pushed if all(shown.press or shown.id in there for shown in pushed.buttons) else None


def templated(message: Message, voice: Voice) -> Templated | None:
    """A message as a template; None when it can only wait for the person's next message. Pictures are left to that message too."""
    pushed = fitting(message)
    if pushed is None:
        return None
    spoken = voice if voice.locale in locales() else replace(voice, locale=DEFAULT)
    pressed = {option.id: option.press or option.id for option in reversed(message.options)}
    shown = tuple(button(replace(one, press=one.press or pressed[one.id]), spoken) for one in pushed.buttons)
    return Templated(pushed.name, spoken.locale, values(pushed, message.params, spoken), shown, pushed.category)


def values(pushed: Pushed, params: Params, voice: Voice) -> tuple[str, ...]:
    """The variables in words, each on one line and none empty, as the platform wants them."""
    said = [_value(pushed, name, params, voice) for name in body(pushed, voice.locale).variables]
    nothing = template("template.empty", voice.locale)
    return tuple(value or nothing for value in shared([value or nothing for value in said], ROOM))


def _value(pushed: Pushed, name: str, params: Params, voice: Voice) -> str:
    if name == "you":
        return voice.you or template("common.you", voice.locale)
    value = params[name]
    if name in pushed.bare and isinstance(value, dict) and tag(value) == "say":
        value = next(iter(value["params"].values()), "")
    return folded(worded(value, voice))


def samples(pushed: Pushed, locale: str) -> tuple[str, ...]:
    return values(pushed, pushed.sample, sample_voice(locale))


def labels(pushed: Pushed, locale: str) -> tuple[str, ...]:
    return tuple(label(one, locale) for one in pushed.buttons)


def label(option: Option, locale: str) -> str:
    return button(option, sample_voice(locale)).label


def sample_voice(locale: str) -> Voice:
    return Voice(locale, now=SAID_AT, you="Bu Siti")


def filled(text: str, values: tuple[str, ...]) -> str:
    """A body as the person reads it."""
    for number, value in enumerate(values, 1):
        text = text.replace(f"{{{{{number}}}}}", value)
    return text
