"""`lapak campaigns`: announcements and their reports, read beside a running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.ownership import Complaint
from bot.report import Missing, write
from bot.settings import Settings
from bot.store import open_engine
from messages import locales
from models.campaign import Campaign
from models.standing import standing

MOST = 30


@contextmanager
def looking(settings: Settings) -> Iterator[Engine]:
    """Without changing anything."""
    url = settings.database_url
    file = make_url(url).database if url.startswith("sqlite") else ""
    if file and not Path(file).exists():
        raise Complaint("there is no database yet: ./run makes it")
    engine = open_engine(url, read_only=True)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise Complaint(f"the database does not answer ({type(error).__name__}); ./run migrate") from error
    finally:
        engine.dispose()


def show(settings: Settings) -> None:
    table = Table("", "written", "region", "status", "people", "sent", "failed", "left", "text", box=None)
    with looking(settings) as engine, Session(engine) as session:
        for campaign in session.exec(select(Campaign).order_by(col(Campaign.id).desc()).limit(MOST)):
            found, day = standing(session, campaign), campaign.created_at.astimezone(ZoneInfo(settings.timezone))
            counts = (campaign.total, found.sent, sum(found.failed.values()), found.left)
            words = escape(" ".join(campaign.text.split())[:40])
            table.add_row(str(campaign.id), f"{day:%Y-%m-%d %H.%M}", campaign.audience["region"], campaign.status, *map(str, counts), words)
    if not table.row_count:
        print("no announcements yet")
        return
    Console(soft_wrap=True, highlight=False).print(table)


def report(settings: Settings, number: int, file: Path, language: str) -> None:
    if language not in locales():
        raise Complaint(f"the language is one of: {', '.join(locales())}")
    if not file.absolute().parent.is_dir():
        raise Complaint(f"there is no folder {file.absolute().parent}")
    try:
        with looking(settings) as engine:
            count = write(engine, number, file.absolute(), datetime.now(UTC), settings.timezone, language)
    except Missing as error:
        raise Complaint(f"there is no announcement {number}; ./run campaigns list shows them") from error
    except OSError as error:
        raise Complaint(f"{file}: {error.strerror or type(error).__name__}") from error
    print(f"{file}: {count} recipients")
