"""Vendors that are already there, written straight into the tables, for tests of what reaches them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from models.business import Business, Membership
from models.contact import Address, Consent, Person
from models.product import APPROVED, Product

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def product_of(business_id: int, person_id: int, name: str = "Nasi kotak", etalase: str = "mamin",
               status: str = APPROVED, scope: str = "64.72") -> Product:  # fmt: skip
    return Product(business_id=business_id, person_id=person_id, name=name, etalase=etalase, status=status, price=25_000, unit="kotak",
                   scope=scope, submitted_at=SINCE, updated_at=SINCE)  # fmt: skip


def add_product(session: Session, *about: Any, **more: Any) -> int:
    session.add(product := product_of(*about, **more))
    session.flush()
    return product.id or 0


def add_person(session: Session, name: str, *, consent: bool = True, stopped: bool = False, reachable: bool = True,
               zone: str = "Asia/Makassar", call_name: str = "") -> int:  # fmt: skip
    """A person who writes as `name` in the terminal, has registered, and where `consent` is given wants to be told."""
    return add_people(session, [name], consent=consent, stopped=stopped, reachable=reachable, zone=zone, call_name=call_name)[0]


def add_people(session: Session, names: Sequence[str], *, consent: bool = True, stopped: bool = False, reachable: bool = True,
               zone: str = "Asia/Makassar", call_name: str = "", account: str = "terminal",
               channel: str = "terminal") -> list[int]:  # fmt: skip
    """Several who have nothing different but their names, at a fraction of the cost of each."""
    people = [
        Person(call_name=call_name or f"Bu {name.title()}", zone=zone, created_at=SINCE, stopped_at=SINCE if stopped else None)
        for name in names
    ]
    session.add_all(people)
    session.flush()
    ids = [person.id or 0 for person in people]
    for person, name in zip(ids, names, strict=True):
        session.add(Address(person_id=person, account=account, channel=channel, address=name, since=SINCE, heard_at=SINCE,
                            unreachable_at=None if reachable else SINCE))  # fmt: skip
        for purpose in ("registration", "announcements") if consent else ("registration",):
            session.add(Consent(person_id=person, purpose=purpose, version="2026-11", channel="terminal", given_at=SINCE))
    session.flush()
    return ids


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


def add_vendors(session: Session, names: Sequence[str], account: str, channel: str, zone: str = "Asia/Makassar") -> None:
    """Several of them, who write on this account."""
    businesses = [Business(name=f"Dapur {name.title()}", region="64.72", created_at=SINCE) for name in names]
    session.add_all(businesses)
    people = add_people(session, names, zone=zone, account=account, channel=channel)
    for person, business in zip(people, (one.id or 0 for one in businesses), strict=True):
        session.add(Membership(person_id=person, business_id=business, since=SINCE))
        session.add(product_of(business, person))
    session.flush()
