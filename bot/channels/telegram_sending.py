"""What Telegram is asked to show for a message, and what its errors mean. No network here."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.channel import SendError
from bot.channels.cutting import cut
from bot.channels.documents import is_document
from bot.channels.wire import causes, never_left
from messages import Button, Rendered, Span

MOST_TEXT, MOST_CAPTION, MOST_PICTURES = 4096, 1024, 10
SIDE_BY_SIDE = 12
"""Two labels of so many characters fit in one row of a small phone."""
Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup
os.environ.setdefault("PTB_TIMEDELTA", "1")  # how python-telegram-bot is told to give times as it will in future


@dataclass(frozen=True, slots=True)
class Part:
    """One request: pictures (file names) with a caption, or a text; HTML. The keyboard is on the last one."""

    html: str = ""
    pictures: tuple[str, ...] = ()
    keyboard: Keyboard | None = None
    document: str = ""
    """A file by its name, with the text as its caption."""


def parts_of(rendered: Rendered) -> list[Part]:
    """A message as requests: its text on the picture where that fits, else below the pictures, which take no buttons in an album."""
    texts = [as_html(piece) for piece in cut(rendered.spans, MOST_TEXT, long)]
    files = [name for name in rendered.media if is_document(name)]
    shown = tuple(name for name in rendered.media if name not in files)
    pictures = [shown[start : start + MOST_PICTURES] for start in range(0, len(shown), MOST_PICTURES)]
    short = not texts or (len(texts) == 1 and _size(texts[0]) <= MOST_CAPTION)
    if files:
        parts = [*(Part(pictures=group) for group in pictures), *(Part(document=name) for name in files)]
        parts = [*parts[:-1], replace(parts[-1], html="".join(texts))] if short else [*parts, *(Part(text) for text in texts)]
    elif len(shown) == 1 and short:
        parts = [Part("".join(texts), shown)]
    else:
        parts = [Part(pictures=group) for group in pictures] + [Part(text) for text in texts]
    return [*parts[:-1], replace(parts[-1], keyboard=keyboard(rendered))] if parts else []


def keyboard(rendered: Rendered) -> Keyboard | None:
    """The buttons; a message has one keyboard only, so the button that shares a number or a place shows where there are no others."""
    if rendered.buttons:
        return InlineKeyboardMarkup(
            [[InlineKeyboardButton(one.label, callback_data=one.press) for one in row] for row in rows(rendered.buttons)]
        )
    if not rendered.request:
        return None
    asks = KeyboardButton(
        rendered.request_label, request_contact=rendered.request == "contact", request_location=rendered.request == "location"
    )
    return ReplyKeyboardMarkup([[asks]], resize_keyboard=True, one_time_keyboard=True)


def rows(buttons: Sequence[Button]) -> list[list[Button]]:
    """One a row, unless two short ones fit."""
    found: list[list[Button]] = []
    for button in buttons:
        if found and len(found[-1]) == 1 and max(len(found[-1][0].label), len(button.label)) <= SIDE_BY_SIDE:
            found[-1].append(button)
        else:
            found.append([button])
    return found


def as_html(spans: Sequence[Span]) -> str:
    return "".join(f"<b>{escape(span.text, quote=False)}</b>" if span.strong else escape(span.text, quote=False) for span in spans)


def _size(html: str) -> int:
    """As Telegram counts at its strictest: UTF-16 units, marks included."""
    return len(html.encode("utf-16-le")) // 2


def long(spans: Sequence[Span]) -> int:
    return _size(as_html(spans))


FORBIDDEN = (("blocked", "blocked"), ("deactivated", "deactivated"), ("initiate conversation", "not_started"))
REFUSED = (
    ("chat not found", "chat_not_found"),
    ("user not found", "chat_not_found"),
    ("peer_id_invalid", "chat_not_found"),
    ("input_user_deactivated", "deactivated"),
    ("not modified", "unchanged"),
    ("message can't be edited", "not_editable"),
    ("message to edit not found", "not_editable"),
    ("too long", "too_long"),
    ("too_long", "too_long"),
    ("text is empty", "empty"),
    ("text must be non-empty", "empty"),
    ("file identifier", "picture_refused"),
    ("photo_", "picture_refused"),
    ("image_process_failed", "picture_refused"),
    ("get http url content", "picture_refused"),
    ("wrong type of the web page content", "picture_refused"),
)
"""What Telegram's descriptions contain, in lower case, and what that is called here; anything else was rejected for good."""


def decide(error: TelegramError) -> SendError:
    """What to do about an error of a request."""
    said = error.message.lower()
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return SendError("too_fast", wait.total_seconds() if isinstance(wait, timedelta) else wait)
    if isinstance(error, ChatMigrated):
        return SendError("moved", address=str(error.new_chat_id))
    if isinstance(error, InvalidToken):
        return SendError("token_refused")
    if isinstance(error, Forbidden):
        return SendError(_called(said, FORBIDDEN, "forbidden"))
    if isinstance(error, BadRequest):
        return SendError(_called(said, REFUSED, "rejected"))
    return _decide_broken(error)


def _called(said: str, names: Sequence[tuple[str, str]], otherwise: str) -> str:
    return next((name for words, name in names if words in said), otherwise)


def _decide_broken(error: TelegramError) -> SendError:
    """No answer, or one that is none."""
    if never_left(error):
        return SendError("no_connection")
    if isinstance(error, Conflict):
        return SendError("conflict")
    if isinstance(error, NetworkError) and all(isinstance(cause, TelegramError) for cause in causes(error)):
        return SendError("server_error")
    return SendError("no_answer")
