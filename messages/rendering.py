"""Puts a message into words for one listener. Emphasis `*...*` counts only in our texts, never in what people wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from messages.catalogue import template
from messages.message import Message, Option, Request, Value
from messages.values import tag

ABBREVIATION = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
EMPHASIS = re.compile(r"\*([^*\n]+)\*")

LABEL = 64
"""Characters of a label that a phone still shows and every platform takes; what people wrote may be longer."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The listener: language, zone (IANA name), the time it is said, and how the person is called ("Bu Siti")."""

    locale: str = "id"
    zone: str = "Asia/Makassar"
    now: datetime | None = None
    you: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """`press` travels back when it is tapped; `short` is the label within 20 characters."""

    press: str
    label: str
    short: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    spans: tuple[Span, ...]
    buttons: tuple[Button, ...] = ()
    media: tuple[str, ...] = ()
    request: Request = ""
    category: str = "own"
    request_label: str = ""
    opener: str = ""
    """What opens the list, on channels that fold many buttons into one."""
    shown: int = 0
    """So many of its parts an earlier try has shown, where it takes several messages."""

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def render(message: Message, voice: Voice) -> Rendered:
    """Raises KeyError for an unknown key or a missing parameter: a test renders every text with its parameters."""
    return Rendered(
        spans=tuple(_spans(message, voice)),
        buttons=tuple(button(option, voice) for option in message.options),
        media=message.media,
        request=message.request,
        category=message.category,
        request_label=template(f"common.request_{message.request}", voice.locale) if message.request else "",
        opener=template("common.choose", voice.locale),
    )


def worded(value: Value, voice: Voice) -> str:
    """A parameter in words."""
    kind = tag(value)
    if not kind or not isinstance(value, Mapping):
        return str(value)
    return WORDING[kind](value, voice)


def _spans(message: Message, voice: Voice) -> list[Span]:
    before = [*_spans(message.lead, voice), Span("\n\n")] if message.lead else []
    params = _Worded(message.params, voice)
    text = template(message.key, voice.locale)
    spans: list[Span] = []
    for place, piece in enumerate(EMPHASIS.split(text)):
        if piece:
            spans.append(Span(piece.format_map(params), strong=place % 2 == 1))
    return before + spans


class _Worded(dict[str, str]):
    """Words a parameter when the text asks for it. `{you}` is always there."""

    def __init__(self, params: Mapping[str, Value], voice: Voice) -> None:
        super().__init__()
        self.params, self.voice = params, voice

    def __missing__(self, name: str) -> str:
        if name == "you":
            return self.voice.you or template("common.you", self.voice.locale)
        return worded(self.params[name], self.voice)


def button(option: Option, voice: Voice) -> Button:
    label = fit(worded(option.label, voice) if option.label else template(f"option.{option.id}", voice.locale), LABEL)
    short = option.short or label
    return Button(press=option.press or option.id, label=label, short=fit(short, 20), detail=fit(worded(option.detail, voice), 72))


def fit(text: str, most: int) -> str:
    """At most `most` characters, cut at the end with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _rupiah(value: Mapping[str, Any], voice: Voice) -> str:
    return "Rp" + grouped(value["rupiah"])


@lru_cache(maxsize=4096)
def grouped(number: int) -> str:
    """25.000, as Indonesia writes it in either language."""
    return format_decimal(number, locale="id_ID")


def _decimal(value: Mapping[str, Any], voice: Voice) -> str:
    return format_decimal(value["decimal"], locale="id_ID")


def _day(value: Mapping[str, Any], voice: Voice) -> str:
    return format_date(date.fromisoformat(value["day"]), "d MMMM y", locale=voice.locale)


def _month(value: Mapping[str, Any], voice: Voice) -> str:
    return format_date(_local(value["month"], voice), "MMMM y", locale=voice.locale)


def _local(text: str, voice: Voice) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(voice.zone))


def _clock(value: Mapping[str, Any], voice: Voice) -> str:
    return f"{_local(value['clock'], voice):%H.%M} {ABBREVIATION.get(voice.zone, '')}".strip()


def _moment(value: Mapping[str, Any], voice: Voice) -> str:
    local = _local(value["moment"], voice)
    return f"{_day({'day': local.date().isoformat()}, voice)}, {_clock({'clock': value['moment']}, voice)}"


def _left(value: Mapping[str, Any], voice: Voice) -> str:
    until = datetime.fromisoformat(value["left"])
    gap = until - (voice.now or until)
    if gap < timedelta(0):
        return template("common.over", voice.locale)
    days = (_local(value["left"], voice).date() - (voice.now or until).astimezone(ZoneInfo(voice.zone)).date()).days
    if days == 0:
        hours = int(gap.total_seconds() // 3600)
        return template("common.hours_left", voice.locale).format(n=hours) if hours else template("common.minutes_left", voice.locale)
    return template("common.days_left", voice.locale).format(n=days)


def _say(value: Mapping[str, Any], voice: Voice) -> str:
    return "".join(span.text for span in _spans(Message(value["say"], value.get("params", {})), voice))


def _join(value: Mapping[str, Any], voice: Voice) -> str:
    between: str = value["between"]
    return between.join(worded(part, voice) for part in value["join"])


WORDING = {
    "rupiah": _rupiah,
    "decimal": _decimal,
    "day": _day,
    "month": _month,
    "clock": _clock,
    "moment": _moment,
    "left": _left,
    "say": _say,
    "join": _join,
}
