"""Looking at the sources that are due: a few pages each, what is read goes to the calls, what fails is asked again later.

The network is asked with no transaction open; a page is kept in slices, so that conversations go on in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session

from bot.feeds import inaproc, ocds, sirup, spse, spse_pages
from bot.feeds.fetching import Trouble, fetching
from bot.feeds.source import PACKAGES, Page, Row, Source, Where
from bot.importing import SLICE, Bad, read
from bot.importing import keep as take_rows
from bot.inbox import where
from bot.leases import database_time
from bot.settings import Settings, listed
from bot.store import may_pass
from handlers.calls.sources import tell_officers
from models import polling
from models.lease import release
from models.lease import take as take_lease
from models.package import Package
from models.sources import key_of

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
Result = TypeVar("Result")
Good = tuple[Row, Package]
LEASE = "feeds"
"""Of whoever looks at the sources: one process, so that no host is asked by two."""
LASTS = timedelta(minutes=3)
"""Longer than a page takes."""
LOOK = 30.0
"""Seconds of a look; a source that has more pages goes on with the next."""
KINDS = ("new", "changed", "merged", "same")
MINUTE = 17
"""Of the hour at which sources are read: not the one at which everybody reads them."""


class Lost(Exception):
    """Another process looks at the sources now."""


def sources(settings: Settings) -> list[Source]:
    """Those that the settings name."""
    token = settings.inaproc_token.get_secret_value()
    found = [
        *inaproc.sources(settings.inaproc_api, token, listed(settings.inaproc_offices)),
        *sirup.sources(settings.sirup_api, listed(settings.sirup_places)),
        *spse.sources(listed(settings.spse_urls)),
        *spse_pages.sources(listed(settings.spse_urls)),
        *ocds.sources(listed(settings.ocds_urls)),
    ]
    return list({source.name: source for source in found}.values())


async def sweep(app: App) -> int:
    """Looks at what is due, and lets the officers know how the sources are. Returns at how many."""
    known = sources(app.settings)
    names = [source.name for source in known]
    if app.manners.looking.locked():
        return 0
    if not await app.store.read(partial(polling.enrolled, names=names)):
        await app.store.write(partial(polling.enrol, names=names, now=app.clock()))
    due = await app.store.read(partial(polling.due, now=app.clock()))
    wanted = [source for source in known if source.name in due]
    return await look_at(app, wanted) if wanted else 0


async def look_at(app: App, wanted: Sequence[Source]) -> int:
    """Turn by turn, those of a turn side by side and of one host one after the other. Raises Lost where another process is at it."""
    async with app.manners.looking:
        await guarded(app, lambda session: None, by_force=app.store.sqlite)
        try:
            for turn in sorted({source.turn for source in wanted}):
                ended = await asyncio.gather(*(look(app, source) for source in wanted if source.turn == turn), return_exceptions=True)
                for error in ended:
                    if error:
                        raise error
            await guarded(app, partial(tell_officers, now=app.clock(), province=app.settings.region))
        finally:
            await app.store.write(partial(release, name=LEASE, holder=app.worker))
    app.wake()
    return len(wanted)


async def guarded(app: App, work: Callable[[Session], Result], *, by_force: bool = False) -> Result:
    """A transaction of whoever holds the lease, which is renewed by it."""

    def held(session: Session) -> Result:
        if not take_lease(session, LEASE, app.worker, database_time(session), LASTS, by_force=by_force):
            raise Lost
        return work(session)

    return await app.store.write(held)


async def look(app: App, source: Source) -> None:
    """Until its last page, or for a while. Whatever goes wrong is kept in its row."""
    reason, asked = "", 0.0
    try:
        await read_on(app, source)
    except Trouble as trouble:
        reason, asked = trouble.reason, trouble.again
    except Lost:
        log.warning("another looks at the sources", name=source.name)
    except Exception as error:
        log.error("source stumbled", name=source.name, error=where(error))
        reason = "stumbled"
    if reason:
        log.warning("source not read", name=source.name, reason=reason)
        await guarded(app, partial(polling.fail, name=source.name, reason=reason, asked=asked, now=app.clock()))


async def read_on(app: App, source: Source) -> None:
    """Page by page from where the last look ended."""
    mark, proofs = await guarded(app, partial(polling.begin, name=source.name, now=app.clock(), seek=source.seek))
    end = app.manners.ticks() + LOOK
    async with fetching(app.manners, source.token, app.settings.official_page) as fetcher:
        while True:
            page = await source.page(fetcher, Where(mark, local(app), proofs.get(polling.page_key(mark), {})))
            await keep(app, source, page)
            if page.trouble:
                raise Trouble(page.trouble)
            if page.following is None or app.manners.ticks() > end:
                return
            if await app.store.read(partial(polling.too_long, name=source.name)):
                raise Trouble("too_big")
            mark = page.following


def local(app: App) -> datetime:
    return app.clock().astimezone(ZoneInfo(app.settings.timezone))


async def keep(app: App, source: Source, page: Page) -> None:
    """The rows in slices; the place moves on with the last one, so that a page that was cut off is read again whole."""
    for rows in sliced(page.rows):
        packages, bad = await asyncio.to_thread(read, source.reader, rows, app.settings.timezone, app.scene.links)
        try:
            await guarded(app, partial(keep_rows, source=source, packages=packages, bad=bad, now=app.clock()))
        except Exception as error:
            if isinstance(error, Lost) or may_pass(error):
                raise
            log.error("rows not kept", name=source.name, error=where(error))
            await keep_singly(app, source, packages, bad)
    work = partial(polling.advance, name=source.name, following=page.following, proof=page.proof, columns=page.columns, group=page.group)
    work = partial(work, changed=page.changed, adds=source.turn != PACKAGES, well=not page.trouble)
    await guarded(app, partial(work, next_at=following_hour(source.hours, local(app)), now=app.clock()))


def sliced(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for first in range(0, len(rows), SLICE):
        yield rows[first : first + SLICE]


def keep_rows(session: Session, source: Source, packages: Sequence[Good], bad: Sequence[Bad], now: datetime) -> None:
    found = take_rows(session, source.reader, packages, bad, now)
    counts = {name: found[name] for name in KINDS} | {"read": len(packages) + len(bad)}
    fresh = [package.fresh_at for _, package in packages if package.fresh_at and package.fresh_at <= now]
    polling.count(session, source.name, counts, found["aside"], max(fresh, default=None))


async def keep_singly(app: App, source: Source, packages: Sequence[Good], bad: Sequence[Bad]) -> None:
    """One row cannot be kept: the others are, and it is put aside; where not even that goes, as a row that nothing can be said of."""
    for row, package in packages:
        if not await _kept(app, source, [(row, package)], []):
            bad = [*bad, (row, key_of(source.reader, row), "not_kept")]
    for one in bad:
        if not await _kept(app, source, [], [one]):
            await guarded(app, partial(keep_rows, source=source, packages=[], bad=[({}, "", "not_kept")], now=app.clock()))


async def _kept(app: App, source: Source, packages: Sequence[Good], bad: Sequence[Bad]) -> bool:
    """Whether these could be kept."""
    try:
        await guarded(app, partial(keep_rows, source=source, packages=packages, bad=bad, now=app.clock()))
    except Exception as error:
        if isinstance(error, Lost) or may_pass(error):
            raise
        log.error("row not kept", name=source.name, error=where(error))
        return False
    return True


def following_hour(hours: Sequence[int], now: datetime) -> datetime:
    """The next of a source's hours, in the zone of `now`."""
    today = now.replace(minute=MINUTE, second=0, microsecond=0)
    times = [today.replace(hour=hour) + timedelta(days=day) for day in (0, 1) for hour in sorted(hours)]
    return next(time for time in times if time > now)


def told(session: Session, names: Sequence[str]) -> list[dict[str, Any]]:
    """How each stands, for whoever asked on the command line."""
    return [
        {
            "name": feed.name, "error": feed.error, "counts": feed.counts, "more": bool(feed.marks.get("round")),
            "next_at": feed.next_at.isoformat() if feed.next_at else "",
        }
        for feed in polling.feeds(session) if feed.name in names
    ]  # fmt: skip
