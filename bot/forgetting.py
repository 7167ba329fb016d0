"""What is not kept for ever: words, ids of messages, what was sent, rows that could not be read, uploads that nobody came back for."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, cast, delete, exists, or_, select, update
from sqlmodel import Session, SQLModel, col

from models.feed import SetAside
from models.inbox import DeadLetter, Received
from models.leftovers import NO_PACKAGE
from models.outbox import Outgoing
from models.tick import forget_ticks

if TYPE_CHECKING:
    from bot.app import App

WORDS_KEPT = timedelta(days=14)
KEYS_KEPT = timedelta(days=30)
"""How long a message's id is kept, so that a repeat of it is known."""
LETTERS_KEPT = timedelta(days=90)
"""How long the words of a message that failed by a bug wait for whoever mends it."""
ASIDE_KEPT, PART_KEPT = timedelta(days=90), timedelta(days=366)
"""How long a row that could not be read is kept after its source had it last, and one that waits for its package: plans are of a year."""
SENT_KEPT = timedelta(days=183)
UPLOADS_KEPT = timedelta(days=1)
SLICE = 2000
"""Rows touched in one transaction, so that conversations go on in between."""
FEW = 500
"""The same of rows that stand in many indexes."""
ENDED = ("sent", "delivered", "read", "failed", "expired", "cancelled", "replaced")
"""Of what is unknown the list is kept: somebody may still have to look into it."""
ONCE = "nib:"
"""What begins the subject of notices that are told once and never again: their rows say that they were."""


async def forget(app: App) -> int:
    done = 0
    for work in (forget_words, forget_keys, forget_letters, forget_due_times, forget_set_aside):
        while count := await app.store.write(partial(work, now=app.clock())):
            done += count
    return done + await forget_sent(app)


def forget_words(session: Session, now: datetime) -> int:
    """Empties what was said two weeks ago. Returns how many rows."""
    old = (col(Received.received_at) < now - WORDS_KEPT, cast(col(Received.said), String) != "{}")
    ids = session.execute(select(col(Received.id)).where(*old, col(Received.status).in_(("done", "failed"))).limit(SLICE)).scalars().all()
    session.execute(update(Received).where(col(Received.id).in_(ids)).values(said={}, media={}))
    return len(ids)


def forget_keys(session: Session, now: datetime) -> int:
    """Deletes rows whose repeats no channel sends any more."""
    old = (col(Received.received_at) < now - KEYS_KEPT, col(Received.status).in_(("done", "failed")))
    ids = session.execute(select(col(Received.id)).where(*old).limit(SLICE)).scalars().all()
    session.execute(update(DeadLetter).where(col(DeadLetter.received_id).in_(ids)).values(received_id=None))
    session.execute(delete(Received).where(col(Received.id).in_(ids)))
    return len(ids)


def forget_letters(session: Session, now: datetime) -> int:
    """Empties what failed by a bug and nobody came back for; where it failed is kept."""
    old = (col(DeadLetter.at) < now - LETTERS_KEPT, cast(col(DeadLetter.said), String) != "{}")
    ids = session.execute(select(col(DeadLetter.id)).where(*old).limit(SLICE)).scalars().all()
    session.execute(update(DeadLetter).where(col(DeadLetter.id).in_(ids)).values(said={}))
    return len(ids)


def clear_leftovers(media: Path, now: datetime) -> int:
    """Deletes uploads and half-written files that nobody came back for."""
    old = (now - UPLOADS_KEPT).timestamp()
    left = [file for file in (*media.glob("*.part"), *(media / "uploads").glob("*")) if file.is_file() and file.stat().st_mtime < old]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def forget_due_times(session: Session, now: datetime) -> int:
    return forget_ticks(session, now - KEYS_KEPT)


def forget_set_aside(session: Session, now: datetime) -> int:
    """Deletes rows of sources that nobody could read, and parts whose package never came."""
    part, at = col(SetAside.reason) == NO_PACKAGE, col(SetAside.at)
    old = or_(and_(~part, at < now - ASIDE_KEPT), and_(part, at < now - PART_KEPT))
    ids = session.execute(select(col(SetAside.id)).where(old).limit(SLICE)).scalars().all()
    session.execute(delete(SetAside).where(col(SetAside.id).in_(ids)))
    return len(ids)


async def forget_sent(app: App) -> int:
    """Which they are no index knows: it is found out beside the writer, which deletes them by their ids."""
    done, after = 0, 0
    while ids := await app.store.read(partial(old_sent, now=app.clock(), after=after)):
        await app.store.write(partial(delete_sent, ids=ids))
        done, after = done + len(ids), ids[-1]
    return done


def old_sent(session: Session, now: datetime, after: int = 0) -> list[int]:
    """What was said half a year ago, besides what reports of announcements count and what each chat was shown last."""
    own = SQLModel.metadata.tables[str(Outgoing.__tablename__)]
    newer = own.alias("newer")
    later = exists().where(newer.c.address_id == own.c.address_id, newer.c.settled_at > own.c.settled_at, newer.c.external_id != "")
    rows = (
        select(own.c.id)
        .where(own.c.id > after, own.c.campaign_id.is_(None), own.c.settled_at < now - SENT_KEPT, own.c.status.in_(ENDED))
        .where(~own.c.subject.startswith(ONCE), later)
        .order_by(own.c.id)
        .limit(FEW)
    )
    return list(session.execute(rows).scalars())


def delete_sent(session: Session, ids: list[int]) -> None:
    session.execute(delete(Outgoing).where(col(Outgoing.id).in_(ids)))
