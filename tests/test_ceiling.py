"""The month's money of a number is used up: the officers hear it once, with how much was spent, who waits and what can be done."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session, col, select, update

from bot.schedule import tell_ceilings
from models.ceiling import mark_poor
from models.contact import Person
from models.outbox import Outgoing
from models.tick import Tick
from tests.campaigning import new, people
from tests.canarying import FIRST, FOLK, on_whatsapp, templates
from tests.paid import PRICE, Paid
from tests.world import World, text_of

MARKETING = 697
ACCOUNT = "whatsapp:1"


def poor(world: World, account: str = ACCOUNT) -> int:
    """The sender has found that a number has no money left; the scheduler looks a minute later. Returns how many are told."""
    world.write(partial(mark_poor, account=account, terms=world.app.settings.terms, by="w", now=world.now))
    world.later(minutes=1)
    return world.do(tell_ceilings(world.app))


def test_the_officers_hear_how_much_was_spent_who_waits_and_what_can_be_done(database: str, tmp_path: Path) -> None:
    """Money for thirty of a hundred and twenty, over real HTTP."""
    with on_whatsapp(database, tmp_path, whatsapp_ceiling=30 * MARKETING + 99) as on:

        def look(seconds: float) -> None:
            on.steer(seconds)
            on.player.hear()
            asyncio.run_coroutine_threadsafe(tell_ceilings(on.stage.app), on.stage.loop).result(30)
            on.stage.quiet(0)

        on.player.officer("ani", "64")
        on.announce("[pay]")
        look(1)
        assert (on.counts, on.heard()) == ({"read": FIRST}, "")
        look(1)
        look(1)
        assert (on.counts, templates(on.platform), on.heard()) == ({"read": 30, "held": FOLK - 30}, 30, "")
        look(60)
        notice = (
            "Batas biaya WhatsApp bulan ini tercapai, Bapak/Ibu: Rp20.910 dari Rp21.009 (whatsapp:123456123). Menunggu: 90 penerima "
            "pengumuman. Mereka mendapatnya begitu menulis ke bot. Pesan berbayar yang baru jalan lagi 1 Desember 2026. Kalau "
            "mendesak, ajak orangnya menulis, atau minta pengelola menaikkan batasnya."
        )
        assert on.heard() == notice and on.player.heard("ani")[-1] == notice
        assert "Menunggu orangnya menulis: 90." in on.say("progres")
        look(7200)
        assert (on.heard(), templates(on.platform)) == ("", 30)


def test_once_a_month_and_number(world: World) -> None:
    world.officer("petugas")
    world.officer("jauh", "64.03")
    assert [poor(world), poor(world), poor(world, "whatsapp:2")] == [1, 0, 1]
    heard = text_of(world.hears("petugas"))
    assert heard.count("Batas biaya WhatsApp bulan ini tercapai") == 2 and "(whatsapp:1)" in heard and "(whatsapp:2)" in heard
    world.later(days=7, hours=14)  # 00.00 on 1 December in the office's zone
    assert world.do(tell_ceilings(world.app)) == 0, "the new month has its own money"
    assert poor(world) == 1
    assert world.hears("petugas") == [], "at night it waits"
    world.later(hours=8)
    assert "jalan lagi 1 Januari 2027" in text_of(world.hears("petugas"))
    assert world.hears("jauh") == []


def test_a_minute_is_left_for_what_is_on_its_way(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(partial(mark_poor, account=ACCOUNT, terms=small_world.app.settings.terms, by="w", now=small_world.now))
    assert small_world.do(tell_ceilings(small_world.app)) == 0
    small_world.later(minutes=1)
    assert small_world.do(tell_ceilings(small_world.app)) == 1


def test_the_officer_of_an_announcement_hears_it_when_it_is_kept_back_too(small_world: World) -> None:
    small_world.officer("daerah", "64.72")
    small_world.officer("petugas")
    people(small_world, 3)
    new(small_world)  # by the first of them
    assert poor(small_world) == 1
    kept = {"status": "held", "reason": "ceiling", "account": ACCOUNT}
    small_world.write(lambda session: session.execute(update(Outgoing).where(col(Outgoing.kind) == "announcement").values(**kept)))
    assert [poor(small_world), poor(small_world)] == [1, 0]
    assert "Menunggu: 3 penerima pengumuman." in text_of(small_world.hears("daerah"))
    assert "Menunggu: belum ada." in text_of(small_world.hears("petugas"))


def test_in_english(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.write(lambda session: session.execute(update(Person).values(locale="en")))
    poor(small_world)
    heard = text_of(small_world.hears("petugas"))
    assert "limit on WhatsApp costs is reached" in heard and "New paid messages go again from 1 December 2026." in heard


@pytest.mark.parametrize(("ceiling", "marks"), [(2 * PRICE, ["poor:post"]), (0, [])])
def test_the_sender_keeps_it_in_mind_but_not_a_ceiling_of_nothing(paid: Paid, ceiling: int, marks: list[str]) -> None:
    paid.terms(ceiling=ceiling)
    assert [paid.tell(name).status for name in "abcd"] == (["sent"] * 2 if ceiling else ["held"] * 2) + ["held"] * 2
    assert paid.write(all_marks) == marks


def all_marks(session: Session) -> list[str]:
    return list(session.exec(select(Tick.job)))
