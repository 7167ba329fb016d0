"""What must hold after any number of kills, read from the file and from the ledger."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from bot.faults.people import People, script
from models.outbox import REPEATED


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
        if address.startswith("person"):
            wanted = script(int(address.split("-")[1]))[places[address]][1]
            places[address] += 1
            if wanted not in stored.get(address, ""):
                lost.append(f"{address}: {update['text']}")
    return lost


def broken(people: People, folder: Path) -> list[str]:
    """The laws that do not hold, in words."""
    found = [f"answer lost: {one}" for one in lost_answers(people, folder)]
    found += [f"not done: {count}" for count in left(folder) if count]
    found += [f"dead letter: {error}" for (error,) in ask(folder, "SELECT error FROM deadletter")]
    found += [f"{status}: {count}" for status, count in ask(
        folder, "SELECT status, count(*) FROM outgoing WHERE status NOT IN ('sent', 'unknown', 'replaced') GROUP BY status")]  # fmt: skip
    found += [f"unknown, but its kind is repeated: row {row}" for (row,) in ask(
        folder, f"SELECT id FROM outgoing WHERE status = 'unknown' AND kind IN {REPEATED}")]  # fmt: skip
    found += [f"file: {said}" for (said,) in ask(folder, "PRAGMA integrity_check") if said != "ok"]
    found += [f"without what it refers to: {row}" for row in ask(folder, "PRAGMA foreign_key_check")]
    twice = "SELECT person_id FROM product GROUP BY person_id HAVING count(*) > 1"
    found += [f"a product written twice: person {person}" for (person,) in ask(folder, twice)]
    return found + untrue(people, folder)


def untrue(people: People, folder: Path) -> list[str]:
    """Rows whose status does not agree with the ledger."""
    times, found = people.ledger.times(), []
    for address, kind, status, title in _marked_rows(folder):
        arrived = next((n for (to, text), n in times.items() if to == address and f"{title}." in text), 0)
        least, most = (1 if status == "sent" else 0), (None if kind in REPEATED else 1)
        if arrived < least or (most is not None and arrived > most):
            found.append(f"{kind} row for {address} is {status} and arrived {arrived} times")
    sent = Counter(address for address, _ in people.ledger.sent)
    rows = ask(folder, "SELECT address, count(*) FROM outgoing JOIN address a ON a.id = address_id WHERE status = 'sent' GROUP BY 1")
    return found + [f"{address} was sent {sent[address]} of {count}" for address, count in rows if sent[address] < count]


def _marked_rows(folder: Path) -> list[Any]:
    return ask(
        folder,
        "SELECT a.address, o.kind, o.status, json_extract(coalesce(o.message, c.message), '$.params.title') FROM outgoing o"
        " JOIN address a ON a.id = o.address_id LEFT JOIN campaign c ON c.id = o.campaign_id WHERE o.kind != 'reply'",
    )


def left(folder: Path) -> tuple[int, int]:
    """Rows that still have to be sent, and messages that still have to be handled."""
    rows = "SELECT count(*) FROM outgoing WHERE status IN ('queued', 'claimed')"
    return ask(folder, rows)[0][0], ask(folder, "SELECT count(*) FROM received WHERE status IN ('waiting', 'queued')")[0][0]
