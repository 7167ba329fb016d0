"""PostgreSQL under the power cuts of power.py: the server and each process that it forks are watched, and the bot for its acknowledgements.

Not seen: what the server writes through stdio (its statistics and a cache of its catalogue), which its recovery throws away.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot import migrate
from bot.faults.postmaster import Fallen, founded, standing
from bot.faults.watched import Watch, Watched, talk

KEEPING = "synchronous_commit=on"
LOSING: Sequence[str] = ("synchronous_commit=off",)
BREAKING: Sequence[str] = ("full_page_writes=off", "fsync=off")
DATA = "data"
WRITTEN_BACK = f"{DATA}/global/pg_control"
ROUNDS = 200
HURRIED = ("listen_addresses=", "io_method=sync", "shared_buffers=1MB", "max_wal_size=2MB", "min_wal_size=2MB", "autovacuum_naptime=1s")
"""Little room, so that pages are written back and parts of the log used again while people talk. What syncs promise is as it comes."""
ORDERED = """
SELECT indexrelid::regclass::text, indrelid::regclass::text, coalesce(pg_get_expr(indpred, indrelid), 'true'),
       (SELECT string_agg(pg_get_indexdef(indexrelid, n, true), ', ') FROM generate_series(1, indnkeyatts) n)
FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = relam AND amname = 'btree'
WHERE c.relnamespace = 'public'::regnamespace
"""
KEYS = """
SELECT conrelid::regclass::text, quote_ident(a.attname), confrelid::regclass::text, quote_ident(b.attname)
FROM pg_constraint JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1] WHERE contype = 'f'
"""
HELD = """
SELECT external_id, coalesce((SELECT string_agg(answers::text, ',') FROM conversation c WHERE c.person_id = received.person_id), '')
FROM received WHERE status = 'done'
"""


def watched(folder: Path, library: Path, setting: str, persons: int) -> Watched:
    folder.mkdir()
    founded(folder / DATA)
    with standing(folder / DATA) as url:
        migrate.upgrade(url)
    watch = Watch(folder, library)
    with standing(folder / DATA, (*HURRIED, setting), watch.environment) as url:
        talk(url, folder, persons, watch.environment)
    return watch.ended()


def opened(folder: Path) -> tuple[str, dict[str, str]]:
    try:
        with standing(folder / DATA, stop=signal.SIGQUIT) as url:
            engine = create_engine(url)
            try:
                with engine.connect() as connection:
                    there = {row[0]: row[1] for row in connection.execute(text(HELD))}
                    return "; ".join(amiss(connection)) or "ok", there
            finally:
                engine.dispose()
    except (Fallen, DBAPIError) as error:
        return f"{type(error).__name__}: {getattr(error, 'orig', error)}", {}


def amiss(connection: Connection) -> Iterator[str]:
    """Every row is read, each index leads to as many as the table has, and nothing refers to what is not there."""
    for index, table, condition, order in connection.execute(text(ORDERED)).all():
        rows = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {condition} ORDER BY {order}) t"
        there, led = counted(connection, rows, "indexscan", "indexonlyscan"), counted(connection, rows, "seqscan", "sort")
        if there != led:
            yield f"{table} has {there} rows, {led} by {index}"
    for table, column, other, key in connection.execute(text(KEYS)).all():
        found = f"EXISTS (SELECT 1 FROM {other} o WHERE o.{key} = t.{column})"
        lost = f"SELECT count(*) FROM {table} t WHERE {column} IS NOT NULL AND NOT {found}"
        if connection.exec_driver_sql(lost).scalar_one():
            yield f"{table}.{column} refers to what is not in {other}"


def counted(connection: Connection, rows: str, *off: str) -> int:
    """Without these ways of the planner."""
    with connection.begin_nested() as only:
        for way in ("bitmapscan", *off):
            connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        found = int(connection.exec_driver_sql(rows).scalar_one())
        only.rollback()
    return found
