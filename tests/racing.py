"""Two transactions at the same time on PostgreSQL: the second begins before the first is committed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session

from bot.channels.channel import Inbound
from bot.inbox import accept
from bot.store import Store
from handlers.said import Said
from tests.world import World

First = TypeVar("First")
Second = TypeVar("Second")
PID = text("SELECT pg_backend_pid()")
WAITS = text("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = :pid")
LONG = 20


def nothing(session: Session) -> None:
    return


def meanwhile(
    store: Store, first: Callable[[Session], First], second: Callable[[Session], Second], then: Callable[[Session], object] = nothing
) -> tuple[First, Second]:
    """What both return. `second` begins when `first` is done and not committed. When `second` waits for it, or has ended, the transaction
    of `first` goes on with `then`, and is committed.
    """
    written = threading.Event()

    def begin_late(session: Session) -> Second:
        assert written.wait(LONG)
        return second(session)

    late, rests = started(store, begin_late)

    def commit_late(session: Session) -> First:
        try:
            found = first(session)
            session.flush()
        finally:
            written.set()
        until(rests)
        then(session)
        return found

    early = store.submit(commit_late)
    return early.result(LONG), late.result(LONG)


def started(store: Store, work: Callable[[Session], Second]) -> tuple[Future[Second], Callable[[], bool]]:
    """What is under way, and whether it waits for a lock, or has ended."""
    pids = list[int]()

    def run(session: Session) -> Second:
        pids.append(int(session.execute(PID).scalar_one()))
        return work(session)

    future = store.submit(run)
    return future, lambda: future.done() or (pids != [] and waits(store, pids[0]))


def waits(store: Store, pid: int) -> bool:
    """Asked in a transaction of its own each time: each sees what it saw first."""
    with Session(store.reader) as session:
        return bool(session.execute(WAITS, {"pid": pid}).scalar())


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG / 2
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def turn(world: World, name: str, said: Said | str) -> Callable[[Session], Any]:
    """The whole turn that a message, or the press of a button, leads to, with what it counts counted within."""
    spoken = Said(text=said) if isinstance(said, str) else said
    inbound = Inbound(f"at once {name} {spoken.text}{spoken.press}", name, spoken)
    return partial(accept, channel=world.channel, inbound=inbound, now=world.now, scene=replace(world.app.scene, counts=None))


def pressed(press: str) -> Said:
    return Said(kind="tap", press=press)
