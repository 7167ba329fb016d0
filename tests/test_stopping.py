"""A stop ends everything, whatever happens at the same moment."""

from __future__ import annotations

import asyncio

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
