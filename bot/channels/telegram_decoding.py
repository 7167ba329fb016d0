"""Reads one raw update of Telegram. Nothing in it is trusted, so that no update, however odd, is met with an exception or with silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels import raw
from bot.channels.channel import Inbound
from bot.channels.raw import Part
from handlers.said import Kind, Photo, Said

COMMANDS = {"register": "daftar", "products": "produk", "go": "lanjut", "menu": "menu", "help": "bantuan", "stop": "berhenti"}
"""The words that work everywhere (handlers.routing.WORDS) and how they are called in the Indonesian commands menu."""
WORDS = {called: word for word, called in COMMANDS.items()}
COMMAND = re.compile(r"/([A-Za-z]\w*)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
QUIET = frozenset(
    (
        *("message_reaction", "message_reaction_count", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "poll"),
        *("inline_query", "chosen_inline_result", "channel_post", "edited_channel_post", "guest_message", "business_connection"),
        *("business_message", "edited_business_message", "deleted_business_messages"),
    )
)
"""Updates that say nothing to the bot: reactions, memberships, and what people say elsewhere. None of them is asked for."""
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("voice", "audio", "video_note"), "voice"),
    **dict.fromkeys(("video", "animation", "document"), "file"),
    "sticker": "sticker",
}
PICTURE = re.compile(r".+\.(jpe?g|png|webp|heic|heif|bmp|gif|tiff?)", re.IGNORECASE)


def decode(update: Any, bot_id: int) -> list[Inbound]:
    """What a person said to the bot in private; empty for all else. Raises nothing."""
    try:
        return [raw.clean(one) for one in _read(update, bot_id)]
    except Exception:
        return _stray(update)


def _read(update: Any, bot_id: int) -> list[Inbound]:
    if not isinstance(update, Mapping):
        return []
    for name in ("message", "edited_message"):
        if address := _private(message := raw.part(update, name)):
            return _message(update, message, address, bot_id, edited=name == "edited_message")
    if query := raw.part(update, "callback_query"):
        return _tap(update, query)
    if "my_chat_member" in update:
        return _membership(update)
    return [] if QUIET & update.keys() else _stray(update)


def _message(update: Part, message: Part, address: str, bot_id: int, edited: bool) -> list[Inbound]:
    if edited and "location" in message:
        return []  # a live location moves by itself, every few seconds
    said, media = _said(message, bot_id)
    if edited:
        said, media = replace(said, kind="edited", photo=None), {}
    return [Inbound(external_id(update), address, said, media, locale=raw.text(raw.part(message, "from"), "language_code"))]


def _said(message: Part, bot_id: int) -> tuple[Said, dict[str, Any]]:
    """What a message says, and where its picture is."""
    said = Said(
        kind="other",
        text=raw.text(message, "text") or raw.text(message, "caption"),
        quoted=_quoted(message, bot_id),
        group=raw.text(message, "media_group_id"),
        sent_at=raw.moment(raw.number(message, "date")),
        sequence=raw.number(message, "message_id"),
    )
    if file := _picture(message):
        return _pictured(said, file)
    if place := _place(message):
        return replace(said, kind="location", location=place), {}
    if phone := raw.text(contact := raw.part(message, "contact"), "phone_number"):
        own = contact.get("user_id") is not None and contact.get("user_id") == raw.part(message, "from").get("id")
        return replace(said, kind="contact", phone=phone, own=own), {}
    if "text" in message:
        return _written(said), {}
    kind: Kind = next((kind for name, kind in KINDS.items() if name in message), "other")
    return raw.documented(replace(said, kind=kind), raw.part(message, "document"), "file_id", "file_name")


def _written(said: Said) -> Said:
    """Plain text, or a command: `/menu@bot` is the word menu, `/start x` a deep link."""
    match = COMMAND.fullmatch(said.text.strip())
    if match is None:
        return replace(said, kind="text")
    name, rest = match[1].casefold(), (match[2] or "").strip()
    if name == "start":
        return replace(said, kind="start", text="", start=rest[:64])
    return replace(said, kind="text", text=f"{WORDS.get(name, match[1])} {rest}".strip())


def _pictured(said: Said, file: Part) -> tuple[Said, dict[str, Any]]:
    if raw.number(file, "file_size") > raw.MOST_BYTES:
        return replace(said, kind="photo", photo=Photo(problem="too_big")), {}
    return replace(said, kind="photo"), {"file_id": raw.text(file, "file_id")}


def _picture(message: Part) -> Part:
    """The largest size of a photo, or a picture sent as a file."""
    sizes = message.get("photo")
    known = [size for size in sizes if isinstance(size, Mapping) and raw.text(size, "file_id")] if isinstance(sizes, list) else []
    if known:
        return max(known, key=lambda size: (raw.number(size, "width") * raw.number(size, "height"), raw.number(size, "file_size")))
    file = raw.part(message, "document")
    kind, name = raw.text(file, "mime_type"), raw.text(file, "file_name")
    picture = kind.startswith("image/") or (kind in ("", "application/octet-stream") and PICTURE.fullmatch(name))
    return file if picture and raw.text(file, "file_id") and "animation" not in message else {}


def _place(message: Part) -> tuple[float, float] | None:
    return raw.place(raw.part(message, "location") or raw.part(raw.part(message, "venue"), "location"))


def _quoted(message: Part, bot_id: int) -> str:
    """The message answered to, where it is one of the bot's."""
    replied = raw.part(message, "reply_to_message")
    number = raw.number(replied, "message_id")
    return str(number) if number and raw.part(replied, "from").get("id") == bot_id else ""


