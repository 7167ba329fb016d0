"""An officer who writes an announcement, for tests."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.campaign import Campaign
from models.outbox import Outgoing
from tests.world import World, text_of

TEXT = "Assalamualaikum Bapak/Ibu.\nSosialisasi katalog Kamis jam 9 di kantor Biro PBJ. Gratis, tanpa biaya. Sudah punya NIB?"


def write(
    world: World, text: str = TEXT, region: str = "semua", state: str = "Semua yang terdaftar", etalase: str = "Semua kelompok"
) -> str:
    """Up to the card."""
    world.say("petugas", "pengumuman")
    world.say("petugas", text)
    world.tap("petugas", "Tanpa gambar")
    if region:
        world.say("petugas", region)
    heard = world.tap("petugas", state)
    if etalase:
        heard = world.say("petugas", etalase)
    return text_of(heard)


def send(world: World, **more: str) -> str:
    write(world, **more)
    world.tap("petugas", "Kirim ke saya dulu")
    return text_of(world.press("petugas", card_button(world)))


def card_button(world: World) -> str:
    """The card is shown above the copy that came after it."""
    world.say("petugas", "menu")
    world.say("petugas", "lanjut")
    return world.button("petugas", "Kirim ke ")


def recipients(session: Session) -> list[Outgoing]:
    return list(session.exec(select(Outgoing).where(Outgoing.kind == "announcement").order_by(col(Outgoing.id))))


def campaign(session: Session) -> Campaign:
    return session.exec(select(Campaign)).one()
