"""While the officer looks: what is good to know but must not hold up the first product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers import choice
from handlers.dialogue import Form, Step
from handlers.said import Facts
from handlers.visit import Outcome, Visit, command
from handlers.welcome import CONSENT_VERSION
from messages import Message, Option
from models.contact import consented, give_consent
from models.conversation import Conversation
from models.product import Product


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    product = visit.session.get(Product, about["product"])
    return {
        "name": product.name if product else "",
        "alerts": consented(visit.session, visit.person_id, "announcements"),
    }


def finish(visit: Visit, conversation: Conversation) -> Outcome:
    if conversation.answers.get("alerts") == "yes":
        give_consent(visit.session, visit.person_id, "announcements", CONSENT_VERSION, visit.address.channel, visit.now)
    return Message("extras.done", {}, (command("register"), command("products"), command("menu")))


def product_name(answers: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    return {"product": facts["name"]}


def yes_no(answers: Mapping[str, Any], facts: Facts) -> tuple[Option, ...]:
    return (Option("yes"), Option("no"))


FORMS = (
    Form(
        "extras",
        (Step("alerts", choice("yes", "no"), options=yes_no, params=product_name, when=lambda answers, facts: not facts["alerts"]),),
        facts=facts,
        finish=finish,
    ),
)
