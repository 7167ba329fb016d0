"""A new call against all products: the candidates, the best hundred with their reasons, and a whole day's calls with all their notices."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Engine, func, or_, select, update
from sqlmodel import Session, col

from bot import migrate
from bot.alerts import match_calls
from bot.app import App
from bot.bench.campaign import resident, slowest
from bot.bench.engine import postgres, processor_of
from bot.bench.market import SINCE, add_calls, open_market
from bot.bench.turn import figure
from bot.commands.serve import without_pauses
from bot.settings import Settings
from bot.store import open_engine
from models.business import Business
from models.call import Call, CallNotice
from models.fit import wanted
from models.matching import reaches
from models.outbox import Outgoing
from models.product import APPROVED, WAITING, Product
from models.proposing import candidates
from models.relevance import rank
from models.shelf import SHELF, Shelf

SIZES = (10_000, 100_000, 1_000_000)
ASKED = 300
"""Calls that are measured one by one."""
PAGE = 100
COMPARED, ROWS = 8, 3_000_000
"""Of them with the answer of the tables alone, fewer where the products are so many that it takes long."""
DAY = 5_000
"""Calls of a day."""
MORNING = SINCE + timedelta(hours=2)
"""10.00 where the vendors live: nobody's quiet hours."""
MEMORY = "512MB"
"""For PostgreSQL: about the whole of the market. With the 128 MB that it takes by itself its part of a call is twice the work."""
CANDIDATES, RANKED, BYTES, MINUTE = 5.0, 20.0, 32.0, 60.0
"""The aims: milliseconds of the slowest in a hundred, bytes a product, seconds for a day."""


