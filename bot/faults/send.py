"""Sending while everything around it breaks: the platform, the process, the disk, the database. Every round ends with a kill -9."""

from __future__ import annotations

import random
import tempfile
import time
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.bench.turn import figure
from bot.faults import weather
from bot.faults.databases import ENGINES, Database
from bot.faults.fates import Fate, arrived_unknown, broken, fates, settled, table
from bot.faults.mail import FIRST_SPEAKER, Mail
from bot.faults.platform import Platform
from bot.faults.processes import Processes
from bot.faults.weather import TROUBLES, Weather
from bot.ownership import Complaint

KILLED, FULL, RESTARTED = "kill -9", "disk full", "database restarted"
EVERY = 6
"""Each so many rounds something happens to the database too."""
SPEAKERS = 2
"""Of a round: who says hello and is answered."""
MOST = 45
"""So many requests are made at most before the end of a round."""
PATIENCE, MOMENT = 3.0, 1.2
"""Seconds for the requests of a round once the first was made, and for which a disk stays full."""
ARRIVAL = 60.0
"""Seconds for that first one, on a machine that has other things to do."""
DRAIN = 120
"""Seconds for what is left at the end."""


@dataclass
class Run:
    """One engine's rounds: what happened in each, and up to which row it came before."""

    database: Database
    platform: Platform
    mail: Mail
    processes: Processes
    draw: random.Random
    happened: list[str] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    rounds: int = 0
    chats: count[int] = field(default_factory=lambda: count(FIRST_SPEAKER))

    @property
    def roles(self) -> tuple[str, ...]:
        return ("web", "sender") if self.database.fall else ("all",)

    def around(self, row: int) -> str:
        return self.happened[bisect_left(self.before, row) - 1]

    def fates(self) -> list[Fate]:
        return fates(self.mail.rows(), self.platform.times(), self.platform.troubles(), self.around)


def play(run: Run, rounds: int) -> None:
    run.mail.introduce()
    hours: list[str] = []
    for number in range(rounds):
        hours = hours or run.draw.sample([*TROUBLES, "", "all"], len(TROUBLES) + 2)
        play_once(run, hours.pop(), event_of(run, number))
    drain(run)


def event_of(run: Run, number: int) -> str:
    if number % EVERY != EVERY - 1:
        return ""
    return RESTARTED if run.database.fall and number // EVERY % 2 else FULL


def play_once(run: Run, hour: str, event: str) -> None:
    run.before.append(run.mail.newest())
    run.happened.append(event or (hour if hour == weather.REFUSED else KILLED))
    run.mail.post()
    for _ in range(SPEAKERS):
        run.platform.say(next(run.chats), "halo")
    run.platform.sky.now = TROUBLES if hour == "all" else [hour] if hour else []
    with run.processes.running(*run.roles) as started:
        _pass(run, MOST if not event else MOST // 2)
        if event:
            happen(run, event)
            _pass(run, MOST // 2, PATIENCE)
        run.processes.alive(started)
        run.draw.shuffle(started)
    run.rounds += 1


def _pass(run: Run, most: int, arrival: float = ARRIVAL) -> None:
    """Until a drawn number of requests was made, and a moment more."""
    before = len(run.platform.asked)
    wanted = before + run.draw.randint(1, most)
    run.platform.until(lambda: len(run.platform.asked) > before, arrival)
    run.platform.until(lambda: len(run.platform.asked) >= wanted, PATIENCE)
    time.sleep(run.draw.uniform(0, 0.03))


def happen(run: Run, event: str) -> None:
    if event == FULL:
        run.database.fill()
        time.sleep(MOMENT)
        run.database.free()
    elif run.database.fall and run.database.stand_up:
        run.database.fall()
        run.database.stand_up()


def drain(run: Run) -> None:
    """A last start in good weather, until nothing is left to do."""
    run.before.append(run.mail.newest())
    run.happened.append(KILLED)
    run.platform.sky.now = []
    run.mail.hurry()
    with run.processes.running(*run.roles):
        until = time.monotonic() + DRAIN
        while (run.platform.behind or run.mail.left()) and time.monotonic() < until:
            run.platform.until(lambda: False, 0.3)


def report(run: Run, found: Sequence[Fate], problems: Sequence[str], seconds: float) -> None:
    name = run.database.name
    felt = run.processes.said().count("OperationalError")
    print(f"\n{name}; its disk {'can be full' if run.database.disk.mounted else 'is never full: this user may not mount one'}")
    print(*table(found), sep="\n")
    figure(f"{name}: kills", run.processes.kills, "count")
    figure(f"{name}: requests", len(run.platform.asked), "count")
    figure(f"{name}: faults of the database that were felt", felt, "count")
    figure(f"{name}: settled as sent", settled(found), "count", len(found))
    for column in ("never", "more than once", "unknown"):
        figure(f"{name}: {column}", sum(one.column == column for one in found), "count", len(found))
    figure(f"{name}: unknown that had arrived", arrived_unknown(found), "count", len(found))
    figure(f"{name}: laws broken", len(problems), "count")
    figure(f"{name}: time of a round", seconds / max(run.rounds, 1), "s")
    print(*problems, sep="\n")


def run(rounds: int = 100, seed: int = 2026, channel: str = "") -> None:
    """Ends with code 1 when a law does not hold. `channel` names one engine, "sqlite" or "postgresql"; both in turn without it."""
    if channel and channel not in ENGINES:
        raise Complaint(f"no engine {channel}; known are {', '.join(ENGINES)}")
    problems = [one for name in ENGINES if channel in ("", name) for one in run_on(name, rounds, seed)]
    if problems:
        raise SystemExit(1)


def run_on(name: str, rounds: int, seed: int) -> list[str]:
    began, draw = time.monotonic(), random.Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(ENGINES[name](folder))
        platform = stack.enter_context(Platform(Weather(draw)))
        made = Run(database, platform, Mail(database.url), Processes(database.url, platform.url, folder), draw)
        play(made, rounds)
        found = made.fates()
        problems = broken(found, platform.acknowledged)
        report(made, found, problems, time.monotonic() - began)
    return problems
