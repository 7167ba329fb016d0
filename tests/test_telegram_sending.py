"""What is shown on Telegram, over real HTTP to the stand-in: shapes, cuts, edits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.channel import Inbound
from bot.channels.cutting import cut
from bot.channels.telegram import Telegram
from bot.channels.telegram_sending import MOST_TEXT, as_html, long, parts_of
from handlers.said import Said
from messages import Rendered, Span
from tests.standin_telegram import StandIn
from tests.telegram_app import CHAT, HELLO, pictures, with_standin


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
    pieces = cut(spans, MOST_TEXT, long)
    assert all(len(as_html(piece).encode("utf-16-le")) // 2 <= MOST_TEXT for piece in pieces)
    said = "".join(span.text for piece in pieces for span in piece)
    assert "".join(said.split()) == "".join("".join(span.text for span in spans).split())
    assert len(pieces) <= 8
    assert cut([Span(" \n ")], MOST_TEXT, long) == [] == parts_of(Rendered((Span(""),)))
