"""A process that is frozen in the middle of a claim keeps neither the lease nor its rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.sending.claims import CLAIM
from bot.store import open_engine
from models.lease import held, take

NAME = "sender:post"
LIMIT = 1.5
"""Seconds: many statements are begun in it also on a machine that has other things to do."""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_lease_is_free_although_its_holder_stopped_after_many_statements_at_once(database: str) -> None:
    engine, now = open_engine(database), datetime.now(UTC)
    try:
        with Session(engine) as frozen, Session(engine) as other:
            if other.execute(text("SELECT current_setting('server_version_num')::int")).scalar_one() < 170_000:
                pytest.skip("this server has no limit on a transaction")
            assert take(frozen, NAME, "frozen", now, timedelta(0))
            frozen.commit()
            assert held(frozen, NAME, "frozen", timedelta(seconds=LIMIT))
            CLAIM.many(frozen, [{"row": row, "worker": "frozen", "now": now} for row in range(20)])
            other.execute(text("SET LOCAL lock_timeout = '20s'"))
            assert take(other, NAME, "other", now + timedelta(seconds=1), timedelta(seconds=6))
            other.commit()
            frozen.invalidate()
    finally:
        engine.dispose()
