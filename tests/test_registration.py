"""A first product with its business, from the first hello to the officer's queue."""

from __future__ import annotations

from sqlmodel import select

from models.product import Product
from tests.world import World, text_of


def register(world: World, name: str = "siti") -> None:
    """The shortest way through the registration of a packaged food."""
    world.say(name, "halo")
    world.tap(name, "Setuju")
    world.say(name, f"Bu {name.title()}")
    world.photos(name, [hash(name) % 1000, 2, 3], "Amplang ikan tenggiri 25rb per bungkus")
    world.say(name, "250 gram, ikan tenggiri, tahan 3 bulan")
    world.say(name, "200")
    world.tap(name, "Belum punya")
    world.say(name, "Jl. Gerilya, Sungai Pinang, Samarinda")
    world.say(name, "Amplang Bu Siti")
    world.say(name, "Siti Aminah")
    world.say(name, "9120001234567")
    world.say(name, "081234567890")
    world.tap(name, "Kirim ke petugas")


def test_a_first_product_reaches_the_queue(world: World) -> None:
    register(world)
    assert "sudah terkirim ke petugas" in "\n".join(world.transcript)
    product = world.read(lambda session: session.exec(select(Product)).one())
    assert (product.name, product.price, product.unit, product.etalase) == ("Amplang ikan tenggiri", 25_000, "bungkus", "mamin")
    assert len(product.photos) == 3
    assert world.messages["siti"] <= 14


def test_officers_hear_once_of_what_waits(world: World) -> None:
    world.officer("petugas")
    register(world, "siti")
    register(world, "rina")
    assert "2 produk menunggu" in text_of(world.hears("petugas"))
