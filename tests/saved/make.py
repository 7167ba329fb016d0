"""Writes the dump of this release: `.venv/bin/python -m tests.saved.make`, once, when the schema of a release is settled."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import tomllib
from datetime import timedelta
from pathlib import Path

from bot.control import reach
from bot.settings import Settings
from bot.terminal_chat import Talk
from tests.pictures import encoded, product
from tests.world import MORNING

HERE = Path(__file__).parent
STEPS = (
    "halo",
    "1",
    "Bu Siti",
    "@{photo} Amplang ikan tenggiri 25rb per bungkus",
    "250 gram, ikan tenggiri, tahan 3 bulan",
    "200",
    "Belum punya",
    "Jl. Gerilya, Sungai Pinang, Samarinda",
    "Amplang Bu Siti",
    "Siti Aminah",
    "9120001234567",
    "081234567890",
    "kirim ke petugas",
)
"""A registration, line by line. The person `stage-3` has stopped after the third."""


def stage(count: int) -> str:
    return f"stage-{count}"


def settings_in(folder: Path) -> Settings:
    return Settings(_env_file=None, database_url=f"sqlite:///{folder}/lapak.db", media_dir=folder / "media")  # type: ignore[call-arg]


def line(step: int, folder: Path) -> str:
    photo = folder / "photo.jpg"
    photo.write_bytes(encoded(product(1)))
    return STEPS[step].format(photo=photo)


def unheard(text: str) -> None:
    """What is answered is kept in the database."""


async def fill(folder: Path) -> None:
    """An officer, and a person at every stage of a registration."""
    async with reach(settings_in(folder)) as control:
        await Talk(control, "petugas", unheard, "64", MORNING, "officer").hear("menu")
        for count in range(1, len(STEPS) + 1):
            person = Talk(control, stage(count), unheard, now=MORNING + timedelta(minutes=count), session=stage(count))
            for step in range(count):
                await person.hear(line(step, folder))


def dump(folder: Path) -> str:
    connection = sqlite3.connect(folder / "lapak.db")
    found = "\n".join(connection.iterdump()) + "\n"
    connection.close()
    return found


def main() -> None:
    version = tomllib.loads((HERE.parent.parent / "pyproject.toml").read_text())["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder)))
        (HERE / f"{version}.sql").write_text(dump(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
