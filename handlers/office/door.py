"""The officers' door: everybody else gets a kind refusal, and an officer only what lies in the own region."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlmodel import col, select

from handlers.drafts import close, leave
from handlers.visit import Aside, Outcome, Visit
from messages import Message
from models.business import Business, members_of
from models.contact import sees
from models.conversation import current_of
from models.product import Product

Command = Callable[[Visit, str, int], Outcome]
PASSING = ("fix", "reject", "override", "refusal", "regroup", "placing")
"""Forms that are over when the officer turns to something else: their answers are a few taps."""


def officers_only(handler: Command) -> Command:
    def guarded(visit: Visit, subject: str, version: int) -> Outcome:
        return handler(visit, subject, version) if visit.offices else Aside(Message("common.not_officer"))

    return guarded


def not_yours(visit: Visit) -> Message:
    """What lies outside an officer's regions, or is no more; whoever is no officer (any more) hears that instead."""
    return Message("officers.not_yours" if visit.offices else "common.not_officer")


def in_reach(visit: Visit, subject: str) -> tuple[Product, Business] | None:
    """A product with its business; None when there is none or it lies outside the officer's regions: nobody learns which."""
    if not subject.isdecimal() or len(subject) > 18:
        return None
    product = visit.session.get(Product, int(subject))
    business = visit.session.get(Business, product.business_id) if product else None
    return (product, business) if product and business and sees(visit.offices, business.region) else None


def all_in_reach(visit: Visit, ids: Collection[int]) -> Mapping[int, tuple[Product, Business]]:
    """The same for a whole list, as it stands now, in one question to the database."""
    rows = select(Product, Business).join(Business, col(Business.id) == col(Product.business_id)).where(col(Product.id).in_(ids))
    found = visit.session.exec(rows.execution_options(populate_existing=True))
    return {product.id or 0: (product, business) for product, business in found if sees(visit.offices, business.region)}


def own(visit: Visit, business: Business) -> bool:
    """Nobody decides on the products of a business of the own."""
    return visit.person_id in members_of(visit.session, business.id or 0)


def put_aside(visit: Visit) -> Message | None:
    """What is open makes room for a list or a card; a half written answer stays a draft."""
    conversation = current_of(visit.session, visit.person_id)
    if conversation is None or conversation.form not in visit.forms:
        return None
    if conversation.form in PASSING:
        close(conversation, visit.now)
        return None
    form = visit.forms[conversation.form]
    return leave(form, conversation, form.facts(visit, conversation.about))
