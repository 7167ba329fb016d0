"""Pictures in a folder and in a bucket of a real S3-compatible server behave alike; words never wait for either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from sqlmodel import select

from bot.app import App
from bot.channels.channel import Inbound
from bot.channels.documents import content_of
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import Whatsapp
from bot.collage import sheet
from bot.media import Bucket, Media, at_hand, check, clear, get, move, present, put
from bot.photos import keep
from bot.settings import Settings
from handlers.said import Said
from messages import Rendered
from models.inbox import Received
from tests.bucket import KEY, SECRET, bucket_at
from tests.pictures import encoded, product
from tests.standin_telegram import StandIn
from tests.standin_whatsapp import StandIn as Cloud
from tests.telegram_app import CHAT, HELLO, with_app, with_standin
from tests.whatsapp_app import SITI
from tests.whatsapp_app import with_standin as with_cloud


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with bucket_at(tmp_path_factory.mktemp("s3")) as made:
        yield made


@pytest.fixture
def away(bucket: Bucket) -> Bucket:
    """Nobody listens there."""
    return replace(bucket, endpoint="http://127.0.0.1:9")


@pytest.fixture(params=["folder", "bucket"])
def media(request: pytest.FixtureRequest, tmp_path: Path) -> Media:
    if request.param == "folder":
        return tmp_path / "media"
    whole: Bucket = request.getfixturevalue("bucket")
    return replace(whole, prefix=f"foto-{tmp_path.name}")


def test_what_is_put_is_there_under_its_name(media: Media) -> None:
    put(media, "a.jpg", b"satu")
    put(media, "a.jpg", b"dua")
    assert (get(media, "a.jpg"), get(media, "../a.jpg"), get(media, "b.jpg")) == (b"dua", b"dua", b"")
    assert present(media, ("a.jpg", "b.jpg")) == {"a.jpg"}


def test_only_what_is_old_and_begins_so_is_cleared(media: Media, tmp_path: Path) -> None:
    (tmp_path / "laporan-1.xlsx").write_bytes(b"lembar")
    move(tmp_path / "laporan-1.xlsx", media)
    put(media, "a.jpg", b"foto")
    hour, now = timedelta(hours=1), datetime.now(UTC)
    assert (clear(media, "laporan-", now - hour), clear(media, "laporan-", now + hour)) == (0, 1)
    assert not (tmp_path / "laporan-1.xlsx").exists()
    assert present(media, ("a.jpg", "laporan-1.xlsx")) == {"a.jpg"}


def test_a_photo_and_its_sheet_are_kept_there(media: Media) -> None:
    photo = keep(encoded(product(1, (900, 700))), media)
    made = sheet(f"sheet:1={photo.name},2=gone.jpg", media)
    assert photo.name and get(media, photo.name)[:2] == get(media, made)[:2] == b"\xff\xd8"


def test_telegram_shows_what_is_there_and_says_the_words_in_any_case(media: Media) -> None:
    names = [keep(encoded(product(seed, (900, 700))), media).name for seed in (1, 2)]

    async def work(standin: StandIn, telegram: Telegram) -> None:
        await telegram.send(CHAT, Rendered(HELLO.spans, (), (names[0], "gone.jpg")), media, "")
        await telegram.send(CHAT, Rendered(HELLO.spans, (), ("gone.jpg",)), media, "")
        assert [len(one.photos) for one in standin.ledger] == [1, 0, 0]
        standin.assert_well_behaved()

    with_standin(work)


def test_words_do_not_wait_for_a_bucket_that_is_away(away: Bucket) -> None:
    async def telegram(standin: StandIn, channel: Telegram) -> None:
        await channel.send(CHAT, Rendered(HELLO.spans, (), ("a.jpg",)), away, "")
        assert [len(one.photos) for one in standin.ledger] == [0]

    with_standin(telegram)
    assert (at_hand(away, "a.jpg"), present(away, ("a.jpg",))) == (b"", frozenset())
    with pytest.raises(OSError, match="the bucket: GenericError"):
        put(away, "a.jpg", b"foto")


def test_whatsapp_uploads_from_the_bucket(bucket: Bucket, away: Bucket) -> None:
    name = keep(encoded(product(3, (900, 700))), bucket).name

    async def work(standin: Cloud, whatsapp: Whatsapp) -> None:
        for media, shown in ((bucket, name), (bucket, "gone.jpg"), (away, "b.jpg")):
            await whatsapp.send(SITI.user_id, Rendered(HELLO.spans, (), (shown,)), media, "", "1")
        assert [len(one.photos) for one in standin.shown()] == [1, 0, 0]
        standin.assert_well_behaved()

    with_cloud(work)


def test_a_photo_that_comes_in_is_in_the_bucket_before_its_row_names_it(bucket: Bucket, database: str, tmp_path: Path) -> None:
    async def work(app: App, standin: StandIn) -> None:
        [channel] = app.channels.values()
        [found] = [one for one in channel.decode(standin.photo(int(CHAT), encoded(product(7, (900, 700))))) if isinstance(one, Inbound)]
        await app.receive(channel, found)
        await app.settled()
        [row] = await app.store.read(lambda session: session.exec(select(Received)).all())
        photo = Said.from_json(row.said).photo
        assert photo and photo.name and get(app.media, photo.name)[:2] == b"\xff\xd8"
        assert not list((tmp_path / "media").iterdir()), "nothing stays on this machine"

    there: dict[str, Any] = {"media_url": f"s3://{bucket.name}/masuk", "media_endpoint": bucket.endpoint}
    with_app(work, database, tmp_path, media_key=bucket.key, media_secret=bucket.secret, **there)


def test_a_document_that_cannot_be_had_is_tried_again_and_one_that_is_gone_is_not(bucket: Bucket, away: Bucket) -> None:
    decisions = []
    for place in (bucket, away):
        try:
            content_of(place, "laporan-1.xlsx")
        except Exception as error:
            decisions.append(getattr(error, "decision", str(error)))
    assert decisions == ["failed", "retry"]


def test_a_wrong_key_is_told_without_it(bucket: Bucket) -> None:
    check(bucket)
    for wrong in (replace(bucket, secret=SecretStr("lain-rahasia-lain")), replace(bucket, key=SecretStr("lain"))):
        with pytest.raises(OSError, match="the bucket: ") as caught:
            check(wrong)
        assert not any(word in repr(caught.value) for word in (KEY, SECRET, "lain"))
    assert SECRET not in repr(bucket)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"media_url": "s3://lapak/foto"}, "needs LAPAK_MEDIA_KEY"),
        ({"media_url": "https://lapak", "media_key": "k", "media_secret": "s"}, "must be s3://"),
        ({"media_url": "s3://", "media_key": "k", "media_secret": "s"}, "must be s3://"),
    ],
)
def test_half_a_bucket_is_a_mistake(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings(_env_file=None, **given)  # type: ignore[call-arg]


def test_the_settings_name_a_bucket_or_a_folder(tmp_path: Path) -> None:
    whole = Settings(_env_file=None, media_url="s3://lapak/foto/2026/", media_key=SecretStr("k"), media_secret=SecretStr("s"))  # type: ignore[call-arg]
    assert whole.media == Bucket("lapak", "foto/2026", "", "us-east-1", SecretStr("k"), SecretStr("s"))
    assert Settings(_env_file=None, media_dir=tmp_path).media == tmp_path  # type: ignore[call-arg]
