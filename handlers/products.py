"""Produk saya: where each product stands, and what can be done with it: mend, copy, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.card import STEP_OF
from handlers.derived import etalase_default
from handlers.dialogue import Form
from handlers.drafts import close, edit, go
from handlers.matching import bare, known
from handlers.reading.answers import says
from handlers.reading.prices import price_with_unit
from handlers.submission import answers_of
from handlers.vendor import put_aside
from handlers.visit import Aside, Begin, Outcome, Visit, command
from messages import Message, Option, Value, lines, say
from messages.rendering import fit
from models.business import Business, businesses_of
from models.contact import consented
from models.conversation import Conversation, current_of, drafts_of
from models.decisions import take_out, told_status
from models.product import APPROVED, NEEDS_FIX, SUBMITTED, WAITING, WITHDRAWN, Product, latest_decision, place_in_queue, products_of

PAGE = 6
MOST_WORDS = 8
COPIED = ("details", "capacity", "lead", "minimum", "brand", "scope", "origin", "which")
"""What "Seperti produk lama" takes over; photos, name, price and licence are the new product's own."""


def products(visit: Visit, subject: str, version: int) -> Outcome:
    """The list, `version` is the page. The open question is left as a draft: a number typed next means a product."""
    if not consented(visit.session, visit.person_id, "registration"):
        return Begin("welcome")
    own = products_of(visit.session, visit.person_id)
    kept = put_aside(visit)
    drafts = [command("go")] if drafts_of(visit.session, visit.person_id) else []
    if not own:
        return Message("products.none", {}, (*drafts, command("register"), command("menu"))).after(kept)
    page = version if version * PAGE < len(own) else 0
    shown = own[page * PAGE : (page + 1) * PAGE]
    first = page * PAGE + 1
    names = business_names(visit)
    rows = [row(place, one, status(visit, one), names) for place, one in enumerate(shown, first)]
    options = [_pick(place, one) for place, one in enumerate(shown, first)]
    if (page + 1) * PAGE < len(own):
        options.append(command("products", 0, page + 1, say("option.more")))
    return Message(
        "products.list", {"n": len(own), "rows": lines(rows)}, (*options, *drafts, command("register"), command("other_business"))
    ).after(kept)


def _pick(place: int, one: Product) -> Option:
    return command("product", one.id or 0, label=say("products.pick", n=place, name=fit(one.name, 20)))


def business_names(visit: Visit) -> dict[int, str]:
    """The names by which products are told apart; none where there is only one business."""
    own = businesses_of(visit.session, visit.person_id)
    return {one.id or 0: one.name for one in own} if len(own) > 1 else {}


def row(place: int, one: Product, now: Value, names: Mapping[int, str]) -> Value:
    if one.business_id not in names:
        return say("products.row", n=place, name=one.name, status=now)
    return say("products.row_of", n=place, name=one.name, status=now, business=names[one.business_id])


def status(visit: Visit, product: Product) -> Value:
    """Where it stands in plain words; a decision that can still be undone is not told yet."""
    if told_status(visit.session, product, visit.now) != product.status:
        return say("products.is_deciding")
    if product.status in WAITING:
        return say(f"products.is_{product.status}", place=place_in_queue(visit.session, product))
    return say(f"products.is_{product.status}")


def product(visit: Visit, subject: str, version: int) -> Outcome:
    """One product with what can be done now."""
    one = mine(visit, subject)
    if one is None:
        return Aside(Message("products.unknown"))
    kept = put_aside(visit)
    options: list[Option] = []
    if told_status(visit.session, one, visit.now) == NEEDS_FIX:
        options.append(command("fix", one.id or 0, one.revision))
    options.append(command("copy", one.id or 0))
    if one.status == SUBMITTED:
        options.append(command("withdraw", one.id or 0, one.revision))
    told = told_status(visit.session, one, visit.now)
    if told == APPROVED:
        options.append(command("ask_officer"))
    price = price_with_unit.show({"amount": one.price, "unit": one.unit})
    hint = say(f"products.change_{told}") if told == one.status and told in (SUBMITTED, APPROVED) else ""
    params: dict[str, Value] = {"name": one.name, "price": price, "status": status(visit, one), "hint": hint}
    pictures = tuple(photo["name"] for photo in one.photos[:1])
    business = business_names(visit).get(one.business_id)
    params |= {"business": business} if business else {}
    return Message("products.one_of" if business else "products.one", params, (*options, command("products")), pictures).after(kept)


def mine(visit: Visit, subject: str) -> Product | None:
    """A product of one of the person's own businesses."""
    wanted = int(subject) if subject.isdecimal() else 0
    return next((one for one in products_of(visit.session, visit.person_id) if one.id == wanted), None)


def fix(visit: Visit, subject: str, version: int) -> Outcome:
    """Asks again what the officer flagged, and only that; a draft of it goes on."""
    one = mine(visit, subject)
    if one is None:
        return Aside(Message("products.unknown"))
    decision = latest_decision(visit.session, one.id or 0)
    if one.status != NEEDS_FIX or one.revision != version or decision is None:
        return Aside(Message("products.not_needed", {}, (command("product", subject, label=fit(one.name, 20)),)))
    for draft in drafts_of(visit.session, visit.person_id):
        if draft.about.get("product") == one.id and draft.about.get("revision") == version and draft.form == "product":
            return Begin("product", conversation_id=draft.id)
    business = visit.session.get_one(Business, one.business_id)
    flags = asked_again(decision.flags, visit.forms["product"])
    about = {"product": one.id, "revision": one.revision, "flags": flags}
    lead = Message("products.fixing" if len(flags) > 1 else "products.fixing_one", {"n": len(flags), "name": one.name})
    return Begin("product", answers_of(one, business), about, tuple(flags), lead)


