"""Catalogue or toko daring: one product, one channel. The rules propose and say why, an officer decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.business import Business
from models.etalase import etalases, fits_kbli
from models.law import law
from models.product import Product

RULES = "2026-11"
"""The version of these rules, kept with every approval."""
KATALOG, TOKO_DARING = "KATALOG", "TOKO_DARING"


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is "" where the vendor must be coached first; `because` names the reason; `ceiling` in rupiah where it played a part."""

    name: str
    because: str
    ceiling: int = 0


def propose(product: Product, business: Business, today: date) -> Route:
    etalase = etalases().get(product.etalase)
    if etalase is None:
        return Route("", "no_etalase")
    codes = [code for code in (product.kbli, *business.kbli) if code.isdecimal()]
    if fits_kbli(product.etalase, codes):
        return Route(KATALOG, "fits")
    if not codes and product.kbli != "none":
        return Route(KATALOG, "kbli_unchecked")
    rule = law("toko_daring", today)
    ceiling = int(rule.value) if rule else 0
    if etalase.kind == "goods" and product.price <= ceiling:
        return Route(TOKO_DARING, "kbli_unfit", ceiling)
    return Route("", "coach_services" if etalase.kind == "services" else "coach_price", ceiling)


def other(route: str) -> str:
    return TOKO_DARING if route == KATALOG else KATALOG
