"""How well a call fits a person's products, and why: the one question that alerts, search and officers ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zlib import crc32

from pyroaring import BitMap
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from models.audience import why_not
from models.business import Business, Membership
from models.call import INTERESTED, UNRELATED, Call, CallNotice
from models.contact import Person
from models.fit import DISLIKED, LIKED, PARTS, SMALL_ONLY, WHOLE, Offer, Wanted, in_common, near, points, wanted
from models.matching import FAR, LARGE, OFF, shared
from models.places import name_of
from models.prepared import LISTED, Prepared, listed
from models.product import APPROVED, Product
from models.shelf import FITTING, OFFERS, Shelf, shelf_of
from models.wording import spoken, terms

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
    """One product of one person; `points` of a thousand are the sum of the parts, among them what the person's answers add or take."""

    offer: Offer
    person_id: int
    zone: str
    why: str
    points: int
    parts: Mapping[str, int]
    terms: Sequence[str]


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
    last = LAST(session)[0].id or 0
    return Asking(call, wanted(call), crc32(str(call.id).encode()) % (last + 1))


# --- looking at the rows ---

_PEOPLE = (
    OFFERS.add_columns(col(Person.id).label("person_id"), col(Person.zone), why_not().label("why"))
    .join(Membership, col(Membership.business_id) == col(Business.id))
    .join(Person, col(Person.id) == col(Membership.person_id))
)
_ANSWERS = (
    select(col(CallNotice.person_id), col(CallNotice.product_id), col(CallNotice.answer), col(Call.title), col(Call.etalase))
    .join(Call, col(Call.id) == col(CallNotice.call_id))
    .where(col(CallNotice.answer).in_((INTERESTED, UNRELATED)), col(CallNotice.call_id) != bindparam("besides"))
)
LAST = Prepared(select(func.max(col(Product.id)).label("id")))
PEOPLE = {name: Prepared(_PEOPLE.where(listed(col(Product.id), name))) for name in LISTED}
ANSWERS = {name: Prepared(_ANSWERS.where(listed(col(CallNotice.person_id), name))) for name in LISTED}
"""By the name of the database."""


def _everybody(session: Session, asking: Asking, product_id: int) -> list[Judged]:
    rows = _PEOPLE.where(col(Product.etalase).in_(asking.wanted.etalase), col(Product.status).in_(FITTING))
    found = session.execute(rows.where(col(Product.id) == product_id) if product_id else rows).all()
    said = _answers(session, asking, {row.person_id for row in found}) if product_id else _all_answers(session, asking)
    return list(_best(asking, _judged(asking, found, said)).values())


def _all_answers(session: Session, asking: Asking) -> Mapping[int, Sequence[Answer]]:
    return _by_person(session.execute(_ANSWERS, {"besides": asking.call.id or 0}))


def _answers(session: Session, asking: Asking, people: Collection[int]) -> Mapping[int, Sequence[Answer]]:
    name = session.get_bind().dialect.name
    return _by_person(ANSWERS[name](session, besides=asking.call.id or 0, listed=LISTED[name](people)) if people else ())


def _by_person(rows: Iterable[Any]) -> Mapping[int, Sequence[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    for person, product, word, title, etalase in rows:
        found[person].append(Answer(product or 0, word, title, etalase))
    return found


def _judged(asking: Asking, rows: Iterable[Any], answers: Mapping[int, Sequence[Answer]]) -> Iterator[Judged]:
    for row in rows:
        offer, (person, zone, why) = Offer._make(row[:10]), row[10:]
        own = answers.get(person, ())
        halves, shared = in_common(asking.wanted, offer)
        parts = points(asking.wanted, offer, halves)
        parts["taste"] = taste(asking.wanted, own) if own else 0
        yield Judged(offer, person, zone, _why(asking, offer, parts, why, own), sum(parts.values()), parts, shared)


def taste(asked: Wanted, answers: Iterable[Answer]) -> int:
    """What a person's answers to calls of the same etalase add or take, in points: each half for that and half for words in common.

    The nearest call that was liked counts, and all of those that were not.
    """
    likes, dislikes = 0, 0
    for one in answers:
        if set(one.etalase) & set(asked.etalase):
            alike = LIKED // 2 + min(2, len(asked.terms.keys() & set(terms(one.title)))) * LIKED // 4
            likes, dislikes = (max(likes, alike), dislikes) if one.word == INTERESTED else (likes, dislikes - alike)
    return likes + max(DISLIKED, dislikes)


def _why(asking: Asking, offer: Offer, parts: Mapping[str, int], why: str, answers: Iterable[Answer]) -> str:
    if not parts["place"]:
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
        ahead, size = next(proposed, None), most * 7 // 5 + 8
        while ahead and not _done(asking, best, most, *ahead):
            batch = [ahead[1], *(id for _, id in islice(proposed, size - 1))]
            best = _best(asking, [*best.values(), *_told(session, asking, batch, besides).values()])
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


def _told(session: Session, asking: Asking, products: Collection[int], besides: Collection[int]) -> dict[int, Judged]:
    """Of these products, as they are now, those whose people may be told."""
    if not products:
        return {}
    name = session.get_bind().dialect.name
    rows = PEOPLE[name](session, listed=LISTED[name](products))
    found = [
        row
        for row in rows
        if not row.why and row.person_id not in besides and row.etalase in asking.wanted.etalase and row.status in FITTING
    ]
    answers = _answers(session, asking, {row.person_id for row in found})
    return _best(asking, (one for one in _judged(asking, found, answers) if not one.why))


# --- in words ---


def _match(asking: Asking, one: Judged) -> Match:
    offer, score = one.offer, max(0, min(WHOLE, one.points)) / WHOLE
    reasons = tuple(_reasons(asking, one))
    return Match(one.person_id, one.zone, offer.product_id, offer.name, offer.status == APPROVED, score, reasons, one.why)


def _reasons(asking: Asking, one: Judged) -> Iterator[Reason]:
    asked, offer, gained = asking.wanted, one.offer, one.parts
    words = spoken(f"{offer.name} {offer.details}", one.terms) if one.terms else ""
    yield Reason("words", {"words": words, "product": offer.name}) if words else Reason("category", {"product": offer.name})
    if gained["taste"] > 0:
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
