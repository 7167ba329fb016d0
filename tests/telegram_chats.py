"""The screens of Telegram's users: what a bot showed them, as it looks now, and what they can tap."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from tests.telegram_rules import Refused, plain
from tests.telegram_updates import Update, Updates

MOST_FILE = 20 * 1024 * 1024
SENDS = ("sendMessage", "sendPhoto", "sendMediaGroup", "sendDocument")
EDITS = ("editMessageText", "editMessageReplyMarkup")


@dataclass(frozen=True, slots=True)
class Shown:
    """One accepted request that shows something. `rows` are (label, data) pairs, `asks` the request button's kind."""

    method: str
    chat: str
    message_id: int
    text: str = ""
    html: str = ""
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    asks: str = ""
    photos: tuple[bytes, ...] = ()
    document: bytes = b""
    at: float = 0.0

    @property
    def buttons(self) -> list[tuple[str, str]]:
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [label for label, _ in self.buttons]


class Chats(Updates):
    def __init__(self, bot_id: int, clock: Callable[[], float] = time.time) -> None:
        super().__init__(bot_id, clock)
        self.ledger: list[Shown] = []
        """Everything that was accepted, in its order."""
        self.messages: dict[tuple[str, int], Shown] = {}
        """As they look now, after edits."""

    def press(self, chat: int, label: str) -> Update:
        """A tap on the newest button of the chat that is called so, or begins so."""
        shown = [one for (whose, _), one in sorted(self.messages.items(), key=lambda item: -item[0][1]) if whose == str(chat)]
        for fits in (str.__eq__, str.startswith):
            for one in shown:
                for called, data in one.buttons:
                    if fits(called, label):
                        return self.tap(chat, data, one.message_id)
        raise AssertionError(f"no button {label!r} among {[one.labels for one in shown]}")

    def heard(self, chat: int) -> list[Shown]:
        """All that was shown in a chat, oldest first."""
        return [shown for shown in self.ledger if shown.chat == str(chat)]

    def show(self, method: str, asked: dict[str, Any], files: dict[str, bytes]) -> Any:
        """Carries out a request that shows something. Raises Refused."""
        shown = self._read(method, asked, files)
        self.ledger.append(shown)
        numbers = [shown.message_id]
        if method == "sendMediaGroup":
            numbers += [next(self.message_ids) for _ in shown.photos[1:]]
        for number in numbers:
            self.messages[shown.chat, number] = replace(shown, message_id=number)
        told = [{"message_id": number, "date": int(self.clock()), "chat": self.chat(int(shown.chat))} for number in numbers]
        for one, picture in zip(told, shown.photos, strict=False):
            one["photo"] = [self.size_of(picture)]
        return told if method == "sendMediaGroup" else told[0]

    def _read(self, method: str, asked: dict[str, Any], files: dict[str, bytes]) -> Shown:
        html = asked.get("text") or asked.get("caption") or ""
        text = plain(html, 4096 if "text" in asked else 1024) if asked.get("parse_mode") else html
        if "text" in asked and not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        markup = asked.get("reply_markup", {})
        rows = tuple(tuple((one["text"], one["callback_data"]) for one in row) for row in markup.get("inline_keyboard", ()))
        asks = "".join(name for row in markup.get("keyboard", ()) for name in row[0] if name.startswith("request_") and row[0][name])
        document = files.get("document", b"")
        shown = _pictures(asked, files, self.files)
        new = Shown(method, str(asked["chat_id"]), 0, text, html, rows, asks, shown, document, time.monotonic())
        if method in EDITS:
            return self._edit(new, asked["message_id"])
        return replace(new, message_id=next(self.message_ids))

    def _edit(self, new: Shown, number: int) -> Shown:
        old = self.messages.get((new.chat, number))
        if old is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if new.method == "editMessageText" and old.photos:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        text, html = (new.text, new.html) if new.method == "editMessageText" else (old.text, old.html)
        if (html, new.rows) == (old.html, old.rows):
            raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
        return replace(new, text=text, html=html, photos=old.photos, message_id=number)

    def size_of(self, picture: bytes) -> Any:
        """The picture under the id by which it may be sent again."""
        file_id = f"AgAC{sha256(picture).hexdigest()[:24]}"
        self.files[file_id] = picture
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "width": 300, "height": 200, "file_size": len(picture)}

    def file_at(self, file_id: str) -> Any:
        if file_id not in self.files:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        content = self.files[file_id]
        if len(content) > MOST_FILE:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content), "file_path": f"photos/{file_id}"}


def _pictures(asked: dict[str, Any], files: dict[str, bytes], known: dict[str, bytes]) -> tuple[bytes, ...]:
    """Of an album in the order of its items, each come along or known by its id. Raises Refused where one is neither."""
    media = asked.get("media", ())
    names = [one["media"].removeprefix("attach://") for one in (json.loads(media) if isinstance(media, str) else media)]
    names += [asked.get("photo", "photo")] if "photo" in files or "photo" in asked else []
    found = [files.get(name.removeprefix("attach://")) or known.get(name) for name in names]
    if not all(found):
        raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
    return tuple(one for one in found if one)
