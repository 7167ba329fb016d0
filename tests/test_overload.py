"""More comes in than can be handled, and the bot is killed over it: what was acknowledged is handled; a loss would be seen."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from bot.faults.overload import lost_of, our_bot, ours


def test_what_was_acknowledged_at_overload_is_handled(tmp_path: Path) -> None:
    acknowledged, lost = asyncio.run(ours(tmp_path, 100, 1, 7))
    assert (sorted(acknowledged), lost) == (list(range(1, 101)), set())
    bot = our_bot(tmp_path, "")
    with sqlite3.connect(tmp_path / "ours.db") as connection:
        connection.execute("UPDATE received SET status = 'waiting' WHERE external_id = 'u7'")
    connection.close()
    assert lost_of(acknowledged, bot) == {7}
