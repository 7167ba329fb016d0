"""What WhatsApp is asked to show: shapes and limits; and what its errors mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels.whatsapp_errors import decide
from bot.channels.whatsapp_sending import MOST_BODY, MOST_TEXT, Request, addressed, overlong, parts_of, placed, requests_of, rest_of
from messages import Button, Rendered, Span

HELLO = (Span("Halo "), Span("Bu Siti", strong=True), Span("."))


def buttons(count: int, label: str = "Tombol") -> tuple[Button, ...]:
    return tuple(Button(f"c:x:{place}:0", f"{label} {place}", f"{label} {place}"[:20], "rincian") for place in range(count))


def one(rendered: Rendered, pictures: tuple[str, ...] = ()) -> Request:
    [request] = requests_of(rendered, pictures)
    return request


def test_words_alone() -> None:
    assert one(Rendered(HELLO)).body == {"type": "text", "text": {"body": "Halo *Bu Siti*.", "preview_url": False}}


def test_what_people_wrote_never_becomes_emphasis() -> None:
    words = one(Rendered((Span("*tebal* ~coret~ `kode`"), Span(" dan "), Span("*sangat* ", strong=True)))).body["text"]["body"]
    assert not any(mark in words.removesuffix("* ").rsplit("*", 1)[0] for mark in "*~`")
    assert words.endswith("*\u2217sangat\u2217* ")


@pytest.mark.parametrize(("count", "kind"), [(1, "button"), (3, "button"), (4, "list"), (10, "list")])
def test_few_buttons_or_a_list(count: int, kind: str) -> None:
    shown = one(Rendered(HELLO, buttons(count), opener="Pilih")).body["interactive"]
    assert shown["type"] == kind
    rows = shown["action"]["buttons"] if kind == "button" else shown["action"]["sections"][0]["rows"]
    assert [row.get("id") or row["reply"]["id"] for row in rows] == [f"c:x:{place}:0" for place in range(count)]


def test_a_long_label_stands_whole_below_its_row() -> None:
    label = "Amplang ikan tenggiri asli Samarinda"
    rows = one(Rendered(HELLO, buttons(4, label), opener="Pilih")).body["interactive"]["action"]["sections"][0]["rows"]
    assert rows[0]["description"] == f"{label} 0" and len(rows[0]["title"]) <= 24


def test_a_single_button_with_a_long_label_is_a_row_too() -> None:
    label = "Tetap 250 gram, ikan tenggiri, tahan 3 bulan"
    shown = one(Rendered(HELLO, (Button("a:1:1:x:keep", label, label[:19] + "…"),), opener="Pilih")).body["interactive"]
    [row] = shown["action"]["sections"][0]["rows"]
    assert (shown["type"], row["description"]) == ("list", label)


def test_one_picture_stands_above_short_words() -> None:
    shown = one(Rendered(HELLO, buttons(2), ("a.jpg",)), ("a.jpg",))
    assert (shown.picture, placed(shown, "77")["interactive"]["header"]) == ("a.jpg", {"type": "image", "image": {"id": "77"}})
    alone = one(Rendered(HELLO, (), ("a.jpg",)), ("a.jpg",))
    assert placed(alone, "77") == {"type": "image", "image": {"id": "77", "caption": "Halo *Bu Siti*."}}


def test_several_pictures_come_before_the_words() -> None:
    shown = requests_of(Rendered(HELLO, buttons(2), ("a.jpg", "b.jpg")), ("a.jpg", "b.jpg"))
    assert [(request.picture, request.body["type"]) for request in shown] == [("a.jpg", "image"), ("b.jpg", "image"), ("", "interactive")]


@pytest.mark.parametrize(("asked", "kind"), [("location", "location_request_message"), ("contact", "request_contact_info")])
def test_a_place_or_a_number_is_asked_for_with_a_button(asked: Any, kind: str) -> None:
    assert one(Rendered(HELLO, request=asked)).body["interactive"]["type"] == kind
    assert one(Rendered(HELLO, buttons(1), request=asked)).body["interactive"]["type"] == "button"


def test_another_file_is_a_document_and_a_lone_link_a_button_that_opens_it() -> None:
    paper, words = requests_of(Rendered(HELLO, (), ("daftar.xlsx",)), ("daftar.xlsx",))
    assert placed(paper, "77") == {"type": "document", "document": {"id": "77", "filename": "daftar.xlsx"}}
    assert words.body["type"] == "text"
    link = one(Rendered(HELLO, (Button("https://sirup.lkpp.go.id/", "Lihat di SiRUP", "Lihat di SiRUP"),))).body["interactive"]
    parameters = {"display_text": "Lihat di SiRUP", "url": "https://sirup.lkpp.go.id/"}
    assert (link["type"], link["action"]) == ("cta_url", {"name": "cta_url", "parameters": parameters})


def test_what_is_too_long_is_cut_into_several_and_said() -> None:
    long = Rendered((Span("kata " * 300),), buttons(2))
    shown = requests_of(long, ())
    assert [request.body["type"] for request in shown] == ["text", "interactive"]
    assert all(len(request.body.get("text", {}).get("body", "")) <= MOST_BODY for request in shown)
    assert (overlong(long), overlong(Rendered(HELLO, buttons(2)))) == ("text", "")
    assert len(requests_of(Rendered((Span("kata " * 1000),)), ())) == 2 and MOST_TEXT < 5000
    assert overlong(Rendered(HELLO, buttons(11))) == "rows"


def test_a_user_id_and_a_number_are_addressed_apart() -> None:
    request = one(Rendered(HELLO))
    rest = rest_of(request)
    assert json.loads(addressed(rest, "6281234567890", "7")) == {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "6281234567890", "biz_opaque_callback_data": "7",
    } | request.body  # fmt: skip
    told = json.loads(addressed(rest, "ID.123abc", ""))
    assert told["recipient"] == "ID.123abc" and not told.keys() & {"to", "biz_opaque_callback_data"}


@pytest.mark.parametrize(
    ("status", "code", "decision"),
    [
        (400, 130429, "slow"), (400, 80007, "slow"), (400, 4, "slow"), (429, 0, "slow"), (400, 131056, "retry"), (400, 131047, "hold"),
        (400, 131026, "undeliverable"), (400, 131049, "retry"), (400, 131050, "unwanted"), (400, 131048, "stop"), (400, 132001, "campaign"),
        (400, 132015, "campaign"), (401, 190, "stop"), (403, 368, "stop"), (403, 131031, "stop"), (401, 0, "stop"), (400, 131053, "retry"),
        (500, 131000, "retry"), (503, 2, "retry"), (502, 0, "unknown"), (400, 100, "failed"), (404, 0, "failed"),
    ],
)  # fmt: skip
def test_every_error_has_one_decision(status: int, code: int, decision: str) -> None:
    error = decide(status, {"error": {"code": code, "message": "somebody's words"}} if code else {})
    assert error.decision == decision and "somebody" not in error.reason


def test_the_waits_of_errors() -> None:
    capped, crowded = decide(400, {"error": {"code": 131049}}), decide(400, {"error": {"code": 131056}})
    assert (capped.retry_after, capped.tries) == (86_400, 2)
    assert [crowded.base**tried for tried in (1, 2, 3)] == [4, 16, 64]


@pytest.mark.parametrize("odd", [None, [], "x", {"error": []}, {"error": {"code": "190"}}, {"error": {"code": True}}])
def test_an_odd_body_is_no_exception(odd: Any) -> None:
    assert decide(400, odd).decision == "failed"


@pytest.mark.parametrize(
    ("done", "left"),
    [
        (0, [(1, "a.jpg"), (3, "c.jpg"), (4, ""), (5, "")]),
        (1, [(3, "c.jpg"), (4, ""), (5, "")]),
        (2, [(3, "c.jpg"), (4, ""), (5, "")]),
        (3, [(4, ""), (5, "")]),
        (4, [(5, "")]),
        (9, [(5, "")]),
    ],
)
def test_a_next_try_begins_after_the_parts_that_were_shown(done: int, left: list[tuple[int, str]]) -> None:
    """A picture that was lost keeps its place, and the last part is always there."""
    rendered = Rendered((Span("kata " * 1200),), media=("a.jpg", "b.jpg", "c.jpg"))
    parts = parts_of(rendered, done, lambda name: name != "b.jpg")
    assert [(place, request.picture) for place, request in parts] == left
