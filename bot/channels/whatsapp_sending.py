"""What WhatsApp is asked to show for a message: texts, buttons, lists and pictures within its limits. No network here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.channels.cutting import cut
from bot.channels.documents import PICTURES
from messages import Button, Rendered, Span
from messages.rendering import fit
from messages.templates import Templated

MOST_TEXT, MOST_BODY = 4096, 1024
MOST_BUTTONS, MOST_ROWS = 3, 10
TITLE, ROW, DETAIL, OPENER = 20, 24, 72, 20


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `picture` is a file's name: it is uploaded first, and its id put where `placed` says."""

    body: dict[str, Any]
    picture: str = ""
    placed: tuple[str, ...] = field(default=())


def parts_of(rendered: Rendered, done: int, there: Callable[[str], bool]) -> list[tuple[int, Request]]:
    """The requests after the first `done` parts, each with its place from 1: pictures, then words, at least the last.

    A picture that is not `there` keeps its place.
    """
    places = {name: place for place, name in enumerate(rendered.media, 1) if there(name)}
    words, parts = count(len(rendered.media) + 1), []
    for request in requests_of(rendered, list(places)):
        parts.append((places[request.picture] if request.picture else next(words), request))
    return [(place, request) for place, request in parts[:-1] if place > done] + parts[-1:]


def requests_of(rendered: Rendered, pictures: Sequence[str]) -> list[Request]:
    """A message as requests. One picture stands above the words where they are short enough; several come before them.

    `pictures` are those of its media that are still there: a lost one must not hold up the words.
    """
    interactive = bool(rendered.buttons or rendered.request)
    few = _few(rendered.buttons)
    most = MOST_BODY if interactive and few else MOST_TEXT
    words = [as_text(piece) for piece in cut(rendered.spans, most, lambda spans: len(as_text(spans)))]
    if (
        len(pictures) == 1
        and pictures[0].endswith(PICTURES)
        and few
        and len(words) == 1
        and len(words[0]) <= MOST_BODY
        and not rendered.request
    ):
        [picture], last = pictures, words[0]
        if rendered.buttons:
            shown = Request(_buttons(last, rendered.buttons, pictured=True), picture, ("interactive", "header", "image"))
        else:
            shown = Request({"type": "image", "image": {"caption": last}}, picture, ("image",))
        return [shown]
    before = [_file(name) for name in pictures]
    return [*before, *(Request(_text(piece)) for piece in words[:-1]), *(Request(_closing(piece, rendered)) for piece in words[-1:])]


def _file(name: str) -> Request:
    """A picture, or any other file as a document."""
    if name.endswith(PICTURES):
        return Request({"type": "image", "image": {}}, name, ("image",))
    return Request({"type": "document", "document": {"filename": name}}, name, ("document",))


def _closing(words: str, rendered: Rendered) -> dict[str, Any]:
    """The words that carry the buttons. The button that shares a number or a place shows where there are no others."""
    if len(rendered.buttons) == 1 and rendered.buttons[0].press.startswith("https://"):
        [link] = rendered.buttons
        return _interactive(
            "cta_url", words, {"name": "cta_url", "parameters": {"display_text": fit(link.label, TITLE), "url": link.press}}
        )
    if rendered.buttons:
        return _buttons(words, rendered.buttons) if _few(rendered.buttons) else _list(words, rendered.buttons, rendered.opener)
    if rendered.request == "location":
        return _interactive("location_request_message", words, {"name": "send_location"})
    if rendered.request == "contact":
        return _interactive("request_contact_info", words, {"name": "request_contact_info"})
    return _text(words)


def _few(buttons: Sequence[Button]) -> bool:
    """Whether they fit below a message, whole; a label that is too long for that is a row of a list, where it stands below its title."""
    return len(buttons) <= MOST_BUTTONS and all(len(one.label) <= TITLE for one in buttons)


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": words, "preview_url": False}}


def _interactive(kind: str, words: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": words}, "action": action, **more}}


def _buttons(words: str, buttons: Sequence[Button], pictured: bool = False) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": one.press, "title": one.label}} for one in buttons]
    header = {"header": {"type": "image", "image": {}}} if pictured else {}
    return _interactive("button", words, {"buttons": replies}, **header)


def _list(words: str, buttons: Sequence[Button], opener: str) -> dict[str, Any]:
    return _interactive("list", words, {"button": fit(opener, OPENER), "sections": [{"rows": [_row(one) for one in buttons[:MOST_ROWS]]}]})


def _row(button: Button) -> dict[str, str]:
    """A label that is too long for a title stands whole below it."""
    whole = len(button.label) <= ROW
    detail = button.detail if whole else fit(button.label, DETAIL)
    row = {"id": button.press, "title": button.label if whole else fit(button.short, ROW)}
    return row | ({"description": detail} if detail else {})


def overlong(rendered: Rendered) -> str:
    """What does not fit and is cut: "text" into several messages, "label", "rows"; "" where all fits, as every text of ours does."""
    most = MOST_BODY if rendered.request or (rendered.buttons and _few(rendered.buttons)) else MOST_TEXT
    long = {
        "text": len(as_text(rendered.spans)) > most,
        "label": any(len(one.label) > DETAIL for one in rendered.buttons),
        "rows": len(rendered.buttons) > MOST_ROWS,
    }
    return next((name for name, is_long in long.items() if is_long), "")


def as_text(spans: Sequence[Span]) -> str:
    return "".join(_strong(span.text) if span.strong else _plain(span.text) for span in spans)


def _strong(words: str) -> str:
    """Marks must stand close around the words."""
    bare = words.strip()
    return words.replace(bare, f"*{_plain(bare)}*", 1) if bare else words


def _plain(words: str) -> str:
    """What people wrote never becomes emphasis: marks that would are replaced by signs that look the same."""
    return words.translate(LOOKALIKE)


LOOKALIKE = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})


def template_request(templated: Templated) -> Request:
    body = [{"type": "text", "text": value} for value in templated.values]
    components: list[dict[str, Any]] = [{"type": "body", "parameters": body}] if body else []
    components += [
        {"type": "button", "sub_type": "quick_reply", "index": str(place), "parameters": [{"type": "payload", "payload": one.press}]}
        for place, one in enumerate(templated.buttons)
    ]
    language = {"code": templated.locale}
    return Request({"type": "template", "template": {"name": templated.name, "language": language, "components": components}})


def rest_of(request: Request) -> str:
    """The JSON of a request after whom it is for: the same for all who are told the same."""
    return json.dumps({"messaging_product": "whatsapp", "recipient_type": "individual", **request.body}, ensure_ascii=False)[1:]


def addressed(rest: str, address: str, tag: str) -> bytes:
    """The whole of it: a user id in `recipient`, a number in `to`; `tag` comes back in every status."""
    whom = {"to" if address.isdecimal() else "recipient": address, **({"biz_opaque_callback_data": tag} if tag else {})}
    return f"{json.dumps(whom)[:-1]}, {rest}".encode()


def placed(request: Request, media_id: str) -> dict[str, Any]:
    """The body with the uploaded picture in its place."""
    return _put(request.body, request.placed, media_id)


def _put(body: dict[str, Any], path: tuple[str, ...], media_id: str) -> dict[str, Any]:
    if not path:
        return {"id": media_id, **body}
    return {**body, path[0]: _put(body[path[0]], path[1:], media_id)}
