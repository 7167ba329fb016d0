"""Usaha lain: a person with several businesses begins one more, with its first product or price list."""

from __future__ import annotations

from handlers.dialogue import answer
from handlers.vendor import NEW, put_aside
from handlers.visit import Aside, Begin, Outcome, Visit
from messages import Message
from models.business import businesses_of
from models.contact import consented
from models.conversation import current_of


def other_business(visit: Visit, subject: str, version: int) -> Outcome:
    """Usaha lain: what is being registered becomes that of a business not known yet, else a product of it is begun."""
    if not consented(visit.session, visit.person_id, "registration"):
        return Begin("welcome")
    here = current_of(visit.session, visit.person_id)
    begun = here is not None and here.form in ("product", "pricelist") and "product" not in here.about
    if not businesses_of(visit.session, visit.person_id):
        return Aside(Message("product.business_later")) if begun else Begin("product", lead=Message("product.business_later"))
    if here is None or not begun:
        return Begin("product", {"which": NEW}, lead=Message("product.for_new").after(put_aside(visit)))
    answer(here, {"which": NEW})
    return Begin(here.form, conversation_id=here.id, lead=Message("product.for_new"))


COMMANDS = {"other_business": other_business}
