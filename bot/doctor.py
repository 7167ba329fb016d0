"""`lapak doctor`: what is configured, what is missing, what does not answer, in plain words."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
from pydantic import ValidationError
from sqlalchemy import Engine, func, select
from sqlalchemy.engine import make_url
from sqlmodel import Session, col

from bot.feeds.standing import standing
from bot.finding import Finding
from bot.leases import database_time
from bot.media import check
from bot.migrate import newest, version
from bot.ownership import Ownership
from bot.platforms import online, whatsapp
from bot.sending.lines import stopped_lines
from bot.settings import Settings, complaints
from bot.store import open_engine
from models.contact import listed_officers
from models.inbox import DeadLetter
from models.lease import PROCESSES, leases
from models.outbox import Outgoing
from models.places import name_of, regions
from models.reasons import named, plainly

LEAST_FREE = 500
"""Megabytes for the database and photos."""


def examine(show: Callable[[str], None]) -> int:
    """Shows every finding, a line each, and returns the exit code: 1 when something configured does not answer."""
    found = list(findings())
    for one in found:
        show(f"{one.mark:8} {one.what:12} {one.words}")
    bad = sum(one.mark == "bad" for one in found)
    show(f"\n{bad} to repair" if bad else "\nEverything that is configured answers.")
    return 1 if bad else 0


def findings() -> Iterator[Finding]:
    yield Finding("good", "python", sys.version.split()[0])
    try:
        settings = Settings()
    except ValidationError as error:
        for line in complaints(error):
            yield Finding("bad", "settings", line)
        return
    yield Finding("good", "settings", f"region {settings.region} {name_of(settings.region)}, times in {settings.timezone}")
    if settings.database_url.startswith("sqlite"):
        yield server(settings)
    yield from database(settings)
    yield from folders(settings)
    yield from bucket(settings)
    yield from asyncio.run(online(settings))
    yield from asyncio.run(whatsapp(settings))


def server(settings: Settings) -> Finding:
    lock = Ownership(settings)
    try:
        url = "" if lock.take() else lock.owner()["url"]
    finally:
        lock.close()
    if not url:
        return Finding("note", "server", "not running; ./run starts it")
    try:
        answer = httpx.get(f"{url}/health", timeout=5)
    except httpx.HTTPError:
        return Finding("bad", "server", f"started on {url}, but does not answer; end it and start ./run again")
    return Finding("good" if answer.status_code == 200 else "bad", "server", f"{url}/health answers {answer.status_code}")


def database(settings: Settings) -> Iterator[Finding]:
    path = make_url(settings.database_url).database if settings.database_url.startswith("sqlite") else None
    if path and not Path(path).exists():
        yield Finding("note", "database", "not there yet; ./run makes it")
        return
    engine = open_engine(settings.database_url, read_only=True)
    try:
        yield from _database(engine, settings)
    except Exception as error:  # a driver's own errors, a file that is no database, a missing table
        yield Finding("bad", "database", f"does not answer as it should: {type(error).__name__}; LAPAK_DATABASE_URL says where it is")
    finally:
        engine.dispose()


def _database(engine: Engine, settings: Settings) -> Iterator[Finding]:
    with engine.connect() as connection:
        here = version(connection)
    if here != newest():
        yield Finding("missing", "database", f"answers; its schema is at {here or 'nothing'}, ./run migrate brings it to {newest()}")
        return
    yield Finding("good", "database", f"{engine.dialect.name} answers, schema {here}")
    with Session(engine) as session:
        if engine.dialect.name != "sqlite":
            yield from processes(session)
        yield from officers(session, settings.region)
        yield from unfinished(session)
        yield from (Finding(mark, "source", words) for mark, words in standing(session, settings, datetime.now(UTC)))
        for account, reason in stopped_lines(session).items():
            yield Finding(
                "bad",
                "channel",
                f"{account} is stopped: {plainly(reason)}; when that is mended: ./run channels resume {account}",
            )


def processes(session: Session) -> Iterator[Finding]:
    """Who runs, and which of them does what only one may do."""
    found = leases(session, database_time(session))
    names = {lease.holder: lease.name.removeprefix(PROCESSES) for lease in found if lease.name.startswith(PROCESSES)}
    if not names:
        yield Finding("note", "processes", "none is running; ./run starts one, ./run serve --role web|sender|scheduler several")
    for holder, name in names.items():
        kept = [lease.name for lease in found if lease.holder == holder and not lease.name.startswith(PROCESSES)]
        yield Finding("good", "process", f"{name}" + (f" holds {', '.join(kept)}" if kept else ""))


def officers(session: Session, province: str) -> Iterator[Finding]:
    counts: dict[str, int] = {}
    for region, _, _ in listed_officers(session):
        counts[region] = counts.get(region, 0) + 1
    if not counts:
        yield Finding("missing", "officers", f"nobody reviews products yet: ./run officers add --address telegram:ID --region {province}")
        return
    yield Finding("good", "officers", ", ".join(f"{name_of(code) or code} {count}" for code, count in sorted(counts.items())))
    bare = [name for code, name in regions(province) if code not in counts]
    if bare and province not in counts:
        yield Finding("missing", "officers", f"nobody for {', '.join(bare)}")


def unfinished(session: Session) -> Iterator[Finding]:
    letters = session.execute(select(func.count()).select_from(DeadLetter).where(col(DeadLetter.solved_at).is_(None))).scalar_one()
    unknown = session.execute(select(func.count()).select_from(Outgoing).where(col(Outgoing.status) == "unknown")).scalar_one()
    yield Finding(
        "missing" if letters else "good", "messages", f"{letters} received that a fault kept from being answered (table deadletter)"
    )
    yield Finding("note" if unknown else "good", "messages", f"{unknown} sent with nobody knowing whether they arrived (outgoing, unknown)")
    yield undelivered(session)


def undelivered(session: Session) -> Finding:
    rows = select(col(Outgoing.reason), func.count()).where(col(Outgoing.status) == "failed").group_by(col(Outgoing.reason))
    failed = Counter[str]()
    for reason, count in session.execute(rows):
        failed[named(reason)] += count
    why = ", ".join(f"{plainly(name)} {count}" for name, count in failed.most_common())
    return Finding("note" if failed else "good", "messages", f"{failed.total()} that could not be delivered" + (f": {why}" if why else ""))


def folders(settings: Settings) -> Iterator[Finding]:
    place = next(folder for folder in (settings.media_dir.absolute(), *settings.media_dir.absolute().parents) if folder.exists())
    try:
        tempfile.TemporaryFile(dir=place).close()
        yield Finding("good", "media", f"{settings.media_dir} can be written")
    except OSError as error:
        yield Finding("bad", "media", f"{settings.media_dir} cannot be written: {error.strerror}; LAPAK_MEDIA_DIR names another folder")
    free = shutil.disk_usage(place).free // 1_000_000
    yield Finding("good" if free >= LEAST_FREE else "bad", "disk", f"{free} MB free" + ("" if free >= LEAST_FREE else ", too little"))


def bucket(settings: Settings) -> Iterator[Finding]:
    if isinstance(settings.media, Path):
        return
    try:
        check(settings.media)
        yield Finding("good", "bucket", f"{settings.media_url} can be written and read")
    except OSError as error:
        yield Finding("bad", "bucket", f"{settings.media_url}: {error}; see LAPAK_MEDIA_ENDPOINT, _REGION, _KEY and _SECRET")
