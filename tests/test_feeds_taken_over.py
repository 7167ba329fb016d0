"""One process looks at the sources at a time; whoever takes over goes on from the mark."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.feeds import polling as feeding
from bot.feeds.polling import Lost, guarded, look_at, sources
from models import polling
from models.lease import Lease
from tests.sites import RUP, gateway
from tests.standin_sources import plans
from tests.watching import Watch

__all__ = ["gateway"]


def test_a_look_that_is_killed_goes_on_from_its_mark(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 25
    world = gateway.world
    seen = 0

    async def die_at_the_third_page(seconds: float) -> None:
        nonlocal seen
        seen += 1
        if gateway.standin.times("rup") == 2:
            raise asyncio.CancelledError
        await gateway.clock.sleep(seconds)

    world.app.manners.sleep = die_at_the_third_page
    rup = [source for source in sources(world.app.settings) if source.name == RUP]
    world.write(lambda session: polling.enrol(session, [RUP], world.now))
    with pytest.raises(asyncio.CancelledError):
        world.do(look_at(world.app, rup))
    assert gateway.feed(RUP).marks["round"]["at"] == {"place": 0, "cursor": "c50"}
    world.app.manners.sleep = gateway.clock.sleep
    gateway.all()
    cursors = [one.params.get("cursor") for one in gateway.standin.asked if one.kind == "rup" and one.params["kode_klpd"] == "D107"]
    assert cursors[:3] == [None, "c25", "c50"]
    assert gateway.feed(RUP).counts == {"read": 60, "new": 60, "pages": 6}


def test_two_processes_never_look_at_the_same_time(gateway: Watch) -> None:
    world = gateway.world
    far = world.now + timedelta(days=9_000)
    if world.app.store.sqlite:
        pytest.skip("one process owns the file")
    world.write(lambda session: session.add(Lease(name=feeding.LEASE, holder="another", until=far)))
    with pytest.raises(Lost):
        world.do(look_at(world.app, sources(world.app.settings)))
    assert gateway.standin.asked == []
    with pytest.raises(Lost):
        world.do(guarded(world.app, lambda session: None))


def test_what_is_taken_over_in_the_middle_writes_nothing_more(gateway: Watch) -> None:
    gateway.standin.rows = {("rup", "D107"): plans(1, 60)}
    gateway.standin.most = 25
    world = gateway.world
    far = world.now + timedelta(days=9_000)

    async def taken_over(seconds: float) -> None:
        await gateway.clock.sleep(seconds)
        if gateway.standin.times("rup") == 1:
            await world.app.store.write(lambda session: session.merge(Lease(name=feeding.LEASE, holder="another", until=far)) and None)

    world.app.manners.sleep = taken_over
    rup = [source for source in sources(world.app.settings) if source.name == RUP]
    world.write(lambda session: polling.enrol(session, [RUP], world.now))
    with pytest.raises(Lost):
        world.do(look_at(world.app, rup))
    assert gateway.calls(RUP) == 25
    assert gateway.feed(RUP).marks["round"]["counts"]["read"] == 25
