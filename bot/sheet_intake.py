"""Takes in the sheets that officers confirmed, beside the conversations and a slice at a time; how far it came is committed with each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlmodel import Session

from bot.importing import SLICE, Bad, Counts, Row, keep, look_after, read
from bot.inbox import where
from bot.media import Media, clear, get
from bot.sheets import PREFIX, Line, rows_in
from handlers.calls.sheet import done
from handlers.office.decency import OFFICIAL
from models.allowed import may_point_to
from models.contact import Address, offices
from models.package import SHEET, Package, Unreadable
from models.post import notify_at
from models.sheet import LISTED, TRIES, Sheet, sign, waiting_sheets, within
from models.sources import key_of
from models.sources.sheet import told_apart

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
KEPT = timedelta(days=7)
"""So long the rows of a sheet wait for a yes."""
AT_ONCE = 2000
"""Rows that are taken before the other jobs, and other sheets, have their turn."""
ANY_TIME = datetime.max.replace(tzinfo=UTC)

Taken = Sequence[tuple[Row, Package]]


async def take_sheets(app: App) -> int:
    """All that wait, one after the other. Returns how many were ended."""
    return sum([await _take(app, sheet_id) for sheet_id in await app.store.read(waiting_sheets)])


async def take_to_the_end(app: App) -> None:
    """For a process that has nothing else to do meanwhile."""
    while await app.store.read(waiting_sheets):
        await take_sheets(app)


async def _take(app: App, sheet_id: int) -> bool:
    sheet = await app.store.write(partial(_begin, sheet_id=sheet_id))
    if sheet is None:
        return await _end(app, sheet_id)
    try:
        content = await asyncio.to_thread(get, app.media, sheet.file)
        if not content:
            return await _end(app, sheet_id, "gone")
        columns, rows = await asyncio.to_thread(rows_in, content)
        ends, numbered = min(len(rows), sheet.taken + AT_ONCE), await asyncio.to_thread(_fielded, sheet.fields, columns, rows)
        for at in range(sheet.taken, ends, SLICE):
            if not await _take_slice(app, sheet, at, numbered[at : at + SLICE]):
                return False
        if ends < len(rows):
            return False
    except Exception as error:
        log.error("sheet stumbled", sheet=sheet_id, error=where(error))
        return False
    await look_after(app.store, app.clock())
    return await _end(app, sheet_id)


def _begin(session: Session, sheet_id: int) -> Sheet | None:
    """Counts the try. None when it is to be ended: everything is taken, or it cannot be."""
    sheet = session.get_one(Sheet, sheet_id, with_for_update=True)
    sheet.tries += 1
    if not offices(session, sheet.officer_id):
        sheet.problem = "office"
    elif sheet.tries > TRIES:
        sheet.problem = "stumbled"
    return None if sheet.problem or sheet.ended_at or sheet.taken >= sheet.total else sheet


def _fielded(fields: Mapping[str, str], columns: Sequence[str], rows: Sequence[Line]) -> list[tuple[int, Row]]:
    places = {field: columns.index(name) for field, name in fields.items() if name in columns}
    found = told_apart([{field: cells[place] for field, place in places.items()} for _, cells in rows])
    return [(number, row) for (number, _), row in zip(rows, found, strict=True)]


async def _take_slice(app: App, sheet: Sheet, at: int, numbered: Sequence[tuple[int, Row]]) -> bool:
    """False when somebody else has taken it, or the officer is none any more."""
    rows = [row for _, row in numbered]
    packages, bad = await asyncio.to_thread(read, SHEET, rows, app.settings.timezone, app.scene.links)
    links = (*app.scene.links, *OFFICIAL)
    packages = [(row, package if may_point_to(package.link, links) else replace(package, link="")) for row, package in packages]
    numbers = {id(row): number for number, row in numbered}
    work = partial(_keep, sheet_id=sheet.id or 0, at=at, packages=packages, bad=bad, numbers=numbers, now=app.clock())
    return await app.store.write(work)


def _keep(session: Session, sheet_id: int, at: int, packages: Taken, bad: Sequence[Bad], numbers: Mapping[int, int], now: datetime) -> bool:
    """What becomes of some rows, and that they are done."""
    sheet = session.get_one(Sheet, sheet_id, with_for_update=True)
    own = offices(session, sheet.officer_id)
    if sheet.ended_at or sheet.taken != at or not own:
        return False
    own_packages, elsewhere = _sorted(session, packages, own)
    bad = [*bad, *elsewhere]
    counts = Counts(read=len(numbers))
    counts.add(keep(session, SHEET, own_packages, bad, now))
    sign(session, [package for _, package in own_packages], sheet.officer_id, now)
    if sheet.counts:
        counts.add(sheet.counts)
    listed = sorted([numbers[id(row)], reason] for row, _, reason in bad)
    sheet.aside = [*sheet.aside, *listed][:LISTED]
    sheet.counts, sheet.taken, sheet.tries = counts.to_json(), at + len(numbers), 0
    return True


def _sorted(session: Session, packages: Taken, own: Sequence[str]) -> tuple[Taken, list[Bad]]:
    """Those the officer may announce, and the others."""
    found = within(session, [package for _, package in packages], own)
    pairs = list(zip((row for row, _ in packages), found, strict=True))
    good = [(row, one) for row, one in pairs if isinstance(one, Package)]
    return good, [(row, key_of(SHEET, row), one.reason) for row, one in pairs if isinstance(one, Unreadable)]


async def _end(app: App, sheet_id: int, problem: str = "") -> bool:
    """The officer hears of it, once; its rows are deleted."""
    file = await app.store.write(partial(_tell, sheet_id=sheet_id, problem=problem, now=app.clock()))
    if file:
        await asyncio.to_thread(clear, app.media, file, ANY_TIME)
        app.wake()
    return bool(file)


def _tell(session: Session, sheet_id: int, problem: str, now: datetime) -> str:
    sheet = session.get_one(Sheet, sheet_id, with_for_update=True)
    address = session.get(Address, sheet.address_id)
    if sheet.ended_at:
        return ""
    sheet.ended_at, sheet.problem = now, sheet.problem or problem
    if address:
        notify_at(session, address, done(sheet), now, subject=f"sheet:{sheet_id}")
    return sheet.file


def clear_sheets(media: Media, now: datetime) -> int:
    """Deletes the rows that nobody has said yes to for a week."""
    return clear(media, PREFIX, now - KEPT)
