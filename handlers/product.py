"""Registering a product, and with the first one the business: product first, papers last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.answers import choice, find_price, nib, number, person_name, phone, photo, pirt_or_bpom, price_with_unit, text
from handlers.card import card, card_media, send_options
from handlers.derived import brand_default, etalase_default, etalase_options, form_default, is_packaged_food, lead_default, scope_default
from handlers.dialogue import Answers, Form, Step
from handlers.location import place
from handlers.said import Facts, Offer, Reader, Rejected, Said
from handlers.submission import submit
from handlers.visit import Begin, Outcome, Visit
from messages import Message, Option, Value, say
from models.business import businesses_of
from models.contact import consented
from models.etalase import classify, etalases, sure

PRICE_SCOPES = ("region", "province", "nation")


def facts(visit: Visit, about: Mapping[str, Any]) -> Facts:
    """`businesses` are (id, name) of those the person speaks for; the phone is known where the channel or an earlier answer told it."""
    own = businesses_of(visit.session, visit.person_id)
    return {
        "businesses": [(business.id, business.name) for business in own],
        "business": own[0].model_dump(mode="json") if own else {},
        "phone": visit.person.phone,
        "channel": visit.address.channel,
        "province": visit.province,
        "person": visit.person.call_name,
        "fixing": "product" in about,
    }


def first(answers: Answers, facts: Facts) -> bool:
    """Whether the business is registered along with this product."""
    return not facts["businesses"]


def several(answers: Answers, facts: Facts) -> bool:
    return len(facts["businesses"]) > 1


def phone_wanted(answers: Answers, facts: Facts) -> bool:
    return first(answers, facts) and not facts["phone"]


def nib_wanted(answers: Answers, facts: Facts) -> bool:
    return first(answers, facts) or not facts["business"].get("nib")


def which_business(answers: Answers, facts: Facts) -> Sequence[Option]:
    return [Option(str(id), name) for id, name in facts["businesses"]]


def own_name(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("later"),)


def none_yet(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("skip", say("option.none_yet")),)


def named(answers: Answers, facts: Facts) -> dict[str, Value]:
    return {"product": answers.get("name") or say("product.this")}


def _not_there(said: Said, facts: Facts) -> str:
    raise Rejected("problem.choose")


def _read_etalase(said: Said, facts: Facts) -> str:
    """Typed words instead of a button: the group they fit, when that is sure."""
    found = classify(said.text, 3)
    if not sure(found):
        raise Rejected("problem.choose", {}, [Offer(etalases()[guess.code].short, guess.code) for guess in found])
    return found[0].code


chosen = Reader(_not_there, lambda value: isinstance(value, str) and bool(value))
etalase = Reader(_read_etalase, lambda value: value in etalases(), lambda code: etalases()[code].name)
"""A code that was withdrawn from the table is asked again."""


def choices(*ids: str) -> Any:
    return lambda answers, facts: [Option(id) for id in ids]


def title(answers: Answers) -> Value:
    return answers.get("name") or say("product.untitled")


def note(about: Mapping[str, Any], key: str) -> Message | None:
    """What the officer said about a field, before it is asked again."""
    flag = about.get("flags", {}).get(key)
    if not flag:
        return None
    return Message("product.officer_says", {"reason": flag["text"] if "text" in flag else say(f"reason.{flag['key']}")})


def caption(words: str) -> Mapping[str, Any]:
    """Name and price as far as a photo's caption says them for sure."""
    price, rest = find_price(words)
    found: dict[str, Any] = {"price": price} if price else {}
    name = rest.strip(" ,.-:\n")
    if 5 <= len(name) <= 150:
        found["name"] = name[0].upper() + name[1:]
    return found


PRODUCT = Form(
    "product",
    (
        Step("which", chosen, options=which_business, when=several),
        Step("photos", photo, upto=5),
        Step("name", text(5, 150)),
        Step("price", price_with_unit, params=named),
        Step("etalase", etalase, options=etalase_options, default=etalase_default, params=named),
        Step("details", text(5, 1900, clean=True), params=named),
        Step("capacity", number(1, 1_000_000), params=named),
        Step("licence", pirt_or_bpom, options=none_yet, when=is_packaged_food, optional=True),
        Step("place", place, when=first, request="location"),
        Step("business", text(3, 100), when=first),
        Step("owner", person_name, when=first),
        Step("nib", nib, options=own_name, when=nib_wanted, optional=True),
        Step("phone", phone, when=phone_wanted, request="contact"),
        Step("brand", text(2, 60), default=brand_default),
        Step("minimum", number(1, 100_000), default=lambda answers, facts: 1),
        Step("lead", number(0, 365), default=lead_default),
        Step("scope", choice(), options=choices(*PRICE_SCOPES), default=scope_default),
        Step("origin", choice("lokal", "impor"), options=choices("lokal", "impor"), default=lambda answers, facts: "lokal"),
        Step("form", choice("perorangan", "CV", "PT", "koperasi", "BUMDes"), options=choices("perorangan", "CV", "PT", "koperasi", "BUMDes"),
             when=first, default=form_default),
        Step("size", choice("mikro", "kecil", "menengah"), options=choices("mikro", "kecil", "menengah"), when=first,
             default=lambda answers, facts: "mikro"),
        Step("role", choice("produsen", "distributor", "reseller"), options=choices("produsen", "distributor", "reseller"), when=first,
             default=lambda answers, facts: "produsen"),
        Step("confirm", choice("send"), options=send_options, params=card, media=card_media, summary=True),
    ),
    facts=facts,
    finish=submit,
    caption=caption,
    note=note,
    title=title,
)  # fmt: skip
FORMS = (PRODUCT,)


def register(visit: Visit, subject: str, version: int) -> Outcome:
    return Begin("product") if consented(visit.session, visit.person_id, "registration") else Begin("welcome")


COMMANDS = {"register": register}
