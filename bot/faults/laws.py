"""What must hold after any number of kills, read from the file and from the ledger."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from bot.faults.people import People, script_of
from models.outbox import REPEATED

ARRIVED = ("sent", "delivered", "read")


def ask(folder: Path, question: str, *given: Any) -> list[Any]:
    with sqlite3.connect(f"file:{folder}/lapak.db?mode=ro", uri=True, timeout=10) as connection:
        found = connection.execute(question, given).fetchall()
    connection.close()
    return found


def lost_answers(people: People, folder: Path) -> list[str]:
    """Acknowledged messages whose answer is not in the person's conversations."""
    rows = "SELECT address, group_concat(answers) FROM address JOIN conversation USING (person_id) GROUP BY address"
    stored = dict(ask(folder, rows))
    places: Counter[str] = Counter()
    lost = []
    for update in people.ledger.acknowledged:
        address = update["address"]
        if "person" in address:
            wanted = script_of(address)[places[address]][1]
            places[address] += 1
            if wanted not in stored.get(address, ""):
                lost.append(f"{address}: {update['text']}")
    return lost


def broken(people: People, folder: Path) -> list[str]:
    """The laws that do not hold, in words."""
    found = [f"answer lost: {one}" for one in lost_answers(people, folder)]
    found += [f"not done: {count}" for count in left(folder) if count]
    found += [f"dead letter: {error}" for (error,) in ask(folder, "SELECT error FROM deadletter")]
    fine = (*ARRIVED, "replaced", *(() if people.dialect.tells else ("unknown",)))
    found += [f"{status}: {count}" for status, count in ask(
        folder, f"SELECT status, count(*) FROM outgoing WHERE status NOT IN {fine} GROUP BY status")]  # fmt: skip
    found += [f"unknown, but its kind is repeated: row {row}" for (row,) in ask(
        folder, f"SELECT id FROM outgoing WHERE status = 'unknown' AND kind IN {REPEATED}")]  # fmt: skip
    found += [f"file: {said}" for (said,) in ask(folder, "PRAGMA integrity_check") if said != "ok"]
    found += [f"without what it refers to: {row}" for row in ask(folder, "PRAGMA foreign_key_check")]
    twice = "SELECT person_id FROM product GROUP BY person_id HAVING count(*) > 1"
    found += [f"a product written twice: person {person}" for (person,) in ask(folder, twice)]
    return found + untrue(people, folder)


def untrue(people: People, folder: Path) -> list[str]:
    """Rows whose status does not agree with the ledger. Where the channel tells of what it took, nothing arrives twice."""
    times, found = people.ledger.times(), []
    for row, kind, status in ask(folder, "SELECT id, kind, status FROM outgoing"):
        arrived, once = times[str(row)], people.dialect.tells or kind not in REPEATED
        if arrived < (status in ARRIVED) or (once and arrived > 1):
            found.append(f"{kind} row {row} is {status} and arrived {arrived} times")
    pictures = [tag for tag, arrived in times.items() if not tag.isdecimal() and arrived > 1]
    return found + [f"picture {tag} arrived {times[tag]} times" for tag in pictures]


def settled_by_status(folder: Path) -> int:
    """Rows whose answer was lost and that a status settled: they keep the reason they were taken up for."""
    return int(ask(folder, f"SELECT count(*) FROM outgoing WHERE status IN {ARRIVED} AND reason != ''")[0][0])


def taken_again(folder: Path) -> int:
    """Rows that were claimed more than once."""
    return int(ask(folder, f"SELECT count(*) FROM outgoing WHERE status IN {ARRIVED} AND attempts > 1")[0][0])


def left(folder: Path) -> tuple[int, int]:
    """Rows that still have to be sent, and messages that still have to be handled."""
    rows = "SELECT count(*) FROM outgoing WHERE status IN ('queued', 'claimed')"
    return ask(folder, rows)[0][0], ask(folder, "SELECT count(*) FROM received WHERE status IN ('waiting', 'queued')")[0][0]
