"""Registering a product, and with the first one the business: product first, papers last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.business import ASKED, TOLD, choices
from handlers.card import card, card_media, price_sure_params, send_options
from handlers.corrections import taught_in
from handlers.derived import (
    DEFAULTS,
    OTHER,
    etalase_default,
    etalase_of,
    every_etalase,
    is_packaged_food,
    likely_etalase,
    price_doubtful,
)
from handlers.dialogue import Answers, Form, Step
from handlers.matching import bare
from handlers.menu import menu
from handlers.papers import PAPERS, never
from handlers.reading.answers import (
    budget,
    choice,
    find_price,
    nib,
    number,
    photo,
    pirt_or_bpom,
    price_with_unit,
    product_in,
    says,
    text,
    yes,
)
from handlers.reading.elsewhere import elsewhere, price_noted, said_price
from handlers.reading.telling import caption, details, first_words, in_unit, product_name, shown_words, unit_alone
from handlers.reading.units import canonical, is_meal
from handlers.said import Facts, Offer, Reader, Rejected, Said
from handlers.submission import submit
from handlers.vendor import NEW, facts, has_business, only_business, put_aside, settled
from handlers.visit import Begin, Outcome, Visit
from messages import Message, Option, Value, say
from models.contact import consented
from models.conversation import Conversation
from models.etalase import classify, etalases, sure

PRICE_SCOPES = ("region", "province", "nation")
ORIGINS = ("lokal", "impor")


def which_business(answers: Answers, facts: Facts) -> Sequence[Option]:
    own = [Option(str(business["id"]), business["name"]) for business in facts["businesses"]]
    return [*own, Option(NEW, say("option.other_business"))]


def none_yet(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("skip", say("option.none_yet")),)


def price_is_right(answers: Answers, facts: Facts) -> Sequence[Option]:
    return (Option("yes", say("product.right")), Option("edit_price", say("product.other_price")))


def named(answers: Answers, facts: Facts) -> dict[str, Value]:
    return {"product": answers.get("name") or say("product.this")}


def photos_asked(answers: Answers, facts: Facts) -> dict[str, Value]:
    """Name and price are welcome in the caption until they are known."""
    known = answers.get("name") and (answers.get("price") or answers.get("amount") or facts["fixing"])
    part = "more" if known else "priced" if answers.get("name") else "first"
    return {**named(answers, facts), "question": say(f"product.photos.{part}", **named(answers, facts))}


def details_asked(answers: Answers, facts: Facts) -> dict[str, Value]:
    """What is worth telling depends on what it is."""
    row = etalases().get(etalase_of(answers, facts))
    worded = {"mamin": "food", "sembako": "food", "cetak": "print"}
    kind = worded.get(row.code, row.kind) if row else "goods"
    kind = "meal" if kind == "food" and is_meal(str(answers.get("name") or "")) else kind
    return {**named(answers, facts), "question": say(f"product.details.{kind}")}


def capacity_asked(answers: Answers, facts: Facts) -> dict[str, Value]:
    price: Any = answers.get("price")
    return {**named(answers, facts), "unit": price["unit"] if price else ""}


def _not_there(said: Said, facts: Facts) -> str:
    raise Rejected("problem.choose")


def _read_etalase(said: Said, facts: Facts) -> str:
    """Typed words instead of a button: the group of this name, else the one they fit, when that is sure."""
    if named := next((code for code, row in etalases().items() if bare(said.text) in (bare(row.name), bare(row.short))), ""):
        return named
    found = classify(said.text, 3, taught_in(facts))
    if not sure(found):
        raise Rejected("problem.choose", {}, [Offer(etalases()[guess.code].short, guess.code) for guess in found])
    return found[0].code


def _read_photo(said: Said, facts: Facts) -> dict[str, Any]:
    """A photo; a name and a price that are typed first are kept, and the photo is asked for again."""
    if said.text and not said.photo and (found := first_words(said.text)):
        raise Rejected("product.noted", {"what": shown_words(found)}, also=found)
    value: dict[str, Any] = photo.read(said, facts)
    return value


def _read_doubt(said: Said, facts: Facts) -> str:
    """ "Maksudnya Rp12.500?" is answered with yes, or with the price that was meant."""
    if yes(said.text):
        return "yes"
    try:
        price = price_with_unit.read(said, facts)
    except Rejected as doubted:
        likely = [offer.value for offer in doubted.offers if price_with_unit.keeps(offer.value)]
        if len(likely) != 1:
            raise Rejected("problem.choose") from doubted
        price = likely[0]
    raise price_noted(price)


def half_price(answers: Answers) -> str:
    """ "450rb" without a unit."""
    amount = None if answers.get("price") else answers.get("amount")
    return price_with_unit.words({"amount": amount, "unit": ""}) if amount else ""


def sends(text: str) -> bool:
    """ "kirim", "ya", "ok kirim ya" """
    return says(text, "send") or yes(text) or all(yes(word) or says(word, "send") for word in text.split())


def _read_confirm(said: Said, facts: Facts) -> str:
    """At the card a number that was missing, or another price, is taken as just that."""
    if sends(said.text):
        return "send"
    if re.search(r"(?:\d[ .-]?){13}", said.text):
        raise Rejected("product.nib_noted", also={"nib": nib.read(said, facts)})
    price = None if facts["fixing"] else find_price(said.text)[0]
    price = price if price and price["unit"] else said_price(said.text, facts)
    if price:
        raise price_noted(price)
    unit = "" if facts["fixing"] else unit_alone(said.text) or canonical(said.text)
    if unit:
        raise price_noted({**facts["answers"]["price"], "unit": unit})
    raise Rejected("problem.choose")


chosen_one = Reader(_not_there, lambda value: isinstance(value, str) and bool(value))
etalase = Reader(_read_etalase, lambda value: value in etalases() or value == OTHER, lambda code: etalases()[code].name)
"""A code that was withdrawn from the table is asked again."""
doubt = Reader(_read_doubt, lambda value: value == "yes")
closing = Reader(_read_confirm, lambda value: value == "send")


def title(answers: Answers) -> Value:
    return answers.get("name") or say("product.untitled")


def note(about: Mapping[str, Any], key: str) -> Message | None:
    """What the officer said about a field, before it is asked again."""
    flag = about.get("flags", {}).get(key)
    if not flag:
        return None
    return Message("product.officer_says", {"reason": flag["text"] if "text" in flag else say(f"reason.{flag['key']}")})


def mine(key: str, reader: Reader, **more: Any) -> Step:
    """A question about the product; while it is mended only a flagged one is asked."""
    return Step(key, reader, when=settled(key, more.pop("when", lambda answers, facts: True)), **more)


PRODUCT = Form(
    "product",
    (
        mine("which", chosen_one, options=which_business, when=has_business, default=only_business),
        mine("photos", replace(photo, read=_read_photo), upto=5, params=photos_asked),
        mine("name", product_name),
        Step("amount", budget, when=never, texts="product.price"),
        mine("price", price_with_unit, params=named, begun=half_price),
        mine("etalase", etalase, options=likely_etalase, default=etalase_default, params=named),
        Step("group", etalase, options=every_etalase, when=lambda answers, facts: answers.get("etalase") == OTHER, params=named),
        mine("price_sure", doubt, options=price_is_right, when=price_doubtful, params=price_sure_params),
        mine("details", details, params=details_asked),
        mine("capacity", elsewhere(in_unit(1, 1_000_000, "product.capacity_unit")), params=capacity_asked, default=DEFAULTS["capacity"]),
        mine("pirt", pirt_or_bpom, options=none_yet, when=is_packaged_food, optional=True),
        *ASKED,
        mine("brand", text(2, 60), default=DEFAULTS["brand"]),
        mine("minimum", number(1, 100_000), default=DEFAULTS["minimum"]),
        mine("lead", number(0, 365, ("hari", "days", "day")), default=DEFAULTS["lead"]),
        mine("scope", choice(*PRICE_SCOPES), options=choices(*PRICE_SCOPES), default=DEFAULTS["scope"]),
        mine("origin", choice(*ORIGINS), options=choices(*ORIGINS), default=DEFAULTS["origin"]),
        *TOLD,
        *PAPERS,
        Step("confirm", closing, options=send_options, params=card, media=card_media, summary=True),
    ),
    facts=facts,
    finish=submit,
    caption=caption,
    note=note,
    title=title,
)
FORMS = (PRODUCT,)


def register(visit: Visit, subject: str, version: int) -> Outcome:
    if not consented(visit.session, visit.person_id, "registration"):
        return Begin("welcome")
    return Begin("product", lead=put_aside(visit))


def aside(visit: Visit, subject: str, version: int) -> Outcome:
    """Simpan dulu: what is written stays, and the menu comes."""
    return menu(visit, put_aside(visit))


def wish(visit: Visit, words: str) -> Outcome | None:
    """ "mau daftar amplang" begins with amplang."""
    if visit.offices or "\n" in words or not product_in(words):
        return None
    return Begin("product", caption(words), lead=Message("product.started"))


def wish_between(visit: Visit, words: str, conversation: Conversation | None) -> Outcome | None:
    """The same while only something is asked that can wait."""
    if conversation is None or not visit.forms[conversation.form].yields:
        return None
    begun = wish(visit, words)
    if begun:
        put_aside(visit)
    return begun


COMMANDS = {"register": register, "aside": aside}
IDLE_SAYS = (wish,)
SAYS = (wish_between,)
