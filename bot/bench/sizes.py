"""What a row takes on the disk with its indexes, on both engines, after first conversations of many; and what a photo takes."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import structlog
from PIL import Image
from sqlalchemy import create_engine, text

from bot.app import App
from bot.bench.engine import postgres
from bot.bench.turn import Null, converse, figure, landed, side_by_side
from bot.photos import keep
from bot.settings import Settings

PERSONS = 600
TABLES = ("person", "address", "consent", "business", "membership", "product", "conversation", "received", "outgoing")


def run() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        lite = f"sqlite:///{folder}/sizes.db"
        asyncio.run(filled(lite, Path(folder)))
        report("SQLite", *measured(lite))
        with postgres() as server:
            asyncio.run(filled(server.url, Path(folder)))
            report("PostgreSQL", *measured(server.url))
        figure("a photo as it is kept, noise of 1600 x 1600 (the worst)", len(_noise(Path(folder))), "bytes")


async def filled(url: str, folder: Path) -> None:
    channel = Null()
    app = App(Settings(_env_file=None, database_url=url, media_dir=folder), channels=[channel])  # type: ignore[call-arg]
    await app.start()
    await side_by_side(lambda address: converse(app, channel, address), PERSONS, 16)
    await landed(app, channel)
    await app.stop()


def measured(url: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Rows and bytes of each table, its indexes and what updates left behind included: a turn writes its conversation anew."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {name: int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()) for name in TABLES}
        if url.startswith("sqlite"):
            pages = "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = '{}')"
        else:
            pages = "SELECT pg_total_relation_size('{}')"
        sizes = {name: int(connection.execute(text(pages.format(name))).scalar_one()) for name in TABLES}
    engine.dispose()
    return rows, sizes


def report(engine: str, rows: Mapping[str, int], sizes: Mapping[str, int]) -> None:
    for name in TABLES:
        figure(f"{engine}: a row of {name}", sizes[name] / max(rows[name], 1), "bytes")
    figure(f"{engine}: a person with one product, {rows['received'] // PERSONS} messages each way", sum(sizes.values()) / PERSONS, "bytes")


def _noise(folder: Path) -> bytes:
    made = BytesIO()
    Image.effect_noise((1600, 1600), 80).convert("RGB").save(made, "PNG")
    return (folder / keep(made.getvalue(), folder).name).read_bytes()
