"""Every payload at hand on an empty database, through the whole of receiving, against the table in docs/telegram-payloads.md.

LAPAK_REWRITE=1 writes the table anew.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.app import App
from bot.channels.channel import Inbound
from bot.channels.telegram import Telegram
from bot.channels.telegram_decoding import QUIET
from bot.settings import Settings
from bot.webhooks import UNREADABLE, parsed
from messages import Message
from models.contact import Address
from models.inbox import Received
from models.outbox import Outgoing
from tests.pictures import photo
from tests.schemas import SHARED
from tests.world import MORNING

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "telegram-payloads.md"
OURS, THEIRS = Path(__file__).parent / "payloads" / "telegram", SHARED / "payloads" / "telegram"
HEAD = """# What becomes of each update of Telegram

Each on an empty database, delivered twice, by somebody who never wrote before. `tests/test_telegram_payloads.py` compares it; with
`LAPAK_REWRITE=1` it writes it anew.
Everything that comes from a private chat is answered, even what nobody can read. Not answered are, on purpose:

- blocking and unblocking: kept at the address, nothing is said;
- reactions, memberships, boosts, polls, inline queries and what is said in somebody's business account: they are not said to the bot,
  and none is asked for;
- a live location that moves: it does so by itself every few seconds (its first pin is answered);
- groups and channels: the bot speaks to people in private only;
- what names neither a private chat nor a person: there is nobody to answer.
"""


class Offline(Telegram):
    """Has every picture at hand and answers no taps."""

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        return photo(1)

    async def acknowledge(self, inbound: Inbound) -> None:
        return


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*") if file.suffix in (".json", ".txt") and file.name != "manifest.json")


def parts(update: Any) -> Iterator[Any]:
    waiting = deque([update])
    while waiting:
        part = waiting.popleft()
        yield part
        waiting.extend(part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())


def says_something_in_private(update: Any) -> bool:
    """Whether somebody can and should be answered: found here without the code that is tested."""
    if isinstance(update, dict) and update.keys() - {"update_id"} <= QUIET | {"my_chat_member"}:
        return False
    if isinstance(update, dict) and "message" not in update and "location" in update.get("edited_message", {}):
        return False
    chats = [part["chat"] for part in parts(update) if isinstance(part, dict) and isinstance(part.get("chat"), dict)]
    return any(chat.get("type") == "private" and isinstance(chat.get("id"), int) for chat in chats)


async def received(database: str, folder: Path, content: bytes) -> tuple[str, list[Any], list[Any], list[Any]]:
    """How it was read, and the rows it left."""
    update = parsed(content)
    if update is UNREADABLE:
        return "no JSON: 400", [], [], []
    settings = Settings(_env_file=None, database_url=database, media_dir=folder / "media")  # type: ignore[call-arg]
    channel = Offline("110201543:secret")
    app = App(settings, clock=lambda: MORNING, channels=[channel])
    try:
        found = [one for one in channel.decode(update) if isinstance(one, Inbound)]
        for _ in range(2):
            await app.receive_all(channel, found)
        await app.settled()
        rows = await app.store.read(_rows)
    finally:
        await app.stop()
    kinds = [one.said.kind if one.reachable is None else f"reachable {one.reachable}".lower() for one in found]
    return ", ".join(kinds) or "nobody to answer", *rows


def _rows(session: Session) -> tuple[list[Any], list[Any], list[Any]]:
    return list(session.exec(select(Received))), list(session.exec(select(Outgoing))), list(session.exec(select(Address)))


def keys(message: Message) -> str:
    return (f"{keys(message.lead)} + " if message.lead else "") + message.key


def line(file: Path, database: str, folder: Path) -> str:
    read, inbox, outbox, _ = asyncio.run(received(database, folder, file.read_bytes()))
    said = [keys(Message.from_json(row.message)) for row in outbox if row.status == "queued"]
    update = parsed(file.read_bytes())
    if update is not UNREADABLE and says_something_in_private(update):
        assert said, f"{file.name} is met with silence"
    assert len(said) <= 1 and len(inbox) <= 1, f"{file.name} was delivered twice and heard twice"
    return f"| {file.stem} | {read} | {', '.join(row.status for row in inbox) or '-'} | {', '.join(said) or '-'} |"


@pytest.mark.parametrize("name", ["ours", "shared"])
def test_each_payload_ends_as_the_table_says(name: str, sqlite_template: Path, tmp_path: Path) -> None:
    folder = OURS if name == "ours" else THEIRS
    if not folder.exists():
        pytest.skip(f"no payloads at {folder}: set LAPAK_SHARED to where the shared data is")
    lines = []
    for number, file in enumerate(files(folder)):
        database = tmp_path / f"{number}.db"
        database.write_bytes(sqlite_template.read_bytes())
        lines.append(line(file, f"sqlite:///{database}", tmp_path))
    assert lines
    if os.environ.get("LAPAK_REWRITE"):
        rewrite(name, lines)
    assert section(TABLE.read_text(encoding="utf-8"), name) == lines


def section(text: str, name: str) -> list[str]:
    """The rows of one table."""
    _, _, rest = text.partition(f"\n## {name}\n")
    return [row for row in rest.partition("\n## ")[0].splitlines() if row.startswith("| ") and not row.startswith(("| payload", "| ---"))]


def rewrite(name: str, lines: list[str]) -> None:
    known = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    text = HEAD
    for one in ("ours", "shared"):
        rows = lines if one == name else section(known, one)
        text += f"\n## {one}\n\n| payload | read as | inbox row | answer |\n| --- | --- | --- | --- |\n" + "".join(
            f"{row}\n" for row in rows
        )
    TABLE.write_text(text, encoding="utf-8")


def test_nothing_of_a_payload_is_logged(sqlite_template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any) -> None:
    secret = "rahasia-dapur-amplang"
    update = {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": secret}}
    for number, odd in enumerate((update, {**update, "message": {**update["message"], "from": secret, "photo": secret}})):  # type: ignore[dict-item]
        database = tmp_path / f"{number}.db"
        database.write_bytes(sqlite_template.read_bytes())
        read, _, outbox, _ = asyncio.run(received(f"sqlite:///{database}", tmp_path, json.dumps(odd).encode()))
        assert read == "text" and len(outbox) == 1
    printed = capfd.readouterr()
    assert secret not in printed.out + printed.err + caplog.text


def test_a_block_is_kept_and_an_unblock_ends_it(sqlite_database: str, tmp_path: Path) -> None:
    blocked, unblocked = ((OURS / f"{name}.json").read_bytes() for name in ("blocked", "unblocked"))
    address = asyncio.run(received(sqlite_database, tmp_path, blocked))[3][0]
    assert address.unreachable_at is not None and address.reason == "blocked"
    _, _, outbox, addresses = asyncio.run(received(sqlite_database, tmp_path, unblocked))
    assert [one.unreachable_at for one in addresses] == [None] and outbox == []
