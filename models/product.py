"""Products and the life of a listing: what a vendor sent, what officers decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sql
from sqlalchemy import Index, and_, func, or_
from sqlmodel import Field, Session, SQLModel, col, select

from models.business import Business, Membership
from models.columns import Moment, json, moment
from models.places import covers
from models.prepared import Prepared

DRAFT, SUBMITTED, IN_REVIEW, NEEDS_FIX, REJECTED, APPROVED = "DRAFT", "SUBMITTED", "IN_REVIEW", "NEEDS_FIX", "REJECTED", "APPROVED"
WITHDRAWN = "WITHDRAWN"
WAITING = (SUBMITTED, IN_REVIEW)
ACTIVE = (SUBMITTED, IN_REVIEW, NEEDS_FIX, APPROVED)
COMPARED = 50
"""So many of the newest prices are enough to tell what is usual."""


class Product(SQLModel, table=True):
    """A product as submitted. `price` in rupiah a `unit`; `details` is the description as the vendor wrote it.

    `photos` are Photo JSON in order, the clearest first. `licence` is {"kind", "number", "expiry_year"}. `scope` is the region code
    the price holds for. `before` are the values before a fix. `revision` grows with every change, so that a decision on what an officer
    no longer sees is refused.
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
    tkdn: float | None = None
    bmp: float | None = None
    """Domestic content and company benefit in percent, filled by officers."""
    findings: list[str] = json(list)
    """The codes of models.checks found when it was sent."""
    allowed: list[str] = json(list)
    """Findings an officer lets pass."""
    before: dict[str, Any] = json()
    revision: int = 1
    submitted_at: datetime | None = moment()
    updated_at: datetime = moment(nullable=False)


class Decision(SQLModel, table=True):
    """An officer's word on a product: approved, fix or rejected. It may be undone until `told_at`.

    `flags` maps a field to its reason: {"photos": {"key": "dark"}} worded by `reason.dark`, or {"photos": {"text": "..."}}. An approval
    has a `route` (KATALOG or TOKO_DARING), why (`because`), and the version of the `rules` that proposed it; where it lets pass what would
    have stopped the sending, {"override": {"text": "...", "codes": ["kbli"]}} says why. Decisions of one `batch` are told together.
    """

    __table_args__ = (Index("ix_decision_officer_at", "officer_id", "at"), Index("ix_decision_batch", "batch"))

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    officer_id: int = Field(foreign_key="person.id")
    verdict: str
    flags: dict[str, Any] = json()
    route: str = ""
    because: str = ""
    rules: str = ""
    batch: int = 0
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


_waiting = (
    sql.select(func.count().label("n"))
    .select_from(Product)
    .join(Business, col(Business.id) == col(Product.business_id))
    .where(col(Product.status).in_(WAITING))
)
_at = sql.bindparam("at", type_=Moment)
BEFORE = Prepared(
    _waiting.where(
        col(Business.region) == sql.bindparam("region"),
        or_(col(Product.submitted_at) < _at, and_(col(Product.submitted_at) == _at, col(Product.id) < sql.bindparam("this"))),
    )
)


def place_in_queue(session: Session, product: Product) -> int:
    """1 for the next to be looked at among the kabupaten's own; 0 when it does not wait."""
    business = session.get(Business, product.business_id)
    if product.status not in WAITING or business is None:
        return 0
    before = BEFORE(session, region=business.region, at=product.submitted_at, this=product.id)
    return 1 + int(before[0].n)


def how_many_wait(session: Session, office: str) -> int:
    """What waits for an officer of this region."""
    here = or_(col(Business.region) == office, col(Business.region).startswith(f"{office}."))
    return int(session.execute(_waiting.where(here)).scalar_one())


class Peer(NamedTuple):
    """As much of a product as is compared with another."""

    id: int
    name: str
    etalase: str
    unit: str
    status: str


PEERS = Prepared(
    sql.select(*(col(getattr(Product, name)) for name in Peer._fields)).where(col(Product.business_id) == sql.bindparam("business"))
)


def own_products(session: Session, business_id: int) -> list[Peer]:
    return [Peer(*row) for row in PEERS(session, business=business_id)]


PRICES = Prepared(
    select(Product.price)
    .where(Product.etalase == sql.bindparam("etalase"), Product.unit == sql.bindparam("unit"), col(Product.status).in_(ACTIVE))
    .where(col(Product.business_id) != sql.bindparam("besides"))
    .order_by(col(Product.id).desc())
    .limit(COMPARED),
    flushed=False,  # of others: nothing of what this turn holds back
)


def usual_prices(session: Session, etalase: str, unit: str, besides: int | None = None) -> list[int]:
    """The newest prices of an etalase for a unit, those of one business left out."""
    return [row.price for row in PRICES(session, etalase=etalase, unit=unit, besides=besides or 0)]


def latest_of(session: Session, business_id: int, etalase: str) -> tuple[int | None, int] | None:
    """(monthly capacity, lead days) of a business's latest product of an etalase."""
    rows = select(Product.capacity, Product.lead_days).where(Product.business_id == business_id, Product.etalase == etalase)
    row = session.execute(rows.order_by(col(Product.id).desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def latest_decision(session: Session, product_id: int) -> Decision | None:
    rows = select(Decision).where(Decision.product_id == product_id, col(Decision.undone_at).is_(None))
    return session.exec(rows.order_by(col(Decision.id).desc())).first()
