"""The life of an announcement: the first few by lot, stopping by itself, a second officer, its time, its end; whoever presses what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from bot.spread import add_recipients
from models.audience import Audience
from models.campaign import LIVE, Campaign
from models.campaign_life import approve, confirm, refuse, resume
from models.campaign_news import halt_campaign
from models.canary import WINDOW, failing
from tests.announcing import TEXT, campaign, recipients, send
from tests.campaigning import begin_due, left, new, people, settle, status
from tests.vendors import add_vendor
from tests.world import World, text_of


def test_the_first_ones_are_drawn_by_lot_and_the_others_follow(world: World) -> None:
    world.officer("petugas")
    people(world, 120)
    assert "ke 10 orang dulu, dipilih acak" in send(world)
    assert (status(world), left(world)) == ("canary", 120)
    world.steer()
    world.steer()
    rows = world.read(recipients)
    drawn = [row.person_id for row in rows]
    assert len(drawn) == 10 and max(drawn) - min(drawn) > 10, "drawn by lot"
    assert "110 menyusul" in text_of(world.say("petugas", "progres"))
    settle(world, "sent", 8)
    settle(world, "failed", 2)
    world.later(seconds=1)
    world.steer()
    assert (status(world), len(world.read(recipients)), left(world)) == ("running", 120, 110)
    assert len({row.person_id for row in world.read(recipients)}) == 120
    settle(world, "sent", 110)
    world.steer()
    assert (status(world), left(world)) == ("done", 0)


def test_the_first_ones_stop_it_and_the_officer_goes_on_all_the_same(world: World) -> None:
    world.officer("petugas")
    people(world, 120)
    send(world)
    world.steer()
    settle(world, "failed", 3)
    world.later(seconds=1)
    world.steer()
    assert (status(world), left(world)) == ("stopped", 117)
    heard = text_of(world.hears("petugas"))
    assert "berhenti sendiri" in heard and "memblokir (3 orang). Terkirim 0, belum dikirim 117." in heard
    world.tap("petugas", "Perkembangan")
    assert "Tetap lanjutkan ke 117 orang" in text_of(world.tap("petugas", "Lanjut kirim"))
    assert status(world) == "stopped"
    assert "Masih berjalan" in text_of(world.tap("petugas", "Ya, lanjutkan"))
    world.steer()
    assert status(world) == "running"


def test_many_that_wait_are_asked_about_before_they_are_cancelled(small_world: World) -> None:
    small_world.officer("petugas")
    people(small_world, 60)
    send(small_world)
    assert "Masih 60 orang" in text_of(small_world.tap("petugas", "Batalkan"))
    assert status(small_world) == "running"
    assert "Dibatalkan, 60 tidak dikirim." in text_of(small_world.tap("petugas", "Ya, batalkan"))


def outcomes(session: Session, made: Campaign, failed: int, now: datetime) -> None:
    """So many of the latest `WINDOW` outcomes are failures."""
    for n, row in enumerate(recipients(session)[:WINDOW]):
        row.status, row.settled_at = ("failed" if n < failed else "sent"), now + timedelta(milliseconds=n)
    session.flush()


def test_too_many_failures_of_late_stop_what_runs(world: World) -> None:
    world.officer("petugas")
    people(world, WINDOW + 5)
    new(world)

    def judged(session: Session, failed: int) -> bool:
        outcomes(session, campaign(session), failed, world.now + timedelta(seconds=1))
        return failing(session, campaign(session), 10)

    world.write(lambda session: setattr(campaign(session), "status", "running"))
    while world.write(lambda session: add_recipients(session, world.now)):
        pass
    world.later(seconds=1)
    world.steer()
    assert not world.write(partial(judged, failed=20))
    assert world.write(partial(judged, failed=21))
    world.steer()
    assert (status(world), world.read(lambda session: campaign(session).why), left(world)) == ("stopped", "failing", 5)
    world.later(seconds=5)
    assert world.write(lambda session: resume(session, 1, world.now))
    world.steer()
    assert status(world) == "running", "what failed before is not held against it again"


def test_a_template_that_is_refused_stops_it_once(world: World) -> None:
    world.officer("petugas")
    people(world, 3)
    new(world)
    assert world.write(lambda session: halt_campaign(session, 1, "template: it cannot be sent", world.now))
    assert not world.write(lambda session: halt_campaign(session, 1, "template: it cannot be sent", world.now))
    assert "ditolak WhatsApp" in text_of(world.hears("petugas"))
    assert [world.hears(f"v{n}") for n in range(3)] == [[], [], []]


def test_a_scheduled_one_reaches_who_is_there_when_it_begins(world: World) -> None:
    world.officer("petugas")
    people(world, 2)
    assert new(world, starts_at=world.now + timedelta(hours=2)) == "scheduled"
    assert world.write(lambda session: begin_due(session, world.now)) == []
    world.later(hours=2)
    world.write(lambda session: add_vendor(session, "baru"))
    world.say("v0", "berhenti")
    world.steer()
    assert world.write(lambda session: begin_due(session, world.now)) == [], "begun already"
    assert "ke 2 orang" in text_of(world.hears("petugas"))
    assert [len(world.hears(name)) for name in ("v0", "v1", "baru")] == [0, 1, 1]


def test_a_scheduled_one_that_finds_nobody_says_so(small_world: World) -> None:
    small_world.officer("petugas")
    people(small_world, 1)
    new(small_world, starts_at=small_world.now + timedelta(hours=2))
    small_world.say("v0", "berhenti")
    small_world.later(hours=3)
    small_world.steer()
    assert "tidak ada lagi yang cocok" in text_of(small_world.hears("petugas"))
    assert "Tidak ada yang cocok, tidak dikirim." in text_of(small_world.tap("petugas", "Perkembangan"))


def test_what_has_not_left_by_its_end_never_leaves(world: World) -> None:
    world.officer("petugas")
    people(world, 3)
    new(world, ends_at=world.now + timedelta(hours=1))
    assert len(world.hears("v0")) == 1
    world.later(hours=1)
    assert world.hears("v1") == [], "before the scheduler has looked"
    world.steer()
    assert [row.status for row in world.read(recipients)] == ["sent", "expired", "expired"]
    assert "Waktunya habis" in text_of(world.say("petugas", "progres"))


def test_nobody_agreed_in_time(small_world: World) -> None:
    small_world.officer("petugas")
    small_world.officer("ani")
    people(small_world, 2)
    assert new(small_world, above=1, ends_at=small_world.now + timedelta(hours=1)) == "waiting"
    small_world.later(hours=2)
    assert not small_world.write(lambda session: approve(session, 1, 2, small_world.now))
    small_world.steer()
    assert "lewat sebelum sempat dikirim" in text_of(small_world.hears("petugas"))
    assert "Waktunya lewat" in text_of(small_world.say("petugas", "progres"))


def test_a_team_of_one_needs_no_second(world: World) -> None:
    world.officer("petugas")
    world.officer("jauh", "64.03")
    people(world, 3)
    assert new(world, above=1) == "running", "the officer of a part of it is none of its team"


def test_only_another_officer_of_the_region_agrees(world: World) -> None:
    world.officer("petugas", "64.72")
    world.officer("ani", "64.72")
    world.officer("jauh", "64.03")
    people(world, 3)

    def mine(session: Session) -> str:
        made = Campaign(officer_id=1, text=TEXT, audience=Audience("64.72").to_json(), created_at=world.now,
                        message={"key": "announcement.body", "params": {"text": TEXT, "place": "Samarinda"}}, total=3)  # fmt: skip
        session.add(made)
        session.flush()
        confirm(session, made, world.now, 2)
        return made.status

    assert world.write(mine) == "waiting"
    assert "petugas lain" in text_of(world.press("petugas", "c:announcement_agree:1:0"))
    for press in ("agree", "refuse", "pause", "stop", "redo"):
        assert "tidak ada di daerah" in text_of(world.press("jauh", f"c:announcement_{press}:1:0"))
    assert status(world) == "waiting"
    assert "disetujui" in text_of(world.press("ani", "c:announcement_agree:1:0"))
    assert "disetujui Rekan petugas" in text_of(world.hears("petugas"))
    assert len(world.hears("v0")) == 1


RIVALS: dict[str, tuple[Callable[..., bool], Callable[..., bool]]] = {
    "approve, approve": (lambda s, now: approve(s, 1, 2, now), lambda s, now: approve(s, 1, 3, now)),
    "approve, refuse": (lambda s, now: approve(s, 1, 2, now), lambda s, now: refuse(s, 1, 3, now)),
}


@pytest.mark.parametrize("rivals", RIVALS)
def test_of_two_officers_at_once_one_decides(world: World, rivals: str) -> None:
    for name in ("petugas", "ani", "budi"):
        world.officer(name)
    people(world, 3)
    assert new(world, above=1) == "waiting"
    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit(world.app.store.submit(partial(act, now=world.now)).result, 10) for act in RIVALS[rivals]]
        assert sorted(one.result() for one in work) == [False, True]
    assert world.read(lambda session: len(recipients(session))) == (3 if status(world) in LIVE else 0)


@pytest.mark.parametrize("steps", ["p r", "p p r r", "r", "c p r", "p c r", "c c", "p r c"])
def test_stale_buttons_change_nothing(small_world: World, steps: str) -> None:
    """Whatever is pressed in whatever order: what was cancelled stays so, and what is paused does not leave."""
    small_world.officer("petugas")
    people(small_world, 3)
    new(small_world)
    names = {"p": "pause", "r": "resume", "c": "stop"}
    for step in steps.split():
        small_world.press("petugas", f"c:announcement_{names[step]}:1:0")
    gone = "c" in steps
    assert status(small_world) == ("cancelled" if gone else "running")
    assert [len(small_world.hears(f"v{n}")) for n in range(3)] == ([0, 0, 0] if gone else [1, 1, 1])
    assert small_world.read(lambda session: len(recipients(session))) == 3
