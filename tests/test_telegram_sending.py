"""What is sent to Telegram, over real HTTP to the stand-in: shapes, cuts, edits, and what each failure means for the row."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.channels.channel import Inbound, SendError
from bot.channels.telegram import Telegram
from bot.channels.telegram_sending import MOST_TEXT, as_html, cut, parts_of
from handlers.said import Said
from messages import Button, Rendered, Span
from tests.pictures import encoded, product
from tests.standin_telegram import StandIn

CHAT = "5550001"
HELLO = Rendered(
    (Span("Halo, "), Span("Bu Siti", strong=True), Span(" <&> 😀")), (Button("a:1:1:x:y", "Ya", "Ya"), Button("c:menu:0:0", "Menu", "Menu"))
)


class Quick(Telegram):
    chat_rate = 0.0


def with_standin(
    work: Callable[[StandIn, Telegram], Awaitable[None]], channel: type[Telegram] = Quick, timeout: float = 5, **how: Any
) -> None:
    async def run() -> None:
        standin = StandIn(**({"rate": 0, "chat_rate": 0} | how))
        await standin.start()
        telegram = channel(standin.token, standin.url, timeout)
        try:
            await work(standin, telegram)
        finally:
            await telegram.close()
            await standin.stop()

    asyncio.run(asyncio.wait_for(run(), 60))


async def refused(sending: Awaitable[str]) -> SendError:
    with pytest.raises(SendError) as caught:
        await sending
    return caught.value


def pictures(folder: Path, number: int) -> tuple[str, ...]:
    for seed in range(number):
        (folder / f"{seed}.jpg").write_bytes(encoded(product(seed, (300, 200))))
    return tuple(f"{seed}.jpg" for seed in range(number))


def test_emphasis_is_html_and_what_people_wrote_is_escaped(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        number = await telegram.send(CHAT, HELLO, tmp_path, "")
        shown = standin.ledger[0]
        assert (shown.text, shown.html) == ("Halo, Bu Siti <&> 😀", "Halo, <b>Bu Siti</b> &lt;&amp;&gt; 😀")
        assert shown.rows == ((("Ya", "a:1:1:x:y"), ("Menu", "c:menu:0:0")),)
        assert number == str(shown.message_id)
        standin.assert_well_behaved()

    with_standin(work)


def test_a_button_that_shares_the_number_shows_where_there_are_no_others(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        asks = Rendered((Span("Nomor HP?"),), request="contact", request_label="Kirim nomor saya")
        await telegram.send(CHAT, asks, tmp_path, "")
        await telegram.send(CHAT, replace(asks, request="location"), tmp_path, "")
        await telegram.send(CHAT, replace(asks, buttons=HELLO.buttons), tmp_path, "")
        assert [(one.asks, len(one.buttons)) for one in standin.ledger] == [("request_contact", 0), ("request_location", 0), ("", 2)]

    with_standin(work)


@pytest.mark.parametrize(
    ("count", "length", "methods"),
    [
        (1, 900, ["sendPhoto"]),
        (1, 1100, ["sendPhoto", "sendMessage"]),
        (3, 100, ["sendMediaGroup", "sendMessage"]),
        (11, 100, ["sendMediaGroup", "sendPhoto", "sendMessage"]),
        (0, 5000, ["sendMessage", "sendMessage"]),
    ],
)
def test_pictures_and_long_texts(count: int, length: int, methods: list[str], tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        text = "kata " * (length // 5)
        number = await telegram.send(CHAT, Rendered((Span(text),), HELLO.buttons, pictures(tmp_path, count)), tmp_path, "")
        assert [one.method for one in standin.ledger] == methods
        assert sum(len(one.photos) for one in standin.ledger) == count
        assert [len(one.buttons) for one in standin.ledger] == [0] * (len(methods) - 1) + [2]
        assert " ".join("".join(one.text for one in standin.ledger).split()) == text.strip()
        assert number == str(standin.ledger[-1].message_id)
        standin.assert_well_behaved()

    with_standin(work)


def test_parts_of_one_message_keep_to_the_pace_of_a_chat(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        await telegram.send(CHAT, Rendered((Span("a"),), (), pictures(tmp_path, 2)), tmp_path, "")
        standin.assert_well_behaved()
        assert len(standin.ledger) == 2

    with_standin(work, Telegram, chat_rate=1)


def test_a_lost_picture_does_not_hold_up_the_words(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        await telegram.send(CHAT, Rendered(HELLO.spans, (), ("gone.jpg",)), tmp_path, "")
        await telegram.send(CHAT, Rendered(HELLO.spans, (), ("gone.jpg", *pictures(tmp_path, 1))), tmp_path, "")
        assert [one.method for one in standin.ledger] == ["sendMessage", "sendPhoto", "sendMessage"]

    with_standin(work)


def test_a_message_is_edited_where_that_works_and_else_sent_anew(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        first = await telegram.send(CHAT, HELLO, tmp_path, "")
        other = Rendered((Span("Lain"),), HELLO.buttons[:1])
        assert await telegram.send(CHAT, other, tmp_path, first) == first
        assert await telegram.send(CHAT, other, tmp_path, first) == first, "not modified is as good as edited"
        assert await telegram.send(CHAT, HELLO, tmp_path, "999999") not in (first, "999999")
        shown = await telegram.send(CHAT, replace(HELLO, media=pictures(tmp_path, 1)), tmp_path, first)
        assert shown != first
        assert standin.messages[CHAT, int(first)].buttons == [], "the old buttons are taken away"
        assert await telegram.send(CHAT, HELLO, tmp_path, shown) != shown, "a picture cannot become a text"
        assert [one.method for one in standin.ledger] == [
            "sendMessage", "editMessageText", "sendMessage", "editMessageReplyMarkup", "sendPhoto", "sendMessage",
        ]  # fmt: skip

    with_standin(work)


STATUSES: list[tuple[int, str, dict[str, Any], str, float, str]] = [
    (403, "Forbidden: bot was blocked by the user", {}, "unreachable", 0, ""),
    (403, "Forbidden: user is deactivated", {}, "unreachable", 0, ""),
    (400, "Bad Request: chat not found", {}, "unreachable", 0, ""),
    (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100123}, "migrated", 0, "-100123"),
    (429, "Too Many Requests: retry after 7", {"retry_after": 7}, "slow", 7, ""),
    (500, "Internal Server Error", {}, "retry", 0, ""),
    (502, "Bad Gateway", {}, "retry", 0, ""),
    (400, "Bad Request: BUTTON_DATA_INVALID", {}, "failed", 0, ""),
    (401, "Unauthorized", {}, "failed", 0, ""),
]


@pytest.mark.parametrize(("status", "description", "parameters", "decision", "wait", "address"), STATUSES)
def test_each_refusal_has_its_decision(
    status: int, description: str, parameters: dict[str, Any], decision: str, wait: float, address: str, tmp_path: Path
) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        standin.fail(status=status, description=description, **parameters)
        error = await refused(telegram.send(CHAT, HELLO, tmp_path, ""))
        assert (error.decision, error.retry_after, error.address) == (decision, wait, address)
        assert "StandInSecretPart" not in str(error)
        standin.fail(status=status, description=description, method="editMessageText", **parameters)
        if decision == "failed" and status == 400:
            assert await telegram.send(CHAT, HELLO, tmp_path, "1"), "one that cannot be edited is sent anew"
        elif decision != "failed":
            assert (await refused(telegram.send(CHAT, HELLO, tmp_path, "1"))).decision == decision

    with_standin(work)


def test_a_wrong_token_is_told_as_such(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        wrong = Quick("1:wrong", standin.url)
        error = await refused(wrong.send(CHAT, HELLO, tmp_path, ""))
        await wrong.close()
        assert error.decision == "failed" and "LAPAK_TELEGRAM_TOKEN" in error.reason and "wrong" not in error.reason

    with_standin(work)


@pytest.mark.parametrize("how", ["cut", "half", "hang"])
def test_once_the_request_has_left_its_fate_is_unknown(how: str, tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        standin.fail(how)
        assert (await refused(telegram.send(CHAT, HELLO, tmp_path, ""))).decision == "unknown"
        assert len(standin.ledger) == 1, "it was shown"
        await telegram.send(CHAT, HELLO, tmp_path, "")

    with_standin(work, timeout=0.5)


def test_a_refused_connection_means_not_sent(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        await standin.stop()
        assert (await refused(telegram.send(CHAT, HELLO, tmp_path, ""))).decision == "retry"
        await standin.start()
        await telegram.send(CHAT, HELLO, tmp_path, "")
        assert len(standin.ledger) == 1

    with_standin(work)


def test_a_connection_that_never_stands_means_not_sent(tmp_path: Path) -> None:
    async def run() -> None:
        with socket.socket() as full, socket.socket() as first, socket.socket() as second:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            for waiting in (first, second):
                waiting.setblocking(False)
                waiting.connect_ex(full.getsockname())
            telegram = Quick("1:secret", f"http://127.0.0.1:{full.getsockname()[1]}", 0.3)
            assert (await refused(telegram.send(CHAT, HELLO, tmp_path, ""))).decision == "retry"
            await telegram.close()

    asyncio.run(run())


def test_a_second_try_does_not_show_again_what_was_shown(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        album = Rendered((Span("dua foto"),), HELLO.buttons, pictures(tmp_path, 2))
        standin.fail(status=429, retry_after=1, method="sendMessage")
        assert (await refused(telegram.send(CHAT, album, tmp_path, ""))).decision == "slow"
        await telegram.send(CHAT, album, tmp_path, "")
        assert [one.method for one in standin.ledger] == ["sendMediaGroup", "sendMessage"]
        await telegram.send(CHAT, album, tmp_path, "")
        assert len(standin.ledger) == 4, "and is shown whole the next time"

    with_standin(work)


def test_pictures_are_fetched_up_to_the_limit(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        content = encoded(product(1))
        found = telegram.decode(standin.photo(5, content))[0]
        assert isinstance(found, Inbound)
        assert await telegram.fetch(found.media) == content
        standin.files["huge"] = bytes(20 * 1024 * 1024 + 1)
        for file, reason in (("huge", "too_big"), ("unknown", "gone")):
            with pytest.raises(SendError) as caught:
                await telegram.fetch({"file_id": file})
            assert (caught.value.decision, caught.value.reason) == ("failed", reason)
        for how, times in (("cut", 2), ("half", 1)):  # one cut of a GET is tried again unseen
            standin.fail(how, method="file", times=times)
            with pytest.raises(SendError) as caught:
                await telegram.fetch(found.media)
            assert caught.value.decision == "retry"
        standin.fail(status=500, method="file")
        with pytest.raises(SendError) as caught:
            await telegram.fetch(found.media)
        assert caught.value.decision == "retry"

    with_standin(work)


def test_a_tap_is_answered_and_a_failure_to_do_so_is_nothing(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        await telegram.send(CHAT, HELLO, tmp_path, "")
        for found in telegram.decode(standin.press(int(CHAT), "Menu")):
            assert isinstance(found, Inbound)
            standin.fail(status=400, description="Bad Request: query is too old", method="answerCallbackQuery")
            await telegram.acknowledge(found)
            assert not all(standin.taps.values())
            await telegram.acknowledge(found)
        standin.assert_well_behaved()
        await telegram.acknowledge(Inbound("u1", CHAT, Said(text="halo")))
        assert standin.requests[-1][0] == "sendChatAction"

    with_standin(work)


def test_the_commands_menu_is_told_in_both_languages() -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        await telegram.announce()
        assert standin.commands[""] == standin.commands["id"] != standin.commands["en"]
        assert [one["command"] for one in standin.commands["id"]] == ["daftar", "produk", "lanjut", "menu", "bantuan", "berhenti"]
        for commands in standin.commands.values():
            for one in commands:
                found = telegram.decode(standin.text(5, f"/{one['command']}@lapak_bot"))[0]
                assert isinstance(found, Inbound) and found.said.text in ("register", "products", "go", "menu", "help", "stop")
        standin.assert_well_behaved()

    with_standin(work)


def test_a_cut_keeps_every_word_and_every_piece_fits() -> None:
    spans = [Span("& < > 😀 kata\n" * 300), Span("tebal " * 900, strong=True), Span("x" * 5000)]
    pieces = cut(spans, MOST_TEXT)
    assert all(len(as_html(piece).encode("utf-16-le")) // 2 <= MOST_TEXT for piece in pieces)
    said = "".join(span.text for piece in pieces for span in piece)
    assert "".join(said.split()) == "".join("".join(span.text for span in spans).split())
    assert len(pieces) <= 8
    assert cut([Span(" \n ")], MOST_TEXT) == [] == parts_of(Rendered((Span(""),)))