def mend(visit: Visit, subject: str, version: int) -> Outcome:
    """ "perbaiki" with nothing open is about what the officers sent back; "ubah", and where nothing was, about what is not sent yet."""
    return _sent_back(visit, visit.said.text) or edit(visit, subject, version)


def _sent_back(visit: Visit, text: str) -> Outcome | None:
    if visit.offices or not says(text, "fix"):
        return None
    own = [one for one in products_of(visit.session, visit.person_id) if told_status(visit.session, one, visit.now) == NEEDS_FIX]
    return fix(visit, str(own[0].id), own[0].revision) if len(own) == 1 else products(visit, "", 0) if own else None


def asked_again(flags: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """The flags by the questions that mend them, in the order they are asked."""
    by_step = {STEP_OF.get(field, field): reason for field, reason in flags.items()}
    return {step.key: by_step[step.key] for step in form.steps if step.key in by_step and not step.summary}


def copy(visit: Visit, subject: str, version: int) -> Outcome:
    """Seperti ini: a new draft with what the old product said."""
    one = mine(visit, subject)
    if one is None:
        return Aside(Message("products.unknown"))
    answers = answers_of(one, visit.session.get_one(Business, one.business_id))
    told = COPIED if etalase_default(answers, {}) else ("etalase", *COPIED)
    taken = {key: answers[key] for key in told}
    here = current_of(visit.session, visit.person_id)
    if here and here.form == "product" and here.answers == taken:
        return Begin("product", conversation_id=here.id, lead=Message("products.copied", {"name": one.name}))
    return Begin("product", {**_photos_begun(visit), **taken}, lead=Message("products.copied", {"name": one.name}))


def _photos_begun(visit: Visit) -> dict[str, Any]:
    """The photos of a product that has no name yet are those of the copy."""
    here = current_of(visit.session, visit.person_id)
    if here is None or not _unnamed(here):
        return {}
    close(here, visit.now)
    return {"photos": here.answers["photos"]} if here.answers.get("photos") else {}


def _unnamed(here: Conversation) -> bool:
    return here.form == "product" and "product" not in here.about and not here.answers.get("name")


def withdraw(visit: Visit, subject: str, version: int) -> Outcome:
    """Tarik, before an officer has begun."""
    one = mine(visit, subject)
    if one is None:
        return Aside(Message("products.unknown"))
    if one.status == WITHDRAWN:
        return Aside(_withdrawn(one))
    if not take_out(visit.session, one, version, visit.now):
        return Aside(Message("products.too_late", {"name": one.name}))
    return Aside(_withdrawn(one))


def _withdrawn(one: Product) -> Message:
    return Message("products.withdrawn", {"name": one.name}, (command("copy", one.id or 0), command("menu")))


def wants_back(visit: Visit, text: str) -> Outcome | None:
    """ "tarik" with no question open: which one?"""
    return products(visit, "", 0) if says(text, "withdraw") and not visit.offices else None


def wants_change(visit: Visit, text: str) -> Outcome | None:
    """ "mau ganti harga lapis" with nothing open: the product, where it is said what can be done."""
    parts = set(bare(text).split())
    if visit.offices or len(parts) > MOST_WORDS or not (parts & known("edit") and parts & known("product_part")):
        return None
    own = products_of(visit.session, visit.person_id)
    named = [one for one in own if bare(one.name) in bare(text)] or own
    return product(visit, str(named[0].id), 0) if len(named) == 1 else products(visit, "", 0) if own else None


def like_before(visit: Visit, text: str) -> Outcome | None:
    """ "seperti produk lama" """
    if not says(text, "like_before"):
        return None
    own = products_of(visit.session, visit.person_id)
    if not own:
        return Message("products.none", {}, (command("register"), command("menu")))
    if len(own) == 1:
        return copy(visit, str(own[0].id), 0)
    options = [command("copy", one.id or 0, label=fit(one.name, 20)) for one in own[:PAGE]]
    return Message("products.which_copy", {}, (*options, command("menu")))


def like_before_between(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """The same instead of a name."""
    return like_before(visit, text) if conversation and _unnamed(conversation) else None


def how_far(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """ "sampai mana": of what is not finished yet where there is such a thing, else of the products. Officers ask so of announcements."""
    if (
        visit.offices
        or not says(text, "how_far")
        or (conversation is None and not consented(visit.session, visit.person_id, "registration"))
    ):
        return None
    if conversation:
        return Begin(conversation.form, conversation_id=conversation.id)
    return (go if drafts_of(visit.session, visit.person_id) else products)(visit, "", 0)


def where_stands(visit: Visit, text: str, conversation: Conversation | None) -> Outcome | None:
    """ "sudah masuk belum": of the products. Officers ask so of announcements."""
    return None if visit.offices or not says(text, "where_stands") else products(visit, "", 0)


COMMANDS = {"edit": mend, "products": products, "product": product, "fix": fix, "copy": copy, "withdraw": withdraw}
IDLE_SAYS = (like_before, wants_back, _sent_back, wants_change)
SAYS = (like_before_between, how_far, where_stands)
