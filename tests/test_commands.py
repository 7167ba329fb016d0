"""The commands as functions in this process: the socket's routes, the terminal's conversation, officers and the doctor."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.commands.named import run
from bot.control import reach
from bot.doctor import examine
from bot.ownership import LONGEST_PATH, Complaint, Ownership, listen, lock_file, socket_file
from bot.settings import Settings
from bot.terminal_chat import Talk, read_time
from tests.pictures import encoded, product

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TOKEN = "123456:never-shown"


def settings_in(folder: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, database_url=f"sqlite:///{folder}/lapak.db", media_dir=folder / "media", **more)  # type: ignore[call-arg]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def talk(settings: Settings, *lines: str, name: str = "siti", office: str = "", now: datetime = MORNING) -> list[str]:
    """What each line brings, one text for the opening and one a line."""

    async def conversation() -> list[str]:
        shown: list[str] = []
        heard = []
        async with reach(settings) as control:
            person = Talk(control, name, shown.append, office, now)
            await person.look()
            for line in lines:
                heard.append("".join(shown))
                shown.clear()
                await person.hear(line)
            return [*heard, "".join(shown)]

    return asyncio.run(conversation())


def ask(settings: Settings, path: str, method: str = "", **body: str) -> dict[str, Any]:
    async def asked() -> dict[str, Any]:
        async with reach(settings) as control:
            return await control.ask(path, body or None, method)

    return asyncio.run(asked())


@pytest.fixture
def album(tmp_path: Path) -> str:
    """The words that send two photos."""
    names = (tmp_path / "a.jpg", tmp_path / "b photo.jpg")
    for seed, file in enumerate(names):
        file.write_bytes(encoded(product(seed)))
    return f'@{names[0]} @"{names[1]}"'


def test_the_same_lines_bring_the_same_transcript(album: str, tmp_path: Path) -> None:
    lines = ("halo", "1", "Bu Siti", f"{album} Amplang 25rb per bungkus", "menu", "lanjut")
    first, second = (talk(settings_in(tmp_path / folder), *lines) for folder in ("one", "two"))
    assert first == second
    assert first[0] == "" and all(first[1:])


def test_an_album_is_one_answer_with_one_reply(album: str, settings: Settings) -> None:
    heard = talk(settings, "halo", "1", "Bu Siti", f"{album} Amplang 25rb per bungkus")
    assert "2 foto sudah masuk" in heard[-1] and heard[-1].count("Bu Siti") <= 1


def test_a_photo_that_is_not_there_is_said_and_the_talk_goes_on(settings: Settings) -> None:
    heard = talk(settings, "halo", "@nowhere.jpg", "1")
    assert "no photo nowhere.jpg" in heard[2] and "Saya panggil siapa?" in heard[3]


def test_an_empty_line_only_looks(settings: Settings) -> None:
    assert talk(settings, "halo", "")[2] == ""


def test_what_is_due_is_shown_at_the_next_opening(settings: Settings) -> None:
    talk(settings, name="petugas", office="64")
    talk(settings, "halo", "1", "Bu Siti", "tanya petugas", "Apakah ongkirnya ditanggung dinas?", "1", "1")
    assert "ongkirnya" in talk(settings, name="petugas", now=MORNING + timedelta(minutes=1))[0]


def test_times_without_an_offset_are_local() -> None:
    zone = ZoneInfo("Asia/Makassar")
    assert read_time("2026-11-23T10:00", zone) == MORNING
    assert read_time("2026-11-23T10:00+00:00", zone) == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert read_time("", zone) is None


def test_an_officer_is_added_by_address_even_before_the_first_message(settings: Settings) -> None:
    assert ask(settings, "/officers", address="terminal:dewi", region="64.72") == {"name": "Samarinda"}
    ask(settings, "/officers", address="terminal:dewi", region="64.72")
    assert ask(settings, "/officers")["officers"] == [{"region": "64.72", "name": "", "addresses": ["terminal:dewi"]}]
    assert "petugas" in talk(settings, "menu", name="dewi")[1]


@pytest.mark.parametrize(
    ("address", "region", "why"),
    [
        ("terminal:dewi", "64.7", "64.72  Samarinda"),
        ("terminal:dewi", "31.71", "no region"),
        ("dewi", "64.72", "looks like telegram:123456789"),
        ("telegram:dewi", "64.72", "looks like telegram:123456789"),
        ("telegram:12", "64.72", "LAPAK_TELEGRAM_TOKEN"),
    ],
)
def test_what_cannot_be_added_is_explained(address: str, region: str, why: str, settings: Settings) -> None:
    with pytest.raises(Complaint, match=why):
        ask(settings, "/officers", address=address, region=region)


def test_a_telegram_officer_belongs_to_the_bot_of_the_token(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, telegram_token=TOKEN)
    ask(settings, "/officers", address="telegram:77", region="64.72")
    assert ask(settings, "/officers")["officers"][0]["addresses"] == ["telegram:77"]


def test_an_invitation_opens_the_office_once(settings: Settings) -> None:
    code = ask(settings, "/invitations", region="64.74")["code"]
    assert len(code) <= 64
    assert "Bontang" in talk(settings, f"/start {code}", name="dewi")[1]
    assert "sudah pernah dipakai" in talk(settings, f"/start {code}", name="rina")[1]
    assert [row["region"] for row in ask(settings, "/officers")["officers"]] == ["64.74"]


def test_an_invitation_ends_after_seven_days(settings: Settings) -> None:
    code = ask(settings, "/invitations", region="64.74")["code"]
    assert "sudah pernah dipakai" in talk(settings, f"/start {code}", name="dewi", now=datetime(2126, 1, 1, tzinfo=UTC))[1]


def test_one_process_owns_the_database(settings: Settings, tmp_path: Path) -> None:
    first, second = Ownership(settings), Ownership(settings)
    assert lock_file(settings) == tmp_path / "lapak.lock"
    assert first.take() and not second.take()
    first.tell("http://127.0.0.1:8080")
    assert second.owner() == {"pid": os.getpid(), "url": "http://127.0.0.1:8080"}
    first.close()
    assert second.take()
    second.close()


def test_the_socket_is_private_and_its_path_short_enough(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / ("long" * 30)):
        path = socket_file(settings_in(folder))
        assert len(os.fsencode(path)) < LONGEST_PATH
    with listen(tmp_path / "s.sock"):
        assert stat.S_IMODE((tmp_path / "s.sock").stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_run_is_found_by_its_name(tmp_path: Path) -> None:
    for name in ("", "nothing"):
        with pytest.raises(Complaint, match="classify, grown, match, places, send, sizes"):
            run("bench", name, 0, tmp_path)
    with pytest.raises(Complaint, match="knows no rounds"):
        run("bench", "classify", 3, tmp_path)
    with pytest.raises(Complaint, match="knows no channel"):
        run("bench", "classify", 0, tmp_path, "whatsapp")
    with pytest.raises(Complaint, match="no channel fax can be killed; known are faults, whatsapp"):
        run("faults", "kill", 1, tmp_path, "fax")


def test_a_run_is_given_the_shared_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("bench", "classify", 0, tmp_path)
    assert "absent" in capsys.readouterr().out


class Botapi(BaseHTTPRequestHandler):
    """Answers what the doctor asks Telegram."""

    hook = {"url": "https://lapak.example/webhooks/telegram"}

    def do_GET(self) -> None:
        known = {"getMe": b'{"ok": true, "result": {"username": "lapak_bot"}}', "getWebhookInfo": self.hooked()}
        token, _, method = self.path.removeprefix("/bot").rpartition("/")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(known[method] if token == TOKEN else b'{"ok": false, "description": "Unauthorized"}')

    def hooked(self) -> bytes:
        return b'{"ok": true, "result": {"url": "%s", "last_error_message": "Connection refused"}}' % self.hook["url"].encode()

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Botapi)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("LAPAK_DATABASE_URL", f"sqlite:///{tmp_path}/lapak.db")
    monkeypatch.setenv("LAPAK_MEDIA_DIR", str(tmp_path / "media"))
    monkeypatch.setenv("LAPAK_TELEGRAM_API", f"http://127.0.0.1:{server.server_port}")
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def examined() -> tuple[int, str]:
    lines: list[str] = []
    code = examine(lines.append)
    return code, "\n".join(lines)


def test_the_doctor_says_what_is_missing_and_that_all_is_well(telegram: str, settings: Settings) -> None:
    code, said = examined()
    assert code == 0 and "not there yet; ./run makes it" in said and "@BotFather" in said
    talk(settings, "halo")
    assert "nobody reviews products yet" in examined()[1]
    ask(settings, "/officers", address="terminal:dewi", region="64.72")
    said = examined()[1]
    assert "Samarinda 1" in said and "nobody for Paser" in said


def test_the_doctor_asks_telegram_and_never_shows_the_token(telegram: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPAK_TELEGRAM_TOKEN", TOKEN)
    code, said = examined()
    assert code == 0 and "@lapak_bot" in said and "the settings say long polling" in said
    monkeypatch.setenv("LAPAK_PUBLIC_URL", "https://lapak.example")
    monkeypatch.setenv("LAPAK_TELEGRAM_SECRET", "s")
    code, said = examined()
    assert code == 1 and "the last delivery failed: Connection refused" in said
    monkeypatch.setenv("LAPAK_TELEGRAM_TOKEN", "1:wrong")
    code, said = examined()
    assert code == 1 and "Unauthorized" in said and "wrong" not in said
    monkeypatch.setenv("LAPAK_TELEGRAM_API", "http://127.0.0.1:1")
    code, said = examined()
    assert code == 1 and "does not answer" in said and "wrong" not in said


def test_the_doctor_sees_a_file_that_is_no_database(telegram: str, tmp_path: Path) -> None:
    (tmp_path / "lapak.db").write_bytes(b"something else entirely" * 100)
    code, said = examined()
    assert code == 1 and "does not answer as it should" in said
