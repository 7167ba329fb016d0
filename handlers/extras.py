"""While the officer looks: what is good to know but must not hold up the first product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.dialogue import Answers, Form, Step
from handlers.papers import KBLI_CODES, PAPERS, learn_kbli, likely_kbli, papers_of, product_params
from handlers.reading.answers import choice
from handlers.said import Facts
from handlers.submission import check, check_waiting
from handlers.vendor import facts as vendor_facts
from handlers.visit import Outcome, Visit, command
from messages import Message, Option, Params
from models.business import Business
from models.contact import CONSENT_VERSION, consented, give_consent
from models.conversation import Conversation, closed_answers
from models.etalase import etalases, fits_kbli
from models.law import law
from models.product import Product


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    product = visit.session.get(Product, about["product"])
    business = visit.session.get(Business, product.business_id) if product else None
    known = vendor_facts(visit, {})
    return {
        **known,
        "name": product.name if product else "",
        "etalase": product.etalase if product else "",
        "unit": product.unit if product else "",
        "kbli_known": product is None or product.etalase not in etalases() or fits_kbli(product.etalase, business.kbli if business else ()),
        "told": {"halal", "stock"} if about.get("list") else told(product),
        "alerts": consented(visit.session, visit.person_id, "announcements") or declined(visit),
    }


def declined(visit: Visit) -> bool:
    """Whether "Mau dikabari?" was answered with no before: it is not asked with every product."""
    return any(answers.get("alerts") == "no" for answers in closed_answers(visit.session, visit.person_id, "extras"))


def told(product: Product | None) -> set[str]:
    """What the owner has said of the product already."""
    return {key for key in ("kbli", "halal", "stock") if product is None or getattr(product, key) not in ("", None)}


def kbli_wanted(answers: Answers, facts: Facts) -> bool:
    return not facts["kbli_known"] and "kbli" not in facts["told"]


def halal_wanted(answers: Answers, facts: Facts) -> bool:
    return facts["etalase"] == "mamin" and _open("halal", answers, facts) and law("halal", facts["today"]) is not None


def stock_wanted(answers: Answers, facts: Facts) -> bool:
    row = etalases().get(facts["etalase"])
    return row is not None and row.kind == "goods" and _open("stock", answers, facts)


def _open(key: str, answers: Answers, facts: Facts) -> bool:
    """What was answered here is on the product at once, and can be changed all the same."""
    return key in answers or key not in facts["told"]


def kbli_params(answers: Answers, facts: Facts) -> Params:
    code, gloss = likely_kbli(facts["etalase"], facts["name"])
    return {"code": code, "gloss": gloss}


def yes_no(answers: Answers, facts: Facts) -> tuple[Option, ...]:
    return (Option("yes"), Option("no"))


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """Saved on the product, without a new turn for the officer: nothing that was decided on has changed."""
    answers = conversation.answers
    product = visit.session.get_one(Product, conversation.about["product"])
    business = visit.session.get_one(Business, product.business_id)
    product.sqlmodel_update(papers_of(answers, product.etalase, product.name))
    learn_kbli(business, product, answers)
    known = vendor_facts(visit, {})
    check(visit, product, business, known)
    check_waiting(visit, business, known)
    if answers.get("alerts") == "yes":
        give_consent(visit.session, visit.person_id, "announcements", CONSENT_VERSION, visit.address.channel, visit.now)
    return Message("extras.done", {}, (command("register"), command("products"), command("menu")))


KBLI, _, HALAL, STOCK = PAPERS
FORMS = (
    Form(
        "extras",
        (
            replace(KBLI, when=kbli_wanted, params=kbli_params),
            KBLI_CODES,
            replace(HALAL, when=halal_wanted),
            replace(STOCK, when=stock_wanted, optional=True),
            Step("alerts", choice("yes", "no"), options=yes_no, params=product_params, when=lambda answers, facts: not facts["alerts"]),
        ),
        facts=facts,
        finish=finish,
        yields=True,
    ),
)
