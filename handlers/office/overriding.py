"""What would have stopped the sending is approved only with a reason, which is kept with the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.dialogue import Answers, Form, Step
from handlers.office.deciding import approval, ready, settle, worded_reason
from handlers.office.triage import finding_words
from handlers.said import Facts
from handlers.visit import Aside, Outcome, Visit
from messages import Message, Option, Params, joined, say
from models.conversation import Conversation
from models.product import Product
from models.review import blocking
from models.routes import Route

GROUNDS = ("checked", "renewing")
"""Ready reasons; any words will do."""


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    product = visit.session.get(Product, about.get("product", 0))
    return {"links": visit.links, "product": product.name if product else "", "codes": blocking(product) if product else []}


def params(answers: Answers, facts: Facts) -> Params:
    return {"product": facts["product"], "findings": joined([finding_words(code) for code in facts["codes"]], ", ")}


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    """Region and state are looked at again: much may have happened while the form lay open."""
    about = conversation.about
    found = ready(visit, str(about["product"]), int(about["revision"])) if visit.offices else Message("common.not_officer")
    if isinstance(found, Message):
        return Aside(found)
    product, business = found
    codes, reason = blocking(product), conversation.answers["reason"]
    flags = {"override": {("key" if reason in GROUNDS else "text"): reason, "codes": codes}}
    return settle(visit, product, business, int(about["revision"]), approval(Route(about["route"], about["because"]), flags))


FORMS = (
    Form(
        "override",
        (
            Step(
                "reason", worded_reason(), params=params,
                options=lambda answers, facts: [Option(key, say(f"reason.short_{key}"), detail=say(f"reason.{key}")) for key in GROUNDS],
            ),
        ),
        facts=facts,
        finish=finish,
    ),
)  # fmt: skip
