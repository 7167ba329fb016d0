"""What each failure of Telegram means: not sent, refused, or nobody knows. Over real HTTP to the stand-in."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.channels.channel import Inbound, SendError
from bot.channels.telegram import Telegram
from messages import Rendered, Span
from tests.pictures import encoded, product
from tests.standin_telegram import StandIn
from tests.telegram_app import CHAT, HELLO, Hasty, pictures, refused, with_standin

STATUSES: list[tuple[int, str, dict[str, Any], str, float, str]] = [
    (403, "Forbidden: bot was blocked by the user", {}, "unreachable", 0, ""),
    (403, "Forbidden: user is deactivated", {}, "unreachable", 0, ""),
    (400, "Bad Request: chat not found", {}, "unreachable", 0, ""),
    (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100123}, "migrated", 0, "-100123"),
    (429, "Too Many Requests: retry after 7", {"retry_after": 7}, "slow", 7, ""),
    (500, "Internal Server Error", {}, "unknown", 0, ""),
    (502, "Bad Gateway", {}, "unknown", 0, ""),
    (400, "Bad Request: BUTTON_DATA_INVALID", {}, "failed", 0, ""),
    (401, "Unauthorized", {}, "stop", 0, ""),
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
        else:
            assert (await refused(telegram.send(CHAT, HELLO, tmp_path, "1"))).decision == decision

    with_standin(work)


def test_a_wrong_token_is_told_as_such(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        wrong = Hasty("1:wrong", standin.url)
        error = await refused(wrong.send(CHAT, HELLO, tmp_path, ""))
        await wrong.close()
        assert (error.decision, error.reason) == ("stop", "token_refused") and "wrong" not in str(error)

    with_standin(work)


@pytest.mark.parametrize("how", ["cut", "half", "hang"])
def test_once_the_request_has_left_its_fate_is_unknown(how: str, tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        standin.fail(how)
        assert (await refused(telegram.send(CHAT, HELLO, tmp_path, ""))).decision == "unknown"
        assert len(standin.ledger) == 1, "it was shown"
        await telegram.send(CHAT, HELLO, tmp_path, "")

    with_standin(work, timeout=2 if how == "hang" else 5)


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
            telegram = Hasty("1:secret", f"http://127.0.0.1:{full.getsockname()[1]}", 0.3)
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
