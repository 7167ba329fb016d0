"""The life of an announcement: the first few by lot, stopping by itself, a second officer, its time, its end; whoever presses what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, col, select, update

from bot.sending.claims import claim
from bot.spread import add_recipients
from models.audience import Audience
from models.campaign import LIVE, Campaign
from models.campaign_life import approve, begin, cancel, confirm, counted, due_to_begin, pause, refuse, remaining, resume
from models.campaign_news import halt_campaign
from models.canary import WINDOW, failing
from models.contact import Address, Person
from models.outbox import Outgoing
from models.template import remember
from models.terms import Terms
from tests.announcing import TEXT, campaign, card_button, recipients, send, write
from tests.vendors import add_vendor
from tests.world import World, text_of


def begin_due(session: Session, now: datetime) -> list[int]:
    return [id for id in due_to_begin(session, now) if begin(session, id, counted(session, id), now)]


def people(world: World, count: int, **more: Any) -> None:
    def add(session: Session) -> None:
        for n in range(count):
            add_vendor(session, f"v{n}", **more)

    world.write(add)


def new(world: World, above: int = 500, **more: Any) -> str:
    """One that the officer has just confirmed. Returns its status."""

    def add(session: Session) -> str:
        officer = session.exec(select(Person.id).order_by(col(Person.id))).first()
        body = {"key": "announcement.body", "params": {"text": TEXT, "place": "Samarinda"}, "category": "marketing"}
        made = Campaign(officer_id=officer or 0, text=TEXT, audience=Audience("64").to_json(), message=body, created_at=world.now, **more)
        session.add(made)
        session.flush()
        confirm(session, made, world.now, above)
        return made.status

    return world.write(add)


def settle(world: World, status: str, count: int) -> None:
    """What the sender writes of the next `count` recipients."""

    def become(session: Session) -> None:
        ids = session.exec(select(Outgoing.id).where(Outgoing.kind == "announcement", Outgoing.status == "queued").limit(count)).all()
        assert len(ids) == count
        reason = "blocked" if status == "failed" else ""
        session.execute(update(Outgoing).where(col(Outgoing.id).in_(ids)).values(status=status, reason=reason, settled_at=world.now))

    world.write(become)


def status(world: World) -> str:
    return world.read(lambda session: campaign(session).status)


def left(world: World) -> int:
    return world.read(lambda session: remaining(session, campaign(session)))


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