def timed(name: str, work: Callable[[Any], Any], among: Sequence[Any], aim: float | None) -> None:
    """Milliseconds of each, as the clock has them and as this thread's processor does: the second says more where others use it too."""
    spans, own = [], []
    for one in among:
        begun, cpu = time.perf_counter(), time.thread_time()
        work(one)
        spans.append((time.perf_counter() - begun) * 1000)
        own.append((time.thread_time() - cpu) * 1000)
    for kind, unit, found in (("", "ms", spans), (", processor", "ms CPU", own)):
        figure(f"{name}{kind}, p50", sorted(found)[len(found) // 2], unit)
        figure(f"{name}{kind}, p99", slowest(found), unit, aim)


def measure(name: str, url: str, size: int, server: int | None = None) -> None:
    """Prints the figures of one engine at one size."""
    engine, reader = open_engine(url), open_engine(url, read_only=True)
    begun = time.perf_counter()
    open_market(engine, size)
    figure(f"{name}: the market written", time.perf_counter() - begun, "s")
    shelf = built(name, reader, size)
    with Session(engine, expire_on_commit=False, info={SHELF: shelf}) as session:
        ids = add_calls(session, ASKED, "asked")
        session.commit()
        calls = [session.get_one(Call, id) for id in ids]
        timed(f"{name}: candidates", lambda call: candidates(shelf.sets, wanted(call)), calls, CANDIDATES)
        for round, aim in (("ranked with reasons", RANKED), ("ranked, no word read before", None)):
            busy = processor_of(server)
            timed(f"{name}: {round}", lambda call: rank(session, call, most=PAGE), calls, aim)
            figure(f"{name}: {round}, processor of the server", (processor_of(server) - busy) * 1000 / len(calls), "ms CPU/call")
            forget()
        session.rollback()
        seen(name, session, shelf, calls[0])
        session.rollback()
    with Session(reader, info={SHELF: shelf}) as session:  # a writer may not think for so long between two statements
        few = random.Random(1).sample(ids, max(2, min(COMPARED, ROWS // size)))
        alike = compared(session, shelf, [session.get_one(Call, id) for id in few])
    figure(f"{name}: compared with the tables alone", alike, "of the calls equal", len(few))
    engine.dispose()
    day(name, url, shelf)
    reader.dispose()


def built(name: str, reader: Engine, size: int) -> Shelf:
    trim()
    cpu, begun = time.process_time(), time.perf_counter()
    shelf = Shelf(reader)
    shelf.build()
    figure(f"{name}: built", time.perf_counter() - begun, "s")
    figure(f"{name}: built, processor", (time.process_time() - cpu) / size * 1e6, "us CPU/product")
    trim()
    before = resident()
    copied = [BitMap.deserialize(one.serialize()) for keyed in shelf.sets.values() for one in keyed.values()]
    figure(f"{name}: memory, {len(copied)} sets once more", (resident() - before) * 1024 * 1024 / size, "bytes/product", BYTES)
    figure(f"{name}: memory, in the sets", shelf.bytes() / size, "bytes/product", BYTES)
    del copied
    trim()
    return shelf


def trim() -> None:
    """What is not needed any more goes back, so that what is kept can be seen (glibc)."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def forget() -> None:
    """What is known of words, as in a process that has not read the products yet."""
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper) and one.__module__.startswith("models."):
            one.cache_clear()


def seen(name: str, session: Session, shelf: Shelf, call: Call) -> None:
    """A product that changes so as to fit best is the first answer of the next call."""
    best = rank(session, call, most=2)
    begun = time.perf_counter()
    session.execute(update(Product).where(col(Product.id) == best[0].product_id).values(status="WITHDRAWN"))
    session.commit()
    after = rank(session, call, most=1)
    figure(f"{name}: a change committed and seen by the next call", (time.perf_counter() - begun) * 1000, "ms")
    assert after[0].product_id == best[1].product_id, "what was withdrawn is still told"
    shelf.follow()


def compared(session: Session, shelf: Shelf, calls: Sequence[Call]) -> int:
    equal = 0
    for call in calls:
        session.info.pop(SHELF)
        plain = rank(session, call, most=PAGE)
        session.info[SHELF] = shelf
        same = list(candidates(shelf.sets, wanted(call))) == in_sql(session, call)
        equal += same and rank(session, call, most=PAGE) == plain
    return equal


def in_sql(session: Session, call: Call) -> list[int]:
    rows = select(col(Product.id)).join(Business, col(Business.id) == col(Product.business_id))
    rows = rows.where(col(Product.etalase).in_(call.etalase), col(Product.status).in_((APPROVED, *WAITING)))
    return sorted(session.execute(rows.where(or_(*(reaches(place) for place in call.places or [call.region])))).scalars())


def day(name: str, url: str, shelf: Shelf) -> None:
    """A day's calls as the product takes them: each compared, a notice for each who shall hear of it, and a message for whom it presses."""
    settings = Settings(_env_file=None, database_url=url, media_dir=Path(tempfile.gettempdir()))  # type: ignore[call-arg]
    app = App(settings, clock=lambda: MORNING, channels=[])
    app.shelf.close()
    app.store.known[SHELF] = shelf

    def come(session: Session) -> None:
        session.execute(update(Call).values(told_at=SINCE))
        add_calls(session, DAY, "day")

    async def told() -> tuple[float, float]:
        await app.store.write(come)
        begun, cpu = time.perf_counter(), time.process_time()
        await match_calls(app)
        return time.perf_counter() - begun, time.process_time() - cpu

    try:
        without_pauses()
        taken, cpu = asyncio.run(told())
        kept, people, messages = asyncio.run(app.store.read(counted))
    finally:
        gc.unfreeze()
        app.store.close()
    figure(f"{name}: {DAY} calls of a day matched, {kept} notices to {people} people kept, {messages} messages queued", taken, "s", MINUTE)
    figure(f"{name}: a day, processor", cpu, "s CPU")


def counted(session: Session) -> tuple[int, int, int]:
    notices = select(func.count(), func.count(func.distinct(col(CallNotice.person_id)))).where(col(CallNotice.at) == MORNING)
    kept, people = session.execute(notices).one()
    return kept, people, session.execute(select(func.count()).select_from(Outgoing)).scalar_one()


def run(rounds: int = 0, channel: str = "") -> None:
    """`rounds` is how many products, all sizes where it is not said; `channel` the engine, both where none is named."""
    for size in (rounds,) if rounds else SIZES:
        if channel in ("", "sqlite"):
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{folder}/market.db"
                migrate.upgrade(url)
                measure(f"SQLite, {size} products", url, size)
        if channel in ("", "postgresql"):
            with postgres(memory=MEMORY) as server:
                measure(f"PostgreSQL, {size} products", server.url, size, server.pid)
