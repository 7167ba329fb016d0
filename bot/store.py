"""The database: one writer thread with group commit on SQLite, a small pool on PostgreSQL, and a read-only engine beside both."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from models.prepared import tie

Result = TypeVar("Result")
Work = Callable[[Session], Any]
Job = tuple[Work, Future[Any]]
GROUP = 32
"""So many waiting pieces of work share one commit."""


WRITERS = 8
"""So many transactions at most are under way at once in a process on PostgreSQL."""
CONNECTING = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
"""Seconds until a server that went away without a word is noticed."""
CACHED = "-c random_page_cost=1.1"
"""What is asked for lies in memory or on a disk without heads. With the usual 4, made for disks that have them, whole tables were read for
the first ten questions of a connection.
"""
READING = f"{CACHED} -c default_transaction_read_only=on"
WRITING = f"{CACHED} -c idle_in_transaction_session_timeout=5000"
"""A process that is frozen in the middle of a transaction must not hold up the others with its locks."""


def open_engine(url: str, *, read_only: bool = False, most: int = WRITERS) -> Engine:
    """An engine with the pragmas and transaction modes the product relies on. Its errors carry no parameters: those are people's words."""
    if not url.startswith("sqlite"):
        asked = CONNECTING | {"options": READING if read_only else WRITING}
        # A writer's connection is not asked first whether it still lives: that costs a twentieth of a turn, and `write` tries again.
        return create_engine(url, pool_size=most, max_overflow=0, pool_pre_ping=read_only, hide_parameters=True, connect_args=asked)
    path = make_url(url).database
    engine = create_engine(
        url, poolclass=NullPool if read_only else None, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 10}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None
        # The inner pages of the trees of a million products are more than the usual two megabytes hold.
        pragmas = ["foreign_keys=ON", "synchronous=FULL", "busy_timeout=10000", "cache_size=-16384"]
        pragmas += ["query_only=ON"] if read_only else ["journal_mode=WAL"] if path else []
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:
            driver.rollback()  # a commit that failed leaves its transaction open, and so all later ones would fail
        # A reader must never hold the write lock; a writer takes it at once, so that two never read the same and both write.
        driver.execute("BEGIN DEFERRED" if read_only else "BEGIN IMMEDIATE")

    return engine


class Store:
    """`write` runs a function in its own transaction and commits; `read` runs one that cannot change anything. Both off the event loop."""

    def __init__(self, url: str, writers: int = WRITERS) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        self.engine = open_engine(url, most=writers + 1)
        self.reader = open_engine(url, read_only=True)
        self.known: dict[str, Any] = {}
        """What every session is given to look things up in: its `info`."""
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="read")
        self._writers = None if self.sqlite else ThreadPoolExecutor(writers, thread_name_prefix="write")
        self._beats = None if self.sqlite else ThreadPoolExecutor(1, thread_name_prefix="beat")
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._door, self._closed = threading.Lock(), False
        """Nothing comes to wait behind the last."""
        self._thread = threading.Thread(target=self._write_groups, name="writer", daemon=True) if self.sqlite else None
        if self._thread:
            self._thread.start()

    async def write(self, work: Callable[[Session], Result]) -> Result:
        """A fault of the database that may pass (a lost connection, a deadlock, a disk that stumbles) is tried once more."""
        try:
            return await asyncio.wrap_future(self.submit(work))
        except Exception as error:
            if not may_pass(error):
                raise
        return await asyncio.wrap_future(self.submit(work))

    def submit(self, work: Callable[[Session], Result]) -> Future[Result]:
        """The same for callers without an event loop."""
        if self._writers:
            return self._writers.submit(self._alone, work)
        future: Future[Result] = Future()
        with self._door:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._waiting.put((work, future))
        return future

    async def beat(self, work: Callable[[Session], Result]) -> Result:
        """Writes what must not wait behind anything: leases. Tried once."""
        return await asyncio.wrap_future(self._beats.submit(self._alone, work) if self._beats else self.submit(work))

    async def read(self, work: Callable[[Session], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._look, work)

    def close(self) -> None:
        if self._thread:
            with self._door:
                self._closed = True
                self._waiting.put(None)
            self._thread.join(10)
        for pool in (self._writers, self._beats, self._readers):
            if pool:
                pool.shutdown(wait=True)
        self.engine.dispose()
        self.reader.dispose()

    def _look(self, work: Callable[[Session], Result]) -> Result:
        with Session(self.reader, info=self.known) as session:
            return _done(work, session)

    def _alone(self, work: Callable[[Session], Result]) -> Result:
        try:
            with Session(self.engine, expire_on_commit=False, info=self.known) as session:
                tie(session)
                result = _done(work, session)
                session.commit()
                return result
        except Exception as error:
            if may_pass(error):
                self.engine.dispose()  # what else waits in the pool may be lost with it
            raise

    def _write_groups(self) -> None:
        """Whoever waits hears what became of it, whatever happens: without this thread all that is written would wait for ever."""
        connection, ended = None, False
        while not ended:
            group, ended = self._next_group()
            try:
                if group:
                    # Not before it is needed: while somebody makes the file, SQLite may refuse to open it instead of waiting.
                    connection = connection or self.engine.connect()
                    self._commit_group(connection, group)
            except BaseException as error:
                _fail(group, error)
        if connection:
            connection.close()

    def _next_group(self) -> tuple[list[Job], bool]:
        """What waits, and whether nothing comes after it."""
        group: list[Job] = []
        item = self._waiting.get()
        while item:
            if item[1].set_running_or_notify_cancel():
                group.append(item)
            if len(group) >= GROUP:
                return group, False
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit_group(self, connection: Connection, group: Sequence[Job]) -> None:
        """All of a group in one transaction, each in a savepoint of its own; singly when the commit itself fails."""
        try:
            with connection.begin():
                done = [_attempt(connection, work, self.known) for work, _ in group]
        except Exception as error:
            if len(group) == 1:
                group[0][1].set_exception(error)
                return
            for one in group:
                self._commit_group(connection, [one])
            return
        for (_, future), (result, failed) in zip(group, done, strict=True):
            future.set_exception(failed) if failed else future.set_result(result)


def _done(work: Callable[[Session], Result], session: Session) -> Result:
    """Before Python 3.12 who awaits what ended with StopIteration, a `next` that found nothing, waits for ever."""
    try:
        return work(session)
    except StopIteration as error:
        raise RuntimeError("there is no next one") from error


def _fail(group: Sequence[Job], error: BaseException) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(error)


def _attempt(connection: Connection, work: Work, known: dict[str, Any]) -> tuple[Any, Exception | None]:
    """What the work returns, or the error it ended with. The savepoint is the driver's own: a nested session costs six times as much."""
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT work")
    session = Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False, info=known)
    tie(session)
    try:
        result = _done(work, session)
        session.flush()
    except Exception as error:
        session.close()
        if not driver.in_transaction:
            raise  # a full disk ends the whole transaction, not only the savepoint
        driver.execute("ROLLBACK TO work")
        driver.execute("RELEASE work")
        return None, error
    session.close()
    driver.execute("RELEASE work")
    return result, None


PASSING = ("OperationalError", "IdleInTransactionSessionTimeout")
"""What every driver calls an operational error; and the end of a transaction in which the process was frozen."""


def may_pass(error: Exception) -> bool:
    """Whether the database is at fault and not the work, wrapped by SQLAlchemy or not."""
    kinds = (*type(error).__mro__, *type(getattr(error, "orig", None)).__mro__)
    return any(kind.__name__ in PASSING for kind in kinds)


def check(engine: Engine) -> None:
    """Raises when the database does not answer."""
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
