"""Pictures sent from the page: albums, what is refused kindly, and that nobody's identity reaches the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.pictures import card, encoded, product
from tests.served import Served, answers, begin, history, until, upload, words

NIK = "6472010101900001"


@pytest.fixture
def served(sqlite_database: str, tmp_path: Path) -> Iterator[Served]:
    with Served(sqlite_database, tmp_path / "media") as running:
        yield running


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as made:
        yield made


def test_an_album_is_answered_once(client: httpx.Client) -> None:
    begin(client)
    upload(client, [encoded(product(seed)) for seed in range(3)], text="Amplang ikan tenggiri")
    until(lambda: len(answers(client)) == 4)
    assert "3 foto" in words(answers(client)[3])


def test_bad_uploads_are_refused_kindly(client: httpx.Client) -> None:
    photo = encoded(product(1))
    for answer, status in (
        (upload(client, []), 400), (upload(client, [photo] * 11), 400), (upload(client, [b"x" * (20 * 1024 * 1024 + 1)]), 413),
        (upload(client, [photo], id="../x"), 400),
    ):  # fmt: skip
        assert (answer.status_code, bool(answer.json()["problem"])) == (status, True), answer.text
    assert history(client) == []


def test_a_file_that_is_no_picture_is_answered_in_the_chat(client: httpx.Client, served: Served) -> None:
    begin(client)
    assert upload(client, [b"%PDF-1.4 not a picture"]).status_code == 200
    until(lambda: len(answers(client)) == 4)
    assert [event["problem"] for event in history(client) if event.get("problem")] == ["not_a_picture"]
    assert not list(served.settings.media_dir.glob("*"))


@pytest.mark.parametrize(("picture", "caption"), [(card(), ""), (product(2), f"NIK saya {NIK}")], ids=["card", "caption"])
def test_identity_is_never_written(client: httpx.Client, served: Served, picture: Any, caption: str) -> None:
    begin(client)
    assert upload(client, [encoded(picture)], text=caption).status_code == 200
    until(lambda: len(answers(client)) == 4)
    assert [event["refused"] for event in history(client) if event.get("refused")]
    assert not list(served.settings.media_dir.glob("*"))
    folder = served.settings.media_dir.parent
    assert all(NIK.encode() not in file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("name", ["..%2Flapak.db", "%2e%2e/lapak.db", "lapak.db", "..%5Clapak.db", "x.jpg", "%00.jpg", "a" * 64 + ".jpg"])
def test_only_kept_pictures_are_served(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/chat/media/{name}")
    assert answer.status_code == 404 and b"SQLite" not in answer.content


def test_a_link_in_the_media_folder_is_not_followed(client: httpx.Client, served: Served) -> None:
    (served.settings.media_dir / ("b" * 64 + ".jpg")).symlink_to(served.settings.media_dir.parent / "lapak.db")
    assert client.get("/chat/media/" + "b" * 64 + ".jpg").status_code == 404
