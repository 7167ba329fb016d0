"""The card at the end of a registration: everything on one page, with the statement, before it goes to the officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from handlers.business import nib_of
from handlers.derived import complete, etalase_of, is_packaged_food, usual_price
from handlers.dialogue import Answers
from handlers.papers import papers_of
from handlers.reading.identifiers import licence_words, shown_phone
from handlers.reading.location import place
from handlers.reading.prices import price_with_unit
from handlers.said import Facts, Photo
from handlers.vendor import chosen
from handlers.visit import command
from messages import Option, Params, Value, decimal, joined, lines, rupiah, say
from messages.rendering import fit
from models.business import Business
from models.checks import Finding, findings
from models.etalase import etalases
from models.photos import clearest
from models.product import Product

DETAILS = 160
"""So much of a description is shown on the card; the officer reads it whole."""
STEP_OF = {"licence": "pirt", "lead_days": "lead", "unit": "price", "price_government": "price"}
"""The question about a column, where their names differ."""


def send_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    """Without an NIB nothing is sent: the draft waits, and the card says why."""
    return (Option("send" if nib_of(answers, facts) else "edit_nib"), Option("change"), command("aside"))


def columns_of(answers: Mapping[str, Any], facts: Facts, region: str) -> dict[str, Any]:
    """The columns of a product from complete answers; the clearest photo comes first."""
    photos = list(answers.get("photos") or [])
    best = clearest([Photo.from_json(photo) for photo in photos]) if photos else 0
    etalase = etalase_of(answers, facts)
    return {
        "name": answers["name"],
        "etalase": etalase,
        "brand": answers["brand"],
        "details": answers["details"],
        "price": answers["price"]["amount"],
        "unit": answers["price"]["unit"],
        "scope": {"region": region, "province": region.split(".")[0], "nation": ""}[answers["scope"]],
        "capacity": answers["capacity"],
        "lead_days": answers["lead"],
        "minimum": answers["minimum"],
        "origin": answers["origin"],
        "photos": [*photos[best : best + 1], *photos[:best], *photos[best + 1 :]],
        "licence": answers.get("pirt") or {},
        **papers_of(answers, etalase, answers["name"]),
    }


def found_in(answers: Mapping[str, Any], facts: Facts) -> list[Finding]:
    """What the checks say of complete answers, before anything is a row."""
    own, place = chosen(answers, facts), answers.get("place") or {}
    region = own.get("region") or place.get("region", "")
    columns = columns_of(answers, facts, region)
    moment = datetime.combine(facts["today"], time(), UTC)
    product = Product(id=facts["product"], business_id=own.get("id", 0), person_id=0, updated_at=moment, **columns)
    business = Business(name="", kbli=own.get("kbli", []), region=region, created_at=moment)
    others = facts["others"](own.get("id"), product.etalase, product.unit)
    return findings(product, business, others, facts["today"])


def card(answers: Answers, facts: Facts) -> Params:
    whole = complete(answers, facts)
    parts = [*_product_lines(whole, facts), "", *_business_lines(whole, facts), *_warnings(whole, facts)]
    close = say("product.statement") if nib_of(answers, facts) else say("product.needs_nib")
    return {"name": whole["name"], "body": lines(parts), "close": close}


def _product_lines(whole: Mapping[str, Any], facts: Facts) -> list[Value]:
    etalase = etalases().get(etalase_of(whole, facts))
    licence = whole.get("pirt")
    parts: list[Value] = [
        price_with_unit.show(whole["price"]),
        fit(whole["details"], DETAILS),
        say(
            "product.card_capacity",
            n=decimal(whole["capacity"]),
            unit=whole["price"]["unit"],
            lead=whole["lead"],
            least=decimal(whole["minimum"]),
        ),
        say("product.card_group", group=etalase.name if etalase else "-"),
        say("product.card_brand", brand=whole["brand"], origin=say(f"option.{whole['origin']}"), scope=say(f"option.{whole['scope']}")),
    ]
    if licence or is_packaged_food(whole, facts):
        parts.append(say("product.card_licence", licence=licence_words(licence) if licence else say("common.none")))
    return parts


def _business_lines(whole: Mapping[str, Any], facts: Facts) -> list[Value]:
    known = chosen(whole, facts)
    if known and not facts["fixing"]:
        return [say("product.card_known", business=known["name"], nib=nib_of(whole, facts) or say("product.no_nib"))]
    kind = joined([say(f"option.{whole[key]}") for key in ("form", "size", "role")], ", ")
    phone = whole.get("phone") or facts["phone"]
    return [
        say("product.card_business", business=whole["business"], kind=kind),
        say("product.card_owner", owner=whole["owner"]),
        place.words(whole["place"]),
        say("product.card_nib", nib=nib_of(whole, facts) or say("product.no_nib"), phone=shown_phone(phone) if phone else "-"),
    ]


def _warnings(whole: Mapping[str, Any], facts: Facts) -> list[Value]:
    """What could be better and can be changed here; a paper that is not there yet is asked for later."""
    seen = [one for one in found_in(whole, facts) if one.field not in ("halal", "kbli") and one.code != "licence"]
    return ["", say("product.card_notes", notes=joined([say(f"finding.{one.code}") for one in seen], "; "))] if seen else []


def card_media(answers: Answers, facts: Facts) -> tuple[str, ...]:
    return tuple(photo["name"] for photo in (answers.get("photos") or [])[:1])


def price_sure_params(answers: Answers, facts: Facts) -> Params:
    price: Any = answers["price"]
    usual = rupiah(usual_price(answers, facts))
    return {
        "price": price_with_unit.show(price),
        "usual": usual,
        "unit": price["unit"],
        "product": answers.get("name") or say("product.this"),
    }
