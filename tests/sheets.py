"""Officers who send spreadsheets, for tests."""

from __future__ import annotations

from itertools import count

from sqlmodel import Session, col, select

from bot.channels.channel import Inbound
from bot.sheet_intake import take_sheets
from handlers.said import Said
from models.call import Call
from models.contact import Address
from models.conversation import Conversation
from models.sheet import Sheet
from tests.papers import book
from tests.world import World, text_of

numbers = count(1)
BUDGETS = range(5_000_000, 5_000_120)


def send(world: World, name: str, content: bytes, text: str = "") -> str:
    world.receive(Inbound(f"d{next(numbers)}", name, Said(kind="file", text=text), {"hex": content.hex()}))
    return text_of(world.hears(name))


def many(n: int, place: str = "Kota Samarinda") -> bytes:
    rows = [[at, f"Konsumsi rapat ke-{at}", "Dinas Kesehatan", budget, place] for at, budget in enumerate(BUDGETS[:n], 1)]
    return book(["No", "Nama Paket", "Satuan Kerja", "Pagu", "Lokasi"], rows)


def confirmed(world: World, content: bytes, region: str = "64.72") -> None:
    world.officer("petugas", region)
    send(world, "petugas", content)
    assert "saya masukkan sekarang" in text_of(world.tap("petugas", "Ya, masukkan"))


def calls(world: World) -> list[Call]:
    return world.read(lambda session: list(session.exec(select(Call).order_by(col(Call.id)))))


def only_sheet(world: World) -> Sheet:
    return world.read(lambda session: session.exec(select(Sheet)).one())


def person_of(session: Session, name: str) -> int:
    return session.exec(select(Address.person_id).where(Address.address == name)).one()


def ended(world: World) -> str:
    world.do(take_sheets(world.app))
    return text_of(world.hears("petugas"))


def waiting_files(world: World) -> list[str]:
    return [file.name for file in world.app.settings.media_dir.glob("lembar-*")]


def open_sheets(session: Session) -> int:
    return len(session.exec(select(Conversation).where(Conversation.form == "sheet", col(Conversation.closed_at).is_(None))).all())
