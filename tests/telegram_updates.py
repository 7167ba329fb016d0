"""Updates as Telegram sends them, made for one person in a private chat."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import Any

Update = dict[str, Any]


class Updates:
    """Every method returns a new update; nothing is sent. A file's content is kept in `files` by its id."""

    def __init__(self, bot_id: int, clock: Callable[[], float] = time.time) -> None:
        self.bot_id, self.clock = bot_id, clock
        self.language = "id"
        self.files: dict[str, bytes] = {}
        self.taps: dict[str, int] = {}
        """How often each tap was answered."""
        self.update_ids, self.message_ids = count(700_000_001), count(101)

    def text(self, chat: int, text: str, *, reply_to: int = 0) -> Update:
        more: Update = {"reply_to_message": self._bots_own(chat, reply_to)} if reply_to else {}
        if text.startswith("/"):
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return self.message(chat, text=text, **more)

    def tap(self, chat: int, data: str, message_id: int) -> Update:
        number = f"tap{next(self.update_ids)}"
        self.taps[number] = 0
        query = {"id": number, "from": self.person(chat), "chat_instance": "1", "data": data, "message": self._bots_own(chat, message_id)}
        return {"update_id": next(self.update_ids), "callback_query": query}

    def photo(self, chat: int, content: bytes, group: str = "", caption: str = "") -> Update:
        """In three sizes, of which only the largest has the content."""
        sizes = [self._file("small", b"", width=90, height=67), self._file("large", content, width=1200, height=900)]
        more = {"media_group_id": group} if group else {}
        more |= {"caption": caption} if caption else {}
        return self.message(chat, photo=[*sizes, self._file("medium", b"", width=320, height=240)], **more)

    def document(
        self, chat: int, content: bytes, mime: str = "image/jpeg", name: str = "foto.jpg", size: int = 0, caption: str = ""
    ) -> Update:
        file = self._file("document", content, mime_type=mime, file_name=name)
        more = {"caption": caption} if caption else {}
        return self.message(chat, document={**file, "file_size": size or len(content)}, **more)

    def contact(self, chat: int, phone: str, *, own: bool = True) -> Update:
        card: Update = {"phone_number": phone, "first_name": "Siti"}
        return self.message(chat, contact={**card, "user_id": chat} if own else card)

    def location(self, chat: int, latitude: float, longitude: float) -> Update:
        return self.message(chat, location={"latitude": latitude, "longitude": longitude})

    def edited(self, chat: int, text: str) -> Update:
        update = self.message(chat, text=text)
        return {"update_id": update["update_id"], "edited_message": {**update["message"], "edit_date": int(self.clock())}}

    def member(self, chat: int, status: str) -> Update:
        """Blocked ("kicked") or unblocked ("member")."""
        bot = {"id": self.bot_id, "is_bot": True, "first_name": "Lapak"}
        old = "member" if status == "kicked" else "kicked"
        changed = {"chat": self.chat(chat), "from": self.person(chat), "date": int(self.clock())}
        changed |= {"old_chat_member": {"user": bot, "status": old}, "new_chat_member": {"user": bot, "status": status}}
        return {"update_id": next(self.update_ids), "my_chat_member": changed}

    def message(self, chat: int, **content: Any) -> Update:
        """Any message: `message(7, sticker={...})`."""
        message = {"message_id": next(self.message_ids), "from": self.person(chat), "chat": self.chat(chat), "date": int(self.clock())}
        return {"update_id": next(self.update_ids), "message": {**message, **content}}

    def person(self, chat: int) -> Update:
        return {"id": chat, "is_bot": False, "first_name": "Siti", "language_code": self.language}

    def chat(self, chat: int) -> Update:
        return {"id": chat, "type": "private", "first_name": "Siti"}

    def _bots_own(self, chat: int, message_id: int) -> Update:
        bot = {"id": self.bot_id, "is_bot": True, "first_name": "Lapak"}
        return {"message_id": message_id, "from": bot, "chat": self.chat(chat), "date": int(self.clock()), "text": "..."}

    def _file(self, size: str, content: bytes, **more: Any) -> Update:
        number = f"{size}{len(self.files)}"
        self.files[number] = content
        return {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(content), **more}