def _tap(update: Part, query: Part) -> list[Inbound]:
    message, sender = raw.part(query, "message"), raw.part(query, "from")
    address = _private(message) if "chat" in message else _id(sender)
    if not address:
        return []
    said = Said(kind="tap", press=raw.text(query, "data"))
    return [Inbound(external_id(update), address, said, tap=raw.text(query, "id"), locale=raw.text(sender, "language_code"))]


def _membership(update: Part) -> list[Inbound]:
    """Blocked or unblocked: kept, never answered."""
    member = raw.part(update, "my_chat_member")
    address, status = _private(member), raw.text(raw.part(member, "new_chat_member"), "status")
    if not address or status not in ("kicked", "member"):
        return []
    return [Inbound(external_id(update), address, Said(kind="other"), reachable=status == "member")]


def _stray(update: Any) -> list[Inbound]:
    """An update that could not be read: who can be found in it hears that it was not understood."""
    address = _find(update)
    return [Inbound(external_id(update), address, Said(kind="other"))] if address else []


def _find(update: Any) -> str:
    """The private chat nearest to the top, else the person, whose private chat has the same number; "" in a group."""
    parts = [part for part in raw.walk(update) if isinstance(part, Mapping)]
    chats = [part["chat"] for part in parts if isinstance(part.get("chat"), Mapping)]
    if chats:
        return _private({"chat": chats[0]})
    people = (part[name] for part in parts for name in ("from", "user") if isinstance(part.get(name), Mapping))
    return next((found for person in people if not person.get("is_bot") and (found := _id(person))), "")


def external_id(update: Any) -> str:
    """`u<update_id>`, else a hash of everything that was sent, so that a repeat is still known as one."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    if isinstance(number, int | str) and re.fullmatch(r"\d{1,20}", str(number), re.ASCII):
        return f"u{number}"
    return raw.fingerprint(update)


def _private(message: Part) -> str:
    """The id of a private chat, "" for any other."""
    chat = raw.part(message, "chat")
    return _id(chat) if chat.get("type") == "private" else ""


def _id(part: Part) -> str:
    number = part.get("id")
    return str(number) if isinstance(number, int | str) and re.fullmatch(r"\d{1,20}", str(number), re.ASCII) else ""
