"""Webhooks as WhatsApp sends them, made for one number: every method returns a new one; nothing is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

Webhook = dict[str, Any]
DISPLAY = "628115550000"
SIGNATURE = "X-Hub-Signature-256"


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with WhatsApp, known by a business-scoped user id, a number, or both."""

    user_id: str = ""
    wa_id: str = ""
    name: str = "Siti"

    @property
    def key(self) -> str:
        return self.user_id or self.wa_id


def hidden(number: int) -> Owner:
    """Whose number the business does not see."""
    return Owner(f"ID.{number:017}")


def signed(webhook: Any, secret: str) -> tuple[bytes, dict[str, str]]:
    """The raw body and its headers."""
    body = webhook if isinstance(webhook, bytes) else json.dumps(webhook).encode()
    return body, {"Content-Type": "application/json", SIGNATURE: signature(body, secret)}


def signature(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def batch(*webhooks: Webhook, entries: bool = False) -> Webhook:
    """Several as one: as messages of one value, or each in an entry of its own."""
    if entries:
        return {**webhooks[0], "entry": [entry for one in webhooks for entry in one["entry"]]}
    value: Webhook = {}
    for one in webhooks:
        for name, part in one["entry"][0]["changes"][0]["value"].items():
            value[name] = _joined(value.get(name, []), part) if isinstance(part, list) else part
    return _wrapped(value, webhooks[0]["entry"][0]["id"])


def _joined(known: list[Any], more: list[Any]) -> list[Any]:
    return [*known, *(one for one in more if one not in known)]


def _wrapped(value: Webhook, business: str, field: str = "messages") -> Webhook:
    return {"object": "whatsapp_business_account", "entry": [{"id": business, "changes": [{"value": value, "field": field}]}]}


class Webhooks:
    """A file's content is kept in `files` by its media id, `heard` is when each person last wrote."""

    def __init__(self, phone_id: str, clock: Callable[[], float] = time.time) -> None:
        self.phone_id, self.clock = phone_id, clock
        self.business = "102290129340398"
        self.files: dict[str, tuple[str, bytes]] = {}
        """(type, content)"""
        self.heard: dict[str, float] = {}
        self.numbers = count(1)

    def text(self, who: Owner, text: str, *, reply_to: str = "") -> Webhook:
        return self.message(who, "text", {"body": text}, reply_to)

    def button(self, who: Owner, press: str, title: str = "Ya", reply_to: str = "") -> Webhook:
        return self.message(who, "interactive", {"type": "button_reply", "button_reply": {"id": press, "title": title}}, reply_to)

    def row(self, who: Owner, press: str, title: str = "Ya", description: str = "", reply_to: str = "") -> Webhook:
        chosen = {"id": press, "title": title} | ({"description": description} if description else {})
        return self.message(who, "interactive", {"type": "list_reply", "list_reply": chosen}, reply_to)

    def template_button(self, who: Owner, payload: str, text: str = "Ya", reply_to: str = "") -> Webhook:
        return self.message(who, "button", {"payload": payload, "text": text}, reply_to)

    def image(self, who: Owner, content: bytes, caption: str = "", mime: str = "image/jpeg") -> Webhook:
        return self.message(who, "image", self._file(content, mime) | ({"caption": caption} if caption else {}))

    def document(self, who: Owner, content: bytes, name: str = "foto.jpg", mime: str = "image/jpeg", caption: str = "") -> Webhook:
        return self.message(who, "document", self._file(content, mime) | {"filename": name} | ({"caption": caption} if caption else {}))

    def voice(self, who: Owner) -> Webhook:
        return self.message(who, "audio", self._file(b"OggS", "audio/ogg; codecs=opus") | {"voice": True})

    def location(self, who: Owner, latitude: float, longitude: float) -> Webhook:
        return self.message(who, "location", {"latitude": latitude, "longitude": longitude})

    def contact(self, who: Owner, phone: str, *, own: bool = True) -> Webhook:
        """The own card is the answer to our request for it; others are shared from the phone's book."""
        card = {"name": {"formatted_name": who.name, "first_name": who.name}, "phones": [{"phone": phone, "type": "CELL"}]}
        return self.message(who, "contacts", [{**card, "origin": "contact_request" if own else "other"}])

    def reaction(self, who: Owner, message_id: str, emoji: str = "👍") -> Webhook:
        return self.message(who, "reaction", {"message_id": message_id, "emoji": emoji})

    def unsupported(self, who: Owner) -> Webhook:
        webhook = self.message(who, "unsupported", {"type": "poll"})
        [message] = webhook["entry"][0]["changes"][0]["value"]["messages"]
        message["errors"] = [{"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}]
        return webhook

    def new_number(self, old: Owner, new: Owner) -> Webhook:
        body = f"User {old.name} changed from {old.wa_id} to {new.wa_id}"
        system = {"body": body, "wa_id": new.wa_id, "type": "user_changed_number"}
        return self.value(messages=[{"from": old.wa_id, **self._stamp("system"), "system": system}])

    def new_user_id(self, old: Owner, new: Owner) -> Webhook:
        system = {"body": "User changed", "type": "user_changed_user_id", "user_id": new.user_id, "previous_user_id": old.user_id}
        return self.value(contacts=[self._profile(old)], messages=[{**self._stamp("system"), "system": system}])

    def status(
        self, message_id: str, status: str, who: Owner, tag: str = "", code: int = 0, title: str = "Message undeliverable"
    ) -> Webhook:
        told: Webhook = {"id": message_id, "status": status, "timestamp": str(int(self.clock()))}
        told |= ({"recipient_id": who.wa_id} if who.wa_id else {}) | ({"recipient_user_id": who.user_id} if who.user_id else {})
        told |= {"biz_opaque_callback_data": tag} if tag else {}
        told |= {"errors": [{"code": code, "title": title, "message": title, "error_data": {"details": title}}]} if code else {}
        return self.value(contacts=[self._profile(who)], statuses=[told])

    def message(self, who: Owner, kind: str, content: Any, reply_to: str = "") -> Webhook:
        """Any message: `message(siti, "sticker", {...})`. It opens the person's window, unless it is only a sign below another one."""
        if kind not in ("reaction", "revoke"):
            self.heard[who.key] = self.clock()
        sender = ({"from": who.wa_id} if who.wa_id else {}) | ({"from_user_id": who.user_id} if who.user_id else {})
        more: Webhook = {"context": {"from": DISPLAY, "id": reply_to}} if reply_to else {}
        return self.value(contacts=[self._profile(who)], messages=[{**sender, **self._stamp(kind), kind: content, **more}])

    def value(self, **parts: Any) -> Webhook:
        metadata = {"display_phone_number": DISPLAY, "phone_number_id": self.phone_id}
        return _wrapped({"messaging_product": "whatsapp", "metadata": metadata, **parts}, self.business)

    def wamid(self, side: str) -> str:
        return "wamid." + base64.b64encode(f"{side}{next(self.numbers):012}".encode()).decode()

    def _stamp(self, kind: str) -> Webhook:
        return {"id": self.wamid("IN"), "timestamp": str(int(self.clock())), "type": kind}

    def _profile(self, who: Owner) -> Webhook:
        found: Webhook = {"profile": {"name": who.name}}
        return found | ({"wa_id": who.wa_id} if who.wa_id else {}) | ({"user_id": who.user_id} if who.user_id else {})

    def _file(self, content: bytes, mime: str) -> Webhook:
        number = str(2_754_859_000_000_000 + next(self.numbers))
        self.files[number] = (mime, content)
        return {"id": number, "mime_type": mime, "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode()}


def statuses_of(webhook: Mapping[str, Any]) -> list[Webhook]:
    return [one for entry in webhook["entry"] for change in entry["changes"] for one in change["value"].get("statuses", ())]
