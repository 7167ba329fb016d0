"""What the periodic jobs delete and send, and that none of them hurts another."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, col, delete, func, select

from bot.app import App
from bot.channels.terminal import Terminal
from bot.schedule import (
    JOBS,
    Job,
    Once,
    due,
    greet_officers,
    run,
    start,
    waking,
)
from bot.settings import Settings, complaints
from models.inbox import Received
from models.outbox import Outgoing
from models.tick import Tick, forget_ticks
from tests.test_registration import register
from tests.world import MORNING, World

ZONE = "Asia/Makassar"


def overviews(world: World, day: int, hour: int, minute: int = 0) -> int:
    """For how many officers the job queues an overview at that local time."""
    now = datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)
    return world.write(lambda session: greet_officers(session, now, ZONE))


def test_officers_are_greeted_once_a_morning_and_a_missed_hour_is_made_up_for(world: World) -> None:
    world.officer("petugas")
    register(world)
    world.write(lambda session: session.execute(delete(Outgoing).where(col(Outgoing.bundle) == "queue")) and None)
    assert overviews(world, 24, 8) == 1
    world.later(days=1)
    assert len(world.hears("petugas")) == 1
    assert overviews(world, 24, 8, 5) == 0
    assert overviews(world, 25, 14) == 0
    assert overviews(world, 25, 11, 30) == 1
    assert overviews(world, 25, 11, 31) == 0


def app_in(folder: Path) -> App:
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder}/lapak.db", media_dir=folder / "media")  # type: ignore[call-arg]
    return App(settings, lambda: MORNING, [Terminal()])


def test_every_job_is_woken_at_its_hour(tmp_path: Path) -> None:
    async def hours() -> dict[str, tuple[int, int]]:
        app = app_in(tmp_path)
        await app.start()
        jobs = waking(app, JOBS)
        jobs.start(paused=True)
        found = {job.id: (job.next_run_time.hour, job.next_run_time.minute) for job in jobs.get_jobs()}
        jobs.shutdown(wait=False)
        await app.stop()
        return found

    assert asyncio.run(hours()).items() >= {"triage": (8, 0), "forget": (3, 10), "clear": (3, 40)}.items()


def test_a_fault_of_a_job_is_logged_and_goes_no_further(tmp_path: Path) -> None:
    ended = []

    async def fail(app: App) -> int:
        ended.append("failed")
        raise RuntimeError

    async def both() -> None:
        app = app_in(tmp_path)
        await app.start()
        await run(app, Job("fail", fail, "1", "0"))
        for job in JOBS:
            await run(app, job)
        ended.append("went on")
        await app.stop()

    asyncio.run(both())
    assert ended == ["failed", "went on"]


HOURLY = Job("hourly", Once(lambda session, app: note(session)), "*/1", "30")


def note(session: Session) -> int:
    session.add(Received(account="job", channel="job", external_id=str(uuid4()), received_at=MORNING))
    return 1


def done(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Received)).one()


def test_a_due_time_is_done_once_whoever_wakes_up_for_it(world: World) -> None:
    other = App(world.app.settings, lambda: world.now, [Terminal()])
    assert due(HOURLY, world.app) == MORNING - timedelta(minutes=30)

    async def all_at_once() -> None:
        await asyncio.gather(*(run(app, HOURLY) for app in (world.app, other) * 5))

    world.do(all_at_once())
    assert world.read(done) == 1
    world.later(minutes=29)
    world.do(all_at_once())
    assert world.read(done) == 1
    world.later(hours=5, minutes=1)  # what was missed is done once
    world.do(all_at_once())
    assert world.read(done) == 2
    world.do(other.stop())


def test_what_a_job_did_and_that_it_did_it_are_kept_together_or_not_at_all(world: World) -> None:
    def fail(session: Session, app: App) -> int:
        note(session)
        raise RuntimeError

    world.do(run(world.app, Job(HOURLY.name, Once(fail), HOURLY.hour, HOURLY.minute)))
    assert (world.read(done), world.read(ticks)) == (0, 0)
    world.do(run(world.app, HOURLY))
    assert (world.read(done), world.read(ticks)) == (1, 1)


def ticks(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Tick)).one()


def test_due_times_are_forgotten_but_never_the_last_of_a_job(world: World) -> None:
    for _ in range(3):
        world.do(run(world.app, HOURLY))
        world.later(hours=1)
    assert world.write(lambda session: forget_ticks(session, MORNING + timedelta(days=40))) == 2
    world.later(hours=-1)
    world.do(run(world.app, HOURLY))
    assert (world.read(done), world.read(ticks)) == (3, 1)


def test_what_a_job_queued_before_it_stumbled_leaves_at_once(world: World) -> None:
    woken: list[bool] = []

    async def stumble(app: App) -> int:
        raise LookupError("a bug in what it does next")

    world.app.wake = lambda: woken.append(True)  # type: ignore[method-assign]
    world.do(run(world.app, Job("stumbles", stumble, "*", "*")))
    assert woken == [True]


def test_what_was_due_while_nobody_was_there_is_done_at_the_start(world: World) -> None:
    async def begin() -> None:
        await start(world.app, (HOURLY,))
        async with asyncio.timeout(10):
            while not await world.app.store.read(done):
                await asyncio.sleep(0.01)

    world.do(begin())
    assert world.read(done) == 1


@pytest.mark.parametrize("zone", ["WITA", "Asia", "", "../Asia/Makassar", "zone.tab"])
def test_a_zone_that_is_none_is_told_with_an_example(zone: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None, timezone=zone)  # type: ignore[call-arg]
    assert complaints(caught.value) == ["LAPAK_TIMEZONE: must be a zone name such as Asia/Makassar"]
