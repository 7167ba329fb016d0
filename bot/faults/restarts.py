"""Four processes on PostgreSQL, killed with -9 one by one and all together: what is due periodically or once is done, and done once."""

from __future__ import annotations

import json
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from typing import Any

from sqlalchemy import create_engine, text

from bot.bench.engine import postgres
from bot.faults.children import end_forked
from bot.faults.clockwork import TABLES, serve
from bot.schedule import SCHEDULER

PROCESSES = 4
LONGEST = 1.2
"""Seconds between two kills at most."""
AWAY = 4.0
"""Seconds at most without anybody."""
APPOINTMENTS, SPREAD = 4, timedelta(seconds=3)
"""Made before each kill, due within so long."""
PERIODS = {"every second": 1, "every third": 3}
PATIENCE = 30.0
HOLDER = text(
    "SELECT split_part(process.name, ':', 4) FROM lease JOIN lease AS process ON process.holder = lease.holder "
    "AND process.name LIKE 'process:%' WHERE lease.name = :name AND lease.until > clock_timestamp()"
)


class Asked:
    """The database as the one who counts sees it."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def ask(self, statement: Any, **given: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement) if isinstance(statement, str) else statement, given))

    def close(self) -> None:
        self.engine.dispose()


class Town(Asked):
    """The processes, of which those that are killed are started again."""

    def __init__(self, url: str, folder: str) -> None:
        super().__init__(url)
        self.url, self.folder = url, folder
        # Started from a server that has everything loaded: a restart takes milliseconds instead of seconds.
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["bot.faults.clockwork"])
        self.processes: list[ForkServerProcess] = [self._start() for _ in range(PROCESSES)]
        self.restarts = 0
        self.takeovers: list[float] = []

    def _start(self) -> ForkServerProcess:
        process = self.context.Process(target=serve, args=(self.url, self.folder), daemon=True)
        process.start()
        return process

    def holder(self) -> int:
        """The process that wakes the jobs now; 0 for none."""
        found = self.ask(HOLDER, name=SCHEDULER)
        return int(found[0][0]) if found else 0

    def kill(self, places: list[int], away: float = 0.0) -> None:
        """They start again after so many seconds."""
        for place in places:
            self.processes[place].kill()
        time.sleep(away)
        for place in places:
            end_forked(self.processes[place])
            self.processes[place] = self._start()
            self.restarts += 1

    def kill_holder(self) -> None:
        """And takes the time until another has taken over."""
        dead = self.holder()
        place = next((place for place, process in enumerate(self.processes) if process.pid == dead), None)
        if place is None:
            return self.kill([0])
        began = time.monotonic()
        self.kill([place])
        while self.holder() in (0, dead) and time.monotonic() - began < PATIENCE:
            time.sleep(0.01)
        return self.takeovers.append(time.monotonic() - began)

    def end(self) -> None:
        for process in self.processes:
            end_forked(process)
        self.close()


def run(rounds: int = 200, seed: int = 2026) -> None:
    """Ends with code 1 when anything was lost or done twice."""
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        wrong = play(server.url, folder, rounds, seed)
    if wrong:
        raise SystemExit(1)


def play(url: str, folder: str, rounds: int, seed: int = 2026) -> int:
    """So many restarts, with the figures of all that was due meanwhile. Returns how often something was lost or done twice."""
    draw = random.Random(seed)
    prepare(url)
    town = Town(url, folder)
    try:
        until(lambda: town.ask("SELECT 1 FROM tick LIMIT 1"))
        while town.restarts < rounds:
            appoint(town, draw)
            chance = draw.random()
            if chance < 0.4:
                town.kill_holder()
            elif chance < 0.9:
                town.kill([draw.randrange(PROCESSES)])
            else:
                town.kill(list(range(PROCESSES)), draw.uniform(0.0, AWAY))
            time.sleep(draw.uniform(0.0, LONGEST))
        end = datetime.now(UTC) + SPREAD
        until(lambda: not town.ask("SELECT 1 FROM appointment WHERE NOT kept LIMIT 1"))
        until(lambda: all(ticks(town, job)[-1:] >= [end] for job in PERIODS))
        return report(town, end)
    finally:
        town.end()


def prepare(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in TABLES:
            connection.execute(text(statement))
    engine.dispose()


def appoint(town: Town, draw: random.Random) -> None:
    """One-off work, due at any moment of the next seconds."""
    for _ in range(APPOINTMENTS):
        moment = datetime.now(UTC) + draw.random() * SPREAD
        town.ask("INSERT INTO appointment (due_at) VALUES (:moment) RETURNING id", moment=moment)


def until(holds: Callable[[], object]) -> None:
    """What does not happen in time is found in the figures."""
    ends = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < ends:
        time.sleep(0.05)


def ticks(town: Asked, job: str) -> list[datetime]:
    return [row.due_at for row in town.ask("SELECT due_at FROM tick WHERE job = :job ORDER BY due_at", job=job)]


def kept(town: Asked, job: str) -> tuple[list[datetime], int]:
    """The due times that are marked done, and how often it was done, of one moment: the processes go on while they are counted."""
    row = town.ask(
        "SELECT (SELECT array_agg(due_at ORDER BY due_at) FROM tick WHERE job = :job) AS done, "
        "(SELECT count(*) FROM fired WHERE job = :job) AS fired",
        job=job,
    )[0]
    return list(row.done), int(row.fired)


def report(town: Town, end: datetime) -> int:
    figure("restarts", town.restarts, "count")
    wrong = sum(periodic(town, job, every, end) for job, every in PERIODS.items()) + appointments(town)
    if town.takeovers:
        figure("takeover of the scheduler, median", round(statistics.median(town.takeovers), 3), "s", 1.0)
        figure("takeover of the scheduler, longest", round(max(town.takeovers), 3), "s", 1.0)
    return wrong


def periodic(town: Asked, job: str, every: int, end: datetime) -> int:
    """A due time while nobody lived is covered by the next one that is done."""
    done, fired = kept(town, job)
    span = int((done[-1] - done[0]).total_seconds()) // every + 1
    after = max(int((end - done[-1]).total_seconds()) // every, 0)
    twice, lost = max(fired - len(done), 0), max(len(done) - fired, 0) + after
    figure(f"{job}, due", span, "count")
    figure(f"{job}, done at its time", len(done), "count", span)
    figure(f"{job}, while nobody lived, covered by the next", span - len(done), "count", span)
    figure(f"{job}, lost", lost, "count", span)
    figure(f"{job}, done twice", twice, "count", span)
    return lost + twice


def appointments(town: Asked) -> int:
    rows = town.ask(
        "SELECT appointment.id, count(fired.job) AS times, extract(epoch FROM max(fired.at) - due_at) AS late FROM appointment "
        "LEFT JOIN fired ON fired.job = 'appointment ' || appointment.id GROUP BY appointment.id, due_at"
    )
    times = [int(row.times) for row in rows]
    lost, twice = times.count(0), sum(number > 1 for number in times)
    figure("one-off, due", len(rows), "count")
    figure("one-off, lost", lost, "count", len(rows))
    figure("one-off, done twice", twice, "count", len(rows))
    late = sorted(float(row.late) for row in rows if row.times)
    figure("one-off, late, median", round(statistics.median(late), 2), "s")
    figure("one-off, late, longest", round(late[-1], 2), "s")
    return lost + twice


def figure(name: str, value: float, unit: str, against: float | None = None) -> None:
    ratio = round(value / against, 4) if against else None
    print(json.dumps({"figure": name, "value": value, "unit": unit, "against": against, "ratio": ratio}), flush=True)
