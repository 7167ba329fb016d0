"""Two senders for one account: started at once, one killed, one frozen past its lease and woken; only what was under way may come twice."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot.bench.engine import postgres
from bot.bench.turn import figure
from bot.faults.fates import Fate, broken, fates, settled, table
from bot.faults.mail import Mail
from bot.faults.platform import ACCOUNT, Key, Platform
from bot.faults.processes import Processes
from bot.faults.restarts import HOLDER
from bot.faults.weather import LATE, Weather

POSTS = 3
"""Rounds of mail for each trial: enough that both senders would still have work after a freeze."""
FEW, SOME = 5, 25
"""So many requests are made at least, and at most, before something happens to who sends."""
AFTER = 5
"""Requests of the other before who was frozen wakes up."""
PATIENCE = 60.0
WIRE = 0.1
"""Seconds in which what has left is read on the other side; much less than any lease."""
WAKING = 0.5
"""Seconds for who was woken to do what it had in mind."""
SOON = 10.0
"""Seconds after which another must have taken over."""
AT_ONCE, KILLED, FROZEN = "two senders at once", "sender killed", "sender frozen and woken"


@dataclass
class Trial:
    """`flying` is what was on its way when its sender was frozen; `takeovers` in seconds, by what happened."""

    platform: Platform
    mail: Mail
    processes: Processes
    draw: random.Random
    flying: set[Key] = field(default_factory=set)
    takeovers: dict[str, list[float]] = field(default_factory=lambda: {KILLED: [], FROZEN: []})
    trials: list[tuple[str, int, int]] = field(default_factory=list)
    """What happened, from which row on, to which."""

    def around(self, row: int) -> str:
        return next(what for what, first, last in self.trials if first < row <= last)

    def fates(self) -> list[Fate]:
        return fates(self.mail.rows(), self.platform.times(), {}, self.around)

    def problems(self, found: list[Fate]) -> list[str]:
        said = broken(found, ())
        for one in found:
            if one.times > 1 and one.key not in self.flying:
                said.append(f"twice: {one.kind} {one.key} after {one.trouble}")
        return said


def post(trial: Trial, what: str) -> None:
    first = trial.mail.newest()
    for _ in range(POSTS):
        trial.mail.post()
    trial.trials.append((what, first, trial.mail.newest()))


def start_at_once(trial: Trial) -> None:
    post(trial, AT_ONCE)
    with trial.processes.running("sender", "sender"):
        finish(trial)


def kill_one(trial: Trial) -> None:
    post(trial, KILLED)
    with trial.processes.running("sender", "sender") as started:
        victim = sending(trial, started)
        trial.processes.kill(victim)
        under_way(trial)
        trial.takeovers[KILLED].append(taken_over(trial, 1))
        finish(trial)


def freeze_one(trial: Trial) -> None:
    post(trial, FROZEN)
    with trial.processes.running("sender", "sender") as started:
        victim = sending(trial, started)
        os.kill(victim.pid or 0, signal.SIGSTOP)
        under_way(trial)
        trial.takeovers[FROZEN].append(taken_over(trial, AFTER))
        os.kill(victim.pid or 0, signal.SIGCONT)
        finish(trial)
        time.sleep(WAKING)


def under_way(trial: Trial) -> None:
    """What was asked for and is not settled. The rows are looked at first: another may take over while the wire empties."""
    claimed = trial.mail.claimed()
    time.sleep(WIRE)
    trial.flying |= {one.key for one in trial.platform.asked} & claimed


def sending(trial: Trial, started: list[BaseProcess]) -> BaseProcess:
    """Who has the lease, after a drawn number of requests."""
    wanted = len(trial.platform.asked) + trial.draw.randint(FEW, SOME)
    if not trial.platform.until(lambda: len(trial.platform.asked) >= wanted, PATIENCE):
        raise RuntimeError(f"nobody sends: {trial.processes.said()[-2000:]}")
    engine = create_engine(trial.mail.url, poolclass=NullPool)
    with engine.connect() as connection:
        pid = int(connection.execute(HOLDER, {"name": f"sender:{ACCOUNT}"}).scalar_one())
    return next(process for process in started if process.pid == pid)


def taken_over(trial: Trial, requests: int) -> float:
    """Seconds until the first request of the other; waits for so many."""
    began, before = time.monotonic(), len(trial.platform.asked)
    if not trial.platform.until(lambda: len(trial.platform.asked) >= before + requests, PATIENCE):
        raise RuntimeError(f"nobody took over: {trial.processes.said()[-2000:]}")
    return trial.platform.asked[before].at - began


def finish(trial: Trial) -> None:
    until = time.monotonic() + PATIENCE
    while trial.mail.left() and time.monotonic() < until:
        trial.platform.until(lambda: False, 0.2)


def run(rounds: int = 5, seed: int = 2026) -> None:
    """With the product's own lease. Ends with code 1 when a law does not hold."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(postgres()).url
        trial = stack.enter_context(trying(url, folder, random.Random(seed), lease=0))
        for _ in range(rounds):
            start_at_once(trial)
            kill_one(trial)
            freeze_one(trial)
        found = trial.fates()
        problems = trial.problems(found)
    report(trial, found, problems)
    if problems:
        raise SystemExit(1)


@contextmanager
def trying(url: str, folder: Path, draw: random.Random, lease: float) -> Iterator[Trial]:
    """Every request takes a drawn moment, so that there are always some on their way."""
    with Platform(Weather(draw, [LATE], share=1.0)) as platform:
        mail = Mail(url)
        mail.introduce()
        yield Trial(platform, mail, Processes(url, platform.url, folder, lease, PATIENCE), draw)


def report(trial: Trial, found: list[Fate], problems: list[str]) -> None:
    print(*table(found), sep="\n")
    for what, seconds in trial.takeovers.items():
        figure(f"{what}: another sends after, at most", max(seconds), "s", SOON)
    twice = [one for one in found if one.times > 1]
    figure("senders: settled as sent", settled(found), "count", len(found))
    figure("senders: under way when it happened", len(trial.flying), "count", len(found))
    figure("senders: twice, of those under way", sum(one.key in trial.flying for one in twice), "count", len(trial.flying))
    figure("senders: twice, of all others", sum(one.key not in trial.flying for one in twice), "count", len(found))
    figure("senders: unknown", sum(one.status == "unknown" for one in found), "count", len(found))
    figure("senders: laws broken", len(problems), "count")
    print(*problems, sep="\n")
