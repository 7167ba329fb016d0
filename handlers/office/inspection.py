"""The card of a product as an officer sees it: one picture, a few lines, what was found, what changed since the last time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.card import STEP_OF
from handlers.office.door import in_reach, officers_only, put_aside
from handlers.office.flags import flags_of_findings
from handlers.office.triage import finding_words, sheet
from handlers.office.verdict import reason
from handlers.reading.identifiers import licence_words, shown_phone
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Option, Value, clock, has, joined, lines, rupiah, say, template
from messages.rendering import fit
from models.business import Business, rivals_of
from models.contact import Person, sees
from models.etalase import etalases
from models.places import name_of
from models.product import WAITING, Product, latest_decision
from models.review import code_of, look_at, serious
from models.routes import propose

SHORT = 220
"""Characters of the description on the card; "Selengkapnya" has them all."""
TOLD = (
    "name",
    "price",
    "unit",
    "etalase",
    "details",
    "capacity",
    "lead_days",
    "minimum",
    "brand",
    "scope",
    "origin",
    "licence",
    "halal",
    "kbli",
    "stock",
)
"""Columns whose change is shown in words."""


@officers_only
def review(visit: Visit, subject: str, version: int) -> Outcome:
    """Opens a product, and with it takes it into review."""
    found = in_reach(visit, subject)
    if found is None:
        return Aside(Message("review.not_here"))
    product, business = found
    kept = put_aside(visit)
    others = look_at(visit.session, product, visit.person_id, visit.now) if product.status in WAITING else None
    visit.session.flush()
    visit.session.refresh(product)
    seen: list[Value] = [say("review.seen", at=clock(others.at))] if others else []
    message = card(visit, product, business, seen)
    return message.after(kept)


def card(visit: Visit, product: Product, business: Business, seen: Sequence[Value] = ()) -> Message:
    parts = [*facts_of(visit, product, business, fit(product.details, SHORT)), *seen, *changes(visit, product), *findings(product)]
    parts += same_nib(visit, product, business)
    if product.status in WAITING:
        route = propose(product, business, visit.now.date())
        name = say(f"route.{route.name or 'none'}")
        parts.append(say("review.route", route=name, why=say(f"route.because_{route.because}", ceiling=rupiah(route.ceiling))))
    else:
        parts.append(say("review.status", status=say(f"review.is_{product.status}")))
        parts += overridden(visit, product)
    params: dict[str, Value] = {"name": product.name, "price": rupiah(product.price), "unit": product.unit, "parts": lines(parts)}
    return Message("review.card", params, tuple(buttons(product)), pictures(visit, product))


def overridden(visit: Visit, product: Product) -> list[Value]:
    """Why it was approved although something was found, for whoever looks later."""
    last = latest_decision(visit.session, product.id or 0) if product.allowed else None
    return [say("review.overridden", reason=reason(last.flags))] if last and "override" in last.flags else []


def facts_of(visit: Visit, product: Product, business: Business, details: str) -> list[Value]:
    etalase = etalases().get(product.etalase)
    made: list[Value] = [
        say("review.business", name=business.name, form=business.form, size=business.size, place=where(business)),
        say("review.owner", owner=business.owner, nib=business.nib or say("common.none")),
        details,
        say("review.supply", capacity=product.capacity or 0, unit=product.unit, lead=product.lead_days, minimum=product.minimum),
        say("review.group", etalase=etalase.name if etalase else "-", brand=product.brand, origin=product.origin),
    ]
    if product.licence:
        made.append(say("review.licence", licence=licence_words(product.licence)))
    return made


def where(business: Business) -> str:
    return ", ".join(name for name in (name_of(business.district), name_of(business.region)) if name)


def findings(product: Product) -> list[Value]:
    found = serious(product.findings)
    notes = [finding for finding in product.findings if finding not in found]
    made: list[Value] = [say("review.findings", list=_listed(found)) if found else say("review.clean")]
    return [*made, say("review.notes", list=_listed(notes))] if notes else made


def same_nib(visit: Visit, product: Product, business: Business) -> list[Value]:
    """Who else claims the NIB, as far as this officer may see them."""
    rivals = rivals_of(visit.session, business) if "nib_twice" in map(code_of, product.findings) else []
    if not rivals:
        return []
    seen = [say("review.rival", name=one.name, place=name_of(one.region)) for one in rivals if sees(visit.offices, one.region)]
    elsewhere = [say("review.rival_elsewhere")] if len(seen) < len(rivals) else []
    return [say("review.same_nib", list=joined([*seen, *elsewhere], "; "))]


def _listed(findings: Sequence[str]) -> Value:
    return joined([finding_words(code_of(finding)) for finding in findings], "; ")


def changes(visit: Visit, product: Product) -> list[Value]:
    """Before and after of what a fix changed."""
    made: list[Value] = []
    for column, old in product.before.items():
        if column == "photos":
            made.append(say("review.changed_photos", before=len(old), after=len(product.photos)))
        elif column in TOLD and not (column == "unit" and "price" in product.before):
            before = value_words(column, old, product.before.get("unit", product.unit))
            if column in ("halal", "kbli") and old in (None, ""):
                before = say("review.unasked")  # nobody had asked: that is not the same as "belum ada"
            after = value_words(column, getattr(product, column), product.unit)
            made.append(say("review.changed", field=label(column), before=before, after=after))
    return [say("review.since_fix"), *made] if made else []


def label(column: str) -> Value:
    """As the vendor's own question names it."""
    step = STEP_OF.get(column, column)
    return say(f"product.{step}.label" if has(f"product.{step}.label") else f"extras.{step}.label")


