"""A message of several calls whose first has closed while it waited: it goes without what is over, and not at all where nothing is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session, SQLModel

from handlers.calls.digest import fresh, until
from handlers.calls.wording import calls_in
from messages import Message
from models.outbox import Outgoing
from models.prepared import Prepared

OUT = SQLModel.metadata.tables[str(Outgoing.__tablename__)]
SHORTEN = Prepared(update(OUT).where(OUT.c.id == bindparam("row")).values(message=bindparam("said"), expires_at=bindparam("ends")))


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still open of it, and until when all of that is."""

    message: Message
    ends: datetime | None


def shortened(session: Session, row: Any, now: datetime) -> Rest | None:
    """Of a row whose time has passed, written into it. None where nothing is left to say."""
    said = fresh(session, Message.from_json(row.message), now) if row.message else None
    if said is None:
        return None
    rest = Rest(said, until(session, said))
    SHORTEN(session, row=row.id, said=said.to_json(), ends=rest.ends)
    return rest


def has_parts(message: Message) -> bool:
    """Whether some of it may be over and the rest not."""
    return len(calls_in(message)) > 1
