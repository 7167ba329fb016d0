"""Two persons who turn out to be one: everything that hangs on one moves to the other, and nothing is told twice afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Table, delete, select, update
from sqlmodel import Session, SQLModel, col

from models import joining_news
from models.audience import silence
from models.business import Membership
from models.call import CallNotice
from models.contact import Consent, Person
from models.conversation import Conversation
from models.link import LinkCode
from models.review import Shortlist
from models.taste import Taste

Merge = Callable[[Session, int, int, datetime], None]

MOVED = frozenset(
    {
        "address.person_id",
        "call.created_by",
        "campaign.approver_id",
        "campaign.officer_id",
        "columns.officer_id",
        "conversation.person_id",
        "deadletter.person_id",
        "decision.officer_id",
        "invitation.used_by",
        "lesson.person_id",
        "linkguess.person_id",
        "look.officer_id",
        "product.person_id",
        "question.answered_by",
        "question.person_id",
        "received.person_id",
        "sheet.officer_id",
    }
)
"""Columns whose rows simply change hands."""


def choose(session: Session, one: int, other: int) -> tuple[int, int]:
    """(who is kept, who is gone): the one with a business, else the one met first."""
    members = select(col(Membership.person_id)).where(col(Membership.person_id).in_((one, other)))
    owners = set(session.execute(members).scalars())
    rows = session.execute(select(col(Person.id), col(Person.created_at)).where(col(Person.id).in_((one, other))))
    born = {int(id or 0): at for id, at in rows}
    keep, gone = sorted((one, other), key=lambda id: (id not in owners, born[id], id))
    return keep, gone


def join(session: Session, keep: int, gone: int, now: datetime) -> bool:
    """One person of two; the row of the second is no more. False when that has happened already.

    Whoever speaks to one of them meanwhile waits, and then finds the one that is left. What the session holds is read anew.
    """
    session.flush()
    rows = select(Person).where(col(Person.id).in_((keep, gone))).order_by(col(Person.id)).with_for_update()
    people = {row.id: row for row in session.execute(rows.execution_options(populate_existing=True)).scalars()}
    if len(people) < 2:
        session.expire_all()
        return False
    _profile(people[keep], people[gone])
    session.flush()
    for merge in MERGED.values():
        merge(session, keep, gone, now)
    for name in MOVED:
        _move(session, name, keep, gone)
    _one_current(session, keep, now)
    if people[keep].stopped_at:
        silence(session, keep, now)
    session.expunge(people[gone])
    session.execute(delete(Person).where(col(Person.id) == gone))
    session.expire_all()
    return True


def _profile(keep: Person, gone: Person) -> None:
    """What the kept one does not say the other does; the earlier dates count, and a stop on either is a stop."""
    first = gone if gone.created_at < keep.created_at else keep
    keep.source = first.source or keep.source or gone.source
    keep.created_at = first.created_at
    keep.call_name = keep.call_name or gone.call_name
    keep.phone = keep.phone or gone.phone
    keep.channel = keep.channel or gone.channel
    keep.stopped_at = min(filter(None, (keep.stopped_at, gone.stopped_at)), default=None)


def _move(session: Session, name: str, keep: int, gone: int) -> None:
    table, column = column_of(name)
    session.execute(update(table).where(table.c[column] == gone).values({column: keep}))


def column_of(name: str) -> tuple[Table, str]:
    table, _, column = name.partition(".")
    return SQLModel.metadata.tables[table], column


def _unless_held(name: str, same: str) -> Merge:
    """Rows that the kept person has already (by the column `same`) are let go, the others change hands."""

    def merge(session: Session, keep: int, gone: int, now: datetime) -> None:
        table, column = column_of(name)
        held = select(table.c[same]).where(table.c[column] == keep).scalar_subquery()
        session.execute(delete(table).where(table.c[column] == gone, table.c[same].in_(held)))
        _move(session, name, keep, gone)

    return merge


def _consents(session: Session, keep: int, gone: int, now: datetime) -> None:
    """Each purpose once, by the earlier date; a withdrawal counts for what either had agreed to before it."""
    _move(session, "consent.person_id", keep, gone)
    rows = select(Consent).where(col(Consent.person_id) == keep).order_by(col(Consent.given_at), col(Consent.id))
    given: set[str] = set()
    withdrawn: dict[str, datetime] = {}
    consents = session.execute(rows.execution_options(populate_existing=True)).scalars().all()
    for row in consents:
        if row.withdrawn_at:
            withdrawn[row.purpose] = max(row.withdrawn_at, withdrawn.get(row.purpose, row.withdrawn_at))
    for row in [row for row in consents if row.withdrawn_at is None]:
        if row.purpose in withdrawn and row.given_at < withdrawn[row.purpose]:
            row.withdrawn_at = withdrawn[row.purpose]
        elif row.purpose in given:
            session.delete(row)
        else:
            given.add(row.purpose)
    session.flush()


def _notices(session: Session, keep: int, gone: int, now: datetime) -> None:
    """Told of the same call under both names: once is enough, and an answer given under either stands, the later of two."""
    rows = select(CallNotice).where(col(CallNotice.person_id).in_((keep, gone)))
    notices = session.execute(rows.execution_options(populate_existing=True)).scalars().all()
    kept = {(row.call_id, row.kind): row for row in notices if row.person_id == keep}
    for row in [row for row in notices if row.person_id == gone]:
        mine = kept.get((row.call_id, row.kind))
        if mine is None:
            row.person_id = keep
            continue
        if row.answered_at and (mine.answered_at is None or row.answered_at > mine.answered_at):
            mine.answer, mine.answered_at = row.answer, row.answered_at
        mine.told_at = mine.told_at or row.told_at
        session.delete(row)
    session.flush()


def _codes(session: Session, keep: int, gone: int, now: datetime) -> None:
    """A code shown to one of the two is for nobody any more."""
    open_ones = (col(LinkCode.person_id).in_((keep, gone)), col(LinkCode.used_at).is_(None))
    session.execute(update(LinkCode).where(*open_ones).values(used_at=now))
    _move(session, "linkcode.person_id", keep, gone)


def _shortlist(session: Session, keep: int, gone: int, now: datetime) -> None:
    """ "setujui 1-7" must not mean another list than the one that was looked at: of two lists none is left."""
    mine, theirs = session.get(Shortlist, keep), session.get(Shortlist, gone)
    if mine and theirs:
        mine.kind, mine.rows, mine.stamp = "", [], max(mine.stamp, theirs.stamp) + 1
        session.delete(theirs)
        session.flush()
    _move(session, "shortlist.officer_id", keep, gone)


def _taste(session: Session, keep: int, gone: int, now: datetime) -> None:
    """What the kept person chose stands; the later dates count, so that nothing comes twice."""
    mine, theirs = session.get(Taste, keep), session.get(Taste, gone)
    if mine and theirs:
        mine.digest_at = max(filter(None, (mine.digest_at, theirs.digest_at)), default=None)
        mine.nearest_at = max(filter(None, (mine.nearest_at, theirs.nearest_at)), default=None)
        session.delete(theirs)
        session.flush()
    _move(session, "taste.person_id", keep, gone)


def _one_current(session: Session, keep: int, now: datetime) -> None:
    """Of two open questions the one answered last goes on, the other is a draft; an introduction that is not needed any more is over."""
    rows = select(Conversation).where(col(Conversation.person_id) == keep, col(Conversation.closed_at).is_(None))
    agreed = select(col(Consent.id)).where(
        col(Consent.person_id) == keep, col(Consent.purpose) == "registration", col(Consent.withdrawn_at).is_(None)
    )
    known = session.execute(agreed).first() is not None
    rows = rows.execution_options(populate_existing=True)
    open_ones = session.execute(rows).scalars().all()
    for row in open_ones:
        if known and row.form == "welcome" and not (row.answers.keys() & {"photos", "words"}):
            row.current, row.closed_at = False, now
    here = [row for row in open_ones if row.current]
    here.sort(key=lambda row: (bool(row.answers), row.form != "welcome", row.updated_at, row.id or 0))
    for row in here[:-1]:
        row.current = False
        row.closed_at = None if row.answers else now
    session.flush()


MERGED: Mapping[str, Merge] = {
    "callnotice.person_id": _notices,
    "consent.person_id": _consents,
    "linkcode.person_id": _codes,
    "membership.person_id": _unless_held("membership.person_id", "business_id"),
    "officer.person_id": _unless_held("officer.person_id", "region"),
    "outgoing.person_id": joining_news.merge,
    "shortlist.officer_id": _shortlist,
    "taste.person_id": _taste,
}
"""Columns whose rows must not stand twice for one person, or mean something else for the other."""
