"""From the answers of a registration to rows: the business, the product, and the word to the officers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from handlers.card import STATEMENT_VERSION
from handlers.derived import etalase_of
from handlers.dialogue import Form, value_of
from handlers.said import Photo
from handlers.visit import Begin, Outcome, Visit, command
from messages import Message
from models.business import Business, businesses_of, found
from models.contact import officers_for
from models.conversation import Conversation
from models.photos import clearest
from models.post import notify
from models.product import SUBMITTED, WAITING, Product, place_in_queue


def submit(visit: Visit, conversation: Conversation) -> Outcome:
    """A product new or mended goes to the officers of its region."""
    form: Form = visit.forms["product"]
    facts = form.facts(visit, conversation.about)
    answers = {step.key: value_of(step, conversation.answers, facts) for step in form.steps}
    business = _business(visit, answers)
    product = _product(visit, business, answers, facts, conversation.about)
    visit.session.flush()
    _tell_officers(visit, business)
    place = place_in_queue(visit.session, product)
    sent = Message("product.sent", {"name": product.name, "place": place})
    if conversation.about.get("product"):
        return Message("product.sent_again", {"name": product.name, "place": place}, (command("products"), command("menu")))
    return Begin("extras", about={"product": product.id}, lead=sent)


def _business(visit: Visit, answers: Mapping[str, Any]) -> Business:
    own = businesses_of(visit.session, visit.person_id)
    if own:
        chosen = next((one for one in own if str(one.id) == answers.get("which")), own[0])
        if answers.get("nib") and not chosen.nib:
            chosen.nib = answers["nib"]
        return chosen
    place = answers["place"]
    phone = answers.get("phone") or visit.person.phone
    visit.person.phone = visit.person.phone or phone
    return found(
        visit.session,
        visit.person_id,
        visit.now,
        name=answers["business"],
        owner=answers["owner"],
        nib=answers["nib"] or "",
        form=answers["form"],
        size=answers["size"],
        role=answers["role"],
        region=place["region"],
        district=place.get("district", ""),
        street=place.get("street", ""),
        pin={"lat": place["pin"][0], "lon": place["pin"][1]} if place.get("pin") else {},
        phone=phone,
        statement={"version": STATEMENT_VERSION, "at": visit.now.isoformat()},
    )


def _product(visit: Visit, business: Business, answers: Mapping[str, Any], facts: Mapping[str, Any], about: Mapping[str, Any]) -> Product:
    values = product_values(answers, facts, business)
    product = visit.session.get(Product, about["product"]) if about.get("product") else None
    if product is None:
        product = Product(business_id=business.id or 0, person_id=visit.person_id, updated_at=visit.now, **values)
        visit.session.add(product)
    else:
        product.before = {key: getattr(product, key) for key in values if getattr(product, key) != values[key]}
        for key, value in values.items():
            setattr(product, key, value)
        product.revision += 1
    product.status, product.submitted_at, product.updated_at = SUBMITTED, visit.now, visit.now
    return product


def product_values(answers: Mapping[str, Any], facts: Mapping[str, Any], business: Business) -> dict[str, Any]:
    """The columns of a product from its answers; the clearest photo comes first."""
    photos = list(answers["photos"])
    best = clearest([Photo.from_json(photo) for photo in photos])
    scope = {"region": business.region, "province": business.region.split(".")[0], "nation": ""}[answers["scope"]]
    return {
        "name": answers["name"],
        "etalase": etalase_of(answers, facts),
        "brand": answers["brand"],
        "details": answers["details"],
        "price": answers["price"]["amount"],
        "unit": answers["price"]["unit"],
        "scope": scope,
        "capacity": answers["capacity"],
        "lead_days": answers["lead"],
        "minimum": answers["minimum"],
        "origin": answers["origin"],
        "photos": [photos[best], *photos[:best], *photos[best + 1 :]],
        "licence": answers.get("licence") or {},
    }


def _tell_officers(visit: Visit, business: Business) -> None:
    """One notice for all that waits, however many products come in."""
    for officer in officers_for(visit.session, business.region):
        waiting = visit.session.execute(select(func.count()).select_from(Product).where(col(Product.status).in_(WAITING))).scalar_one()
        notify(visit.session, officer, Message("review.waiting", {"n": waiting}, (command("queue"),)), visit.now, bundle="queue")
