"""The card at the end of a registration: everything on one page, with the statement, before it goes to the officer."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.derived import etalase_of, form_default, lead_default
from handlers.dialogue import Answers
from handlers.location import place
from handlers.prices import price_with_unit
from handlers.said import Facts
from handlers.visit import command
from messages import Option, Params, Value, say
from models.etalase import etalases

STATEMENT_VERSION = "2026-11"


def has_nib(answers: Answers, facts: Facts) -> bool:
    return bool(answers.get("nib") or facts["business"].get("nib"))


def send_options(answers: Answers, facts: Facts) -> Sequence[Option]:
    """Without an NIB nothing is sent: the draft waits, and the card says why."""
    if has_nib(answers, facts):
        return (Option("send"), Option("change"), command("aside"))
    return (Option("edit_nib"), Option("change"), command("aside"))


def card(answers: Answers, facts: Facts) -> Params:
    business = facts["business"]
    where = place.words(answers["place"]) if answers.get("place") else ""
    etalase = etalases().get(etalase_of(answers, facts))
    lines: dict[str, Value] = {
        "name": answers["name"],
        "price": price_with_unit.show(answers["price"]),
        "details": answers["details"],
        "capacity": answers["capacity"],
        "unit": answers["price"]["unit"],
        "lead": answers.get("lead", lead_default(answers, facts)),
        "minimum": answers.get("minimum", 1),
        "etalase": etalase.name if etalase else "-",
        "business": answers.get("business") or business.get("name", ""),
        "form": answers.get("form") or business.get("form") or form_default(answers, facts),
        "place": where or business.get("street") or "-",
        "nib": answers.get("nib") or business.get("nib") or say("product.no_nib"),
        "close": say("product.statement") if has_nib(answers, facts) else say("product.needs_nib"),
    }
    return lines


def card_media(answers: Answers, facts: Facts) -> tuple[str, ...]:
    return tuple(photo["name"] for photo in answers.get("photos", [])[:1])
