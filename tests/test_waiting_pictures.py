"""Messages whose picture is still to be fetched, and what comes behind them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot.app import App
from bot.channels.channel import Channel, SendError
from bot.unfinished import FETCH
from models.inbox import Received
from models.outbox import Outgoing
from tests.desk import Desk, Slow
from tests.world import MORNING


def test_what_comes_behind_a_waiting_picture_is_handled_after_it_in_order(desk: Desk) -> None:
    async def run() -> None:
        await desk.meet()
        statuses = [
            (await desk.say("p", "Amplang ikan 25rb per bungkus", photo=True)).status,
            (await desk.say("d", "250 gram, ikan tenggiri, tahan 3 bulan")).status,
            (await desk.say("m", "menu")).status,
        ]
        assert statuses == ["waiting", "queued", "queued"]
        assert "details" not in await desk.answers()
        assert (await desk.say("other", "halo", name="rina")).status == "done"
        desk.channel.gate.set()
        await desk.app.settled()
        answers = await desk.answers()
        assert (len(answers["photos"]), answers["price"]["amount"]) == (1, 25_000)
        assert answers["details"] == "250 gram, ikan tenggiri, tahan 3 bulan"
        asked = [row.message["key"] for row in await desk.rows(Outgoing)]
        assert asked[-3:] == ["product.details.ask", "product.capacity.ask", "menu.vendor"]
        assert {row.status for row in await desk.rows(Received)} == {"done"}

    asyncio.run(run())


@pytest.mark.parametrize("trouble", [SendError("gone"), LookupError("a bug"), OSError("disk full")])
def test_a_picture_that_cannot_be_had_does_not_hold_up_the_rest(desk: Desk, trouble: Exception) -> None:
    async def run() -> None:
        await desk.meet()
        desk.channel.trouble = trouble
        await desk.say("p", "", photo=True)
        await desk.say("m", "menu")
        before = len(await desk.rows(Outgoing))
        desk.channel.gate.set()
        await desk.app.settled()
        assert {row.status for row in await desk.rows(Received)} == {"done"}
        assert len(await desk.rows(Outgoing)) == before + 2

    asyncio.run(run())


def test_pictures_that_were_waited_for_at_a_stop_are_fetched_at_the_next_start(desk: Desk, database: str, tmp_path: Path) -> None:
    async def first() -> None:
        await desk.meet()
        await desk.say("p", "Amplang ikan 25rb per bungkus", photo=True)
        await desk.say("d", "250 gram, ikan tenggiri, tahan 3 bulan")
        await desk.app.stop()

    async def second() -> None:
        again = Desk(database, tmp_path / "media")
        again.channel.gate.set()
        await again.app.start()
        assert [task for task in again.app.tasks if task.get_name() == FETCH]
        await again.app.settled()
        answers = await again.answers()
        assert (len(answers["photos"]), answers["details"]) == (1, "250 gram, ikan tenggiri, tahan 3 bulan")
        await again.app.stop()

    asyncio.run(first())
    asyncio.run(second())


def test_a_picture_of_an_account_that_is_no_longer_there_is_given_up(desk: Desk, database: str, tmp_path: Path) -> None:
    async def first() -> None:
        await desk.meet()
        await desk.say("p", "", photo=True)
        await desk.say("m", "menu")
        await desk.app.store.write(lambda session: session.execute(update(Received).values(account="removed")))
        await desk.app.stop()

    async def second(channels: list[Channel] | None) -> set[str]:
        again = App(desk.app.settings, clock=lambda: MORNING, channels=channels)
        await again.start()
        await again.settled()
        rows = await again.store.read(lambda session: list(session.exec(select(Received.status))))
        await again.stop()
        return set(rows)

    asyncio.run(first())
    assert asyncio.run(second([Slow()])) == {"done", "waiting", "queued"}  # a command that works alone knows only its own channel
    assert asyncio.run(second(None)) == {"done"}
