"""How well a call fits a person's products, and why: the one question that alerts, search and officers ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zlib import crc32

from pyroaring import BitMap
from sqlalchemy import func, select
from sqlmodel import Session, col

from models.audience import why_not
from models.business import Business, Membership
from models.call import INTERESTED, UNRELATED, Call, CallNotice
from models.contact import Person
from models.fit import DISLIKED, LIKED, PARTS, SMALL_ONLY, WHOLE, Offer, Wanted, near, points, serving, shared_terms, wanted
from models.matching import FAR, OFF, shared
from models.places import name_of
from models.product import APPROVED, Product
from models.shelf import OFFERS, Shelf, shelf_of
from models.wording import spoken, terms

LARGE = "large"
"""The reason of those whose firm is too large for a call that is reserved for small ones."""
ENOUGH = 0.4
"""From this score on somebody is told who has not moved the own threshold: a product of the category, in reach, and little against it."""
AGAINST = {OFF: 1, LARGE: 2, FAR: 3}
"""What is against a product and not against its person, the weaker first."""
RING = 1 << 32


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` names a text `call.why_<key>`, `params` what stands in it: `Reason("words", {"words": "nasi kotak"})`."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to another call, told because of a product."""

    product_id: int
    word: str
    title: str
    etalase: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asking:
    """A call with what is compared. Of equal scores those go first whose products follow `start`, so that it is not always the same."""

    call: Call
    wanted: Wanted
    start: int

    def turn(self, product_id: int) -> int:
        return (product_id - self.start) % RING


@dataclass(frozen=True, slots=True)
class Judged:
    """One product of one person; `points` of a thousand, with what the person's answers add or take."""

    offer: Offer
    person_id: int
    zone: str
    why: str
    points: int
    liked: int


Key = tuple[int, int, int]


def rank(session: Session, call: Call, product_id: int = 0, most: int = 0, besides: Collection[int] = ()) -> list[Match]:
    """Everybody with a product that may fit, the best first; of one product when it is named; without the persons `besides`.

    With `most`, as many at most, and only those who may be told: found through the shelf of the session where it has one.
    """
    asking = _asking(session, call)
    shelf = shelf_of(session) if most and not product_id else None
    if shelf:
        found = _nearest(session, shelf, asking, most, frozenset(besides))
    else:
        found = [one for one in _everybody(session, asking, product_id) if one.person_id not in besides and not (most and one.why)]
    found.sort(key=lambda one: (-one.points, asking.turn(one.offer.product_id), one.person_id))
    return [_match(asking, one) for one in (found[:most] if most else found)]


def _asking(session: Session, call: Call) -> Asking:
    last = int(session.execute(select(func.max(col(Product.id)))).scalar_one() or 0)
    return Asking(call, wanted(call), crc32(str(call.id).encode()) % (last + 1))


# --- looking at the rows ---

_PEOPLE = (
    OFFERS.add_columns(col(Person.id), col(Person.zone), why_not())
    .join(Membership, col(Membership.business_id) == col(Business.id))
    .join(Person, col(Person.id) == col(Membership.person_id))
)
_ANSWERS = (
    select(col(CallNotice.person_id), col(CallNotice.product_id), col(CallNotice.answer), col(Call.title), col(Call.etalase))
    .join(Call, col(Call.id) == col(CallNotice.call_id))
    .where(col(CallNotice.answer).in_((INTERESTED, UNRELATED)))
)


def _everybody(session: Session, asking: Asking, product_id: int) -> list[Judged]:
    rows = _PEOPLE.where(col(Product.etalase).in_(asking.wanted.etalase))
    found = session.execute(rows.where(col(Product.id) == product_id) if product_id else rows).all()
    people = {row[10] for row in found} if product_id else None
    return list(_best(asking, _judged(asking, found, _answers(session, asking, people))).values())


def _answers(session: Session, asking: Asking, people: Collection[int] | None) -> Mapping[int, Sequence[Answer]]:
    """By person, of these people or of all."""
    rows = _ANSWERS.where(col(CallNotice.call_id) != (asking.call.id or 0))
    found: dict[int, list[Answer]] = defaultdict(list)
    for person, product, word, title, etalase in session.execute(
        rows if people is None else rows.where(col(CallNotice.person_id).in_(people))
    ):
        found[person].append(Answer(product or 0, word, title, etalase))
    return found


