"""What the menu offers, within what every channel shows at once."""

from __future__ import annotations

from bot.channels.whatsapp_sending import MOST_ROWS
from tests.alerting import package, vendor
from tests.world import World, text_of


def test_open_calls_are_one_tap_from_an_owners_menu(world: World) -> None:
    vendor(world, "siti")
    package(world)
    world.say("siti", "menu")
    labels = [button.label for button in world.last["siti"].buttons]
    assert labels == ["Daftar produk", "Produk saya", "Peluang terbuka", "Tanya petugas"]
    assert "1. Konsumsi rapat" in text_of(world.tap("siti", "Peluang terbuka"))


def test_they_stand_there_once_and_fit_into_a_list_with_a_draft_and_help(small_world: World) -> None:
    vendor(small_world, "siti")
    small_world.say("siti", "daftar produk")
    small_world.say("siti", "Kerupuk udang 25rb per bungkus")
    small_world.say("siti", "batal")
    small_world.say("siti", "bantuan")
    labels = [button.label for button in small_world.last["siti"].buttons]
    assert labels[0] == "Lanjutkan" and labels.count("Peluang terbuka") == 1 and len(labels) <= MOST_ROWS
