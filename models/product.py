"""Products and the life of a listing: what a vendor sent, what officers decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, select

from models.business import Business, Membership
from models.columns import json, moment
from models.places import covers

DRAFT, SUBMITTED, IN_REVIEW, NEEDS_FIX, REJECTED, APPROVED = "DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_FIX", "REJECTED", "APPROVED"
WAITING = (SUBMITTED, IN_REVIEW)


class Product(SQLModel, table=True):
    """A product as submitted. `price` in rupiah a `unit`; `details` is the description as the vendor wrote it.

    `photos` are Photo JSON in order, the clearest first. `licence` is {"kind", "number", "expiry_year"}. `scope` is the region code the price
    holds for. `approved` holds the names of fields an officer has already accepted; `before` the values before a fix. `revision` grows
    with every change, so that a decision on what an officer no longer sees is refused.
    """

    __table_args__ = (Index("ix_product_status_submitted", "status", "submitted_at"),)

    id: int | None = Field(default=None, primary_key=True)
    business_id: int = Field(foreign_key="business.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    status: str = SUBMITTED
    name: str
    etalase: str = Field(index=True)
    brand: str = ""
    details: str = ""
    price: int
    unit: str
    price_government: int | None = None
    scope: str = ""
    stock: int | None = None
    capacity: int | None = None
    lead_days: int = 7
    minimum: int = 1
    weight: float | None = None
    origin: str = "lokal"
    photos: list[dict[str, Any]] = json(list)
    licence: dict[str, Any] = json()
    halal: str = ""
    kbli: str = ""
    """The code the vendor said is on the NIB: "10794", "none", "unknown" or "" (not asked yet)."""
    findings: list[str] = json(list)
    before: dict[str, Any] = json()
    revision: int = 1
    submitted_at: datetime | None = moment()
    updated_at: datetime = moment(nullable=False)


class Decision(SQLModel, table=True):
    """An officer's word on a product: approved, fix or rejected. It may be undone until `told_at`.

    `flags` maps a field to its reason: {"photos": {"key": "reason.dark"}} or {"photos": {"text": "..."}}.
    """

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    officer_id: int = Field(foreign_key="person.id")
    verdict: str
    flags: dict[str, Any] = json()
    revision: int
    previous: str
    """The product's status before."""
    at: datetime = moment(nullable=False)
    due_at: datetime = moment(nullable=False)
    """When the vendor hears of it; until then it can be undone."""
    undone_at: datetime | None = moment()


def products_of(session: Session, person_id: int) -> list[Product]:
    """The products of every business a person speaks for, newest first."""
    rows = select(Product).join(Membership, col(Membership.business_id) == col(Product.business_id))
    return list(session.exec(rows.where(Membership.person_id == person_id).order_by(col(Product.id).desc())))


def queue(session: Session, offices: list[str]) -> list[tuple[Product, Business]]:
    """What waits for an officer of these regions, the longest wait first."""
    rows = select(Product, Business).join(Business, col(Business.id) == col(Product.business_id))
    waiting = session.exec(rows.where(col(Product.status).in_(WAITING)).order_by(col(Product.submitted_at), col(Product.id)))
    return [(product, business) for product, business in waiting if any(covers(office, business.region) for office in offices)]


def place_in_queue(session: Session, product: Product) -> int:
    """1 for the next to be looked at among the kabupaten's own; 0 when it does not wait."""
    if product.status not in WAITING:
        return 0
    business = session.get(Business, product.business_id)
    waiting = queue(session, [business.region if business else ""])
    return next((place for place, (other, _) in enumerate(waiting, 1) if other.id == product.id), 0)


def latest_decision(session: Session, product_id: int) -> Decision | None:
    rows = select(Decision).where(Decision.product_id == product_id, col(Decision.undone_at).is_(None))
    return session.exec(rows.order_by(col(Decision.id).desc())).first()
