"""The app on Telegram over real HTTP, polled for: from the first word to the saved answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from bot.app import App
from bot.channels.channel import Inbound
from bot.channels.telegram import HOLD
from models.contact import Address, Person
from models.inbox import Received
from models.outbox import Outgoing
from tests.pictures import encoded, product
from tests.standin_telegram import StandIn
from tests.telegram_app import SITI, Hasty, Prompt, count, with_app


def test_a_registration_begins_over_the_poll(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        async def turn(*updates: Any) -> str:
            known = len(standin.heard(SITI))
            standin.push(*updates)
            await standin.until(lambda: len(standin.heard(SITI)) > known)
            return standin.heard(SITI)[-1].text

        assert "gratis" in (await turn(standin.text(SITI, "/start dinas_samarinda"))).lower()
        again = standin.ledger[-1]
        assert await turn(standin.text(SITI, "/start")) == again.text, "the open question once more"
        await turn(standin.press(SITI, "Setuju"))
        assert "Bu Siti" in await turn(standin.text(SITI, "Bu Siti"))
        photo = standin.photo(SITI, encoded(product(1)), caption="Amplang ikan pipih Rp25.000 per bungkus")
        assert "Foto sudah masuk" in await turn(photo, photo)
        person = await app.store.read(lambda session: session.exec(select(Person)).one())
        assert (person.call_name, person.source, person.locale) == ("Bu Siti", "dinas_samarinda", "id")
        assert await app.store.read(count(Received)) == 5, "a repeat leaves no second row"
        await standin.until(lambda: all(standin.taps.values()))
        standin.assert_well_behaved()
        assert standin.commands and not standin.webhook

    with_app(work, sqlite_database, tmp_path, Prompt)


def test_an_album_of_three_is_answered_once(sqlite_database: str, tmp_path: Path) -> None:
    class Patient(Hasty):
        settle = timedelta(seconds=1)

    async def work(app: App, standin: StandIn) -> None:
        standin.push(*(standin.photo(SITI, encoded(product(seed)), group="9") for seed in range(3)))
        await standin.until(lambda: standin.heard(SITI))
        await app.settled()
        rows = await app.store.read(lambda session: session.exec(select(Received).order_by(col(Received.id))).all())
        assert [row.status for row in rows] == ["done"] * 3

    with_app(work, sqlite_database, tmp_path, Patient)


def test_an_odd_update_does_not_hold_up_the_others(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        things: list[Any] = [None, [], "x", {"chat": 7}, {"text": {}}]
        odd: list[Any] = [{"update_id": next(standin.update_ids), "message": thing} for thing in things]
        odd += [{"update_id": next(standin.update_ids), "audio": {"x": [[[]]]}}, standin.message(SITI, audio={"file_id": "a"})]
        last = standin.text(7, "halo")
        standin.push(*odd, last)
        await standin.until(lambda: standin.heard(7) and standin.heard(SITI) and _offset(standin) > last["update_id"])

    with_app(work, sqlite_database, tmp_path)


def _offset(standin: StandIn) -> int:
    return max((asked.get("offset", 0) for method, asked in standin.requests if method == "getUpdates"), default=0)


def test_what_could_not_be_kept_is_asked_for_again(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        receive = app.receive
        failed: list[int] = []

        async def fails_twice(channel: Any, inbound: Inbound) -> Any:
            if len(failed) < 2:
                failed.append(_offset(standin))
                raise OSError("the disk is full")
            return await receive(channel, inbound)

        app.receive = fails_twice  # type: ignore[method-assign]
        update = standin.text(SITI, "halo")
        standin.push(update)
        await standin.until(lambda: standin.heard(SITI))
        assert len(failed) == 2 and max(failed) <= update["update_id"], "not confirmed before it was kept"
        assert await app.store.read(count(Received)) == 1

    with_app(work, sqlite_database, tmp_path)


def test_polling_goes_on_after_every_kind_of_failure_and_tells_of_a_conflict(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        with capture_logs() as logs:
            standin.fail(status=409, description="Conflict", method="getUpdates")
            standin.fail("half", method="getUpdates")
            standin.push(standin.text(SITI, "halo"))
            await standin.until(lambda: standin.heard(SITI))
        assert any("another process polls this bot" in str(entry.get("mend")) for entry in logs)
        assert "StandInSecretPart" not in str(logs)

    structlog.reset_defaults()
    with_app(work, sqlite_database, tmp_path)


def test_rows_follow_what_became_of_their_sends(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        standin.fail(status=403, description="Forbidden: bot was blocked by the user", method="sendMessage")
        standin.push(standin.text(SITI, "halo"))
        await become(app, _states, (["failed"], [True]))
        standin.fail(status=429, retry_after=1, method="sendMessage")
        standin.push(standin.text(SITI, "halo lagi"))
        await become(app, _states, (["failed", "sent"], [False]))
        assert len(standin.heard(SITI)) == 1

    with_app(work, sqlite_database, tmp_path)


async def become(app: App, look: Callable[[Session], Any], wanted: Any) -> None:
    async with asyncio.timeout(15):
        while await app.store.read(look) != wanted:
            await asyncio.sleep(0.02)


def _states(session: Session) -> tuple[list[str], list[bool]]:
    rows = session.exec(select(Outgoing).order_by(col(Outgoing.id))).all()
    return [row.status for row in rows], [one.unreachable_at is not None for one in session.exec(select(Address))]


def test_stopping_ends_the_poll_at_once(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        await standin.until(lambda: any(method == "setMyCommands" for method, _ in standin.requests))
        await asyncio.wait_for(app.stop(), HOLD / 2)
        assert not app.tasks

    with_app(work, sqlite_database, tmp_path)


def test_neither_the_token_nor_a_word_is_logged(
    sqlite_database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = "resep rahasia amplang"

    async def work(app: App, standin: StandIn) -> None:
        standin.fail("cut", method="sendMessage")
        standin.fail(status=500, description="Internal Server Error", method="getUpdates")
        standin.push({"update_id": next(standin.update_ids), "message": {"text": secret}}, standin.text(SITI, secret))
        await standin.until(lambda: len(standin.heard(SITI)) == 2)

    with caplog.at_level(logging.DEBUG):
        with_app(work, sqlite_database, tmp_path)
    printed = capfd.readouterr()
    written = printed.out + printed.err + caplog.text
    assert "telegram must wait" in written, "the log was looked at"
    assert secret not in written and "StandInSecretPart" not in written
