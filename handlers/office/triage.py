"""The officer's morning: how much waits and of which kind, and the numbered lists behind each count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlmodel import Session, col, select

from handlers.office.door import officers_only, put_aside
from handlers.visit import Outcome, Visit, command
from messages import Message, Option, Value, has, joined, lines, rupiah, say
from messages.rendering import fit
from models.business import Business
from models.contact import Officer, offices
from models.places import name_of
from models.post import gather, notify
from models.product import Product
from models.review import CLEAN, KINDS, LATE, Waiting, code_of, keep_list, of_kind, serious, tally, waiting

PAGE = 8
"""Products on a page: with the two buttons below them a list of ten rows."""
NAMED = 2
"""Findings told in a line of the list; the card has them all."""


def triage(session: Session, now: datetime) -> int:
    """Queues the morning's message for every officer who has something to look at, and says for how many."""
    told = 0
    for person_id in sorted(set(session.exec(select(Officer.person_id)))):
        gather(session, [person_id], "queue")
        rows = waiting(session, offices(session, person_id))
        if rows:
            told += notify(session, person_id, overview(rows, now), now, bundle="queue", expires_at=now + timedelta(hours=12))
    return told


def overview(rows: Sequence[Waiting], now: datetime) -> Message:
    if not rows:
        return Message("review.nothing", {}, (command("menu"),))
    counts = tally(rows, now)
    options = [command("queue", kind, label=say(f"review.open_{kind}", n=counts[kind])) for kind in (*KINDS, LATE) if counts[kind]]
    return Message("review.triage", {"n": len(rows), **counts}, tuple(options))


@officers_only
def queue(visit: Visit, subject: str, version: int) -> Outcome:
    """antrean: the counts; with a kind as subject its list, `version` being the page."""
    kept = put_aside(visit)
    rows = waiting(visit.session, visit.offices)
    if subject not in (*KINDS, LATE):
        return overview(rows, visit.now).after(kept)
    chosen = of_kind(rows, subject, visit.now)
    if not chosen:
        return overview(rows, visit.now).after(Message(f"review.none_{subject}")).after(kept)
    start = version * PAGE if version * PAGE < len(chosen) else 0
    return shortlist(visit, subject, chosen, start).after(kept)


def shortlist(visit: Visit, kind: str, chosen: Sequence[Waiting], start: int) -> Message:
    """One page, numbered on from the page before, so that a number never means two products of one list."""
    page = chosen[start : start + PAGE]
    found = products(visit.session, [row.product_id for row in page])
    numbered = [(start + place, *found[row.product_id]) for place, row in enumerate(page, 1)]
    stamp = keep_list(visit.session, visit.person_id, kind, [[number, one.id or 0, one.revision] for number, one, _ in numbered])
    options = [open_button(number, one) for number, one, _ in numbered]
    if kind == CLEAN:
        options.append(command("approve_all", 0, stamp, label=approve_label(start + 1, len(page), len(chosen))))
    if start + PAGE < len(chosen):
        options.append(command("queue", kind, start // PAGE + 1, label=say("option.more")))
    params: dict[str, Value] = {
        "span": span(start + 1, len(page)), "n": len(chosen), "kind": say(f"review.kind_{kind}"),
        "list": lines(vendor_lines(numbered)),
    }  # fmt: skip
    return Message("review.list_clean" if kind == CLEAN else "review.list", params, tuple(options), collage(numbered))


def approve_label(first: int, n: int, total: int) -> Value:
    """The button is about the page: "Setujui semua" only where the page is all there is."""
    return say("option.approve_all") if n == total else say("review.approve_page", span=span(first, n))


def span(first: int, n: int) -> str:
    """ "9-11", or "9" alone."""
    return f"{first}-{first + n - 1}" if n > 1 else str(first)


def products(session: Session, ids: Sequence[int]) -> dict[int, tuple[Product, Business]]:
    rows = select(Product, Business).join(Business, col(Business.id) == col(Product.business_id)).where(col(Product.id).in_(ids))
    return {product.id or 0: (product, business) for product, business in session.exec(rows)}


def open_button(number: int, product: Product) -> Option:
    """The whole name once: on the button, or below it where it had to be cut."""
    short = fit(product.name, 16)
    detail = "" if short == product.name else fit(product.name, 60)
    return command("review", product.id or 0, product.revision, label=say("review.pick", n=number, name=short), detail=detail)


def vendor_lines(numbered: Sequence[tuple[int, Product, Business]]) -> list[Value]:
    """The vendor once, the products below."""
    made: list[Value] = []
    for _, group in groupby(numbered, key=lambda row: row[2].id):
        several = list(group)
        business = several[0][2]
        made.append(say("review.vendor", name=business.name, place=name_of(business.region)))
        made += [item(number, product) for number, product, _ in several]
    return made


def item(number: int, product: Product) -> Value:
    """A line of the list, with what was found. A product whose KBLI nobody confirmed can be approved with the others, but not unseen."""
    found = serious(product.findings)
    key = "review.item_found" if found else "review.item_noted" if product.findings else "review.item"
    told: list[Value] = [finding_words(code_of(finding)) for finding in found[:NAMED]]
    if len(found) > NAMED:
        told.append(say("review.findings_more", n=len(found) - NAMED))
    return say(key, number=number, name=fit(product.name, 50), price=rupiah(product.price), unit=product.unit, findings=joined(told, ", "))


def finding_words(code: str) -> Value:
    """A code that this release does not know is named as it is."""
    return say(f"finding.{code}") if has(f"finding.{code}") else say("finding.other", code=code)


def collage(numbered: Sequence[tuple[int, Product, Business]]) -> tuple[str, ...]:
    return sheet([(str(number), product.photos[0]["name"]) for number, product, _ in numbered if product.photos])


def sheet(labelled: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """(label, stored picture) pairs as one contact sheet, made when it is sent; a single picture stays as it is."""
    if len(labelled) <= 1:
        return tuple(name for _, name in labelled)
    return ("sheet:" + ",".join(f"{label}={name}" for label, name in labelled),)


COMMANDS = {"queue": queue}
