"""What the server lets in, keeps and shows: strangers refused, repeats harmless, streams resumed without loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot.app import App
from bot.chatlog import Cursor
from bot.settings import Settings
from bot.web import GRACE, build
from tests.pictures import encoded, product
from tests.served import Served, answers, begin, history, listen, say, until, upload, words
from tests.world import MORNING


@pytest.fixture
def served(sqlite_database: str, tmp_path: Path) -> Iterator[Served]:
    with Served(sqlite_database, tmp_path / "media") as running:
        yield running


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as made:
        yield made


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8080"},
        {"Host": "[::1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_strangers_are_refused(client: httpx.Client, headers: dict[str, str]) -> None:
    for path in ("/", "/chat/pemilik/history", "/chat/pemilik/events", "/chat/media/x.jpg"):
        assert client.get(path, headers=headers).status_code == 403, path
    refused = client.post("/chat/pemilik/say", json={"id": str(uuid4()), "text": "Halo"}, headers=headers)
    assert refused.status_code == 403 and refused.json()["problem"]
    assert history(client) == []


def test_the_own_page_is_let_in(client: httpx.Client, served: Served) -> None:
    for host in (f"127.0.0.1:{served.port}", f"localhost:{served.port}"):
        own = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        assert client.get("/chat/pemilik/history", headers=own).status_code == 200
    page = client.get("/")
    assert "default-src 'self'" in page.headers["content-security-policy"] and "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "http" not in page.text.replace("http-equiv", "")  # nothing from outside


def test_the_chat_is_local_only(sqlite_database: str, tmp_path: Path) -> None:
    open_to_all = Settings(_env_file=None, database_url=sqlite_database, media_dir=tmp_path, public_url="https://lapak.example")  # type: ignore[call-arg]
    app = App(open_to_all)
    assert not any(getattr(route, "path", "").startswith("/chat") for route in build(app).routes)
    app.store.close()


def test_a_repeat_is_answered_once(client: httpx.Client) -> None:
    same = {"id": str(uuid4()), "text": "Halo"}
    for _ in range(3):
        assert client.post("/chat/pemilik/say", json=same).status_code == 200
    until(lambda: answers(client))
    assert [event["from"] for event in history(client)] == ["me", "bot"]


def test_the_same_id_of_two_personas_is_two_messages(client: httpx.Client) -> None:
    same = {"id": str(uuid4()), "text": "Halo"}
    for persona in ("pemilik", "petugas"):
        client.post(f"/chat/{persona}/say", json=same)
        until(lambda persona=persona: answers(client, persona))  # type: ignore[misc]
    assert words(answers(client, "pemilik")[0]) != words(answers(client, "petugas")[0])


def test_history_shows_what_was_said_and_tapped(client: httpx.Client) -> None:
    begin(client)
    upload(client, [encoded(product(seed)) for seed in range(3)], text="Amplang 25rb per bungkus")
    until(lambda: len(answers(client)) == 4)
    own = [event for event in history(client) if event["from"] == "me"]
    assert [event["text"] or event["label"] for event in own] == ["Halo", "Setuju, mulai", "Bu Siti", "Amplang 25rb per bungkus", "", ""]
    assert len({event["id"].partition(".")[0] for event in own[3:]}) == 1
    pictures = [event["media"][0] for event in own[3:]]
    assert len(set(pictures)) == 3
    assert all(client.get(picture).headers["content-type"] == "image/jpeg" for picture in pictures)


def test_a_cut_stream_goes_on_without_loss_or_repetition(client: httpx.Client) -> None:
    say(client, text="Halo")
    first = listen(client, 2)
    say(client, text="siapa ini?")
    say(client, text="menu")
    until(lambda: len(answers(client)) >= 3)
    everything = history(client)
    more = listen(client, len(everything) - 2, after=first[-1][0])
    heard = [(event["from"], event["id"]) for _, event in first + more]
    assert sorted(map(str, heard)) == sorted(str((event["from"], event["id"])) for event in everything)
    assert len(set(heard)) == len(heard)


def test_a_stream_outlives_a_restart(sqlite_database: str, tmp_path: Path) -> None:
    with Served(sqlite_database, tmp_path / "media") as running, running.client() as client:
        say(client, text="Halo")
        seen = listen(client, 2)
    with Served(sqlite_database, tmp_path / "media", MORNING + timedelta(hours=1)) as running, running.client() as client:
        say(client, text="siapa ini?")
        more = listen(client, 2, after=seen[-1][0])
        assert [event["from"] for _, event in more] == ["me", "bot"] and more[0][1]["text"] == "siapa ini?"


def test_two_listeners_hear_the_same(served: Served) -> None:
    with served.client() as one, served.client() as other:
        say(one, text="Halo")
        assert listen(one, 2) == listen(other, 2)


def test_a_stop_does_not_wait_for_open_streams(served: Served) -> None:
    with served.client() as client, client.stream("GET", "/chat/pemilik/events") as stream:
        assert next(stream.iter_lines()).startswith("retry")
        assert served.stop() < GRACE, "who waits for them is ended by force after that"


def test_a_cursor_reads_back() -> None:
    assert Cursor.read("12-1795373470738331-34") == Cursor.read(str(Cursor.read("12-1795373470738331-34"))) != Cursor()
    assert all(Cursor.read(odd) == Cursor() for odd in ("", "x", "1-2", "1-2-3-4", "-1-2-3", "9" * 40 + "-1-1"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b'{"text": "Halo"}', 400), (b'{"id": "../../etc", "text": "Halo"}', 400),
        (b'{"id": "abcdefgh", "text": ""}', 400), (b'{"id": "abcdefgh", "text": ["a"]}', 400),
        (b'{"id": "abcdefgh", "press": {"a": 1}}', 400),
        (b'{"id": "abcdefgh", "location": [1]}', 400), (b'{"id": "abcdefgh", "location": [NaN, 0]}', 400),
        (b'{"id": "abcdefgh", "location": [91, 0]}', 400), (b'{"id": "abcdefgh", "text": "a", "press": "b"}', 400),
        (b'{"id": "abcdefgh", "text": "' + b"a" * 4097 + b'"}', 413), (b'{"id": "abcdefgh", "text": "' + b"a" * 70000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:50],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_kindly(client: httpx.Client, body: bytes, status: int) -> None:
    answer = client.post("/chat/pemilik/say", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, bool(answer.json()["problem"])) == (status, True)
    assert history(client) == []


def test_a_quoted_reply_names_what_it_quotes(client: httpx.Client) -> None:
    say(client, text="Halo")
    until(lambda: answers(client))
    external = answers(client)[0]["external"]
    say(client, text="siapa ini?", quoted=external)
    until(lambda: len(answers(client)) == 2)
    assert external and [event["quoted"] for event in history(client) if event["from"] == "me"] == ["", external]


def test_unknown_people_have_no_page(client: httpx.Client) -> None:
    assert client.get("/chat/siti/history").status_code == 404
    assert client.get("/chat/siti/events").status_code == 404
    assert say(client, "siti", text="Halo").status_code == 404


def test_health_and_metrics(client: httpx.Client) -> None:
    say(client, text="Pesan rahasia")
    until(lambda: answers(client))
    health = {"status": "ok", "database": "ok", "role": "all", "leases": ["sender:webchat"]}
    assert client.get("/health").json() == health
    told = client.get("/metrics").text
    assert (
        'lapak_inbox_messages{account="webchat",status="done"} 1.0' in told
        and 'lapak_outbox_messages{account="webchat",status="sent"}' in told
    )
    assert "rahasia" not in told


def test_health_tells_when_the_database_is_gone(client: httpx.Client, served: Served) -> None:
    served.app.store._readers.shutdown(wait=True)
    assert client.get("/health").status_code == 503
