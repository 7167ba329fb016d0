"""Texts typed one after the other, before the answer to the first could be read."""

from __future__ import annotations

from itertools import count

import pytest

from bot.channels.channel import Inbound
from handlers.said import Said
from models.conversation import current_of
from tests.world import World, text_of

IDS = count(1)


@pytest.fixture
def named(small_world: World) -> World:
    """The name of the product is asked."""
    for text in ("halo", "ya", "Bu Siti"):
        small_world.say("siti", text)
    small_world.photos("siti", [1])
    return small_world


def burst(world: World, *texts: str) -> str:
    """Typed within a second or two, answered once."""
    for text in texts:
        world._receive(Inbound(f"b{next(IDS)}", "siti", Said(text=text)))
    heard = world.hears("siti")
    assert len(heard) == 1
    return text_of(heard)


def answers(world: World) -> dict[str, object]:
    return world.read(lambda session: dict((current_of(session, 1) or pytest.fail("no conversation")).answers))


def test_two_parts_of_a_name_and_a_price(named: World) -> None:
    heard = burst(named, "Amplang", "ikan tenggiri", "25rb per bungkus")
    assert heard.startswith("Rp25.000 per bungkus, siap.")
    assert answers(named)["name"] == "Amplang ikan tenggiri"
    assert answers(named)["price"] == {"amount": 25_000, "unit": "bungkus"}


def test_a_correction_replaces_what_it_corrects(named: World) -> None:
    burst(named, "Amplang ikan tenggiri")
    heard = burst(named, "25rb per bungkus", "28rb per bungkus")
    assert "Isinya berapa" in heard
    assert answers(named)["price"] == {"amount": 28_000, "unit": "bungkus"}


def test_a_part_is_never_taken_for_the_number_of_the_next_question(named: World) -> None:
    burst(named, "Amplang ikan tenggiri")
    burst(named, "25rb per bungkus")
    burst(named, "250 gram", "ikan tenggiri", "tahan 3 bulan")
    assert answers(named)["details"] == "250 gram ikan tenggiri tahan 3 bulan"
    assert "capacity" not in answers(named)


def test_words_for_a_question_nobody_has_seen_wait_on_a_button(named: World) -> None:
    burst(named, "Amplang ikan tenggiri")
    heard = burst(named, "25rb per bungkus", "bahannya ikan segar semua")
    assert "sebelum pertanyaan ini sampai" in heard and "[bahannya ikan segar semua]" in heard
    named.tap("siti", "bahannya ikan segar semua")
    assert answers(named)["details"] == "bahannya ikan segar semua"


def test_yes_does_not_send_a_card_that_was_not_seen(named: World) -> None:
    for text in ("Kursi rotan", "150rb per buah", "rotan asli 2 kilo", "20", "Samarinda", "Rotan Jaya", "Siti Aminah", "9120001234567"):
        burst(named, text)
    heard = burst(named, "081234567890", "ya")
    assert "Kirim ke petugas" in heard
    assert "terkirim" not in heard
