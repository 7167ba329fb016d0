"""Nothing is lost: killed at drawn points and started again; and the check itself sees what is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.faults.kill import play
from bot.faults.laws import broken, lost_answers
from bot.faults.people import People


def change(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "lapak.db") as connection:
        assert connection.execute(statement).rowcount
    connection.close()


@pytest.mark.parametrize("channel", ["faults", "whatsapp"])
def test_three_kills_lose_nothing_and_a_loss_would_be_seen(tmp_path: Path, channel: str) -> None:
    with People(channel) as people:
        hits = play(people, tmp_path, rounds=3, seed=7)
        assert hits.total() == 3
        assert people.ledger.acknowledged
        assert broken(people, tmp_path) == []

        newest = "(SELECT max(id) FROM outgoing WHERE status IN ('sent', 'delivered', 'read'))"
        change(tmp_path, f"UPDATE outgoing SET status = 'claimed' WHERE id = {newest}")
        assert broken(people, tmp_path)
        change(tmp_path, "UPDATE outgoing SET status = 'sent' WHERE status = 'claimed'")
        assert broken(people, tmp_path) == []

        call = next(sent for sent in people.ledger.sent if "call" in sent.text)
        people.ledger.sent.append(call)
        assert len(broken(people, tmp_path)) == 1
        people.ledger.sent = [sent for sent in people.ledger.sent if sent != call]
        assert broken(people, tmp_path)
        people.ledger.sent.append(call)

        people.ledger.sent.append(next(sent for sent in people.ledger.sent if "person" in sent.address))
        assert len(broken(people, tmp_path)) == people.dialect.tells  # an answer may arrive twice where nothing is heard of it

        change(tmp_path, "UPDATE conversation SET answers = '{}'")
        assert lost_answers(people, tmp_path)
