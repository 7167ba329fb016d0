"""A picture is uploaded once and sent by its id after that; the hot request asks for just what the library would."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlmodel import Session, select
from telegram import InputMediaPhoto
from telegram.constants import ParseMode

from bot.app import App
from bot.bench.daytime import awake
from bot.channels.telegram import NO_PREVIEW, Telegram
from bot.channels.telegram_hot import ready, rest_of
from bot.channels.telegram_sending import parts_of
from bot.sending.uploads import Shelf, Uploads
from bot.store import Store
from messages import Message, Rendered, Span
from models.campaign import Campaign
from models.contact import Address, Person
from models.outbox import BULK, Outgoing
from models.upload import Upload
from tests.standin_telegram import StandIn
from tests.telegram_app import CHAT, HELLO, Hasty, pictures, refused, with_app, with_standin

PEOPLE = 12


def announce(session: Session, account: str, picture: str) -> None:
    now = datetime.now(UTC)
    people = [Person(created_at=now, zone=awake(now)) for _ in range(PEOPLE)]
    session.add_all(people)
    session.flush()
    body = Message("announcement.body", {"text": "Pelatihan", "place": "Samarinda"}, media=(picture,))
    campaign = Campaign(officer_id=people[0].id or 0, text="x", message=body.to_json(), created_at=now, filled_at=now)
    session.add(campaign)
    session.flush()
    for number, person in enumerate(people):
        place = Address(person_id=person.id or 0, account=account, channel="telegram", address=str(9000 + number), since=now)
        session.add(place)
        session.flush()
        session.add(Outgoing(person_id=person.id or 0, address_id=place.id or 0, account=account, lane=BULK, kind="announcement",
                             campaign_id=campaign.id, due_at=now, created_at=now))  # fmt: skip


def uploads_of(standin: StandIn) -> list[bool]:
    """Of the pictures that were sent, whether each came along."""
    return ["photo" not in asked for method, asked in standin.requests if method == "sendPhoto"]


def test_an_announcements_picture_goes_up_once_however_many_are_told_at_once(database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        [channel] = app.channels.values()
        [name] = pictures(app.settings.media_dir, 1)
        await app.store.write(lambda session: announce(session, channel.account, name))
        app.wake()
        await standin.until(lambda: len(standin.ledger) == PEOPLE)
        assert sorted(uploads_of(standin)) == [False] * (PEOPLE - 1) + [True]
        assert len({one.photos for one in standin.ledger}) == 1
        [kept] = await app.store.read(lambda session: session.exec(select(Upload)).all())
        assert (kept.account, kept.name) == (channel.account, name)
        standin.assert_well_behaved()

    with_app(work, database, tmp_path)


def test_a_first_send_that_fails_lets_the_next_one_upload(sqlite_database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        [channel] = app.channels.values()
        [name] = pictures(app.settings.media_dir, 1)
        standin.fail(status=403, description="Forbidden: bot was blocked by the user", method="sendPhoto")
        await app.store.write(lambda session: announce(session, channel.account, name))
        app.wake()
        await standin.until(lambda: len(standin.ledger) == PEOPLE - 1)
        assert sorted(uploads_of(standin)) == [False] * (PEOPLE - 2) + [True, True]

    with_app(work, sqlite_database, tmp_path)


def test_another_process_sends_by_the_id_that_this_one_kept(database: str, tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        store, other = Store(database), Hasty(standin.token, standin.url)
        shelf = Shelf(store, telegram.account, lambda: datetime.now(UTC))
        telegram.pictures.shelf = other.pictures.shelf = shelf
        shown = Rendered(HELLO.spans, HELLO.buttons, pictures(tmp_path, 1))
        await telegram.send(CHAT, shown, tmp_path, "")
        await other.pictures.load(shown.media)
        (tmp_path / shown.media[0]).unlink()
        await other.send(CHAT, shown, tmp_path, "")
        assert uploads_of(standin) == [True, False]
        assert standin.ledger[0].photos == standin.ledger[1].photos
        standin.files.clear()
        standin.refused.clear()
        await other.close()
        store.close()

    with_standin(work)


def test_an_id_that_is_refused_is_forgotten_and_the_picture_uploaded_again(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        shown = Rendered(HELLO.spans, (), pictures(tmp_path, 1))
        await telegram.send(CHAT, shown, tmp_path, "")
        standin.files.clear()
        try:
            await telegram.send(CHAT, shown, tmp_path, "")
        except Exception as error:
            assert getattr(error, "decision", "") == "retry"
        else:
            raise AssertionError("the id was taken")
        await telegram.send(CHAT, shown, tmp_path, "")
        assert uploads_of(standin) == [True, False, True]

    with_standin(work)


def test_an_album_goes_by_its_ids_too(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        album = Rendered((Span("dua foto"),), HELLO.buttons, pictures(tmp_path, 2))
        for _ in range(2):
            await telegram.send(CHAT, album, tmp_path, "")
        first, _, second, _ = standin.ledger
        assert first.photos == second.photos and len(first.photos) == 2
        standin.assert_well_behaved()

    with_standin(work)


def test_ids_are_kept_for_as_long_as_the_platform_keeps_the_pictures(sqlite_database: str) -> None:
    async def run() -> None:
        now, store = [datetime(2026, 11, 2, tzinfo=UTC)], Store(sqlite_database)
        uploads = Uploads(timedelta(days=29))
        uploads.shelf = Shelf(store, "a", lambda: now[0])
        await uploads.keep("x.jpg", "1")
        now[0] += timedelta(days=28)
        assert uploads.id_of("x.jpg") == "1"
        now[0] += timedelta(days=1)
        assert uploads.id_of("x.jpg") == ""
        await uploads.load(["x.jpg"])
        assert uploads.id_of("x.jpg") == ""
        store.close()

    asyncio.run(run())


def test_the_hot_request_is_the_librarys(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        asks = Rendered((Span("Nomor HP?"),), request="contact", request_label="Kirim nomor saya")
        for rendered in (HELLO, asks, Rendered((Span("x" * 5000),), HELLO.buttons)):
            for part in parts_of(rendered):
                await both(standin, telegram, part, (), None)
        standin.files |= {"AgAC1": b"1", "AgAC2": b"2"}
        [captioned] = parts_of(Rendered(HELLO.spans, HELLO.buttons, ("a.jpg",)))
        [group, _] = parts_of(Rendered(HELLO.spans, HELLO.buttons, ("a.jpg", "b.jpg")))
        await both(standin, telegram, captioned, ("AgAC1",), None)
        await both(standin, telegram, group, ("AgAC1", "AgAC2"), None)
        await both(standin, telegram, captioned, ("AgAC1",), True)

    with_standin(work)


async def both(standin: StandIn, telegram: Telegram, part: Any, ids: tuple[str, ...], paid: bool | None) -> None:
    method, rest = rest_of(part, ids, bool(paid))
    await telegram._wire.ask(f"{telegram._root}/{method}", ready(CHAT, rest))
    bot, more = telegram._bot, cast(Any, {"allow_paid_broadcast": paid})
    if len(ids) > 1:
        await bot.send_media_group(CHAT, [InputMediaPhoto(one) for one in ids], **more)
    elif ids:
        caption = part.html or None
        await bot.send_photo(CHAT, ids[0], caption=caption, parse_mode=ParseMode.HTML, reply_markup=part.keyboard, **more)
    else:
        await bot.send_message(
            CHAT, part.html, parse_mode=ParseMode.HTML, reply_markup=part.keyboard, link_preview_options=NO_PREVIEW, **more
        )
    (ours, asked), (theirs, expected) = standin.requests[-2:]
    assert (ours, {**asked, "chat_id": CHAT}) == (theirs, {**expected, "chat_id": CHAT})


def test_who_may_have_lost_the_account_shows_no_further_part(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        telegram.safe = lambda: not standin.ledger  # type: ignore[method-assign]
        error = await refused(telegram.send(CHAT, Rendered((Span("x" * 5000),)), tmp_path, ""))
        assert (error.decision, len(standin.ledger)) == ("retry", 1)

    with_standin(work)


def test_above_what_is_free_requests_say_that_they_are_paid_for(tmp_path: Path) -> None:
    async def work(standin: StandIn, telegram: Telegram) -> None:
        paid = Telegram(standin.token, standin.url, rate=100)
        for channel in (telegram, paid):
            await channel.send(CHAT, HELLO, tmp_path, "")
            await channel.send(CHAT, Rendered(HELLO.spans, (), pictures(tmp_path, 1)), tmp_path, "")
        assert [asked.get("allow_paid_broadcast") for _, asked in standin.requests] == [None, None, True, True]
        await paid.close()

    with_standin(work)
