"""An announcement and the clock: pauses, nights, a time that went by, and what WhatsApp may cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.sending.claims import claim
from models.campaign import Campaign
from models.campaign_life import cancel, pause, resume
from models.contact import Address
from models.template import remember
from models.terms import Terms
from tests.announcing import campaign, card_button, recipients, send, write
from tests.campaigning import left, new, people
from tests.vendors import add_vendor
from tests.world import World, text_of


def test_a_pause_holds_and_the_remaining_is_exact(world: World) -> None:
    world.officer("petugas")
    people(world, 5)
    new(world)
    world.hears("v0")
    assert world.write(lambda session: pause(session, 1, world.now)) and not world.write(lambda session: pause(session, 1, world.now))
    assert (world.hears("v1"), left(world)) == ([], 4)
    assert world.write(lambda session: resume(session, 1, world.now)) and not world.write(lambda session: resume(session, 1, world.now))
    world.hears("v1")
    assert world.write(lambda session: cancel(session, 1, world.now)) and not world.write(lambda session: resume(session, 1, world.now))
    assert (world.hears("v2"), left(world)) == ([], 3)


def test_what_is_late_does_not_arrive_at_night(world: World) -> None:
    """Slow, or resumed in the evening: each in the own zone."""
    world.now = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # 19.30 WITA, 18.30 WIB
    world.officer("petugas")
    people(world, 2)
    world.write(lambda session: add_vendor(session, "jauh", zone="Asia/Jakarta"))
    new(world)
    world.write(lambda session: pause(session, 1, world.now))
    world.later(hours=1)
    world.write(lambda session: resume(session, 1, world.now))
    taken = world.write(lambda session: claim(session, "terminal", "w", world.now))
    assert [one.address for one in taken.rows] == ["jauh"]
    morning = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert {row.due_at for row in world.read(recipients) if row.status == "queued"} == {morning}
    assert taken.next_due == morning
    world.now = morning
    assert [len(world.hears(f"v{n}")) for n in range(2)] == [1, 1]


def test_for_whom_it_is_night_is_told_before(small_world: World) -> None:
    small_world.now = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 20.30 WITA, 19.30 WIB
    small_world.officer("petugas")
    people(small_world, 2)
    small_world.write(lambda session: add_vendor(session, "jauh", zone="Asia/Jakarta"))
    assert "3 orang dikabari. Di tempat 2 orang sudah malam, jadi mereka dapat jam 07.00." in write(small_world)


def test_at_night_the_second_officer_is_asked_in_the_morning(small_world: World) -> None:
    small_world.now = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 21.30 WITA
    small_world.officer("petugas")
    small_world.officer("ani")
    people(small_world, 2)
    small_world.app.scene = replace(small_world.app.scene, approve_above=1)
    assert "mereka saya tanya jam 07.00" in send(small_world) and small_world.hears("ani") == []
    small_world.later(hours=10)
    assert "Setuju dikirim" in text_of(small_world.hears("ani"))


def test_the_time_went_by_while_the_card_lay_open(small_world: World) -> None:
    small_world.officer("petugas")
    people(small_world, 1)
    write(small_world)
    small_world.tap("petugas", "Atur waktu")
    small_world.say("petugas", "hari ini jam 11 pagi")
    small_world.tap("petugas", "Kirim ke saya dulu")
    small_world.later(hours=2)
    small_world.say("petugas", "menu")
    small_world.say("petugas", "lanjut")
    heard = text_of(small_world.tap("petugas", "Kirim ke 1 orang"))
    assert "Waktu kirimnya sudah lewat" in heard and "Kapan dikirim?" in heard
    assert small_world.read(lambda session: session.exec(select(Campaign)).all()) == []
    assert "[Kirim ke 1 orang]" in text_of(small_world.tap("petugas", "Sekarang"))


@pytest.mark.parametrize(
    ("choice", "paid", "words"),
    [("Kirim, berbayar", True, "paling banyak Rp656"), ("Menunggu, gratis", False, "kalau menulis lagi, gratis")],
)
def test_the_officer_chooses_what_whatsapp_may_cost(small_world: World, choice: str, paid: bool, words: str) -> None:
    small_world.officer("petugas")
    small_world.officer("ani")
    people(small_world, 2)
    small_world.app.scene = replace(small_world.app.scene, approve_above=1, terms=Terms(prices={"marketing": 656}, ceiling=1_000_000))

    def on_whatsapp(session: Session) -> None:
        place = session.exec(select(Address).where(Address.address == "v0")).one()
        place.channel, place.account, place.heard_at = "whatsapp", "whatsapp:1", small_world.now - timedelta(days=2)
        remember(session, "announcement_body", "id", "approved", "marketing", "", small_world.now)

    small_world.write(on_whatsapp)
    assert "Biaya" not in write(small_world)
    asked = "1 penerima di WhatsApp sudah lama tidak menulis. Menunggu mereka menulis lagi (gratis), atau dikirim sekarang ke 1 orang "
    assert asked + "(berbayar, paling banyak Rp656)?" in text_of(small_world.say("petugas", "lanjut"))
    card = text_of(small_world.tap("petugas", choice))
    assert "2 orang dikabari.\n1 orang lewat aplikasi lain" in card and words in card
    small_world.tap("petugas", "Kirim ke saya dulu")
    small_world.press("petugas", card_button(small_world))
    made = small_world.read(campaign)
    assert (made.paid, made.plan["outside"], made.plan["rupiah"]) == (paid, 1, 656)
    assert words in text_of(small_world.hears("ani")), "who must agree reads what it may cost"
