"""`lapak officers`: done by the running server, or here if none runs."""

from __future__ import annotations

import asyncio
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.control import Control, reach
from bot.platforms import telegram
from bot.settings import Settings
from models.places import name_of


def add(settings: Settings, address: str, region: str) -> None:
    told = asyncio.run(_ask(settings, "/officers", {"address": address, "region": region}))
    print(f"{address} is an officer of {told['name']} now")


def remove(settings: Settings, address: str, region: str) -> None:
    told = asyncio.run(_ask(settings, "/officers", {"address": address, "region": region}, "DELETE"))
    print(f"{address} is no officer of {told['name']} any more")


def invite(settings: Settings, region: str) -> None:
    told = asyncio.run(_ask(settings, "/invitations", {"region": region}))
    print(f"For one officer of {told['name']}, once, within 7 days:")
    bot = asyncio.run(telegram(settings, "getMe")).get("result", {}).get("username", "")
    if bot:
        print(f"https://t.me/{bot}?start={told['code']}")
    print(f"{'or ' if bot else ''}send this to the bot: /start {told['code']}")


def show(settings: Settings) -> None:
    rows = asyncio.run(_ask(settings, "/officers", None))["officers"]
    if not rows:
        print("no officers yet: ./run officers add --address telegram:ID --region 64.72")
        return
    table = Table("region", "", "name", "addresses", box=None)
    for row in rows:
        table.add_row(row["region"], name_of(row["region"]), row["name"] or "-", " ".join(row["addresses"]) or "-")
    Console(soft_wrap=True).print(table)


async def _ask(settings: Settings, path: str, body: dict[str, Any] | None, method: str = "") -> dict[str, Any]:
    control: Control
    async with reach(settings) as control:
        return await control.ask(path, body, method)
