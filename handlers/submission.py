"""From the answers of a registration to rows: the business, the product, and the word to the officers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlmodel import col, select

from handlers.business import answers_of_business, mend, nib_of, registered
from handlers.card import STEP_OF, columns_of, found_in
from handlers.corrections import heed, taught_in
from handlers.derived import complete, guesses
from handlers.papers import learn_kbli
from handlers.said import Facts
from handlers.vendor import business_of, facts
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message
from models.business import Business, claim, claimed, members_of, rivals_of, sharing_phone
from models.checks import Finding, Others, findings
from models.contact import officers_for, offices
from models.conversation import Conversation
from models.post import gather, notify, told_of
from models.product import NEEDS_FIX, SUBMITTED, WAITING, Product, how_many_wait, own_products, place_in_queue, usual_prices


def submit(visit: Visit, conversation: Conversation) -> Outcome:
    """A product new or mended goes to the officers of its region, unless something stops it."""
    known = facts(visit, conversation.about)
    answers = complete(conversation.answers, known)
    mended = visit.session.get(Product, conversation.about["product"]) if known["fixing"] else None
    if known["fixing"] and (mended is None or mended.status != NEEDS_FIX or mended.revision != conversation.about.get("revision")):
        return Aside(Message("products.not_needed"))
    if stopped := held_back(conversation, answers, known):
        return stopped
    product = keep(visit, answers, known, conversation.about.get("flags", {}), mended)
    business = visit.session.get_one(Business, product.business_id)
    tell_officers(visit, business)
    sent = Message("product.sent", {"name": product.name, "place": place_in_queue(visit.session, product)})
    if mended:
        return Message("product.sent_again", sent.params, (command("products"), command("menu")))
    return Begin("extras", about={"product": product.id}, lead=sent)


def held_back(conversation: Conversation, answers: Mapping[str, Any], known: Facts) -> Outcome | None:
    """The draft again, with the question that must be answered otherwise, and why; None when nothing stops it."""
    if not nib_of(answers, known):
        return _again(conversation, "nib", Message("product.nib_first"))
    stops = [one for one in found_in(answers, known) if one.level == "R"]
    return _again(conversation, STEP_OF.get(stops[0].field, stops[0].field), Message(f"stop.{stops[0].code}")) if stops else None


def _again(conversation: Conversation, step: str, why: Message) -> Begin:
    about = dict(conversation.about)
    if "product" in about:
        about["flags"] = {**about.get("flags", {}), step: about.get("flags", {}).get(step, {})}
    answers = {key: value for key, value in conversation.answers.items() if key != "confirm"}
    return Begin(conversation.form, answers, about, (step,), lead=why)


def keep(visit: Visit, answers: Mapping[str, Any], known: Facts, flags: Mapping[str, Any], product: Product | None = None) -> Product:
    """The rows of complete answers: the business when it is new, the product, and what the checks say."""
    business = business_of(visit, answers) or registered(visit, answers)
    number, before = business.nib, rivals_of(visit.session, business) if "nib" in flags else []
    mend(business, answers, flags)
    claim(visit.session, business.nib)
    columns = columns_of(answers, known, business.region)
    if product is None:
        product = Product(business_id=business.id or 0, person_id=visit.person_id, updated_at=visit.now, **columns)
        visit.session.add(product)
    else:
        product.before = {name: getattr(product, name) for name in columns if getattr(product, name) != columns[name]}
        product.sqlmodel_update(columns)
        product.revision += 1
    learn_kbli(business, product, answers)
    heed(visit, product.name, [product.etalase], [[guess.code for guess in guesses(product.name, taught_in(known))[:1]]])
    product.status, product.submitted_at, product.updated_at = SUBMITTED, visit.now, visit.now
    visit.session.flush()
    check(visit, product, business, known)
    tell_rivals(visit, business, known)
    for rival in before if business.nib != number else ():
        check_waiting(visit, rival, known)  # a number that was mended settles it for them too
    return product


def check(visit: Visit, product: Product, business: Business, known: Facts) -> None:
    """Keeps what the checks find, for the officer."""
    prices = usual_prices(visit.session, product.etalase, product.unit, business.id)
    case = (claimed(visit.session, business), sharing_phone(visit.session, business.phone))
    others = Others(own_products(visit.session, business.id or 0), prices, *case)
    found: list[Finding] = findings(product, business, others, known["today"])
    product.findings = [f"{one.level}:{one.code}" for one in found]


def check_waiting(visit: Visit, business: Business, known: Facts) -> None:
    """What was learnt of a business may settle what was found in its other products."""
    rows = select(Product).where(Product.business_id == business.id, col(Product.status).in_(WAITING))
    for product in visit.session.exec(rows).all():
        check(visit, product, business, known)


def tell_rivals(visit: Visit, business: Business, known: Facts) -> None:
    """Two claims on one NIB: each side hears once that an officer decides, and neither who the other is."""
    rivals = rivals_of(visit.session, business)
    if not rivals or told_of(visit.session, visit.person_id, case_of(business)):
        return
    for one in rivals:
        check_waiting(visit, one, known)
    for one in (business, *rivals):
        for member in members_of(visit.session, one.id or 0):
            if not told_of(visit.session, member, case_of(one)):
                notify(visit.session, member, Message("product.nib_twice", {"business": one.name}), visit.now, subject=case_of(one))


def case_of(business: Business) -> str:
    """The subject of what is said of two claims."""
    return f"nib:{business.id}:{business.nib}"


def tell_officers(visit: Visit, business: Business) -> None:
    """One notice for all that waits, however many products come in."""
    officers = officers_for(visit.session, business.region)
    gather(visit.session, officers, "queue")
    counted = cache(lambda office: how_many_wait(visit.session, office))
    for officer in officers:
        waiting = counted(offices(visit.session, officer)[0])
        notify(visit.session, officer, Message("review.waiting", {"n": waiting}, (command("queue"),)), visit.now, bundle="queue")


def answers_of(product: Product, business: Business) -> dict[str, Any]:
    """The answers that would have led to this row."""
    told = {"halal": product.halal, "kbli": product.kbli}
    scope = {"": "nation", business.region: "region"}.get(product.scope, "province")
    return {
        **answers_of_business(business),
        "photos": product.photos, "name": product.name, "price": {"amount": product.price, "unit": product.unit},
        "etalase": product.etalase, "price_sure": "yes", "details": product.details, "capacity": product.capacity,
        "pirt": product.licence or None, "brand": product.brand, "minimum": product.minimum, "lead": product.lead_days, "scope": scope,
        "origin": product.origin, "stock": product.stock, **{key: value for key, value in told.items() if value},
    }  # fmt: skip
