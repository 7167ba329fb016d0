"""What is checked of a product before an officer sees it: R stops the sending, W is shown to the vendor and to the officer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Literal

from models.business import Business
from models.etalase import etalases, fits_kbli
from models.law import law
from models.photos import twins
from models.product import ACTIVE, Peer, Product

LEAST_PRICE, FAR, ENOUGH = 500, 3.0, 5
"""A price is far when it is three times the median of at least five others, or a third of it."""
LEAST_DETAILS = 20
TINY, SMALL = 300, 800
MOST_ON_PHONE = 3
CONTACT = re.compile(
    r"https?://|(?<!\w)www\.|(?<![\w.])@\w{4,}|\w\.(?:com|co\.id|id|net)(?!\w)|(?<!\d)(?:\+?62|0)[\s.-]?8\d(?:[\s.-]?\d){7,11}(?!\d)", re.I
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`field` is the product's column it is about."""

    code: str
    level: Literal["R", "W"]
    field: str


@dataclass(frozen=True, slots=True)
class Others:
    """What a product is compared with: the business's own products, and prices of other products of its etalase and unit.

    `claimed`: somebody else registered the same NIB. `on_phone`: so many businesses gave the same number. Both are for officers only.
    """

    own: Sequence[Peer] = ()
    prices: Sequence[int] = field(default_factory=tuple)
    claimed: bool = False
    on_phone: int = 0


def findings(product: Product, business: Business, others: Others, today: date) -> list[Finding]:
    """All that is found, what stops the sending first. What an officer let pass (`product.allowed`) is only a warning."""
    found = [
        *_price(product, others),
        *_papers(product, business, today),
        *_photos(product),
        *_words(product),
        *_same(product, others),
        *_case(others),
    ]
    eased = [Finding(one.code, "W" if one.code in product.allowed else one.level, one.field) for one in found]
    return sorted(eased, key=lambda one: one.level)


def _price(product: Product, others: Others) -> Iterator[Finding]:
    if product.price <= 0:
        yield Finding("price_zero", "R", "price")
    elif product.price < LEAST_PRICE:
        yield Finding("price_low", "W", "price")
    elif far(product.price, others.prices):
        yield Finding("price_far", "W", "price")
    if product.price_government is not None and product.price_government > product.price:
        yield Finding("price_government", "R", "price_government")


def far(price: int, prices: Sequence[int]) -> bool:
    """Whether a price lies far from the median of enough others."""
    if len(prices) < ENOUGH:
        return False
    middle = median(prices)
    return price > middle * FAR or price * FAR < middle


def _papers(product: Product, business: Business, today: date) -> Iterator[Finding]:
    if product.origin == "impor" and (product.tkdn or product.bmp):
        yield Finding("tkdn", "R", "origin")
    expiry = product.licence.get("expiry_year")
    if expiry and expiry < today.year:
        yield Finding("expired", "W", "licence")
    if product.etalase == "mamin":
        if not product.licence:
            yield Finding("licence", "W", "licence")
        if product.halal != "yes" and law("halal", today):
            yield Finding("halal", "W", "halal")
    yield from _kbli(product, business)


def _kbli(product: Product, business: Business) -> Iterator[Finding]:
    """The most common cause of refusal: the codes of the NIB do not cover the product."""
    codes = {*business.kbli, product.kbli} - {"", "none", "unknown"}
    if product.etalase not in etalases() or fits_kbli(product.etalase, codes):
        return
    told = product.kbli == "none" or (codes and product.kbli != "unknown")
    yield Finding("kbli", "R", "kbli") if told else Finding("kbli_unknown", "W", "kbli")


def _photos(product: Product) -> Iterator[Finding]:
    photos = product.photos
    if not photos:
        yield Finding("photo_none", "R", "photos")
        return
    least = min(min(photo.get("width", 0), photo.get("height", 0)) for photo in photos)
    if least < TINY:
        yield Finding("photo_tiny", "R", "photos")
    elif least < SMALL:
        yield Finding("photo_small", "W", "photos")
    hashes = [photo.get("twin", "") for photo in photos]
    if any(twins(one, other) for place, one in enumerate(hashes) for other in hashes[:place]):
        yield Finding("photo_twin", "R", "photos")
    for hint in ("dark", "blurry"):
        if hint in photos[0].get("advice", ()):
            yield Finding(f"photo_{hint}", "W", "photos")


def _words(product: Product) -> Iterator[Finding]:
    if CONTACT.search(product.details):
        yield Finding("contact", "R", "details")
    if len(product.details) < LEAST_DETAILS:
        yield Finding("details_short", "W", "details")


def _same(product: Product, others: Others) -> Iterator[Finding]:
    name = _plain(product.name)
    alike = (peer for peer in others.own if peer.id != product.id and peer.status in ACTIVE)
    if any(peer.etalase == product.etalase and peer.unit == product.unit and _plain(peer.name) == name for peer in alike):
        yield Finding("same_product", "R", "name")


def _case(others: Others) -> Iterator[Finding]:
    """What an officer has to find out: whose NIB it is, and who stands behind a number of many businesses."""
    if others.claimed:
        yield Finding("nib_twice", "W", "nib")
    if others.on_phone > MOST_ON_PHONE:
        yield Finding("phone_many", "W", "phone")


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))
