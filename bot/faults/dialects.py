"""The two ways the ledger speaks: as plain as can be, and as WhatsApp's Cloud API does, with statuses that come late, twice and swapped."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.faults.ledger import FILE, Dialect, Sent

PHONE_ID = "1064200000001"
AGAIN = 0.3
"""So many of the statuses are told twice."""
READ = 0.5
"""So many of the messages are read."""


class Plain(Dialect):
    """One JSON object for everything; nothing is heard of a message after the answer to its request."""

    name = account = "faults"
    tells = False

    def address(self, name: str) -> str:
        return name

    def said(self, number: int, address: str, text: str, photo: bool) -> Any:
        return {"id": number, "address": address, "text": text, "photo": photo}

    def statuses(self, sent: Sent, number: int) -> list[Any]:
        return []

    def read(self, body: bytes) -> Sent | None:
        return Sent(**json.loads(body))

    def answer(self, number: int) -> Any:
        return {"id": number}

    def media(self, url: str) -> Any:
        return {"url": url + FILE}


class Cloud(Dialect):
    """People are known by their user ids alone, so that every question of the conversation is asked."""

    name = "whatsapp"
    account = f"whatsapp:{PHONE_ID}"
    tells = True

    def __init__(self, seed: int = 2026) -> None:
        self._draw = random.Random(seed)
        self._late: list[Any] = []

    def address(self, name: str) -> str:
        return f"ID.{name}"

    def said(self, number: int, address: str, text: str, photo: bool) -> Any:
        content = {"image": {"id": f"77{number}", "mime_type": "image/jpeg", "caption": text}} if photo else {"text": {"body": text}}
        message = {"from_user_id": address, "id": f"wamid.in{number}", "timestamp": _now(), "type": next(iter(content)), **content}
        return _webhook({"contacts": [{"user_id": address, "profile": {"name": "Siti"}}], "messages": [message]})

    def statuses(self, sent: Sent, number: int) -> list[Any]:
        """Swapped, together or one by one; what is told twice comes the second time after the next message."""
        draw, late = self._draw, self._late
        kinds = ["sent", "delivered", *(["read"] if draw.random() < READ else [])]
        draw.shuffle(kinds)
        told = [_status(kind, sent, number) for kind in kinds]
        self._late = [_webhook({"statuses": [one]}) for one in told if draw.random() < AGAIN]
        groups = [told] if draw.random() < 0.5 else [[one] for one in told]
        return [*(_webhook({"statuses": group}) for group in groups), *late]

    def read(self, body: bytes) -> Sent | None:
        """None for an uploaded picture and for a read mark."""
        asked = json.loads(body) if body.startswith(b"{") else {}
        if "type" not in asked:
            return None
        content = asked[asked["type"]]
        words = content["body"] if asked["type"] == "text" else content["body"]["text"] if "body" in content else content.get("caption", "")
        return Sent(asked["recipient"], words, asked.get("biz_opaque_callback_data", ""))

    def answer(self, number: int) -> Any:
        return {"id": "880", "success": True, "messages": [{"id": _wamid(number)}] if number else []}

    def media(self, url: str) -> Any:
        return {"url": url + FILE, "mime_type": "image/jpeg", "sha256": "", "file_size": 40_000, "id": "77"}


DIALECTS: Mapping[str, Callable[[], Dialect]] = {Plain.name: Plain, Cloud.name: Cloud}
"""By the channel that the bot uses."""


def _now() -> str:
    return str(int(time.time()))


def _wamid(number: int) -> str:
    return f"wamid.out{number}"


def _status(kind: str, sent: Sent, number: int) -> dict[str, Any]:
    tag = {"biz_opaque_callback_data": sent.tag} if sent.tag else {}
    return {"id": _wamid(number), "status": kind, "timestamp": _now(), "recipient_user_id": sent.address, **tag}


def _webhook(value: dict[str, Any]) -> dict[str, Any]:
    metadata = {"display_phone_number": "62541000000", "phone_number_id": PHONE_ID}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
