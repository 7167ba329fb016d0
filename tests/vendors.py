"""Vendors that are already there, written straight into the tables, for tests of what reaches them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from models.business import Business, Membership
from models.contact import Address, Consent, Person
from models.product import APPROVED, Product

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def add_product(session: Session, business_id: int, person_id: int, name: str = "Nasi kotak", etalase: str = "mamin",
                status: str = APPROVED, scope: str = "64.72") -> int:  # fmt: skip
    product = Product(business_id=business_id, person_id=person_id, name=name, etalase=etalase, status=status, price=25_000, unit="kotak",
                      scope=scope, submitted_at=SINCE, updated_at=SINCE)  # fmt: skip
    session.add(product)
    session.flush()
    return product.id or 0


def add_person(session: Session, name: str, *, consent: bool = True, stopped: bool = False, reachable: bool = True,
               zone: str = "Asia/Makassar", call_name: str = "") -> int:  # fmt: skip
    """A person who writes as `name` in the terminal, has registered, and where `consent` is given wants to be told."""
    person = Person(call_name=call_name or f"Bu {name.title()}", zone=zone, created_at=SINCE, stopped_at=SINCE if stopped else None)
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add(Address(person_id=person.id, account="terminal", channel="terminal", address=name, since=SINCE, heard_at=SINCE,
                        unreachable_at=None if reachable else SINCE))  # fmt: skip
    for purpose in ("registration", "announcements") if consent else ("registration",):
        session.add(Consent(person_id=person.id, purpose=purpose, version="2026-11", channel="terminal", given_at=SINCE))
    session.flush()
    return person.id


def add_business(session: Session, person_id: int, region: str = "64.72", name: str = "Dapur") -> int:
    business = Business(name=name, region=region, created_at=SINCE)
    session.add(business)
    session.flush()
    session.add(Membership(person_id=person_id, business_id=business.id or 0, since=SINCE))
    session.flush()
    return business.id or 0


def add_vendor(session: Session, name: str, region: str = "64.72", *, product: str = "Nasi kotak", etalase: str = "mamin",
               status: str = APPROVED, scope: str = "", consent: bool = True, stopped: bool = False, reachable: bool = True,
               zone: str = "Asia/Makassar") -> int:  # fmt: skip
    """A person with a business and one product, whose price holds in the own region unless `scope` says more. Returns the person's id."""
    person = add_person(session, name, consent=consent, stopped=stopped, reachable=reachable, zone=zone)
    business = add_business(session, person, region, f"Dapur {name.title()}")
    add_product(session, business, person, product, etalase, status, scope or region)
    return person
