"""Sending a price list: what is sure and has a photo goes to the officers, the rest is kept as drafts, and both are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.business import ASKED, TOLD, nib_of
from handlers.card import found_in
from handlers.derived import complete
from handlers.dialogue import Answers
from handlers.pricelist.details import description, licence_needed, told_of
from handlers.pricelist.lines import Item, doubts, kept, row
from handlers.pricelist.photos import photos_of
from handlers.said import Facts
from handlers.submission import keep, tell_officers
from handlers.vendor import chosen, facts
from handlers.visit import Begin, Outcome, Visit, command
from messages import Message, Value, lines, say
from models.business import Business
from models.contact import consented
from models.conversation import Conversation, begin
from models.etalase import fits_kbli
from models.product import Product, place_in_queue

KEPT = ("which", "capacity", "lead", *(step.key for step in (*ASKED, *TOLD)))
"""What a product that stays behind takes along: also the business, which nobody wants to type again."""
SHOWN = 15
"""So many lines of a list are shown on its card."""
OF_LISTS = ("fix_", "photo_", "check", "numbers", "units", "albums", "kbli")
"""Answers that say nothing of a single product."""


def lacking(answers: Answers, facts: Facts, item: Item) -> str:
    """Why a product cannot go along, "" when it can."""
    if item.problem:
        return item.problem
    if not item.etalase:
        return "group"
    return "" if photos_of(answers, item) else "photo"


def sendable(answers: Answers, facts: Facts) -> list[Item]:
    return [item for item in kept(answers, facts) if not lacking(answers, facts, item)]


def shown_rows(answers: Answers, facts: Facts) -> Value:
    found = sendable(answers, facts)
    rows = [row(item) for item in found[:SHOWN]]
    return lines([*rows, say("pricelist.and_more", n=len(found) - SHOWN)] if len(found) > SHOWN else rows)


def waiting_rows(answers: Answers, facts: Facts) -> Value:
    """What stays behind, with the reason in a few words."""
    left = [(item.number, lacking(answers, facts, item)) for item in kept(answers, facts) if lacking(answers, facts, item)]
    return say("pricelist.waiting", rows=doubts(left)) if left else ""


def answers_for(answers: Mapping[str, Any], known: Facts, item: Item) -> dict[str, Any]:
    """The answers a registration of this one product would have had."""
    shared = {key: value for key, value in answers.items() if not key.startswith(OF_LISTS)}
    own = {"name": item.name, "price": dict(item.price), "photos": photos_of(answers, item), "etalase": item.etalase,
           "details": description(answers, item), "pirt": _licence(answers, known, item)}  # fmt: skip
    return complete({**shared, **own, **kbli_for_item(answers, known, item)}, known)


def _licence(answers: Mapping[str, Any], known: Facts, item: Item) -> Any:
    return told_of(answers.get("pirt"), item) if licence_needed(item, known) else None


def kbli_for_item(answers: Mapping[str, Any], known: Facts, item: Item) -> dict[str, Any]:
    """The one answer about KBLI counts for the etalase it was asked of; of the others nobody knows yet."""
    codes = chosen(answers, known).get("kbli") or []
    if not codes or fits_kbli(item.etalase, codes):
        return {}
    if answers.get("kbli") and answers.get("kbli_etalase", item.etalase) == item.etalase:
        return {key: answers[key] for key in ("kbli", "kbli_codes") if answers.get(key)}
    return {"kbli": "unknown"}


def send(visit: Visit, conversation: Conversation) -> Outcome:
    """Every product that can go along becomes a row; the others become drafts."""
    known = facts(visit, conversation.about)
    answers = conversation.answers
    if not nib_of(answers, known):
        return Begin("pricelist", {key: value for key, value in answers.items() if key != "confirm"}, conversation.about, ("nib",),
                     Message("product.nib_first"))  # fmt: skip
    sent: list[Product] = []
    left: list[tuple[Item, str]] = []
    for item in kept(answers, known):
        reason = lacking(answers, known, item)
        product = None if reason else _sent(visit, answers, item, conversation)
        if product:
            sent.append(product)
            answers = {**answers, "which": str(product.business_id)}
        else:
            left.append((item, reason or "stopped"))
    for item, _ in left:
        _keep_draft(visit, answers, item)
    if sent:
        tell_officers(visit, visit.session.get_one(Business, sent[0].business_id))
    return _said(visit, sent, left)


def _sent(visit: Visit, answers: Mapping[str, Any], item: Item, conversation: Conversation) -> Product | None:
    """The row of one product; None where a check stops it. The facts are read anew: the first product may have made the business."""
    known = facts(visit, conversation.about)
    whole = answers_for(answers, known, item)
    if any(one.level == "R" for one in found_in(whole, known)):
        return None
    return keep(visit, whole, known, {})


def _keep_draft(visit: Visit, answers: Mapping[str, Any], item: Item) -> None:
    told: dict[str, Any] = {key: answers[key] for key in KEPT if answers.get(key)}
    told |= {"photos": photos} if (photos := photos_of(answers, item)) else {}
    told |= {"name": item.name} if len(item.name) >= 5 else {}
    told |= {"price": dict(item.price)} if item.price["unit"] and item.price["amount"] and not item.problem else {}
    told |= {"details": description(answers, item)} if told_of(answers.get("details"), item) else {}
    told |= {"pirt": told_of(answers["pirt"], item)} if "pirt" in answers and licence_needed(item, facts(visit, {})) else {}
    told |= {"amount": item.price["amount"]} if item.problem in ("no_unit", "which_unit") else {}
    begin(visit.session, visit.person_id, "product", visit.now, told, {}).current = False
    visit.session.flush()


def _said(visit: Visit, sent: Sequence[Product], left: Sequence[tuple[Item, str]]) -> Outcome:
    rows = doubts([(item.number, reason) for item, reason in left])
    kept_words = say("pricelist.kept", n=len(left), rows=rows) if left else ""
    if not sent:
        return Message("pricelist.none_sent", {"kept": kept_words}, (command("go"), command("menu")))
    place = place_in_queue(visit.session, sent[0])
    done = Message("pricelist.sent", {"n": len(sent), "place": place, "kept": kept_words})
    if consented(visit.session, visit.person_id, "announcements"):
        options = (command("go"),) if left else ()
        return Message(done.key, done.params, (*options, command("products"), command("menu")))
    return Begin("extras", about={"product": sent[0].id, "list": True}, lead=done)
