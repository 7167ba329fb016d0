"""A stop ends everything, whatever happens at the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import App
from bot.channels.telegram import Telegram
from bot.settings import Settings
from tests.standin_telegram import StandIn
from tests.telegram_app import CHAT, HELLO, with_standin
from tests.world import World


def test_a_sender_that_is_woken_as_it_is_stopped_ends(small_world: World) -> None:
    async def stop_in_the_moment_of_a_wake() -> bool:
        [sender] = small_world.app.senders.values()
        looked, rest = asyncio.Event(), sender._rest

        async def resting(taken: object) -> None:
            looked.set()
            await rest(taken)  # type: ignore[arg-type]

        sender._rest = resting  # type: ignore[method-assign]
        running = asyncio.create_task(sender.run())
        await looked.wait()
        for _ in range(3):
            await asyncio.sleep(0)
        sender.wake()
        await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=20)
        return running in done

    assert small_world._run(stop_in_the_moment_of_a_wake())


def test_what_is_open_when_a_start_fails_is_closed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/file/lapak.db", media_dir=tmp_path)  # type: ignore[call-arg]

    async def work(_: StandIn, telegram: Telegram) -> None:
        await telegram.send(CHAT, HELLO, tmp_path, "")
        connections = telegram._wire._session
        with pytest.raises(OSError):
            await App(settings, channels=[telegram]).start()
        assert connections and connections.closed and telegram._client.is_closed

    with_standin(work)
