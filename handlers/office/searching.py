"""cari siti: a vendor with all products in one answer; and the recap to paste for the boss."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.office.door import officers_only
from handlers.office.triage import open_button
from handlers.reading.identifiers import shown_phone
from handlers.visit import Aside, Outcome, Visit, command
from messages import Message, Value, day, joined, lines, moment, say
from messages.rendering import fit
from models.business import Business
from models.conversation import current_of
from models.directory import find, of_business, people_of
from models.places import name_of
from models.product import APPROVED, IN_REVIEW, NEEDS_FIX, REJECTED, SUBMITTED, Product
from models.recap import by_region, since

MOST = 3
"""Vendors in one answer; more ask for more words."""
PRODUCTS = 5
"""Of each, when there are several; a vendor alone is shown with as many as there are buttons."""
BUTTONS = 9


def search(visit: Visit, text: str, answering: bool = False) -> Outcome | None:
    """None while a question is open (`answering`) and nobody is found: then the words were the answer."""
    found = find(visit.session, visit.offices, text, MOST)
    if not found:
        if answering:
            return None
        busy = current_of(visit.session, visit.person_id) is not None
        return Aside(Message("review.not_found_here" if busy else "review.not_found", {"text": fit(text, 60)}, (command("queue"),)))
    numbered: list[tuple[int, Product]] = []
    cards: list[Value] = []
    for business in found[:MOST]:
        rows = of_business(visit.session, business.id or 0)
        shown = rows[: PRODUCTS if len(found) > 1 else BUTTONS]
        pairs = [(len(numbered) + place, product) for place, product in enumerate(shown, 1)]
        numbered += pairs
        cards.append(vendor_card(visit, business, pairs, len(rows)))
    if len(found) > MOST:
        cards.append(say("review.more_found"))
    return Message("review.found", {"cards": joined(cards, "\n\n")}, tuple(open_button(*pair) for pair in numbered[:BUTTONS]))


def vendor_card(visit: Visit, business: Business, pairs: list[tuple[int, Product]], total: int) -> Value:
    people = [person.call_name for person in people_of(visit.session, business.id or 0) if person.call_name]
    called = joined(people, ", ")
    owner = say("review.found_owner", owner=business.owner or "-", called=called) if people else business.owner or "-"
    head = say("review.found_vendor", name=business.name, place=name_of(business.region), owner=owner,
               phone=shown_phone(business.phone) if business.phone else "-", nib=business.nib or say("common.none"))  # fmt: skip
    listed = [say("review.found_product", number=number, name=fit(product.name, 50), status=state(product)) for number, product in pairs]
    rest = [say("decision.others", n=total - len(pairs))] if total > len(pairs) else []
    return lines([head, *listed, *rest])


def state(product: Product) -> Value:
    return say("review.state", status=say(f"review.is_{product.status}"), at=moment(product.updated_at))


@officers_only
def recap(visit: Visit, subject: str, version: int) -> Outcome:
    """Ready to paste: this week, then each region."""
    start = week_of(visit.now, visit.person.zone)
    week, regions = since(visit.session, visit.offices, start), by_region(visit.session, visit.offices)
    rows = [
        say("review.recap_region", region=name_of(region) or "-", waiting=counts.get(SUBMITTED, 0) + counts.get(IN_REVIEW, 0),
            approved=counts.get(APPROVED, 0), fix=counts.get(NEEDS_FIX, 0), rejected=counts.get(REJECTED, 0))
        for region, counts in regions.items()
    ]  # fmt: skip
    local = visit.now.astimezone(ZoneInfo(visit.person.zone)).date()
    counted = {name: week.get(name, 0) for name in ("came", "approved", "fix", "rejected")}
    params: dict[str, Value] = {"first": day(start.astimezone(ZoneInfo(visit.person.zone)).date()), "last": day(local), **counted}
    return Message("review.recap", params | {"regions": lines(rows) if rows else say("common.none")})


def week_of(now: datetime, zone: str) -> datetime:
    """Monday 00.00 of the officer's own clock."""
    local = now.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=local.weekday())


COMMANDS = {"recap": recap}
