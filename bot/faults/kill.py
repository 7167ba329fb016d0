"""kill -9 at drawn points, restart, and at the end: no answer lost, no row forgotten, repeats only where the kind's policy is to repeat."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from bot import migrate
from bot.faults.children import end
from bot.faults.dialects import DIALECTS
from bot.faults.laws import ARRIVED, ask, broken, left, lost_answers, settled_by_status, taken_again
from bot.faults.people import People
from bot.ownership import Complaint
from bot.store import open_engine
from messages import Message
from models.campaign import Campaign
from models.contact import Address
from models.outbox import BULK, Outgoing
from models.post import campaign_rows, notify

POINTS = ("turn", "group", "committed", "claimed", "asked", "recorded", "answered", "media")
WORDS = {
    "turn": "before the commit of a turn",
    "group": "in a commit of several",
    "committed": "committed, not acknowledged",
    "claimed": "rows claimed",
    "asked": "request out, not recorded",
    "recorded": "request out, recorded",
    "answered": "answered, not settled",
    "media": "while a photo is fetched",
}
SELDOM = {"media": 3, "group": 8}
"""At the latest so often passed before it strikes; at any other point 20 times."""
PICTURES = 2
"""Of a notice and of a call, once people have sent some: on WhatsApp each is a message before the words."""
PATIENCE = 60
"""Seconds."""


def start(people: People, folder: Path, point: str, nth: int) -> subprocess.Popen[bytes]:
    log = open(folder / "log", "ab")  # noqa: SIM115  # the child writes on after this returns
    with log:
        command = [sys.executable, "-m", "bot.faults.child", people.ledger.url, str(folder), people.dialect.name, point, str(nth)]
        return subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=log, stderr=log)


def kill_once(people: People, folder: Path, point: str, nth: int) -> None:
    """Starts the bot, and waits until it has died at the point."""
    process = start(people, folder, point, nth)
    people.ledger.arm(point, nth, process.kill)
    try:
        code = process.wait(PATIENCE)
    finally:
        end(process)
        people.ledger.arm("", 0, process.kill)
    if code != -signal.SIGKILL:
        raise RuntimeError(f"the bot ended by itself with {code}: {(folder / 'log').read_text()[-2000:]}")


def drain(people: People, folder: Path) -> None:
    """A last start without a death, until nothing is left to do."""
    people.playing = False
    process = start(people, folder, "", 0)
    until = time.monotonic() + PATIENCE
    try:
        while busy(people, folder) and time.monotonic() < until:
            with people.ledger.changed:
                people.ledger.changed.wait(0.1)
    finally:
        end(process)


def busy(people: People, folder: Path) -> bool:
    return people.ledger.behind or any(left(folder))


def announce(folder: Path, number: int) -> None:
    """A notice, a call and an announcement for each listener, while nobody else has the file open."""
    engine, now = open_engine(f"sqlite:///{folder}/lapak.db"), datetime.now(UTC)
    pictures = sorted(file.name for file in (folder / "media").glob("*.jpg"))[:PICTURES]
    with Session(engine) as session:
        places = list(session.exec(select(Address).where(col(Address.address).contains("listener"))))
        for place in places:
            for kind in ("notice", "call"):
                notify(session, place.person_id, marked(kind, number, pictures), now, kind=kind, urgent=True)
        if places:
            body = marked("announcement", number).to_json()
            campaign = Campaign(officer_id=places[0].person_id, text="", message=body, created_at=now)
            session.add(campaign)
            session.flush()
            rows = campaign_rows(places, campaign.id or 0, BULK, now, [now] * len(places))
            session.add_all([Outgoing(**row) for row in rows])
        session.commit()
    engine.dispose()


def marked(kind: str, number: int, pictures: Sequence[str] = ()) -> Message:
    return Message("drafts.kept", {"title": f"{kind} {number}"}, media=tuple(pictures))


def figure(name: str, value: float, against: float | None = None) -> None:
    ratio = round(value / against, 4) if against else None
    print(json.dumps({"figure": name, "value": value, "unit": "count", "against": against, "ratio": ratio}))


def run(rounds: int = 50, seed: int = 2026, channel: str = "faults") -> None:
    """Ends with code 1 when a law does not hold. `channel` is what the bot speaks with: "faults" or "whatsapp"."""
    if channel not in DIALECTS:
        raise Complaint(f"no channel {channel} can be killed; known are {', '.join(DIALECTS)}")
    with tempfile.TemporaryDirectory() as name, People(channel) as people:
        hits = play(people, Path(name), rounds, seed)
        problems = broken(people, Path(name))
        report(people, Path(name), hits, problems)
    if rounds >= len(POINTS):
        problems += [f"never hit: {point}" for point in POINTS if not hits[point]]
    if problems:
        raise SystemExit(1)


def play(people: People, folder: Path, rounds: int, seed: int) -> Counter[str]:
    """Every point in turn, in a drawn order and at a drawn moment; then once to the end. Returns the kills by point."""
    draw, hits, order = random.Random(seed), Counter[str](), list[str]()
    migrate.upgrade(f"sqlite:///{folder}/lapak.db")
    people.begin()
    for number in range(rounds):
        order = order or draw.sample(POINTS, len(POINTS))
        point = order.pop()
        kill_once(people, folder, point, draw.randint(1, SELDOM.get(point, 20)))
        hits[point] += 1
        announce(folder, number)
    drain(people, folder)
    return hits


def report(people: People, folder: Path, hits: Counter[str], problems: list[str]) -> None:
    for point in POINTS:
        print(f"{WORDS[point]:32} {hits[point]:4} kills")
    status = dict(ask(folder, "SELECT status, count(*) FROM outgoing GROUP BY status"))
    unknown = ask(folder, "SELECT kind, id FROM outgoing WHERE status = 'unknown' ORDER BY id")
    arrived = sum(status.get(name, 0) for name in ARRIVED)
    figure("kills", hits.total())
    figure("answers acknowledged", len(people.ledger.acknowledged))
    figure("answers lost", len(lost_answers(people, folder)), len(people.ledger.acknowledged))
    figure("rows forgotten", sum(left(folder)), sum(status.values()))
    figure("sent twice, by the policy of their kind", sum(n - 1 for n in people.ledger.times().values()), len(people.ledger.sent))
    if people.dialect.tells:
        figure("outcome lost, told by a status", settled_by_status(folder), arrived)
        figure("taken up again after a kill", taken_again(folder), arrived)
    figure("unknown, listed and not repeated", len(unknown), arrived)
    print(*(f"unknown: {kind}, row {row}" for kind, row in unknown), *problems, sep="\n")
