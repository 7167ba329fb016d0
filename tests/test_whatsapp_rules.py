"""What the stand-in for the Cloud API takes and refuses: our schema, the shared one, and what neither can say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.whatsapp_rules import Refused, check


def said(**content: Any) -> dict[str, Any]:
    [kind] = content
    return {"messaging_product": "whatsapp", "recipient_type": "individual", "recipient": "ID.1", "type": kind, **content}


def choosing(kind: str, *titles: str, ids: str = "", body: str = "Pilih, Bu?", **more: Any) -> dict[str, Any]:
    named = [{"id": ids or f"a:{place}", "title": title} for place, title in enumerate(titles)]
    if kind == "button":
        action: dict[str, Any] = {"buttons": [{"type": "reply", "reply": one} for one in named]}
    else:
        half = len(named) // 2 or 1
        sections = [{"title": "Satu", "rows": named[:half]}, {"title": "Dua", "rows": named[half:]}]
        action = {"button": "Pilih", "sections": [one for one in sections if one["rows"]]}
    return said(interactive={"type": kind, "body": {"text": body}, "action": action, **more})


GOOD: list[dict[str, Any]] = [
    said(text={"body": "x" * 4096}),
    said(text={"body": "Halo", "preview_url": False}) | {"biz_opaque_callback_data": "17"},
    said(image={"id": "1"}),
    said(image={"id": "1", "caption": "x" * 1024}),
    said(document={"id": "1", "filename": "rekap.pdf"}),
    choosing("button", "Ya", "Tidak", "x" * 20, body="x" * 1024),
    choosing("button", "Ya", header={"type": "image", "image": {"id": "1"}}),
    choosing("list", *(f"Baris {number}" for number in range(10)), body="x" * 4096),
    choosing("list", "Sama", "Sama"),
    said(interactive={"type": "location_request_message", "body": {"text": "Di mana?"}, "action": {"name": "send_location"}}),
    said(interactive={"type": "request_contact_info", "body": {"text": "Nomor?"}, "action": {"name": "request_contact_info"}}),
    said(
        interactive={
            "type": "cta_url", "body": {"text": "Lihat"},
            "action": {"name": "cta_url", "parameters": {"display_text": "Buka", "url": "https://kaltimprov.go.id"}},
        }
    ),
    said(
        template={
            "name": "call_new", "language": {"code": "id"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "Bu Siti"}]},
                {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "c:join:12"}]},
            ],
        }
    ),
    {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1", "typing_indicator": {"type": "text"}},
]  # fmt: skip

BAD: list[dict[str, Any]] = [
    said(text={"body": "x" * 4097}),
    said(text={"body": ""}),
    said(text={"body": "Halo"}) | {"to": "628125550002"},
    said(text={"body": "Halo"}) | {"recipient": "628125550002"},
    said(text={"body": "Halo"}) | {"parse_mode": "HTML"},
    {key: part for key, part in said(text={"body": "Halo"}).items() if key != "recipient"} | {"to": "ID.5550001"},
    {key: part for key, part in said(text={"body": "Halo"}).items() if key != "recipient"} | {"to": "+628125550002"},
    {key: part for key, part in said(text={"body": "Halo"}).items() if key != "recipient"},
    said(image={"id": "1", "caption": "x" * 1025}),
    said(image={"id": "1", "link": "https://x.id/a.jpg"}),
    said(sticker={"id": "1"}),
    choosing("button", "Ya", "Tidak", "Nanti", "Lagi"),
    choosing("button", "x" * 21),
    choosing("button", " "),
    choosing("button", "Ya", body="x" * 1025),
    choosing("button", "Ya", "Ya"),
    choosing("button", "Ya", "Tidak", ids="a:1"),
    choosing("button", "Ya", ids="x" * 257),
    choosing("list", *(f"Baris {number}" for number in range(11))),
    choosing("list", "Satu", "Dua", ids="a:1"),
    choosing("list", "Satu", ids="x" * 201),
    choosing("list", "x" * 25),
    said(template={"name": "call.new", "language": {"code": "id"}}),
    said(
        template={
            "name": "call_new", "language": {"code": "id"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": "dua\nbaris"}]}],
        }
    ),
    {"messaging_product": "whatsapp", "status": "delivered", "message_id": "wamid.1"},
]  # fmt: skip


@pytest.mark.parametrize("asked", GOOD)
def test_what_the_documentation_allows_is_taken(asked: dict[str, Any]) -> None:
    check(asked)


@pytest.mark.parametrize("asked", BAD)
def test_what_breaks_a_rule_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        check(asked)
