"""Persons, the addresses they write from, their consents and their offices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Index, bindparam, text
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import moment
from models.inserting import insert_missing
from models.places import covers
from models.prepared import Prepared

INVITATION_LASTS = timedelta(days=7)
WINDOW = timedelta(hours=24)
"""So long after somebody's last message WhatsApp lets them be written to freely."""
LIVE = text("until IS NULL")


class Person(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    call_name: str = ""
    locale: str = "id"
    zone: str = "Asia/Makassar"
    phone: str = ""
    source: str = ""
    """The deep link's parameter the person first came by."""
    created_at: datetime = moment(nullable=False)
    stopped_at: datetime | None = moment()
    """Since when calls and announcements are stopped (BERHENTI)."""
    channel: str = ""
    """The channel that notices go to, where the person chose one of several."""


class Address(SQLModel, table=True):
    """Where a person is reached: opaque text of one account of a channel.

    `alias` is the other name by which the platform knows the same chat (WhatsApp: the number beside the user id). `until` is set when the
    address is not this person's any more: it was unlinked, or its number was passed on.
    """

    __table_args__ = (
        # An address that ended keeps its history; its text may begin anew with somebody else.
        Index("ix_address_account_address", "account", "address", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_address_account_alias", "account", "alias"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    account: str
    channel: str
    address: str
    alias: str = ""
    since: datetime = moment(nullable=False)
    until: datetime | None = moment()
    heard_at: datetime | None = moment()
    unreachable_at: datetime | None = moment()
    reason: str = ""


class Consent(SQLModel, table=True):
    """Given once for each purpose ("registration", "announcements"); withdrawn, never deleted."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str
    version: str
    channel: str
    given_at: datetime = moment(nullable=False)
    withdrawn_at: datetime | None = moment()


class Officer(SQLModel, table=True):
    """A person's office. `region` is a province or kabupaten/kota code; it sees what the region covers."""

    __table_args__ = (Index("ix_officer_person_region", "person_id", "region", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    region: str
    since: datetime = moment(nullable=False)


class Invitation(SQLModel, table=True):
    """A single-use link that makes its opener an officer. Only the token's hash is kept."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    region: str
    expires_at: datetime = moment(nullable=False)
    used_at: datetime | None = moment()
    used_by: int | None = Field(default=None, foreign_key="person.id")


CONSENT_VERSION = "2026-11"
"""The version of the texts that people agree to."""


CONSENTS = Prepared(
    select(Consent.id).where(
        Consent.person_id == bindparam("person"), Consent.purpose == bindparam("purpose"), col(Consent.withdrawn_at).is_(None)
    )
)


def consented(session: Session, person_id: int, purpose: str) -> bool:
    return bool(CONSENTS(session, person=person_id, purpose=purpose))


def give_consent(session: Session, person_id: int, purpose: str, version: str, channel: str, now: datetime) -> None:
    if not consented(session, person_id, purpose):
        session.add(Consent(person_id=person_id, purpose=purpose, version=version, channel=channel, given_at=now))


OFFICES = Prepared(select(Officer.region).where(Officer.person_id == bindparam("person")))


def offices(session: Session, person_id: int) -> list[str]:
    """The regions a person is an officer of, widest first; empty for everybody else."""
    return sorted((row.region for row in OFFICES(session, person=person_id)), key=len)


def make_officer(session: Session, person_id: int, region: str, now: datetime) -> None:
    """A command may give it while they open an invitation to the same."""
    if region not in offices(session, person_id):
        office = {"person_id": person_id, "region": region, "since": now}
        insert_missing(session, Officer, [office], ["person_id", "region"], col(Officer.id))


def end_office(session: Session, person_id: int, region: str) -> bool:
    """Takes an office back. False when this person does not hold it."""
    office = session.exec(select(Officer).where(Officer.person_id == person_id, Officer.region == region)).first()
    if office is None:
        return False
    session.delete(office)
    session.flush()
    return True


OFFICERS = Prepared(select(Officer.person_id, Officer.region))


def officers_for(session: Session, region: str) -> list[int]:
    """The person ids of the officers who see a vendor of this region."""
    return sorted({officer.person_id for officer in OFFICERS(session) if covers(officer.region, region)})


def sees(offices: list[str], region: str) -> bool:
    """Whether an officer of these regions may see what belongs to `region`."""
    return any(covers(office, region) for office in offices)


def doors_of(session: Session, person_id: int) -> list[Address]:
    """What a person writes from, the oldest first, reachable or not."""
    rows = select(Address).where(Address.person_id == person_id, col(Address.until).is_(None))
    return list(session.exec(rows.order_by(col(Address.since), col(Address.id))))


def addresses_of(session: Session, person_id: int) -> list[Address]:
    """Where a person can be reached, the one heard from last first."""
    found = [row for row in doors_of(session, person_id) if row.unreachable_at is None]
    return sorted(found, key=_heard, reverse=True)


def best(addresses: Iterable[Address], chosen: str, when: datetime) -> Address | None:
    """The one that news goes to: of the chosen channel, else Telegram, which is free, else WhatsApp while its window is open, else the one
    heard from last.
    """

    def worth(row: Address) -> tuple[bool, bool, bool, tuple[datetime, int]]:
        free = row.channel == "whatsapp" and row.heard_at is not None and when - row.heard_at < WINDOW
        return row.channel == chosen, row.channel == "telegram", free, _heard(row)

    return max(addresses, key=worth, default=None)


def _heard(row: Address) -> tuple[datetime, int]:
    return row.heard_at or row.since, row.id or 0


def listed_officers(session: Session) -> list[tuple[str, str, list[str]]]:
    """Region, name and addresses ("telegram:123") of every officer."""
    rows = session.exec(select(Officer, Person).join(Person).order_by(Officer.region, col(Officer.id)))
    return [
        (row.region, person.call_name, [f"{at.channel}:{at.address}" for at in addresses_of(session, row.person_id)])
        for row, person in rows
    ]


def invite(session: Session, token: str, region: str, now: datetime) -> None:
    session.add(Invitation(token_hash=token_hash(token), region=region, expires_at=now + INVITATION_LASTS))


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def open_invitation(session: Session, token: str, person_id: int, now: datetime) -> str:
    """Uses up an invitation and returns its region; "" when it is unknown, used by another, or expired.

    Opening the own one again is no harm. Locked: of two who open it at once only one becomes an officer.
    """
    found = session.exec(select(Invitation).where(Invitation.token_hash == token_hash(token)).with_for_update()).first()
    if found and found.used_by == person_id and found.region in offices(session, person_id):
        return found.region
    if found is None or found.used_at or found.expires_at < now:
        return ""
    found.used_at, found.used_by = now, person_id
    make_officer(session, person_id, found.region, now)
    return found.region