def value_words(column: str, value: Any, unit: str) -> Value:
    if value in (None, "", {}):
        return say("common.none")
    if column == "price":
        return say("review.price", price=rupiah(int(value)), unit=unit)
    if column == "licence":
        return licence_words(value)
    if column in ("halal", "kbli"):
        return say(f"extras.{column}.is_{value}") if has(f"extras.{column}.is_{value}") else str(value)
    if column == "scope":
        return name_of(value) or str(value)
    if column == "etalase":
        return etalases()[value].name if value in etalases() else str(value)
    return fit(str(value), 120)


def pictures(visit: Visit, product: Product) -> tuple[str, ...]:
    """One contact sheet; after a fix the old photos stand beside the new ones."""
    new = [photo["name"] for photo in product.photos]
    old = [photo["name"] for photo in product.before.get("photos", [])]
    if not old:
        return sheet([(str(place), name) for place, name in enumerate(new, 1)])
    mark = {key: template(f"review.sheet_{key}", visit.person.locale) for key in ("old", "new")}
    pairs = [(key, place, name) for key, names in (("old", old), ("new", new)) for place, name in enumerate(names, 1)]
    return sheet([(mark[key].format(n=place), name) for key, place, name in pairs])


def buttons(product: Product) -> list[Option]:
    id, revision = product.id or 0, product.revision
    more = [command("photos", id, revision), command("full", id, revision)]
    if product.status not in WAITING:
        return [*more, command("queue")]
    flags = flags_of_findings(product)
    back = [command("send_back", id, revision, label=say("review.send_back", n=len(flags)))] if flags else []
    return [command("approve", id, revision), command("flag", id, revision), *back, command("reject", id, revision), *more]


@officers_only
def photos(visit: Visit, subject: str, version: int) -> Outcome:
    found = in_reach(visit, subject)
    if found is None:
        return Aside(Message("review.not_here"))
    product, _ = found
    names = tuple(photo["name"] for photo in product.photos)
    return Message("review.photos", {"name": product.name, "n": len(names)}, (back_to(product),), names)


@officers_only
def full(visit: Visit, subject: str, version: int) -> Outcome:
    found = in_reach(visit, subject)
    if found is None:
        return Aside(Message("review.not_here"))
    product, business = found
    vendor = visit.session.get(Person, product.person_id)
    parts = [
        *facts_of(visit, product, business, product.details),
        say(
            "review.contact",
            person=vendor.call_name if vendor else "-",
            phone=shown_phone(business.phone) if business.phone else "-",
            street=business.street or "-",
        ),
        say("review.scope", place=name_of(product.scope) or say("option.nation"), role=business.role),
        *findings(product),
    ]
    params: dict[str, Value] = {"name": product.name, "price": rupiah(product.price), "unit": product.unit, "parts": lines(parts)}
    return Message("review.card", params, (back_to(product),))


def back_to(product: Product) -> Option:
    return command("review", product.id or 0, product.revision, label=say("review.back_to_card"))


COMMANDS = {"review": review, "photos": photos, "full": full}