def _judged(asking: Asking, rows: Iterable[Any], answers: Mapping[int, Sequence[Answer]]) -> Iterator[Judged]:
    for row in rows:
        offer, (person, zone, why) = Offer._make(row[:10]), row[10:]
        own = answers.get(person, ())
        liked = taste(asking.wanted, own)
        yield Judged(offer, person, zone, _why(asking, offer, why, own), sum(points(asking.wanted, offer).values()) + liked, liked)


def taste(asked: Wanted, answers: Iterable[Answer]) -> int:
    """What a person's answers to calls of the same etalase add or take, in points: half for the etalase, half for words in common."""
    total = 0
    for one in answers:
        if set(one.etalase) & set(asked.etalase):
            alike = LIKED // 2 + min(2, len(asked.terms.keys() & set(terms(one.title)))) * LIKED // 4
            total += alike if one.word == INTERESTED else -alike
    return max(DISLIKED, min(LIKED, total))


def _why(asking: Asking, offer: Offer, why: str, answers: Iterable[Answer]) -> str:
    if not near(asking.wanted, offer.region) and offer.scope not in serving(asking.wanted):
        return FAR
    if asking.wanted.small == SMALL_ONLY and offer.size == "menengah":
        return LARGE
    no = any(one.word == UNRELATED and one.product_id == offer.product_id for one in answers)
    return why or (OFF if no and not shared(asking.call.title, offer.name) else "")


def _best(asking: Asking, found: Iterable[Judged]) -> dict[int, Judged]:
    """By person: what may be told before what may not, then what fits better."""
    best: dict[int, tuple[Key, Judged]] = {}
    for one in found:
        key = (AGAINST.get(one.why, 0), -one.points, asking.turn(one.offer.product_id))
        if one.person_id not in best or key < best[one.person_id][0]:
            best[one.person_id] = key, one
    return {person: one for person, (_, one) in best.items()}


# --- through the shelf ---


def _nearest(session: Session, shelf: Shelf, asking: Asking, most: int, besides: Collection[int]) -> list[Judged]:
    """At least the best ones: the shelf proposes in the order of the points there may be, the rows decide, until no other can be better."""
    with shelf.lock:
        missed = BitMap(shelf.missed(session.connection()))
        best = _told(session, asking, list(missed), besides)
        proposed = ((bound, id) for bound, group in shelf.best(asking.wanted) for id in _in_turn(group - missed, asking.start))
        ahead, size = next(proposed, None), most + most // 4 + 8
        while ahead and not _done(asking, best, most, *ahead):
            batch = [ahead[1], *(id for _, id in islice(proposed, size - 1))]
            best = _best(asking, [*best.values(), *_told(session, asking, batch, besides).values()])
            ahead, size = next(proposed, None), size * 2
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


def _told(session: Session, asking: Asking, products: Collection[int], besides: Collection[int]) -> dict[int, Judged]:
    """Of these products, as they are now, those whose people may be told."""
    if not products:
        return {}
    rows = _PEOPLE.where(col(Product.id).in_(products), col(Product.etalase).in_(asking.wanted.etalase))
    found = [row for row in session.execute(rows) if not row[12] and row[10] not in besides]
    answers = _answers(session, asking, {row[10] for row in found})
    return _best(asking, (one for one in _judged(asking, found, answers) if not one.why))


# --- in words ---


def _match(asking: Asking, one: Judged) -> Match:
    offer, score = one.offer, max(0, min(WHOLE, one.points)) / WHOLE
    reasons = tuple(_reasons(asking, one))
    return Match(one.person_id, one.zone, offer.product_id, offer.name, offer.status == APPROVED, score, reasons, one.why)


def _reasons(asking: Asking, one: Judged) -> Iterator[Reason]:
    asked, offer, gained = asking.wanted, one.offer, points(asking.wanted, one.offer)
    words = spoken(f"{offer.name} {offer.details}", shared_terms(asked, offer))
    yield Reason("words", {"words": words, "product": offer.name}) if words else Reason("category", {"product": offer.name})
    if one.liked > 0:
        yield Reason("liked")
    if gained["place"]:
        close = near(asked, offer.region) and offer.region in asked.places
        yield Reason("near", {"place": name_of(offer.region)}) if close else Reason("reach", {"place": name_of(asked.places[0])})
    if asked.small and offer.size != "menengah":
        yield Reason("small" if asked.small == SMALL_ONLY else "small_meant")
    if asked.worth and gained["value"] == PARTS["value"]:
        yield Reason("value")
    if offer.status != APPROVED:
        yield Reason("waiting", {"product": offer.name})
