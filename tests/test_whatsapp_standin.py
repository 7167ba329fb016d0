"""The stand-in keeps the Cloud API's rules itself: when windows close and links expire, how fast is too fast, what it tells later."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.pictures import encoded, product
from tests.standin_whatsapp import LINK_LASTS, StandIn
from tests.whatsapp_chats import WINDOW
from tests.whatsapp_updates import SIGNATURE, Owner, batch, hidden, signed, statuses_of

SITI = hidden(1)
YUSUF = Owner("ID.2", "628125550002", "Yusuf")
HELLO = {"messaging_product": "whatsapp", "recipient": SITI.user_id, "type": "text", "text": {"body": "Halo, *Bu Siti*"}}
TEMPLATE = {**HELLO, "type": "template", "template": {"name": "call_new", "language": {"code": "id"}}}
del TEMPLATE["text"]


class Hands:
    """Somebody who talks to the stand-in by hand, with its clock in their hands too."""

    client: httpx.AsyncClient

    def __init__(self, **how: Any) -> None:
        self.now = 1_795_400_000.0
        self.standin = StandIn(clock=lambda: self.now, **how)

    async def send(self, asked: Any, path: str = "messages") -> tuple[int, Any]:
        answer = await self.client.post(f"{self.standin.api}/{self.standin.phone_id}/{path}", json=asked)
        return answer.status_code, answer.json()

    async def upload(self, content: bytes) -> str:
        files = {"file": ("a.jpg", content, "image/jpeg")}
        data = {"messaging_product": "whatsapp", "type": "image/jpeg"}
        answer = await self.client.post(f"{self.standin.api}/{self.standin.phone_id}/media", data=data, files=files)
        return str(answer.raise_for_status().json()["id"])

    async def code(self, asked: Any) -> int:
        status, answer = await self.send(asked)
        return int(answer["error"]["code"]) if status != 200 else 0


def by_hand(work: Callable[[Hands], Awaitable[None]], **how: Any) -> None:
    async def run() -> None:
        hands = Hands(**how)
        await hands.standin.start()
        headers = {"Authorization": f"Bearer {hands.standin.token}"}
        async with httpx.AsyncClient(trust_env=False, verify=False, headers=headers, timeout=10) as hands.client:
            await work(hands)
        await hands.standin.stop()

    asyncio.run(asyncio.wait_for(run(), 60))


def test_a_message_is_shown_and_its_tag_comes_back_with_every_status() -> None:
    async def work(hands: Hands) -> None:
        hands.standin.text(SITI, "halo")
        status, answer = await hands.send(HELLO | {"biz_opaque_callback_data": "17"})
        [shown] = hands.standin.heard_by(SITI)
        assert (status, shown.text, shown.tag) == (200, "Halo, *Bu Siti*", "17")
        assert answer["contacts"] == [{"input": SITI.user_id, "user_id": SITI.user_id}]
        assert answer["messages"] == [{"id": shown.message_id}]
        told = [statuses_of(one)[0] for one in hands.standin.take_statuses()]
        assert [one["status"] for one in told] == ["sent", "delivered", "read"]
        assert {(one["id"], one["biz_opaque_callback_data"]) for one in told} == {(shown.message_id, "17")}
        assert hands.standin.take_statuses() == []

    by_hand(work)


def test_an_unknown_person_a_wrong_number_and_a_wrong_token_are_refused_as_graph_does() -> None:
    async def work(hands: Hands) -> None:
        assert await hands.code(HELLO) == 131026
        hands.client.headers["Authorization"] = "Bearer wrong"
        status, answer = await hands.send(HELLO)
        assert (status, answer["error"]["code"], answer["error"]["type"]) == (401, 190, "OAuthException")
        assert answer["error"]["error_data"]["messaging_product"] == "whatsapp" and answer["error"]["fbtrace_id"]
        assert hands.standin.ledger == []

    by_hand(work)


def test_the_window_closes_a_day_after_the_last_message_for_all_but_templates() -> None:
    async def work(hands: Hands) -> None:
        hands.standin.text(SITI, "halo")
        hands.now += WINDOW - 1
        assert await hands.code(HELLO) == 0
        hands.now += 1
        assert await hands.code(HELLO) == 131047
        assert await hands.code(TEMPLATE) == 0
        hands.standin.reaction(SITI, "wamid.1")
        assert await hands.code(HELLO) == 131047
        hands.standin.text(SITI, "halo")
        assert await hands.code(HELLO) == 0

    by_hand(work)


def test_a_number_and_a_user_id_are_one_person() -> None:
    async def work(hands: Hands) -> None:
        hands.standin.text(YUSUF, "halo")
        by_number = {key: part for key, part in HELLO.items() if key != "recipient"} | {"to": YUSUF.wa_id}
        assert await hands.code(by_number) == 0 == await hands.code(HELLO | {"recipient": YUSUF.user_id})
        assert len(hands.standin.heard_by(YUSUF)) == 2

    by_hand(work)


def test_one_person_gets_a_burst_borrowed_from_later() -> None:
    async def work(hands: Hands) -> None:
        hands.standin.text(SITI, "halo")
        assert [await hands.code(HELLO) for _ in range(46)] == [0] * 45 + [131056]
        hands.now += 6
        assert [await hands.code(HELLO), await hands.code(HELLO)] == [0, 131056]
        hands.now += 45 * 6
        assert [await hands.code(HELLO) for _ in range(46)] == [0] * 45 + [131056]

    by_hand(work, rate=0)


def test_a_number_sends_eighty_a_second() -> None:
    async def work(hands: Hands) -> None:
        people = [hidden(number) for number in range(81)]
        for one in people:
            hands.standin.text(one, "halo")
        codes = [await hands.code(HELLO | {"recipient": one.user_id}) for one in people]
        assert codes == [0] * 80 + [130429]
        hands.now += 1
        assert await hands.code(HELLO) == 0

    by_hand(work)


def test_pictures_are_uploaded_first() -> None:
    async def work(hands: Hands) -> None:
        hands.standin.text(SITI, "halo")
        content = encoded(product(1))
        picture = {key: part for key, part in HELLO.items() if key != "text"} | {"type": "image"}
        assert await hands.code(picture | {"image": {"id": "5"}}) == 131053
        assert await hands.code(picture | {"image": {"id": await hands.upload(content), "caption": "Ini"}}) == 0
        [shown] = hands.standin.heard_by(SITI)
        assert (shown.text, shown.photos) == ("Ini", (content,))
        with pytest.raises(httpx.HTTPStatusError):
            await hands.upload(b"x" * (5 * 1024 * 1024 + 1))

    by_hand(work)


def test_the_link_to_a_picture_needs_the_token_and_expires() -> None:
    async def work(hands: Hands) -> None:
        content = encoded(product(1))
        webhook = hands.standin.image(SITI, content)
        [message] = webhook["entry"][0]["changes"][0]["value"]["messages"]
        found = (await hands.client.get(f"{hands.standin.api}/{message['image']['id']}")).json()
        assert (found["mime_type"], found["file_size"], found["sha256"]) == (
            "image/jpeg", len(content), hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
        hands.now += LINK_LASTS - 1
        assert (await hands.client.get(found["url"])).content == content
        assert (await hands.client.get(found["url"], headers={"Authorization": ""})).status_code == 401
        hands.now += 1
        assert (await hands.client.get(found["url"])).status_code == 404
        assert (await hands.client.get(f"{hands.standin.api}/999")).status_code == 400

    by_hand(work)


def test_faults_are_answered_or_told_later() -> None:
    async def work(hands: Hands) -> None:
        hands.standin.text(SITI, "halo")
        hands.standin.fail(code=131048)
        hands.standin.fail(code=131000, status=502)
        hands.standin.fail("failed", code=131049)
        assert [(await hands.send(HELLO))[0] for _ in range(3)] == [429, 502, 200]
        assert hands.standin.ledger == []
        [[failed]] = [statuses_of(one) for one in hands.standin.take_statuses()]
        assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131049)
        for how in ("cut", "half"):
            hands.standin.fail(how)
            with pytest.raises(httpx.TransportError):
                await hands.send(HELLO)
        assert len(hands.standin.ledger) == 2, "it was done, only the answer was lost"

    by_hand(work)


def test_a_tap_sends_the_id_and_a_cut_row_is_known_by_its_description() -> None:
    async def work(hands: Hands) -> None:
        hands.standin.text(SITI, "halo")
        long = {"id": "a:1", "title": "Tetap Keripik pisan…", "description": "Tetap Keripik pisang coklat"}
        asked = {key: part for key, part in HELLO.items() if key != "text"} | {"type": "interactive"}
        action = {"button": "Pilih", "sections": [{"rows": [long, {"id": "a:2", "title": "Ubah"}]}]}
        assert await hands.code(asked | {"interactive": {"type": "list", "body": {"text": "?"}, "action": action}}) == 0
        [shown] = hands.standin.heard_by(SITI)
        assert shown.buttons == (("Tetap Keripik pisang coklat", "a:1"), ("Ubah", "a:2"))
        [message] = hands.standin.press(SITI, "Tetap")["entry"][0]["changes"][0]["value"]["messages"]
        assert message["interactive"]["list_reply"]["id"] == "a:1" and message["context"]["id"] == shown.message_id

    by_hand(work)


def test_webhooks_are_signed_over_the_raw_body_and_come_in_batches() -> None:
    standin = StandIn()
    one, two = standin.text(SITI, "satu"), standin.text(YUSUF, "dua")
    body, headers = signed(batch(one, two), standin.secret)
    assert headers[SIGNATURE] == "sha256=" + hmac.new(standin.secret.encode(), body, "sha256").hexdigest()
    [entry] = json.loads(body)["entry"]
    assert [len(entry["changes"][0]["value"][name]) for name in ("messages", "contacts")] == [2, 2]
    assert len(batch(one, two, entries=True)["entry"]) == 2
