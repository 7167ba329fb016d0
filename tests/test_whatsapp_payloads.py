"""Every payload at hand on an empty database, through the whole of receiving, against the table in docs/whatsapp-payloads.md.

LAPAK_REWRITE=1 writes the table anew.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from bot.app import App
from bot.channels.channel import Inbound, Receipt, SendError
from bot.channels.whatsapp import Whatsapp
from bot.settings import Settings
from bot.webhooks import WHATSAPP, parsed, routes
from messages import Message
from models.contact import Address, Person
from models.inbox import Received
from models.outbox import Outgoing
from tests.pictures import photo
from tests.schemas import SHARED
from tests.whatsapp_updates import signed
from tests.world import MORNING

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "whatsapp-payloads.md"
OURS, THEIRS = Path(__file__).parent / "payloads" / "whatsapp", SHARED / "payloads" / "whatsapp"
SECRET = "app-secret-of-the-tests"
NUMBER, FOREIGN = "123456123", ("999",)
UNSAID = ("reaction", "revoke", "system")
"""Types of messages that are not said to the bot."""
HEAD = """# What becomes of each webhook of WhatsApp

Each on an empty database, signed, delivered twice, by somebody who never wrote before, to the number that it names.
`tests/test_whatsapp_payloads.py` compares it; with `LAPAK_REWRITE=1` it writes it anew. "Kept" are the rows of the inbox; an address
is shown as the kind of name that it is, and with `+` where the other name is known too.
Whatever somebody says is answered, even what nobody can read. Not answered are, on purpose:

- statuses: they move the row on that they speak of, and here there is none;
- reactions and messages that were deleted: they are not said to the bot;
- a number or a user id that was changed: kept, nothing is said;
- groups: the bot speaks to people in private only;
- what the platform says of the account: the officers hear of it, and here there are none;
- other numbers and other objects: not ours;
- what names no sender: there is nobody to answer.
"""


class Offline(Whatsapp):
    """Has every picture at hand and marks nothing as read."""

    async def fetch(self, media: Mapping[str, Any]) -> bytes:
        if not media["id"]:
            raise SendError("gone")
        return photo(1)

    async def acknowledge(self, inbound: Inbound) -> None:
        return


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*") if file.suffix in (".json", ".txt") and file.name != "manifest.json")


def values(payload: Any) -> Iterator[Mapping[str, Any]]:
    """Of every change of the field in which people speak: found here without the code that is tested."""
    entries = payload.get("entry") if isinstance(payload, dict) and payload.get("object") == "whatsapp_business_account" else ()
    for entry in entries if isinstance(entries, list) else ():
        for change in entry.get("changes", ()):
            if change.get("field") == "messages" and isinstance(change.get("value"), dict):
                yield change["value"]


def number_of(payload: Any) -> str:
    """The number that a payload was sent to; another one where it is meant for somebody else's."""
    found = [value.get("metadata", {}).get("phone_number_id", "") for value in values(payload)]
    return next((one for one in found if one and one not in FOREIGN), NUMBER)


def speakers(payload: Any, number: str) -> set[str]:
    """Who said something to this number, and can be answered."""
    found: set[str] = set()
    for value in values(payload):
        if value.get("metadata", {}).get("phone_number_id") != number:
            continue
        for message in value.get("messages", ()):
            if isinstance(message, dict) and message.get("type") not in UNSAID and "group_id" not in message:
                found |= {str(name) for name in [_sender(message, value)] if name}
    return found


