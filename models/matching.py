"""Who is told of a call: the people whose products fit its etalase and reach its place, each with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, case, or_, select
from sqlmodel import Session, col

from models.audience import Tally, why_not, within
from models.business import Business, Membership
from models.call import UNRELATED, CallNotice
from models.contact import Person
from models.lexicon import grammar
from models.product import APPROVED, WAITING, Product
from models.tokens import read_tokens
from models.wording import ANYTHING

FAR = "far"
"""The reason of those whose products fit but do not reach the place of the call."""


LARGE = "large"
"""The reason of those whose firm is too large for a call that is reserved for small ones."""
OFF = "unrelated"
"""The reason of those who said of their product that such calls are none of their business, where the title does not name it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person with the product that fits best: in reach before out of it, approved before submitted, named in the title before not,
    the older before the newer.

    `why` is the reason not to tell: "" for none, FAR, OFF, or one of `models.audience.REASONS`.
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


def said_no(session: Session, product_id: int = 0) -> frozenset[tuple[int, int]]:
    """(person, product) where a call told because of it was called none of their business; asked row by row it took three times as long."""
    rows = select(col(CallNotice.person_id), col(CallNotice.product_id)).where(col(CallNotice.answer) == UNRELATED)
    if product_id:
        own = select(col(Membership.person_id)).join(Product, col(Product.business_id) == col(Membership.business_id))
        rows = rows.where(col(CallNotice.person_id).in_(own.where(col(Product.id) == product_id)))
    return frozenset((person, product) for person, product in session.execute(rows))


def shared(title: str, name: str) -> bool:
    """Whether a call's title names a product: they have a word in common that says what it is."""
    return bool(_words(title) & _words(name))


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    plain = grammar("links") | grammar("purposes") | ANYTHING
    return frozenset(token.stem for token in read_tokens(text) if len(token.stem) > 2) - plain


def candidates(session: Session, etalase: Collection[str], region: str, product_id: int = 0, title: str = "") -> list[Candidate]:
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
    unrelated = said_no(session, product_id)
    best: dict[int, tuple[tuple[bool, bool, bool, bool], Candidate]] = {}
    for person, zone, product, name, unapproved, distant, why in session.execute(rows):
        named = shared(title, name)
        rank = (bool(distant), (person, product) in unrelated and not named, bool(unapproved), not named)
        if person not in best or rank < best[person][0]:
            best[person] = rank, Candidate(person, zone, product, name, not unapproved, FAR if distant else why or (OFF if rank[1] else ""))
    return [candidate for _, candidate in best.values()]


def tally(found: Collection[Candidate]) -> Tally:
    """How many by the reason not to tell them."""
    return Counter(candidate.why for candidate in found)
