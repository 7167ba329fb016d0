"""Businesses and who speaks for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import json, moment
from models.prepared import Prepared

NIBS = 1
"""The kind of lock that a NIB is, beside those of other numbers."""
RIVALS = 5
"""So many of those who claim one NIB are looked at; later ones meet a case that is already known."""


class Business(SQLModel, table=True):
    """`nib` is neither required nor unique: two claims on one number are a case for an officer.

    `size` is mikro, kecil or menengah as the NIB paper's skala usaha says; `confirmed` fields were checked by an officer.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str
    owner: str = ""
    nib: str = Field(default="", index=True)
    form: str = "perorangan"
    size: str = "mikro"
    role: str = "produsen"
    tax: str = ""
    kbli: list[str] = json(list)
    region: str = Field(default="", index=True)
    district: str = ""
    street: str = ""
    pin: dict[str, float] = json()
    phone: str = Field(default="", index=True)
    statement: dict[str, Any] = json()
    """The statement agreed to: {"version", "at"}."""
    created_at: datetime = moment(nullable=False)


class Membership(SQLModel, table=True):
    """Several people a business, several businesses a person."""

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    business_id: int = Field(foreign_key="business.id", primary_key=True, index=True)
    since: datetime = moment(nullable=False)


OWN = Prepared(select(Membership.business_id).where(Membership.person_id == bindparam("person")).order_by(col(Membership.business_id)))


def businesses_of(session: Session, person_id: int) -> list[Business]:
    return [session.get_one(Business, row.business_id) for row in OWN(session, person=person_id)]


def members_of(session: Session, business_id: int) -> list[int]:
    rows = select(Membership.person_id).where(Membership.business_id == business_id).order_by(col(Membership.person_id))
    return list(session.exec(rows))


_members = select(Membership.person_id).where(Membership.business_id == bindparam("this"))
_theirs = select(Membership.business_id).where(col(Membership.person_id).in_(_members))
RIVAL = Prepared(
    select(Business.id)
    .where(Business.nib == bindparam("nib"), Business.id != bindparam("this"), col(Business.id).not_in(_theirs))
    .order_by(col(Business.id))
    .limit(RIVALS)
)
SHARING = Prepared(select(func.count().label("n")).select_from(Business).where(Business.phone == bindparam("phone")))


def rivals_of(session: Session, business: Business) -> list[Business]:
    """Businesses of other people that claim the same NIB, the first ones."""
    return [session.get_one(Business, row.id) for row in RIVAL(session, nib=business.nib, this=business.id)] if business.nib else []


def claim(session: Session, nib: str) -> None:
    """Of two who register the same NIB at once the second waits here for the first, and so sees the other."""
    if nib and session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(NIBS, func.hashtext(nib))))


def claimed(session: Session, business: Business) -> bool:
    """Whether somebody else registered the same NIB."""
    return bool(business.nib) and bool(RIVAL(session, nib=business.nib, this=business.id))


def sharing_phone(session: Session, phone: str) -> int:
    """How many businesses gave this number."""
    return int(SHARING(session, phone=phone)[0].n) if phone else 0


def found(session: Session, person_id: int, now: datetime, **fields: Any) -> Business:
    """A new business with this person as its first member."""
    business = Business(created_at=now, **fields)
    session.add(business)
    session.flush()
    assert business.id is not None
    session.add(Membership(person_id=person_id, business_id=business.id, since=now))
    return business


LEGAL_FORMS = (("cv", "CV"), ("pt", "PT"), ("koperasi", "koperasi"), ("kop", "koperasi"), ("bumdes", "BUMDes"))


def legal_form(name: str) -> str:
    """Derived from the business's name: "CV Maju" is a CV; perorangan unless the name says otherwise."""
    words = name.lower().replace(".", " ").split()
    return next((form for word, form in LEGAL_FORMS if word in words), "perorangan")
