"""What an officer can ask to be mended: the fields, the ready reasons of each, and what becomes of the findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.product import Product
from models.review import code_of, serious

READY: Mapping[str, tuple[str, ...]] = {
    "photos": ("dark", "blurry", "small", "photo_other", "photo_package"),
    "name": ("name_unclear", "same_product"),
    "price": ("price_far", "price_unit"),
    "details": ("details_short", "details_contents", "contact"),
    "pirt": ("no_licence", "licence_expired", "licence_unreadable"),
    "halal": ("no_halal",),
    "kbli": ("kbli", "kbli_unknown"),
    "capacity": ("capacity_high",),
    "etalase": ("etalase_other",),
    "brand": ("brand_proof",),
    "lead": ("lead_unclear",),
    "nib": ("nib_twice",),
}
FIELDS = tuple(READY)
"""Steps of the registration that a vendor can be asked for again."""
FOOD_ONLY = ("pirt", "halal")
SHOWN = 9
"""So many stand on one page beside "Selesai"; the others are typed."""
REFUSALS = ("not_product", "not_local", "forbidden", "twice")

FOUND: Mapping[str, tuple[str, str]] = {
    "price_zero": ("price", "price_far"),
    "price_low": ("price", "price_far"),
    "price_far": ("price", "price_far"),
    "price_government": ("price", "price_far"),
    "expired": ("pirt", "licence_expired"),
    "licence": ("pirt", "no_licence"),
    "halal": ("halal", "no_halal"),
    "kbli": ("kbli", "kbli"),
    "kbli_unknown": ("kbli", "kbli_unknown"),
    "photo_none": ("photos", "photo_other"),
    "photo_tiny": ("photos", "small"),
    "photo_small": ("photos", "small"),
    "photo_twin": ("photos", "photo_twin"),
    "photo_dark": ("photos", "dark"),
    "photo_blurry": ("photos", "blurry"),
    "contact": ("details", "contact"),
    "details_short": ("details", "details_short"),
    "same_product": ("name", "same_product"),
    "nib_twice": ("nib", "nib_twice"),
}
"""The field and the ready reason of a finding of models.checks."""


def flags_of_findings(product: Product) -> dict[str, Any]:
    """The first finding of each field as its reason."""
    flags: dict[str, Any] = {}
    for finding in serious(product.findings):
        if known := FOUND.get(code_of(finding)):
            flags.setdefault(known[0], {"key": known[1]})
    return flags


def offered(product: Product) -> list[str]:
    """The fields to choose from: those with findings first, what is of food for food only. So many as are SHOWN are buttons."""
    found = flags_of_findings(product)
    fitting = [field for field in FIELDS if product.etalase == "mamin" or field not in FOOD_ONLY or field in found]
    return sorted(fitting, key=lambda field: field not in found)


def flag_of(field: str, reason: str) -> dict[str, str]:
    """A ready reason is kept by its key, typed words as they are."""
    ready = READY.get(field, REFUSALS)
    return {"key": reason} if reason in ready else {"text": reason}
