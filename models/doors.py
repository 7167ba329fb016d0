"""The doors a person writes from: found by either name of a chat, moved, taken away, or passed on to somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models.contact import LIVE, Address, Person, addresses_of, best
from models.inbox import Received
from models.joining import choose, join
from models.outbox import REPLY, Outgoing
from models.prepared import Prepared


class Names(NamedTuple):
    """How a platform names a chat: `address` first, `alias` beside it, `moved` what it was called before `at`."""

    address: str
    alias: str = ""
    moved: str = ""
    at: datetime | None = None


_names: list[Any] = [bindparam("name"), bindparam("alias"), bindparam("moved")]
_living = (col(Address.account) == bindparam("account"), col(Address.until).is_(None))
# Two questions, each with its index: with an OR, SQLite looked at every address of the account.
NAMED = Prepared(union(*(select(col(Address.id)).where(*_living, name.in_(_names)) for name in (col(Address.address), col(Address.alias)))))
"""Whoever comes for the first time is looked for here, and mostly not found."""


def recognise(session: Session, account: str, names: Names, now: datetime) -> Address | None:
    """The row of a chat, by either of its names, brought up to date. None for somebody new.

    Two persons who were met by the two names are joined. Where the number of a chat now stands beside another user, it was passed on: the
    old row ends.
    """
    rows = _locked(session, account, names)
    own = [row for row in rows if _own(row, names) or _moved(row, names)]
    kept = next((row for row in own if row.address == names.address), own[0] if own else None)
    renamed = names.alias or any(_moved(row, names) for row in own)
    if kept and renamed and not _free(session, kept, names.address, now):
        return recognise(session, account, names, now)
    for row in rows:
        if row not in own and names.alias and names.alias in (row.address, row.alias):
            end(session, row, now, "passed")
    if kept is None:
        return None
    for row in own:
        if row is not kept:
            _fold(session, kept, row, now)
    if renamed:
        kept.address, kept.alias = names.address, names.alias
    session.flush()
    return kept


def _locked(session: Session, account: str, names: Names) -> list[Address]:
    """The rows, with their persons locked, as every turn locks first: of two messages at once the second finds what the first made."""
    while rows := _known(session, account, names):
        people = {row.person_id for row in rows}
        lock = select(col(Person.id)).where(col(Person.id).in_(people)).order_by(col(Person.id)).with_for_update(key_share=True)
        session.execute(lock)
        again = _known(session, account, names)
        if {row.person_id for row in again} == people:
            return again
    return []


def _known(session: Session, account: str, names: Names) -> list[Address]:
    others = {"alias": names.alias or names.address, "moved": names.moved or names.address}
    found = [row.id for row in NAMED(session, account=account, name=names.address, **others)]
    if not found:
        return []
    rows = select(Address).where(col(Address.id).in_(found)).order_by(col(Address.id))
    return list(session.execute(rows.execution_options(populate_existing=True)).scalars())


def _free(session: Session, row: Address, name: str, now: datetime) -> bool:
    """Whether a row may take this name. False when somebody was met there in this moment: until their commit nobody sees them, so that
    the name is asked for first, and the second waits for the first.
    """
    if row.address == name:
        return True
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    asking = make(Address).values(person_id=row.person_id, account=row.account, channel=row.channel, address=name, since=now)
    once = asking.on_conflict_do_nothing(index_elements=["account", "address"], index_where=LIVE).returning(col(Address.id))
    made = session.execute(once).scalar()
    if made:
        session.execute(delete(Address).where(col(Address.id) == made))
    return made is not None


def _own(row: Address, names: Names) -> bool:
    """Whether it is the same chat. A number alone is not, where both sides name a user too and the users differ."""
    known = {row.address, row.alias} - {""}
    return names.address in known or known == {names.alias}


def _moved(row: Address, names: Names) -> bool:
    """Whether it is what the chat was called before: not somebody who came there later, however late we hear of the move."""
    return names.moved != "" and names.moved in (row.address, row.alias) and (names.at is None or row.since <= names.at)


def _fold(session: Session, kept: Address, other: Address, now: datetime) -> None:
    """One row of two for the same chat: what was said there stays together."""
    if kept.person_id != other.person_id:
        join(session, *choose(session, kept.person_id, other.person_id), now)
    kept.heard_at = max(filter(None, (kept.heard_at, other.heard_at)), default=None)
    kept.since = min(kept.since, other.since)
    session.flush()
    for table in (Outgoing, Received):
        session.execute(update(table).where(col(table.address_id) == other.id).values(address_id=kept.id))
    session.delete(other)
    session.flush()


def end(session: Session, address: Address, now: datetime, reason: str) -> None:
    """The address is not this person's any more. What waits for it goes to another door of the person; answers and the rest are dropped."""
    address.until, address.reason = now, reason
    session.flush()
    person = session.get_one(Person, address.person_id)
    other = best(addresses_of(session, address.person_id), person.channel, now)
    waits = (col(Outgoing.address_id) == address.id, col(Outgoing.status) == "queued")
    if other:
        session.execute(update(Outgoing).where(*waits, col(Outgoing.lane) != REPLY).values(address_id=other.id, account=other.account))
    session.execute(update(Outgoing).where(*waits).values(status="cancelled", settled_at=now, reason=reason))
    session.expire_all()
