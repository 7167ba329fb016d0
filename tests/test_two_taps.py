"""The button that has just done its work, tapped once more: nothing is done twice, and nobody is told off."""

from __future__ import annotations

from sqlmodel import select

from models.conversation import Conversation
from models.product import Product
from tests.test_registration import register
from tests.world import World, text_of


def twice(world: World, label: str) -> str:
    """What the second tap of a button says."""
    press = world.button("siti", label)
    assert world.press("siti", press)
    return text_of(world.press("siti", press))


def test_agreeing_and_sending(small_world: World) -> None:
    small_world.say("siti", "halo")
    assert twice(small_world, "Setuju") == ""
    for words in ("Bu Siti", "amplang tenggiri 25rb per bungkus"):
        small_world.say("siti", words)
    small_world.photos("siti", [1])
    for words in ("250 gram, ikan tenggiri, tahan 3 bulan", "200"):
        small_world.say("siti", words)
    assert twice(small_world, "Belum punya") == ""
    for words in ("Bontang", "Amplang Siti", "Siti Aminah", "9120001234567", "081234567890"):
        small_world.say("siti", words)
    send = small_world.button("siti", "Kirim ke petugas")
    assert twice(small_world, "Kirim ke petugas") == ""
    small_world.later(minutes=5)
    heard = text_of(small_world.press("siti", send))
    assert "sudah beres" in heard and "pesan lama" not in heard
    assert len(small_world.read(lambda session: session.exec(select(Product)).all())) == 1


def test_copying_and_withdrawing(small_world: World) -> None:
    register(small_world)
    small_world.say("siti", "produk saya")
    small_world.tap("siti", "Amplang ikan")
    assert "dibuka petugas" not in twice(small_world, "Tarik")
    small_world.say("siti", "produk saya")
    small_world.tap("siti", "Amplang ikan")
    twice(small_world, "Seperti ini")
    open_ones = small_world.read(lambda session: session.exec(select(Conversation).where(Conversation.closed_at == None)).all())  # noqa: E711
    assert len(open_ones) == 1
