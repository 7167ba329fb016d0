"""What each failure of WhatsApp means: not sent, refused, or nobody knows until its status comes. Over real HTTP to the stand-in."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.app import App, utc_now
from bot.channels.channel import Inbound, Receipt
from bot.channels.whatsapp import Whatsapp
from messages import Rendered
from models.outbox import Outgoing
from tests.pictures import encoded, product
from tests.standin_whatsapp import StandIn
from tests.telegram_app import pictures, refused
from tests.whatsapp_app import HELLO, SITI, post, posting, with_app, with_standin
from tests.whatsapp_updates import statuses_of

CODES: list[tuple[int, int, str, float]] = [
    (4, 0, "slow", 5),
    (80007, 0, "slow", 5),
    (130429, 0, "slow", 5),
    (131056, 0, "retry", 0),
    (131047, 0, "hold", 0),
    (131026, 0, "undeliverable", 0),
    (131049, 0, "retry", 86_400),
    (131050, 0, "unwanted", 0),
    (131048, 0, "stop", 0),
    (132001, 0, "campaign", 0),
    (132015, 0, "campaign", 0),
    (368, 0, "stop", 0),
    (131031, 0, "stop", 0),
    (190, 0, "stop", 0),
    (131053, 0, "retry", 0),
    (131000, 0, "retry", 0),
    (100, 0, "failed", 0),
    (131000, 400, "retry", 0),
    (131048, 400, "stop", 0),
]


@pytest.mark.parametrize(("code", "status", "decision", "wait"), CODES)
def test_each_error_has_its_decision_by_its_code(code: int, status: int, decision: str, wait: float, tmp_path: Path) -> None:
    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        standin.fail(code=code, status=status)
        error = await refused(whatsapp.send(SITI.user_id, HELLO, tmp_path, "", "1"))
        assert (error.decision, error.retry_after) == (decision, wait)
        assert standin.token not in str(error) and SITI.user_id not in str(error)
        assert await whatsapp.send(SITI.user_id, HELLO, tmp_path, "", "1")

    with_standin(work)


@pytest.mark.parametrize("how", ["cut", "half", "hang"])
def test_a_lost_answer_is_unknown_since_it_may_have_been_shown(how: str, tmp_path: Path) -> None:
    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        standin.fail(how)
        assert (await refused(whatsapp.send(SITI.user_id, HELLO, tmp_path, "", "1"))).decision == "unknown"
        assert len(standin.heard_by(SITI)) == 1

    with_standin(work, timeout=2 if how == "hang" else 5)


def test_a_refused_connection_and_a_name_that_is_none_are_tried_again(tmp_path: Path) -> None:
    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        await standin.stop()
        assert (await refused(whatsapp.send(SITI.user_id, HELLO, tmp_path, "", "1"))).decision == "retry"

    with_standin(work)


def test_what_never_answers_is_given_up_after_a_while(tmp_path: Path) -> None:
    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            deaf = Whatsapp(standin.phone_id, standin.token, f"http://127.0.0.1:{silent.getsockname()[1]}", 0.3)
            assert (await refused(deaf.send(SITI.user_id, HELLO, tmp_path, "", "1"))).decision == "unknown"
            await deaf.close()

    with_standin(work)


def test_a_second_try_goes_on_where_the_first_one_ended(tmp_path: Path) -> None:
    album = Rendered(HELLO.spans, HELLO.buttons, pictures(tmp_path, 3))

    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        standin.fail(code=131000, kind="interactive")
        assert (await refused(whatsapp.send(SITI.user_id, album, tmp_path, "", "1"))).decision == "retry"
        assert await whatsapp.send(SITI.user_id, album, tmp_path, "", "1")
        assert [one.kind for one in standin.heard_by(SITI)] == ["image", "image", "image", "button"]
        assert len(standin.uploaded) == 3
        standin.assert_well_behaved()

    with_standin(work)


def test_a_picture_whose_answer_was_lost_is_not_shown_again_once_its_status_came(tmp_path: Path) -> None:
    album = Rendered(HELLO.spans, HELLO.buttons, pictures(tmp_path, 2))

    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        shown = 0
        for how in ("cut", "half"):
            standin.fail(how, kind="image")
            assert (await refused(whatsapp.send(SITI.user_id, replace(album, shown=shown), tmp_path, "", "1"))).decision == "unknown"
            told = [one for status in standin.take_statuses() for one in whatsapp.decode(status) if isinstance(one, Receipt)]
            shown = max([shown, *(int(one.tag.removeprefix("1.")) for one in told)])  # as the row keeps it, see tests/test_receipts.py
        await whatsapp.send(SITI.user_id, replace(album, shown=shown), tmp_path, "", "1")
        assert [one.kind for one in standin.heard_by(SITI)] == ["image", "image", "button"]
        assert [one.tag for one in standin.heard_by(SITI)] == ["1.1", "1.2", "1"]
        await whatsapp.send(SITI.user_id, album, tmp_path, "", "2")
        assert len(standin.heard_by(SITI)) == 6

    with_standin(work)


def test_an_upload_that_breaks_off_is_tried_again_and_shows_nothing(tmp_path: Path) -> None:
    pictured = Rendered(HELLO.spans, HELLO.buttons, pictures(tmp_path, 1))

    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        for how, code in (("cut", 0), ("", 131053), ("", 131000)):
            standin.fail(how, code=code, kind="upload")
            assert (await refused(whatsapp.send(SITI.user_id, pictured, tmp_path, "", "1"))).decision == "retry"
        assert standin.heard_by(SITI) == []
        await whatsapp.send(SITI.user_id, pictured, tmp_path, "", "1")
        [shown] = standin.heard_by(SITI)
        assert (shown.text, shown.labels, len(shown.photos)) == ("Halo, *Bu Siti*", ["Ya", "Menu"], 1)

    with_standin(work)


def test_every_picture_counts_to_the_pace_of_one_person(tmp_path: Path) -> None:
    """Nine messages of five pictures are 54 to the platform, nine more than a person may get at once."""
    album = Rendered(HELLO.spans, HELLO.buttons, pictures(tmp_path, 5))
    now = [1_000_000.0]

    async def work(standin: StandIn, _: Whatsapp) -> None:
        async def sleep(seconds: float) -> None:
            now[0] += seconds

        whatsapp = Whatsapp(standin.phone_id, standin.token, standin.api, 5, ticks=lambda: now[0], sleep=sleep)
        for place in range(9):
            now[0] = whatsapp.pace.reserve(SITI.user_id, now[0])  # as its sender does for each message
            await whatsapp.send(SITI.user_id, album, tmp_path, "", str(place))
        await whatsapp.close()
        assert len(standin.heard_by(SITI)) == 54
        standin.assert_well_behaved()

    with_standin(work, pair=6, clock=lambda: now[0])


def test_a_picture_is_fetched_from_the_platform_alone_and_with_a_fresh_link() -> None:
    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        content = encoded(product(1))
        [found] = whatsapp.decode(standin.image(SITI, content))
        assert isinstance(found, Inbound)
        standin.fail(status=404, kind="download")
        assert (await refused(fetched(whatsapp, found))).decision == "retry", "the link has expired: the next try asks for another"
        assert await whatsapp.fetch(found.media) == content
        standin.attachments = "http://127.0.0.1:9"
        assert (await refused(fetched(whatsapp, found))).decision == "failed"
        standin.attachments = "https://lookaside.fbsbx.com.example.org"
        assert (await refused(fetched(whatsapp, found))).decision == "failed"

    with_standin(work)


async def fetched(whatsapp: Whatsapp, found: Inbound) -> str:
    return str(len(await whatsapp.fetch(found.media)))


def test_what_was_said_is_marked_as_read_with_a_typing_sign_and_a_failure_of_that_is_nothing() -> None:
    async def work(standin: StandIn, whatsapp: Whatsapp) -> None:
        [found] = whatsapp.decode(standin.text(SITI, "halo"))
        assert isinstance(found, Inbound)
        await whatsapp.acknowledge(found)
        standin.fail("cut", kind="read")
        await whatsapp.acknowledge(found)
        assert standin.read[0] == (found.external_id, True)
        standin.assert_well_behaved()

    with_standin(work)


async def one_row(app: App) -> Outgoing:
    def newest(session: Session) -> Outgoing:
        return session.exec(select(Outgoing).order_by(col(Outgoing.id).desc())).first() or Outgoing(status="none")  # type: ignore[call-arg]

    return await app.store.read(newest)


async def looks_again(app: App) -> None:
    """Until the sender has looked for what is due."""
    [sender] = app.senders.values()
    before = sender._writing
    sender.wake()
    async with asyncio.timeout(20):
        while sender._writing in (before, None):
            await asyncio.sleep(0)
        await asyncio.wait([sender._writing])
        while sender.lanes or sender.turns.inflight:
            await asyncio.sleep(0.01)


async def becomes(app: App, *statuses: str) -> None:
    for _ in range(500):
        if (await one_row(app)).status in statuses:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{(await one_row(app)).status}, not {statuses}")


def test_the_status_of_a_message_whose_answer_was_lost_settles_it_and_it_is_shown_once(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        standin.fail("cut")
        async with posting(app) as client:
            await post(client, standin, standin.text(SITI, "halo"))
            await standin.until(lambda: standin.heard_by(SITI))
            await becomes(app, "queued")
            sent, delivered, read = standin.take_statuses()
            for status in (delivered, delivered, sent, read, sent):
                assert await post(client, standin, status) == 200
            row = await one_row(app)
            assert (row.status, row.external_id) == ("read", statuses_of(read)[0]["id"])
            await looks_again(app)
        assert len(standin.heard_by(SITI)) == 1

    # On a clock that stands still: two seconds later the lost one would be sent again, its status being on its way.
    now = utc_now()
    with_app(work, sqlite_database, tmp_path, clock=lambda: now)


def test_a_message_that_was_taken_and_failed_later_is_decided_on_as_at_once(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        standin.fail("failed", code=131047)
        async with posting(app) as client:
            await post(client, standin, standin.text(SITI, "halo"))
            await becomes(app, "sent")
            [failed] = standin.take_statuses()
            for _ in range(2):
                assert await post(client, standin, failed) == 200
            await becomes(app, "held")
            assert standin.heard_by(SITI) == []
            await post(client, standin, standin.text(SITI, "menu"))
            await standin.until(lambda: standin.heard_by(SITI))

    with_app(work, sqlite_database, tmp_path)
