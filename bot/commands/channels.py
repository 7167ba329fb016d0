"""`lapak channels`: which accounts messages go through, and taking one up again that the platform had restricted."""

from __future__ import annotations

import asyncio

from bot.control import reach
from bot.settings import Settings
from models.reasons import plainly


def show(settings: Settings) -> None:
    for one in asyncio.run(_listed(settings)):
        print(f"{one['account']:32} {'stopped: ' + plainly(one['stopped']) if one['stopped'] else 'open'}")


async def _listed(settings: Settings) -> list[dict[str, str]]:
    async with reach(settings) as control:
        found: list[dict[str, str]] = (await control.ask("/channels"))["channels"]
        return found


def resume(settings: Settings, account: str) -> None:
    was = asyncio.run(_resumed(settings, account))
    print(f"{account} sends again." if was else f"{account} was not stopped.")


async def _resumed(settings: Settings, account: str) -> bool:
    async with reach(settings) as control:
        return bool((await control.ask("/channels/resume", {"account": account}))["was_stopped"])
