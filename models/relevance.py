"""How well a call fits a person's products, and why: the one question that alerts, search and officers ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pyroaring import BitMap
from sqlalchemy import func, select
from sqlmodel import Session, col

from models.call import Call
from models.fit import PARTS, SMALL_ONLY
from models.judging import Asking, Judged, all_answers, ask, best_of, everybody, last_product, tellable
from models.places import name_of
from models.product import APPROVED, Product
from models.proposing import in_common, propose
from models.shelf import FITTING, Shelf, shelf_of
from models.wording import spoken

ENOUGH = 0.4
"""From this score on somebody is told who has not moved the own threshold: a product of the category, in reach, and little against it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` names a text `call.why_<key>`, `params` what stands in it: `Reason("words", {"words": "nasi kotak"})`."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


LIKED_SUCH, MEANT, FOR_SMALL, CAN_MAKE = Reason("liked"), Reason("small_meant"), Reason("small"), Reason("value")


@dataclass(frozen=True, slots=True)
class Match:
    """A person with the product that fits best. `score` 0 to 1; `why` is the reason not to tell: LARGE, or as in `models.matching`."""

    person_id: int
    zone: str
    product_id: int
    product: str
    approved: bool
    score: float
    reasons: tuple[Reason, ...]
    why: str = ""


def rank(session: Session, call: Call, product_id: int = 0, most: int = 0, besides: Collection[int] = ()) -> list[Match]:
    """Everybody with a product that may fit, the best first; of one product when it is named; without the persons `besides`.

    With `most`, as many at most, and only those who may be told: found through the shelf of the session where it has one.
    """
    asking = ask(call, last_product(session))
    shelf = shelf_of(session) if most and not product_id else None
    if shelf:
        return _in_words(asking, _nearest(session, shelf, asking, most, frozenset(besides)), most)
    found = [one for one in everybody(session, asking, product_id) if one.person_id not in besides]
    return _in_words(asking, [one for one in found if not (most and one.why)], most)


def rank_all(session: Session, calls: Sequence[tuple[Call, int]]) -> Iterator[tuple[Call, list[Match]]]:
    """Each call with how many at most, as `rank` does; what people answered to earlier ones is read once for all that need all of it."""
    shelf, last = shelf_of(session), last_product(session)
    said = all_answers(session) if any(not (shelf and most) for _, most in calls) else {}
    for call, most in calls:
        asking = ask(call, last)
        if shelf and most:
            yield call, _in_words(asking, _nearest(session, shelf, asking, most, ()), most)
            continue
        found = everybody(session, asking, said=said)
        yield call, _in_words(asking, [one for one in found if not (most and one.why)], most)


def _in_words(asking: Asking, found: list[Judged], most: int = 0) -> list[Match]:
    found.sort(key=lambda one: (-one.points, asking.turn(one.offer.product_id), one.person_id))
    return [match(asking, one) for one in (found[:most] if most else found)]


def offers(session: Session) -> dict[str, int]:
    """How many products there are of each etalase, but for the few that the shelf has not taken up yet."""
    if shelf := shelf_of(session):
        with shelf.lock:
            shelf.missed(session)
            return {code: len(found) for code, found in shelf.sets["category"].items()}
    rows = select(col(Product.etalase), func.count().label("many")).where(col(Product.status).in_(FITTING)).group_by(col(Product.etalase))
    return {row.etalase: row.many for row in session.execute(rows)}


# --- through the shelf ---


def _nearest(session: Session, shelf: Shelf, asking: Asking, most: int, besides: Collection[int]) -> list[Judged]:
    """At least the best ones: the shelf proposes in the order of the points there may be, the rows decide, until no other can be better."""
    with shelf.lock:
        missed = BitMap(shelf.missed(session))
        best = tellable(session, asking, list(missed), besides)
        proposed = (
            (bound, id)
            for bound, group in propose(shelf.sets, asking.wanted)
            for id in _in_turn(group - missed if missed else group, asking.start)
        )
        ahead, size = next(proposed, None), most * 7 // 5 + 8
        while ahead and not _done(asking, best, most, *ahead):
            batch = [ahead[1], *(id for _, id in islice(proposed, size - 1))]
            found = tellable(session, asking, batch, besides, in_common(shelf.sets, asking.wanted, batch))
            best = best_of(asking, [*best.values(), *found.values()])
            ahead, size = next(proposed, None), max(most // 4, (most - len(best)) * 2) + 8
    return list(best.values())


def _in_turn(group: BitMap, start: int) -> Iterator[int]:
    yield from group.iter_equal_or_larger(start)
    for id in group:
        if id >= start:
            return
        yield id


def _done(asking: Asking, best: Mapping[int, Judged], most: int, bound: int, product_id: int) -> bool:
    """Whether so many are better than whatever comes now."""
    following = (-bound, asking.turn(product_id))
    return sum((-one.points, asking.turn(one.offer.product_id)) < following for one in best.values()) >= most


# --- in words ---


def match(asking: Asking, one: Judged) -> Match:
    offer, reasons = one.offer, tuple(_reasons(asking, one))
    return Match(one.person_id, one.zone, offer.product_id, offer.name, offer.status == APPROVED, one.score, reasons, one.why)


def _reasons(asking: Asking, one: Judged) -> Iterator[Reason]:
    asked, offer, gained = asking.wanted, one.offer, one.parts
    words = spoken(f"{offer.name} {offer.details}", one.terms) if one.terms else ""
    yield Reason("words", {"words": words, "product": offer.name}) if words else Reason("category", {"product": offer.name})
    if gained["taste"] > 0:
        yield LIKED_SUCH
    if gained["place"] and asked.places[0]:
        close = offer.region in asked.places
        yield Reason("near", {"place": name_of(offer.region)}) if close else Reason("reach", {"place": name_of(asked.places[0])})
    if asked.small and offer.size != "menengah":
        yield FOR_SMALL if asked.small == SMALL_ONLY else MEANT
    if asked.worth and gained["value"] == PARTS["value"]:
        yield CAN_MAKE
    if offer.status != APPROVED:
        yield Reason("waiting", {"product": offer.name})
