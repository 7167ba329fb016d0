"""How turns grow over processes on one PostgreSQL: each its own account and people. As a program it is one of them:
python -m bot.bench.grown URL ACCOUNT PERSONS.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from bot.app import App
from bot.bench.engine import Server, database, postgres, processor_of
from bot.bench.turn import SCRIPT, Null, converse, figure, landed, side_by_side
from bot.settings import Settings

PROCESSES = (1, 2, 4)
PERSONS = 64
AT_ONCE = 16
"""Of each process."""
READY = "ready"


def run() -> None:
    with postgres() as server:
        alone = 0.0
        for processes in PROCESSES:
            turns, cpu, server_cpu = measured(server, processes)
            alone = alone or turns
            name = f"turn on PostgreSQL, {processes} process{'es' if processes > 1 else ''}"
            figure(f"{name}: turns", turns, "turns/s", alone if processes > 1 else None)
            figure(f"{name}: processor", cpu, "ms CPU/turn")
            figure(f"{name}: processor of the server", server_cpu, "ms CPU/turn")


def measured(server: Server, processes: int, persons: int = PERSONS) -> tuple[float, float, float]:
    """Turns a second of all together, and milliseconds of processor a turn: ours, the server's."""
    url = database(server.url, f"grown_{processes}")
    ours = [_started(url, f"null{number}", persons) for number in range(processes)]
    try:
        for one in ours:
            assert one.stdout
            line = one.stdout.readline().strip()
            assert line == READY, f"a process did not start: {line or 'nothing said'}"
        busy, began = processor_of(server.pid), time.perf_counter()
        told = _go(ours)
        seconds, busy = time.perf_counter() - began, processor_of(server.pid) - busy
    finally:
        for one in ours:
            one.kill()
            one.wait()
    turns = sum(one["turns"] for one in told)
    return turns / seconds, sum(one["cpu"] for one in told) / turns * 1000, busy / turns * 1000


def _started(url: str, account: str, persons: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", __name__, url, account, str(persons)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _go(ours: Sequence[subprocess.Popen[str]]) -> list[Mapping[str, float]]:
    for one in ours:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    return [json.loads(one.stdout.readline()) for one in ours if one.stdout]


async def one(url: str, account: str, persons: int, folder: Path) -> None:
    channel = Null()
    channel.account = account
    app = App(Settings(_env_file=None, database_url=url, media_dir=folder), channels=[channel])  # type: ignore[call-arg]
    await app.start()
    await side_by_side(lambda address: converse(app, channel, f"{account}-{address}"), 4, 4)
    print(READY, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    cpu = time.process_time()
    await side_by_side(lambda address: converse(app, channel, f"{account}-x{address}"), persons, AT_ONCE)
    await landed(app, channel)
    print(json.dumps({"turns": persons * len(SCRIPT), "cpu": time.process_time() - cpu}), flush=True)
    await app.stop()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(one(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(place)))
