"""An officer who types a call, for tests."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.outbox import Outgoing
from tests.world import World, text_of

CLOSES = "25 November 15.00"


def type_call(world: World, name: str = "petugas", closes: str = CLOSES, region: str = "smd") -> None:
    """Up to the card."""
    world.say(name, "peluang: Konsumsi rapat koordinasi 50 orang")
    world.say(name, "Dinas Kesehatan Kota Samarinda")
    if region:
        world.say(name, region)
    world.say(name, "18,5 juta")
    world.say(name, closes)
    world.say(name, "lewati")


def announce(world: World, closes: str = CLOSES, region: str = "smd") -> str:
    type_call(world, closes=closes, region=region)
    return text_of(world.tap("petugas", "Kabari"))


def notices(session: Session) -> list[Outgoing]:
    return list(session.exec(select(Outgoing).where(Outgoing.kind == "call").order_by(col(Outgoing.id))))
