"""Reads one webhook of WhatsApp's Cloud API: every message and status of every change of every entry, each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.channels import raw
from bot.channels.channel import Found, Inbound, News, Receipt
from bot.channels.raw import Part
from bot.channels.whatsapp_errors import decide
from handlers.said import Kind, Photo, Said

NUMBER = re.compile(r"\d{5,20}", re.ASCII)
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]{1,140}", re.ASCII)
KINDS: Mapping[str, Kind] = {"audio": "voice", "voice": "voice", "video": "file", "sticker": "sticker"}
SILENT = ("reaction", "revoke", "reaction_removed")
"""What says nothing that could be answered."""
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
ACCOUNT = (
    *("message_template_status_update", "template_category_update", "message_template_quality_update"),
    *("phone_number_quality_update", "account_update", "account_alerts", "account_review_update"),
    "business_capability_update",
)
"""Fields of changes that speak of the account itself."""
OURS = re.compile(r"[ac]:[^\s]{1,62}")
"""What our buttons send."""


def decode(payload: Any, phone_id: str) -> list[Found]:
    """What people said to this number and what became of what was sent from it. Raises nothing."""
    if not isinstance(payload, Mapping) or payload.get("object") != "whatsapp_business_account":
        return []
    found: list[Found] = []
    for entry in raw.parts(payload, "entry"):
        for change in raw.parts(entry, "changes"):
            at = raw.moment(raw.number(entry, "time"))
            found += _changed(raw.text(change, "field"), raw.part(change, "value"), phone_id, at)
    return found


def _changed(field: str, value: Part, phone_id: str, at: datetime | None) -> list[Found]:
    if field in ACCOUNT:
        return [News(field, dict(value), at)]
    if raw.text(raw.part(value, "metadata"), "phone_number_id") != phone_id:
        return []
    if field == "user_preferences":
        return [one for choice in raw.parts(value, "user_preferences") for one in _preference(choice, value)]
    messages = [one for message in raw.parts(value, "messages") for one in _safely(message, value)]
    return [*messages, *(one for status in raw.parts(value, "statuses") for one in _status(status))]


def _safely(message: Part, value: Part) -> list[Inbound]:
    """One that is odd must not hide its neighbours; its sender hears that it was not understood."""
    try:
        return [raw.clean(one) for one in _message(message, value)]
    except Exception:
        address, alias = names(message, value)
        return [Inbound(_id(message), address, Said(kind="other"), alias=alias)] if address else []


def _message(message: Part, value: Part) -> Iterator[Inbound]:
    kind = raw.text(message, "type")
    if kind == "system":
        yield from _system(message, raw.part(message, "system"))
        return
    address, alias = names(message, value)
    if not address or kind in SILENT or "group_id" in message:
        return
    said, media = _said(message, kind, alias if NUMBER.fullmatch(alias) else address)
    yield Inbound(_id(message), address, said, media, alias=alias, phone=_phone(address, alias))


def names(message: Part, value: Part) -> tuple[str, str]:
    """(address, alias): the business-scoped user id where there is one, else the number; and the other of the two."""
    contacts = raw.parts(value, "contacts")
    number, user = raw.text(message, "from"), raw.text(message, "from_user_id")
    for contact in contacts:
        alone = len(contacts) == 1 and not (number or user)
        if alone or raw.text(contact, "wa_id") == number or (user and raw.text(contact, "user_id") == user):
            number, user = number or raw.text(contact, "wa_id"), user or raw.text(contact, "user_id")
    number = number if NUMBER.fullmatch(number) else ""
    user = user if USER_ID.fullmatch(user) else ""
    return (user, number) if user else (number, "")


def _phone(address: str, alias: str) -> str:
    number = next((name for name in (alias, address) if NUMBER.fullmatch(name)), "")
    return f"+{number}" if number else ""


def _said(message: Part, kind: str, sender: str) -> tuple[Said, dict[str, Any]]:
    context = raw.part(message, "context")
    said = Said(kind="other", quoted=raw.text(context, "id"), sent_at=raw.moment(_seconds(message)))
    said = replace(said, start=_referred(message))
    content = raw.part(message, kind)
    if kind == "text" and raw.text(content, "body"):
        return replace(said, kind="text", text=raw.text(content, "body")), {}
    if kind in ("interactive", "button"):
        return _tapped(said, kind, content), {}
    if kind in ("image", "document"):
        return _pictured(said, kind, content)
    if kind == "location" and (spot := raw.place(content)):
        return replace(said, kind="location", location=spot), {}
    if kind == "contacts" and (card := _card(message)):
        return replace(said, kind="contact", phone=card[0], own=card[1] or card[0].lstrip("+") == sender), {}
    if kind == "edit":
        return replace(said, kind="edited"), {}
    if kind == "request_welcome":
        return replace(said, kind="start"), {}
    return replace(said, kind=KINDS.get(kind, "other"), text=raw.text(content, "caption")), {}


def _tapped(said: Said, kind: str, content: Part) -> Said:
    """A button of a message, a row of a list, or a button of a template, which has a payload and words."""
    reply = raw.part(content, "button_reply") or raw.part(content, "list_reply")
    press, words = (raw.text(reply, "id"), "") if kind == "interactive" else (raw.text(content, "payload"), raw.text(content, "text"))
    if OURS.fullmatch(press):
        return replace(said, kind="tap", press=press)
    return replace(said, kind="text" if words else "other", text=words)


def _pictured(said: Said, kind: str, content: Part) -> tuple[Said, dict[str, Any]]:
    said = replace(said, text=raw.text(content, "caption"))
    if kind == "document" and not raw.text(content, "mime_type").startswith("image/"):
        return raw.documented(replace(said, kind="file"), content, "id", "filename")
    if raw.number(content, "file_size") > raw.MOST_BYTES:
        return replace(said, kind="photo", photo=Photo(problem="too_big")), {}
    return replace(said, kind="photo"), {"id": raw.text(content, "id")}


def _card(message: Part) -> tuple[str, bool] | None:
    """(phone, whether it was shared by our own button) of the first card with a number."""
    for card in raw.parts(message, "contacts"):
        for phone in raw.parts(card, "phones"):
            if number := raw.text(phone, "wa_id") or raw.text(phone, "phone"):
                plain = "+" + number if NUMBER.fullmatch(number) and raw.text(phone, "wa_id") else number
                return plain, raw.text(card, "origin") == "contact_request"
    return None


def _referred(message: Part) -> str:
    """An advertisement or a post through which the chat was opened: the source of a registration."""
    source = re.sub(r"[^A-Za-z0-9_-]", "", raw.text(raw.part(message, "referral"), "source_id"))
    return f"ad-{source}"[:64] if source else ""


def _system(message: Part, system: Part) -> Iterator[Inbound]:
    """A number or a user id that was changed: the old name of the chat, and the new one."""
    kind = raw.text(system, "type")
    if kind == "user_changed_number":
        old, new = raw.text(message, "from"), raw.text(system, "wa_id") or raw.text(system, "new_wa_id")
        good = NUMBER.fullmatch(old) and NUMBER.fullmatch(new)
    else:
        old, new = raw.text(system, "previous_user_id"), raw.text(system, "user_id")
        good = USER_ID.fullmatch(old) and USER_ID.fullmatch(new)
    if good and old != new:
        yield Inbound(_id(message), new, Said(kind="other"), moved=old, phone=_phone(new, ""))


def _preference(choice: Part, value: Part) -> Iterator[Inbound]:
    """ "Stop" in the platform's own settings is our BERHENTI."""
    if raw.text(choice, "value") != "stop":
        return
    address, alias = names({"from": raw.text(choice, "wa_id"), "from_user_id": raw.text(choice, "user_id")}, value)
    if address:
        yield Inbound(raw.fingerprint(choice), address, Said(text="berhenti"), alias=alias)


def _status(status: Part) -> Iterator[Receipt]:
    kind, number = STATUSES.get(raw.text(status, "status"), ""), raw.text(status, "id")
    if not kind or not number:
        return
    error = next((decide(200, {"error": error}) for error in raw.parts(status, "errors")), None) if kind == "failed" else None
    yield Receipt(number, kind, error.reason if error else "", raw.text(status, "biz_opaque_callback_data"), error)


def _id(message: Part) -> str:
    return raw.text(message, "id")[:200] or raw.fingerprint(message)


def _seconds(message: Part) -> int:
    stamp = message.get("timestamp")
    return int(stamp) if isinstance(stamp, str) and re.fullmatch(r"\d{1,12}", stamp, re.ASCII) else raw.number(message, "timestamp")
