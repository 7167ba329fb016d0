"""The short version of `./run bench send`: an announcement at a limit, against a stand-in in a process of its own."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from bot.app import App
from bot.bench.limit import Ledger, densest, ledger_of, platform
from bot.bench.send import fill, ours, refused, run, theirs
from bot.bench.through import TELEGRAM, WHATSAPP, Through
from bot.channels.whatsapp_errors import decide
from bot.ownership import Complaint
from bot.settings import Settings
from messages import Message
from models.campaign import Campaign
from models.contact import Address

TRIES = 3


def test_the_stand_in_refuses_what_is_over_its_rate() -> None:
    ledger = Ledger(10)
    taken = [ledger.takes(1, 100 + place / 20) for place in range(40)]
    assert 20 <= sum(taken) <= 31 and refused(ledger) == 40 - sum(taken)
    assert densest(ledger.times) <= 11


@pytest.mark.parametrize(("through", "rate", "seconds"), [(TELEGRAM, 100.0, 1.5), (WHATSAPP, 80.0, 3.0)])
def test_an_announcement_keeps_to_the_limit_while_people_are_answered(
    through: Through, rate: float, seconds: float, tmp_path: Path
) -> None:
    """A machine that has other things to do brings messages closer together on their way; who does not keep to it never does."""
    assert any(kept_to_the_limit(through, rate, seconds, tmp_path / str(number)) for number in range(TRIES))


def kept_to_the_limit(through: Through, rate: float, seconds: float, folder: Path) -> bool:
    folder.mkdir()
    with platform(rate, 0.02) as url:
        sent = asyncio.run(ours(through, folder, url, rate, seconds, idle=2))
    assert sent.twice == 0 and sent.busy > 0
    # It is the bench that says how near it comes.
    return sent.achieved > 0.5 and refused(sent.ledger) == 0 and densest(sent.ledger.times) <= rate * 1.05


LONG = Message("announcement.body", {"text": "Pelatihan kemasan hari Kamis, gratis. " * 150, "place": "Samarinda"})


def test_every_part_of_a_message_counts_for_the_number(tmp_path: Path) -> None:
    assert any(asyncio.run(sent_in_parts(tmp_path / str(number), 40, 50)) for number in range(TRIES))


async def sent_in_parts(folder: Path, rate: float, people: int) -> bool:
    """An announcement of two texts, to people whose window is open: whether the platform had nothing to refuse."""
    folder.mkdir()
    with platform(rate, 0.02) as url:
        database, channel = f"sqlite:///{folder}/l.db", WHATSAPP.make(url, rate)
        fill(WHATSAPP, database, channel.account, people)
        app = App(Settings(_env_file=None, database_url=database, media_dir=folder / "media"), channels=[channel])  # type: ignore[call-arg]
        await app.store.write(lambda session: session.execute(update(Address).values(heard_at=app.clock())))
        await app.store.write(lambda session: session.execute(update(Campaign).values(status="running", message=LONG.to_json())))
        await app.start()
        async with asyncio.timeout(30):
            while len((ledger := ledger_of(url)).times) < 2 * people:
                await asyncio.sleep(0.2)
        await app.stop()
    assert set(Counter(ledger.chats).values()) == {2}
    return refused(ledger) == 0 and densest(ledger.times) <= rate * 1.05


def test_the_stand_in_refuses_as_whatsapp_does_and_counts_no_read_marks() -> None:
    with platform(2, 0) as url, httpx.Client() as client:
        there = f"{url}/v23.0/1064200000001/messages"
        assert client.post(there, json={"status": "read", "message_id": "wamid.1"}).json() == {"success": True}
        answers = [client.post(there, json={"to": str(place), "text": {"body": "x"}}) for place in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429]
        assert answers[0].json()["messages"] == [{"id": "wamid.1"}]
        assert decide(429, answers[2].json()).reason == "too_fast" and answers[2].json()["error"]["code"] == 130429
        assert ledger_of(url).chats == [0, 1]


def test_both_send_beside_it_what_it_sends(tmp_path: Path) -> None:
    for through in (TELEGRAM, WHATSAPP):
        with platform(50, 0.02) as url:
            sent = asyncio.run(theirs(through, url, 50, 0.5))
        assert 0 < sent.achieved <= 1.1


def test_an_unknown_channel_is_named() -> None:
    with pytest.raises(Complaint, match="telegram, whatsapp"):
        run(1, "sms")
