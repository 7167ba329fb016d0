"""The questions about the business: asked once, with the first product or the first price list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.derived import DEFAULTS
from handlers.dialogue import Answers, Step
from handlers.reading.answers import choice, nib, phone
from handlers.reading.elsewhere import elsewhere
from handlers.reading.location import place
from handlers.reading.telling import business_name, owner_name
from handlers.said import Facts
from handlers.vendor import chosen, first, settled
from handlers.visit import Visit
from messages import Option
from models.business import Business, found

FORMS_OF = ("perorangan", "CV", "PT", "koperasi", "BUMDes")
SIZES = ("mikro", "kecil", "menengah")
ROLES = ("produsen", "distributor", "reseller")
STATEMENT_VERSION = "2026-11"


def choices(*ids: str) -> Any:
    return lambda answers, facts: [Option(id) for id in ids]


def phone_wanted(answers: Answers, facts: Facts) -> bool:
    return first(answers, facts) and not facts["phone"]


def nib_wanted(answers: Answers, facts: Facts) -> bool:
    return first(answers, facts) or not chosen(answers, facts).get("nib")


def not_now(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("later"),)


def nib_of(answers: Answers, facts: Facts) -> str:
    return answers.get("nib") or chosen(answers, facts).get("nib") or ""


ASKED = (
    Step("place", place, when=settled("place", first), request="location", texts="product.place"),
    Step("business", business_name, when=settled("business", first), texts="product.business"),
    Step("owner", owner_name, when=settled("owner", first), texts="product.owner"),
    Step("nib", elsewhere(nib, "nib"), options=not_now, when=settled("nib", nib_wanted), optional=True, texts="product.nib"),
    Step("phone", elsewhere(phone, "phone"), when=settled("phone", phone_wanted), request="contact", texts="product.phone"),
)
TOLD = tuple(
    Step(key, choice(*ids), options=choices(*ids), when=settled(key, first), default=DEFAULTS[key], texts=f"product.{key}")
    for key, ids in (("form", FORMS_OF), ("size", SIZES), ("role", ROLES))
)
"""Derived, and shown on the card."""


def registered(visit: Visit, answers: Mapping[str, Any]) -> Business:
    """A new business from the answers; `answers` hold the derived ones too."""
    where = answers["place"]
    visit.person.phone = visit.person.phone or answers.get("phone") or ""
    return found(
        visit.session,
        visit.person_id,
        visit.now,
        name=answers["business"],
        owner=answers["owner"],
        nib=answers["nib"],
        form=answers["form"],
        size=answers["size"],
        role=answers["role"],
        phone=answers.get("phone") or visit.person.phone,
        statement={"version": STATEMENT_VERSION, "at": visit.now.isoformat()},
        **place_columns(where),
    )


def place_columns(where: Mapping[str, Any]) -> dict[str, Any]:
    pin = where.get("pin")
    return {
        "region": where["region"],
        "district": where.get("district", ""),
        "street": where.get("street", ""),
        "pin": {"lat": pin[0], "lon": pin[1]} if pin else {},
    }


def mend(business: Business, answers: Mapping[str, Any], flags: Mapping[str, Any]) -> None:
    """Changes of the business that an officer asked for, and a number that was still missing."""
    business.nib = answers["nib"] if answers.get("nib") and ("nib" in flags or not business.nib) else business.nib
    columns = {"business": "name", "owner": "owner", "phone": "phone", "form": "form", "size": "size", "role": "role"}
    for key in columns.keys() & flags.keys():
        setattr(business, columns[key], answers[key])
    if "place" in flags:
        for column, value in place_columns(answers["place"]).items():
            setattr(business, column, value)


def answers_of_business(business: Business) -> dict[str, Any]:
    """The answers that would have led to this row."""
    pin = {"pin": [business.pin["lat"], business.pin["lon"]]} if business.pin else {}
    where = {"region": business.region, "district": business.district, "street": business.street, "village": "", **pin}
    return {
        "which": str(business.id), "place": where, "business": business.name, "owner": business.owner, "nib": business.nib or None,
        "phone": business.phone, "form": business.form, "size": business.size, "role": business.role,
    }  # fmt: skip
