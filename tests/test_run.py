"""The commands as a person starts them: processes of their own, over pipes and signals."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.faults.children import end, first_words

ROOT = Path(__file__).parent.parent
SOON = 60
"""Seconds until a process that should end or answer counts as stuck."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAPAK_")}
    return kept | {
        "LAPAK_DATABASE_URL": f"sqlite:///{tmp_path}/lapak.db",
        "LAPAK_MEDIA_DIR": str(tmp_path / "media"),
        "LAPAK_HOST": "127.0.0.1",
        "LAPAK_PORT": "0",
        "LAPAK_REGION": "64",
        "LAPAK_TIMEZONE": "Asia/Makassar",
        "PYTHONPATH": str(ROOT),
    }


def lapak(environment: dict[str, str], *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, input=said, env=environment, capture_output=True, text=True, timeout=SOON, check=False)


@pytest.fixture
def running(environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server and its address."""
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "bot"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            first = first_words(process, tmp_path / "log")
            yield process, first.rpartition(" ")[2].strip()
        finally:
            end(process)


def test_commands_work_beside_a_running_server(
    running: tuple[subprocess.Popen[str], str], environment: dict[str, str], tmp_path: Path
) -> None:
    process, url = running
    assert httpx.get(f"{url}/health", timeout=SOON).status_code == 200
    assert stat.S_IMODE((tmp_path / "lapak.sock").stat().st_mode) == 0o600
    added = lapak(environment, "officers", "add", "--address", "terminal:dewi", "--region", "64.72")
    assert (added.returncode, added.stdout) == (0, "terminal:dewi is an officer of Samarinda now\n")
    heard = lapak(environment, "chat", "--as", "dewi", "--now", "2026-11-23T10:00", said="menu\n")
    assert heard.stdout.startswith("> menu\nMenu petugas.")
    again = lapak(environment)
    assert again.returncode == 1 and f"already running on {url}" in again.stderr
    assert "already running" in lapak(environment, "migrate").stderr
    with httpx.stream("GET", f"{url}/chat/pemilik/events", timeout=SOON) as stream:
        assert stream.status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SOON) == 0
    assert not (tmp_path / "lapak.sock").exists()
    assert "menu" not in (tmp_path / "log").read_text()


def test_the_same_pipe_brings_the_same_bytes(environment: dict[str, str], tmp_path: Path) -> None:
    said = "halo\n1\nBu Siti\n\n@nowhere.jpg\nmenu\n"
    heard = []
    for name in ("one", "two"):
        fresh = environment | {"LAPAK_DATABASE_URL": f"sqlite:///{tmp_path}/{name}.db", "LAPAK_MEDIA_DIR": str(tmp_path / name)}
        heard.append(lapak(fresh, "chat", "--now", "2026-11-23T10:00", said=said).stdout)
    assert heard[0] == heard[1]
    assert heard[0].startswith("> halo\nHalo! Ini Lapak") and "> @nowhere.jpg\n(no photo" in heard[0] and "2026" not in heard[0]


def test_every_mistake_in_the_settings_is_told_at_once_without_secrets(environment: dict[str, str]) -> None:
    wrong = {"LAPAK_PORT": "99999", "LAPAK_TIMEZONE": "Samarinda", "LAPAK_DATABASE_URL": "mysql://u:secret@h/d", "LAPAK_REGION": "Kaltim"}
    told = lapak(environment | wrong)
    assert told.returncode == 2
    assert all(name in told.stderr for name in wrong) and "secret" not in told.stderr and "Traceback" not in told.stderr


def test_a_taken_port_a_database_that_is_away_and_a_role_of_a_file_are_refused_kindly(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = lapak(environment | {"LAPAK_PORT": str(taken.getsockname()[1])})
    assert told.returncode == 1 and "is taken by another program" in told.stderr
    told = lapak(environment | {"LAPAK_DATABASE_URL": "postgresql+psycopg://u:secret@127.0.0.1:1/lapak"})
    assert told.returncode == 1 and "OperationalError" in told.stderr and "secret" not in told.stderr and "Traceback" not in told.stderr
    told = lapak(environment, "serve", "--role", "sender")
    assert told.returncode == 1 and "an SQLite file is served by one process" in told.stderr


def test_classify_prints_a_line_for_each_text_and_explains_what_it_cannot_read(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("amplang ikan\ncetak spanduk\n")
    told = lapak(environment, "classify", str(tmp_path / "names.txt"))
    assert told.returncode == 0 and told.stdout.count('"etalase"') == 2
    (tmp_path / "names.csv").write_bytes(b"text\nkopi \xe9\xff\n")
    told = lapak(environment, "classify", str(tmp_path / "names.csv"))
    assert told.returncode == 1 and "UTF-8" in told.stderr and "Traceback" not in told.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The run script with locks of its own and Pythons that write down what they are asked."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text("first\n")
    return tmp_path


def python(path: Path, version: str, new_enough: bool) -> None:
    """A Python that answers its version, makes a venv with itself in it, and notes its arguments in `asked`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    asked = path.parent / "asked"
    path.write_text(f"""#!/usr/bin/env bash
[ "$1" = -c ] && exit {0 if new_enough else 1}
[ "$1" = --version ] && echo "Python {version}" && exit
[ "$2" = venv ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && touch "$3/bin/pip" && chmod +x "$3/bin/pip"
echo "$*" >> {asked}
""")
    path.chmod(0o755)


def start(checkout: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "PYTHON": str(checkout / "here" / "python3"), **environment}
    return subprocess.run([str(checkout / "run"), *words], env=given, capture_output=True, text=True, timeout=SOON, check=False)


def asked(checkout: Path) -> list[str]:
    file = checkout / "here" / "asked"
    lines = file.read_text().splitlines()
    file.unlink()
    return lines


def test_packages_are_installed_once_and_again_when_the_lock_changed(checkout: Path) -> None:
    python(checkout / "here" / "python3", "3.12.1", True)
    assert start(checkout).returncode == 0
    first = asked(checkout)
    assert "--require-hashes" in first[1] and first[1].endswith("-r requirements.lock") and first[-1] == "-m bot"
    start(checkout, "doctor", "--help")
    assert asked(checkout) == ["-m bot doctor --help"]
    (checkout / "requirements.lock").write_text("second\n")
    start(checkout)
    assert any("requirements.lock" in line for line in asked(checkout))
    start(checkout, "bench", "turn")
    assert any("requirements-dev.lock" in line for line in asked(checkout))


def test_an_old_python_or_none_is_told_in_one_line(checkout: Path) -> None:
    python(checkout / "here" / "python3", "3.10.13", False)
    told = start(checkout)
    assert told.returncode == 1 and "Python 3.10.13 is too old; Lapak needs 3.11 or newer" in told.stderr
    told = start(checkout, PYTHON="nowhere-python")
    assert told.returncode == 1 and "no nowhere-python here" in told.stderr


def test_a_newer_python_beside_an_old_one_is_found(checkout: Path) -> None:
    python(checkout / "here" / "python3", "3.9.2", False)
    python(checkout / "here" / "python3.12", "3.12.1", True)
    python(checkout / "here" / "python3.13", "3.13.0", True)
    told = start(checkout, PYTHON="", PATH=f"{checkout / 'here'}:{os.environ['PATH']}")
    assert told.returncode == 0 and asked(checkout)[-1] == "-m bot"
