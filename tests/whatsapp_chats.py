"""The screens of WhatsApp's users: what a business showed them, and what they can tap."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.whatsapp_rules import Refused, choices_of
from tests.whatsapp_updates import Owner, Webhook, Webhooks

WINDOW = 24 * 3600.0
"""Seconds after a person's last message in which they can be written to freely."""
MOST_PICTURE = 5 * 1024 * 1024
SIZES = {"image/jpeg": MOST_PICTURE, "image/png": MOST_PICTURE, "application/pdf": 100 * 1024 * 1024}
"""What may be uploaded, and how large."""
NUMBERED = re.compile(r"\{\{(\d+)\}\}")
ASKS = {"location_request_message": "location", "request_contact_info": "contact"}


@dataclass(frozen=True, slots=True)
class Approved:
    """A template as the platform keeps it: {{1}}, {{2}} ... stand for values."""

    text: str
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One accepted request. `buttons` are (label, id) pairs, also of a list's rows; `asks` what the only button asks for.

    `template` is its name, its language and the values in it.
    """

    to: str
    message_id: str
    kind: str
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    asks: str = ""
    photos: tuple[bytes, ...] = ()
    link: str = ""
    template: tuple[str, ...] = ()
    tag: str = ""
    at: float = 0.0

    @property
    def labels(self) -> list[str]:
        return [label for label, _ in self.buttons]


class Chats(Webhooks):
    def __init__(self, phone_id: str, clock: Callable[[], float] = time.time) -> None:
        super().__init__(phone_id, clock)
        self.ledger: list[Shown] = []
        """Everything that was accepted, in its order."""
        self.people: dict[str, Owner] = {}
        """By either of their names."""
        self.uploaded: dict[str, tuple[str, bytes]] = {}
        self.approved: dict[tuple[str, str], Approved] = {}
        """By name and language; while there are none, every template passes and shows nothing but its values."""

    def message(self, who: Owner, kind: str, content: Any, reply_to: str = "") -> Webhook:
        self.meet(who)
        return super().message(who, kind, content, reply_to)

    def meet(self, who: Owner) -> None:
        self.people |= {name: who for name in (who.user_id, who.wa_id) if name}

    def whom(self, asked: dict[str, Any]) -> Owner:
        """Raises Refused where nobody is called so."""
        name = asked.get("recipient") or asked.get("to") or ""
        if name not in self.people:
            raise Refused(131026, "Message undeliverable")
        return self.people[name]

    def heard_by(self, who: Owner) -> list[Shown]:
        """All that was shown to a person, oldest first."""
        return [shown for shown in self.ledger if shown.to == who.key]

    def press(self, who: Owner, label: str) -> Webhook:
        """A tap on the newest button or row of the chat that is called so, or begins so."""
        shown = self.heard_by(who)[::-1]
        for fits in (str.__eq__, str.startswith):
            for one in shown:
                for called, press in one.buttons:
                    if fits(called, label):
                        return self.chosen(who, one, press)
        raise AssertionError(f"no button {label!r} among {[one.labels for one in shown]}")

    def chosen(self, who: Owner, shown: Shown, press: str) -> Webhook:
        """The answer that a tap on this button or row of a message is."""
        [label] = [label for label, sent in shown.buttons if sent == press]
        if shown.template:
            return self.template_button(who, press, label, shown.message_id)
        if shown.kind == "list":
            return self.row(who, press, label[:24], label if len(label) > 24 else "", shown.message_id)
        return self.button(who, press, label, shown.message_id)

    def show(self, asked: dict[str, Any]) -> Shown:
        """Carries out a request that shows something. Raises Refused."""
        who = self.whom(asked)
        if asked["type"] != "template" and not self.open_for(who):
            raise Refused(131047, "Message failed to send because more than 24 hours have passed since the customer last replied")
        shown = Shown(who.key, self.wamid("OUT"), tag=asked.get("biz_opaque_callback_data", ""), at=self.clock(), **self._read(asked))
        self.ledger.append(shown)
        return shown

    def open_for(self, who: Owner) -> bool:
        """Whether their window is."""
        return self.clock() - self.heard.get(who.key, float("-inf")) < WINDOW

    def _read(self, asked: dict[str, Any]) -> dict[str, Any]:
        kind = asked["type"]
        content = asked[kind]
        if kind == "text":
            return {"kind": kind, "text": content["body"]}
        if kind in ("image", "document"):
            return {"kind": kind, "text": content.get("caption", ""), "photos": (self._content(content["id"], kind),)}
        return self._template(content) if kind == "template" else self._interactive(content)

    def _interactive(self, content: dict[str, Any]) -> dict[str, Any]:
        choices = choices_of(content)
        header = content.get("header", {})
        pictures = tuple(self._content(header[kind]["id"], kind) for kind in ("image", "document") if kind in header)
        return {
            "kind": content["type"], "text": header.get("text", "") + content["body"]["text"], "photos": pictures,
            "buttons": tuple((label_of(title, description), press) for title, press, description in choices),
            "asks": ASKS.get(content["type"], ""), "link": content["action"].get("parameters", {}).get("url", ""),
        }  # fmt: skip

    def _template(self, content: dict[str, Any]) -> dict[str, Any]:
        """Raises Refused for one that is not approved, or does not get what it asks for."""
        name, locale, parts = content["name"], content["language"]["code"], content.get("components", ())
        values = tuple(one["text"] for part in parts if part["type"] == "body" for one in part["parameters"])
        presses = [part["parameters"][0]["payload"] for part in parts if part.get("sub_type") == "quick_reply"]
        shown = {"kind": "template", "template": (name, locale, *values)}
        if not self.approved:
            return {**shown, "buttons": tuple((press, press) for press in presses)}
        if (name, locale) not in self.approved:
            raise Refused(132001, "Template name does not exist in the translation")
        known = self.approved[name, locale]
        if len(set(NUMBERED.findall(known.text))) != len(values) or len(presses) > len(known.buttons):
            raise Refused(132000, "Number of parameters does not match the expected number of params")
        text = NUMBERED.sub(lambda found: values[int(found[1]) - 1], known.text)
        return {**shown, "text": text, "buttons": tuple(zip(known.buttons, presses, strict=False))}

    def _content(self, number: str, kind: str) -> bytes:
        """Of a picture that was uploaded. Raises Refused."""
        mime, content = self.uploaded.get(number, ("", b""))
        if not content or (kind == "image") != mime.startswith("image/"):
            raise Refused(131053, f"No {kind} with this media id")
        return content

    def upload(self, mime: str, content: bytes) -> str:
        """Raises Refused for what the platform would not keep."""
        if not content or len(content) > SIZES.get(mime, 0):
            raise Refused(131053, f"{len(content)} bytes of {mime or 'no type'} cannot be uploaded")
        number = str(1_234_000_000_000_000 + next(self.numbers))
        self.uploaded[number] = (mime, content)
        return number


def label_of(title: str, description: str) -> str:
    """The whole label: one that is too long for a title stands in the description, and begins as the title does."""
    return description if title.endswith("…") and description.startswith(title[:-1].rstrip()) else title
