"""How each kind of update is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.channel import Inbound
from bot.channels.telegram import Telegram
from bot.channels.telegram_decoding import decode
from handlers.said import Photo, Said

PAYLOADS = Path(__file__).parent / "payloads" / "telegram"
BOT = 110201543
CHAT = "5550123"


def read(name: str) -> list[Inbound]:
    return decode(json.loads((PAYLOADS / f"{name}.json").read_bytes()), BOT)


SAID: dict[str, dict[str, Any]] = {
    "text": {"kind": "text", "text": "mau daftar amplang"},
    "text_with_odd_characters": {"kind": "text", "text": "amplang ? enak"},
    "start": {"kind": "start", "text": "", "start": ""},
    "start_with_source": {"kind": "start", "text": "", "start": "dinas_samarinda-1"},
    "command_with_botname": {"kind": "text", "text": "menu"},
    "command_in_indonesian": {"kind": "text", "text": "register"},
    "reply_to_bot": {"kind": "text", "quoted": "77"},
    "reply_to_self": {"kind": "text", "quoted": ""},
    "photo": {"kind": "photo", "text": "Amplang, 25 ribu", "group": ""},
    "photo_of_album": {"kind": "photo", "group": "14000001"},
    "image_as_file": {"kind": "photo"},
    "image_as_file_without_mime": {"kind": "photo"},
    "image_too_big": {"kind": "photo", "photo": Photo(problem="too_big")},
    "pdf": {"kind": "file", "text": "ini NIB saya"},
    "animation": {"kind": "file"},
    "location": {"kind": "location", "location": (-0.5022, 117.1536)},
    "location_live": {"kind": "location", "location": (-0.5022, 117.1536)},
    "location_nowhere": {"kind": "other", "location": None},
    "venue": {"kind": "location", "location": (-0.5022, 117.1536)},
    "contact_own": {"kind": "contact", "phone": "6281250001234", "own": True},
    "contact_foreign": {"kind": "contact", "phone": "6281250001234", "own": False},
    "voice": {"kind": "voice"},
    "audio_without_unique_id": {"kind": "voice"},
    "video": {"kind": "file"},
    "sticker": {"kind": "sticker"},
    "dice": {"kind": "other"},
    "edited": {"kind": "edited", "text": "amplang ikan pipih"},
    "edited_photo": {"kind": "edited", "photo": None},
    "tap": {"kind": "tap", "press": "c:menu:0:0"},
    "tap_on_inaccessible_message": {"kind": "tap", "press": "a:1:1:consent:agree", "sent_at": None},
    "tap_without_data": {"kind": "tap", "press": ""},
    "wrong_types": {"kind": "text", "text": "", "sent_at": None, "sequence": 0},
    "numbers_out_of_range": {"kind": "text", "text": "halo", "sent_at": None, "sequence": 0},
    "message_is_a_list": {"kind": "other"},
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(name: str) -> None:
    (found,) = read(name)
    assert found.address == CHAT
    assert {field: getattr(found.said, field) for field in SAID[name]} == SAID[name]


def test_where_the_picture_is_and_which_are_fetched() -> None:
    assert read("photo")[0].media == read("photo_of_album")[0].media == {"file_id": "x"}, "the largest size"
    assert read("image_as_file")[0].media == read("image_as_file_without_mime")[0].media == {"file_id": "d"}
    for name in ("image_too_big", "pdf", "animation", "edited_photo", "photo_without_sizes"):
        assert read(name)[0].media == {}


def test_when_and_in_which_order_it_was_said() -> None:
    (found,) = read("text")
    assert found.said.sent_at == datetime.fromtimestamp(1795400000, UTC)
    assert found.said.sequence == 100
    assert (found.external_id, found.locale, found.tap) == ("u800000001", "id", "")
    (tapped,) = read("tap")
    assert (tapped.tap, tapped.locale, tapped.said.sent_at) == ("q1", "id", None)


def test_a_block_and_its_end() -> None:
    assert [one.reachable for one in (*read("blocked"), *read("unblocked"))] == [False, True]


@pytest.mark.parametrize(
    "name", ["group", "tap_in_group", "reaction", "business_message", "live_location_moves", "chat_missing", "not_an_update"]
)
def test_nobody_to_answer(name: str) -> None:
    assert read(name) == []


def test_an_update_without_a_number_is_known_again_by_what_it_says() -> None:
    (once,), (again,) = read("update_id_missing"), read("update_id_missing")
    assert once.external_id == again.external_id and once.external_id.startswith("h")
    message = {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "halo"}
    assert len({decode({"message": {**message, "text": text}}, BOT)[0].external_id for text in ("a", "b", "c")}) == 3
    assert read("update_id_string")[0].external_id == "u12"


def test_the_account_names_the_bot_and_keeps_the_secret() -> None:
    assert Telegram("110201543:AAH-secret").account == "telegram:110201543"
    assert "secret" not in Telegram("nonsense-secret").account


def test_deeper_than_the_stack() -> None:
    deep: Any = {"chat": {"id": 5, "type": "private"}}
    for _ in range(100_000):
        deep = {"reply": [deep]}
    (found,) = decode({"update_id": 1, "message": deep}, BOT)
    assert (found.address, found.said) == ("5", Said(kind="other"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=4), part, max_size=3),
    max_leaves=8,
)
FIELDS = ["text", "caption", "photo", "document", "location", "venue", "contact", "from", "reply_to_message", "date", "media_group_id"]
MESSAGES = st.dictionaries(st.sampled_from([*FIELDS, "message_id", "voice"]), JSON, max_size=6)


@settings(max_examples=150, deadline=None)
@given(MESSAGES, st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "new_kind"]), st.booleans())
def test_nothing_raises_and_a_private_chat_is_never_met_with_silence(message: dict[str, Any], name: str, private: bool) -> None:
    chat = {"chat": {"id": 5, "type": "private"}} if private else {}
    content = {"from": {"id": 5}, "message": {**message, **chat}} if name == "callback_query" else {**message, **chat}
    found = decode({"update_id": 1, name: content}, BOT)
    for one in found:
        assert Said.from_json(json.loads(json.dumps(one.said.to_json()))) == one.said
        one.said.text.encode()
    if private and name != "my_chat_member" and not (name == "edited_message" and "location" in message):
        assert [one.address for one in found] == ["5"]
