"""What the words of procurement mean is one tap away from all that comes by itself of a call."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.alerts import reminders
from bot.channels.whatsapp_sending import MOST_BUTTONS
from messages import Rendered
from messages.pushed import PUSHED
from tests.alerting import day, package, small_day, taste, tended, vendor
from tests.packages import closing
from tests.world import World, text_of

__all__ = ["day", "small_day"]
SAYS = {"langsung": "Pengadaan langsung: dinas membeli", "tender": "Tender: lomba terbuka.", "": "Cara belinya belum disebut"}


def told(world: World, method: str) -> list[Rendered]:
    taste(world, vendor(world, "siti"), rhythm="instant")
    package(world, method=method, closes_at=closing("12-05"))
    tended(world)
    return world.hears("siti")


@pytest.mark.parametrize("method", SAYS)
def test_a_notice_that_comes_by_itself_leads_to_what_its_way_of_buying_is(day: World, method: str) -> None:
    [heard] = told(day, method)
    assert len(heard.buttons) == MOST_BUTTONS, "more would be folded into a list"
    assert SAYS[method] in text_of(day.tap("siti", "Apa caranya?"))
    assert "Berminat, Bu Siti?" in text_of(day.tap("siti", "Lihat peluang")), "and back"


def test_a_reminder_does_too(small_day: World) -> None:
    told(small_day, "tender")
    small_day.tap("siti", "Saya berminat")
    small_day.now = datetime(2026, 12, 2, 0, 1, tzinfo=small_day.now.tzinfo)
    small_day.do(reminders(small_day.app))
    assert "Pengingat untuk Bu Siti" in text_of(small_day.hears("siti"))
    assert SAYS["tender"] in text_of(small_day.tap("siti", "Apa caranya?"))


@pytest.mark.parametrize("key", ["call.new", "call.soon"])
def test_so_do_their_templates(key: str) -> None:
    assert "call_what" in {option.id for option in PUSHED[key].buttons}