def _sender(message: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    user, number = message.get("from_user_id"), message.get("from")
    if isinstance(user, str) and re.fullmatch(r"[A-Z]{2}\..+", user):
        return user
    contacts = [one for one in value.get("contacts", ()) if isinstance(one, dict)]
    known = {one.get("wa_id"): one.get("user_id") for one in contacts}
    return (known.get(number) or number if isinstance(number, str) and number.isdecimal() else "") or ""


async def received(database: str, folder: Path, content: bytes) -> tuple[list[int], list[str], dict[str, list[Any]]]:
    """The statuses that were answered, what it was read as, and the rows it left."""
    payload = parsed(content)
    number = number_of(payload)
    phone = number if number.isdecimal() else NUMBER
    settings = Settings(
        _env_file=None, database_url=database, media_dir=folder / "media", whatsapp_token=SecretStr("token"), whatsapp_phone_id=phone,
        whatsapp_app_secret=SecretStr(SECRET), whatsapp_verify_token=SecretStr("verify"),
    )  # type: ignore[call-arg]  # fmt: skip
    channel = Offline(number, "token", "http://127.0.0.1:9")
    app = App(settings, clock=lambda: MORNING, channels=[channel])
    body, headers = signed(content, SECRET)
    try:
        transport = httpx.ASGITransport(app=Starlette(routes=routes(app)))
        async with httpx.AsyncClient(transport=transport, base_url="http://lapak") as client:
            answered = [(await client.post(WHATSAPP, content=body, headers=headers)).status_code for _ in range(2)]
        await app.settled()
        rows = await app.store.read(_rows)
    finally:
        await app.stop()
    return answered, [_kind(one) for one in channel.decode(payload)] if answered[0] == 200 else [], rows


def _kind(one: Any) -> str:
    if isinstance(one, Inbound):
        return "moved" if one.moved else one.said.kind if one.reachable is None else f"reachable {one.reachable}".lower()
    return f"status {one.status}" if isinstance(one, Receipt) else f"news {one.field}"


def _rows(session: Session) -> dict[str, list[Any]]:
    return {
        "kept": list(session.exec(select(Received).order_by(col(Received.id)))),
        "outbox": list(session.exec(select(Outgoing).order_by(col(Outgoing.id)))),
        "addresses": list(session.exec(select(Address).order_by(col(Address.id)))),
        "people": list(session.exec(select(Person))),
    }


def keys(message: Message) -> str:
    return (f"{keys(message.lead)} + " if message.lead else "") + message.key


def named(address: Address) -> str:
    return ("number" if address.address.isdecimal() else "user id") + ("+" if address.alias else "")


def line(file: Path, database: str, folder: Path) -> str:
    answered, read, rows = asyncio.run(received(database, folder, file.read_bytes()))
    said = [(row.address_id, keys(Message.from_json(row.message))) for row in rows["outbox"] if row.status == "queued"]
    payload = parsed(file.read_bytes())
    speaking = speakers(payload, number_of(payload))
    answers = {address_id for address_id, _ in said}
    assert len(answers) >= len(speaking), f"{file.name}: one of {speaking} is met with silence"
    assert answered[0] == answered[1]
    heard = [one for one in read if not one.startswith(("status", "news"))]
    assert len(rows["kept"]) <= len(heard), f"{file.name} was delivered twice and heard twice"
    assert len(said) <= len(rows["kept"]), f"{file.name} was delivered twice and answered twice"
    columns = [
        file.stem, str(answered[0]), ", ".join(read) or "nothing", ", ".join(row.status for row in rows["kept"]) or "-",
        ", ".join(map(named, rows["addresses"])) or "-", ", ".join(key for _, key in said) or "-",
    ]  # fmt: skip
    return f"| {' | '.join(columns)} |"


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
        text += f"\n## {one}\n\n| payload | status | read as | kept | known by | answer |\n| --- | --- | --- | --- | --- | --- |\n"
        text += "".join(f"{row}\n" for row in rows)
    TABLE.write_text(text, encoding="utf-8")


def test_nothing_of_a_payload_is_logged(sqlite_template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any) -> None:
    secret = "rahasia-dapur-amplang"
    whole = (OURS / "text.json").read_text(encoding="utf-8").replace("Assalamualaikum, mau daftar amplang", secret)
    odd = whole.replace('"type": "text"', f'"type": "{secret}"')
    for number, content in enumerate((whole, odd)):
        database = tmp_path / f"{number}.db"
        database.write_bytes(sqlite_template.read_bytes())
        _, read, rows = asyncio.run(received(f"sqlite:///{database}", tmp_path, content.encode()))
        assert secret in content and len(read) == len(rows["outbox"]) == 1
    printed = capfd.readouterr()
    assert secret not in printed.out + printed.err + caplog.text


def test_an_identity_number_is_nowhere(sqlite_database: str, tmp_path: Path) -> None:
    content = (OURS / "nik.json").read_bytes()
    [nik] = re.findall(r"\d{16}", json.loads(content)["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"])
    asyncio.run(received(sqlite_database, tmp_path, content))
    assert nik.encode() not in (tmp_path / "lapak.db").read_bytes()


def test_both_names_and_the_number_are_read_where_the_platform_tells_them() -> None:
    [found] = Offline(NUMBER, "token", "http://127.0.0.1:9").decode(json.loads((OURS / "text.json").read_bytes()))
    assert isinstance(found, Inbound)
    assert (found.address, found.alias, found.phone) == ("ID.55500010000000001", "628125550001", "+628125550001")
