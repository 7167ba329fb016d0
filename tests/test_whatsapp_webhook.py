"""The address that WhatsApp posts to: known by its signature, kept before it is answered, and silent about what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from bot.app import App
from bot.webhooks import WHATSAPP
from handlers import topics
from models.contact import Address, Person
from models.inbox import DeadLetter, Received
from models.outbox import Outgoing
from tests.standin_whatsapp import StandIn
from tests.telegram_app import count
from tests.whatsapp_app import SITI, VERIFY, post, posting, with_app
from tests.whatsapp_updates import SIGNATURE, Owner, batch, hidden, signature, signed

WORD = "rahasia-dapur-amplang"


async def rows(app: App) -> int:
    """Of every table that a message could have left something in."""
    kept = (Person, Address, Received, Outgoing, DeadLetter)
    return sum([await app.store.read(count(table)) for table in kept])


def asking(**parts: str) -> dict[str, str]:
    return {f"hub.{name}": part for name, part in {"mode": "subscribe", "verify_token": VERIFY, "challenge": "1158201444", **parts}.items()}


def test_the_handshake_gives_the_challenge_back_to_who_knows_the_token(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        async with posting(app) as client:
            good = await client.get(WHATSAPP, params=asking())
            assert (good.status_code, good.text) == (200, "1158201444")
            assert good.headers["content-type"].startswith("text/plain"), "a challenge is never a page"
            for wrong in ({"verify_token": "lain"}, {"verify_token": ""}, {"mode": "unsubscribe"}, {"verify_token": "é"}):
                refused = await client.get(WHATSAPP, params=asking(**wrong))
                assert refused.status_code == 403 and "1158201444" not in refused.text
            assert (await client.get(WHATSAPP)).status_code == 403
            assert (await client.put(WHATSAPP)).status_code == 405

    with_app(work, sqlite_database, tmp_path)


def forged(standin: StandIn, body: bytes) -> list[dict[str, str]]:
    good = signature(body, standin.secret)
    wrong = [signature(body, "another secret"), good[:-1], good.removeprefix("sha256="), good.upper(), "sha256=", "", "sha256=é"]
    return [{SIGNATURE: one} for one in wrong] + [{SIGNATURE: signature(body + b" ", standin.secret)}, {"X-Hub-Signature": good}, {}]


def test_what_is_forged_is_refused_and_leaves_nothing(
    sqlite_database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    async def work(app: App, standin: StandIn) -> None:
        before = await rows(app)
        body, _ = signed(standin.text(SITI, WORD), standin.secret)
        async with posting(app) as client:
            with capture_logs() as logs:
                for headers in forged(standin, body):
                    encoded = {name: value.encode() for name, value in headers.items()}
                    answer = await client.post(WHATSAPP, content=body, headers=encoded)  # type: ignore[arg-type]
                    assert answer.status_code in (401, 403), headers
            assert await rows(app) == before
            assert WORD not in str(logs) and SITI.user_id not in str(logs)
        assert standin.requests == []

    with_app(work, sqlite_database, tmp_path)
    printed = capfd.readouterr()
    assert WORD not in printed.out + printed.err + caplog.text


def test_what_is_replayed_is_heard_once(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        body, headers = signed(standin.text(SITI, "halo"), standin.secret)
        async with posting(app) as client:
            for _ in range(3):
                assert (await client.post(WHATSAPP, content=body, headers=headers)).status_code == 200
                assert await app.store.read(count(Received)) == 1
            await standin.until(lambda: standin.heard_by(SITI))
            assert await app.store.read(count(Outgoing)) == 1
            # The same message inside another delivery is a repeat too.
            assert await post(client, standin, batch(json.loads(body), standin.text(SITI, "apa ini?"))) == 200
            assert await app.store.read(count(Received)) == 2

    with_app(work, sqlite_database, tmp_path)


def odd_bodies(standin: StandIn) -> dict[str, tuple[bytes, int]]:
    whole, _ = signed(standin.text(SITI, WORD), standin.secret)
    foreign = StandIn(phone_id="999")
    return {
        "truncated": (whole[: len(whole) // 2], 400),
        "no JSON": (f"{WORD}=1&x=2".encode(), 400),
        "no UTF-8": (whole.replace(WORD.encode(), b"\xff\xfe"), 400),
        "deep": (b"[" * 200_000, 400),
        "empty": (b"", 400),
        "3 MB": (whole[:-1] + b" " * (3 * 1024 * 1024) + b"}", 413),
        "a list": (json.dumps([WORD]).encode(), 200),
        "a word": (json.dumps(WORD).encode(), 200),
        "null": (b"null", 200),
        "another object": (json.dumps({"object": "page", "entry": [{"id": WORD}]}).encode(), 200),
        "no entries": (json.dumps({"object": "whatsapp_business_account"}).encode(), 200),
        "another number": (json.dumps(foreign.text(SITI, WORD)).encode(), 200),
    }


def test_odd_bodies_are_answered_as_they_deserve_and_leave_nothing(
    sqlite_database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    async def work(app: App, standin: StandIn) -> None:
        before = await rows(app)
        async with posting(app) as client:
            for name, (body, status) in odd_bodies(standin).items():
                with capture_logs() as logs:
                    assert await post(client, standin, body) == status, name
                assert WORD not in str(logs) and SITI.user_id not in str(logs), name
                assert await rows(app) == before, name
        assert standin.requests == []

    with_app(work, sqlite_database, tmp_path)
    printed = capfd.readouterr()
    assert WORD not in printed.out + printed.err + caplog.text


def test_what_is_too_large_is_not_read_to_its_end(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        read = 0

        async def endless() -> Any:
            nonlocal read
            while read < 50:
                read += 1
                yield b" " * (1024 * 1024)

        async with posting(app) as client:
            answer = await client.post(WHATSAPP, content=endless(), headers={SIGNATURE: "sha256=" + "0" * 64})
        assert answer.status_code == 413 and read < 5

    with_app(work, sqlite_database, tmp_path)


def test_every_message_of_a_batch_is_kept_before_the_answer_and_a_poisoned_one_loses_no_neighbour(
    sqlite_database: str, tmp_path: Path
) -> None:
    async def work(app: App, standin: StandIn) -> None:
        people = [hidden(number) for number in range(1, 6)]
        whole = batch(*(standin.text(one, "halo") for one in people))
        whole["entry"][0]["changes"][0]["value"]["messages"][2:2] = [7, {"type": "text"}, {"from_user_id": {}, "text": []}]
        async with posting(app) as client:
            assert await post(client, standin, whole) == 200
            assert await app.store.read(_names) == sorted(one.user_id for one in people)
            more = batch(*(standin.text(Owner("", f"62812555000{number}"), "halo") for number in range(5)), entries=True)
            assert await post(client, standin, more) == 200
            assert len(await app.store.read(_names)) == 10

    with_app(work, sqlite_database, tmp_path)


def _names(session: Session) -> list[str]:
    return sorted(one.address for one in session.exec(select(Address)))


def test_503_when_not_even_the_dead_letter_could_be_kept(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        async def fails(*_: Any, **__: Any) -> None:
            raise OSError(f"the disk is full of {WORD}")

        async with posting(app) as client:
            app.receive_all = fails  # type: ignore[method-assign]
            with capture_logs() as logs:
                assert await post(client, standin, standin.text(SITI, WORD)) == 503
            assert logs and WORD not in str(logs)

    with_app(work, sqlite_database, tmp_path)


def test_a_turn_that_fails_by_a_bug_is_kept_and_apologised_for(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError(WORD)

    monkeypatch.setitem(topics.COMMANDS, "broken", broken)

    async def work(app: App, standin: StandIn) -> None:
        async with posting(app) as client:
            with capture_logs() as logs:
                assert await post(client, standin, standin.button(SITI, "c:broken:0:0", WORD)) == 200
            assert WORD not in str(logs)
        await standin.until(lambda: standin.heard_by(SITI))

    with_app(work, sqlite_database, tmp_path)
