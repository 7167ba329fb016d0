"""What the nightly job forgets, and what it must not."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from bot.forgetting import (
    ASIDE_KEPT,
    FEW,
    PART_KEPT,
    SENT_KEPT,
    clear_leftovers,
    forget,
    forget_keys,
    forget_letters,
    forget_set_aside,
    forget_words,
)
from models.campaign import Campaign
from models.feed import SetAside
from models.inbox import DeadLetter, Received
from models.leftovers import NO_PACKAGE
from models.outbox import Outgoing
from tests.alerting import vendor
from tests.world import MORNING, World


def said_of(session: Session) -> list[dict[str, Any]]:
    return [row.said for row in session.exec(select(Received).order_by(col(Received.id)))]


def test_words_are_forgotten_after_two_weeks_and_repeats_are_still_known(world: World) -> None:
    world.say("siti", "halo")
    world.later(days=10)
    world.say("siti", "menu")
    soon, late = MORNING + timedelta(days=13), MORNING + timedelta(days=15)
    assert world.write(lambda session: forget_words(session, soon)) == 0
    assert world.write(lambda session: forget_words(session, late)) == 1
    assert world.write(lambda session: forget_words(session, late)) == 0
    assert [bool(said) for said in world.read(said_of)] == [False, True]


def test_ids_are_forgotten_after_thirty_days_and_what_failed_is_kept(world: World) -> None:
    world.say("siti", "halo")
    row = world.read(lambda session: session.exec(select(Received)).one())
    dead = DeadLetter(received_id=row.id, person_id=row.person_id, said={"text": "halo"}, error="ValueError", at=MORNING)
    world.write(lambda session: session.add(dead))
    assert world.write(lambda session: forget_keys(session, MORNING + timedelta(days=29))) == 0
    assert world.write(lambda session: forget_keys(session, MORNING + timedelta(days=31))) == 1
    assert world.read(lambda session: session.exec(select(func.count()).select_from(Received)).one()) == 0
    kept = world.read(lambda session: session.exec(select(DeadLetter)).one())
    assert kept.received_id is None and kept.said == {"text": "halo"}
    assert world.write(lambda session: forget_letters(session, MORNING + timedelta(days=89))) == 0
    assert world.write(lambda session: forget_letters(session, MORNING + timedelta(days=91))) == 1
    assert world.read(lambda session: session.exec(select(DeadLetter.said, DeadLetter.error)).one()) == ({}, "ValueError")


def test_a_picture_that_is_still_fetched_keeps_its_row(small_world: World) -> None:
    small_world.say("siti", "halo")
    small_world.write(lambda session: setattr(session.exec(select(Received)).one(), "status", "waiting"))
    for work in (forget_words, forget_keys):
        assert small_world.write(lambda session, work=work: work(session, MORNING + timedelta(days=99))) == 0  # type: ignore[misc]


def test_leftovers_of_yesterday_are_deleted_and_photos_stay(tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    names = ("photo.jpg", "half.part", "uploads/old", "fresh.part", "uploads/new")
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    for name in names[:3]:
        os.utime(tmp_path / name, (MORNING.timestamp(),) * 2)
    for name in names[3:]:
        os.utime(tmp_path / name, ((MORNING + timedelta(hours=20)).timestamp(),) * 2)
    assert clear_leftovers(tmp_path, MORNING + timedelta(hours=25)) == 2
    assert sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()) == sorted(
        ("photo.jpg", "fresh.part", "uploads/new")
    )


def test_what_could_not_be_read_is_forgotten_after_its_days(world: World) -> None:
    for number, reason in (("1", "no_title"), ("2", NO_PACKAGE)):
        world.write(
            lambda session, number=number, reason=reason: session.add(  # type: ignore[misc]
                SetAside(feed="sheet", number=number, reason=reason, row={}, at=MORNING)
            )
        )

    def left(after: timedelta) -> int:
        return world.write(lambda session: forget_set_aside(session, MORNING + after))

    day = timedelta(days=1)
    assert (left(ASIDE_KEPT - day), left(ASIDE_KEPT + day)) == (0, 1)
    assert world.read(lambda session: session.exec(select(SetAside.number)).all()) == ["2"], "its package may still come"
    assert (left(PART_KEPT - day), left(PART_KEPT + day)) == (0, 1)


def sent(session: Session, person: int, at: datetime, status: str = "sent", **more: Any) -> int:
    row = Outgoing(
        person_id=person, address_id=person, account="a", message={"key": "menu.help"}, due_at=at, created_at=at, settled_at=at,
        status=status, external_id="x", **more,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id or 0


def rows(world: World) -> list[int]:
    return world.read(lambda session: list(session.exec(select(Outgoing.id).order_by(col(Outgoing.id)))))  # type: ignore[arg-type]


def test_what_was_sent_is_forgotten_after_half_a_year_and_the_accounts_of_it_stay(world: World) -> None:
    siti, rina = vendor(world, "siti"), vendor(world, "rina")
    campaign = Campaign(officer_id=siti, text="Sosialisasi", audience={}, message={}, created_at=MORNING)
    world.write(lambda session: session.add(campaign))
    number = world.read(lambda session: session.exec(select(Campaign.id)).one())

    def write(session: Session) -> list[int]:
        for status in ("sent", "delivered", "read", "failed", "expired", "cancelled", "replaced"):
            sent(session, siti, MORNING, status)
        kept = [
            sent(session, siti, MORNING, "unknown"),
            sent(session, siti, MORNING, campaign_id=number),
            sent(session, siti, MORNING, subject="nib:1:1234567890123"),
            sent(session, siti, MORNING + timedelta(days=2)),
            sent(session, rina, MORNING, "delivered"),
        ]
        waits = sent(session, rina, MORNING, "queued")
        session.execute(update(Outgoing).where(col(Outgoing.id) == waits).values(settled_at=None))
        return [*kept, waits]

    kept = world.write(write)
    world.now = MORNING + SENT_KEPT - timedelta(days=1)
    assert world.do(forget(world.app)) == 0
    world.later(days=2)
    assert world.do(forget(world.app)) == 7
    assert rows(world) == kept, "the unknown, what reports count, what is told once, and what each chat was shown last"


def test_many_are_forgotten_in_slices(small_world: World) -> None:
    siti = vendor(small_world, "siti")
    small_world.write(lambda session: [sent(session, siti, MORNING + timedelta(seconds=n)) for n in range(FEW + 5)] and None)
    small_world.now = MORNING + timedelta(days=200)
    assert small_world.do(forget(small_world.app)) == FEW + 4
    assert len(rows(small_world)) == 1
