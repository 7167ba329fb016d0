"""Who is told of a call: the people whose products fit its etalase and reach its place, each with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, or_, select
from sqlmodel import Session, col

from models.audience import Tally, why_not, within
from models.business import Business, Membership
from models.contact import Person
from models.product import APPROVED, WAITING, Product

FAR = "far"
"""The reason of those whose products fit but do not reach the place of the call."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person with the product that fits best: in reach before out of it, approved before submitted, the older before the newer.

    `why` is the reason not to tell: "" for none, FAR, or one of `models.audience.REASONS`.
    """

    person_id: int
    zone: str
    product_id: int
    product: str
    approved: bool
    why: str


def reaches(region: str) -> ColumnElement[bool]:
    """Own kabupaten/kota unless the product says more; a province-wide call reaches all of the province."""
    province = region.split(".")[0]
    scope = col(Product.scope)
    if region == province:
        return or_(within(province, col(Business.region)), scope.in_(("", "ID", province)))
    return or_(col(Business.region) == region, scope.in_(("", "ID", province, region)))


def candidates(session: Session, etalase: Collection[str], region: str, product_id: int = 0) -> list[Candidate]:
    """Everybody with a product of these etalase that is approved or waits for an officer; of one product when it is named."""
    far = case((reaches(region), 0), else_=1)
    waiting = case((col(Product.status) == APPROVED, 0), else_=1)
    rows = (
        select(col(Person.id), col(Person.zone), col(Product.id), col(Product.name), waiting, far, why_not())
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Business, col(Business.id) == col(Membership.business_id))
        .join(Product, col(Product.business_id) == col(Business.id))
        .where(col(Product.etalase).in_(etalase), col(Product.status).in_((APPROVED, *WAITING)))
        .order_by(col(Person.id), far, waiting, col(Product.id))
    )
    if product_id:
        rows = rows.where(col(Product.id) == product_id)
    best: dict[int, Candidate] = {}
    for person, zone, product, name, unapproved, distant, why in session.execute(rows):
        if person not in best:
            best[person] = Candidate(person, zone, product, name, not unapproved, FAR if distant else why)
    return list(best.values())


def tally(found: Collection[Candidate]) -> Tally:
    """How many by the reason not to tell them."""
    return Counter(candidate.why for candidate in found)
