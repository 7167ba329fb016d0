"""`lapak calls poll`: reads a source now, or all of them, and says what there was."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.control import reach
from bot.feeds.polling import sources
from bot.ownership import Complaint
from bot.settings import Settings

BUSY = 2.0
"""Seconds until it is asked again whether the sources are free."""
COUNTED = ("read", "new", "changed", "merged", "same", "pages")
NONE = "no source is set: LAPAK_INAPROC_TOKEN with LAPAK_INAPROC_OFFICES, LAPAK_SIRUP_API, LAPAK_SPSE_URLS, LAPAK_OCDS_URLS"


def poll(settings: Settings, name: str) -> bool:
    """Whether every source could be read. A name without its site means all sites."""
    known = [source.name for source in sources(settings)]
    wanted = [one for one in known if name in ("", one, one.partition(":")[0])]
    if not known:
        raise Complaint(NONE)
    if not wanted:
        raise Complaint(f"no source {name} is set; known are {', '.join(known)}")
    found = asyncio.run(_poll(settings, wanted))
    return not any(one["error"] for one in found)


async def _poll(settings: Settings, wanted: list[str]) -> list[dict[str, Any]]:
    """A look at a time, until each is at its end or fails."""
    done = list[dict[str, Any]]()
    async with reach(settings) as control:
        while wanted:
            answer = await control.ask("/calls/poll", {"names": wanted})
            if answer["busy"]:
                await asyncio.sleep(BUSY)
                continue
            ended = [one for one in answer["told"] if one["error"] or not one["more"]]
            for one in ended:
                print(line(one))
            done += ended
            wanted = [one["name"] for one in answer["told"] if one not in ended]
    return done


def line(one: dict[str, Any]) -> str:
    """`sirup: 120 read, 12 new, set aside 2 (no_title)`, or why it could not be read."""
    if one["error"]:
        return f"{one['name']}: could not be read, {one['error']}; tried again {one['next_at']}"
    counts = one["counts"]
    parts = [f"{counts[name]} {name}" for name in COUNTED if counts.get(name)]
    parts += [f"set aside {n} ({reason})" for reason, n in counts.get("aside", {}).items()]
    return f"{one['name']}: {', '.join(parts) or 'nothing'}"
