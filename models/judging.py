"""A call held against the products' rows as they are now: what each scores for each of its people, and what keeps it from being told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any
from zlib import crc32

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.audience import why_not
from models.business import Business, Membership
from models.call import ANSWERED, INTERESTED, UNRELATED, Call, CallNotice
from models.contact import Person
from models.fit import DISLIKED, LIKED, SMALL_ONLY, WHOLE, Common, Offer, Parts, Wanted, in_common, points, wanted
from models.matching import FAR, LARGE, OFF, shared
from models.prepared import LISTED, Prepared, listed
from models.product import Product
from models.shelf import FITTING, OFFERS
from models.wording import terms

AGAINST = {OFF: 1, LARGE: 2, FAR: 3}
"""What is against a product and not against its person, the weaker first."""
RING = 1 << 32
NONE: Mapping[int, Common] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to a call, told because of a product."""

    call_id: int
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

    @property
    def score(self) -> float:
        return max(0, min(WHOLE, self.points)) / WHOLE


Key = tuple[int, int, int]
Answers = Mapping[int, Sequence[Answer]]
"""By person."""


def ask(call: Call, last: int) -> Asking:
    """`last` as `last_product` has it."""
    return Asking(call, wanted(call), crc32(str(call.id).encode()) % (last + 1))


def last_product(session: Session) -> int:
    """The greatest id of a product, for any number of calls."""
    return LAST(session)[0].id or 0


def engine_of(session: Session) -> str:
    return session.get_bind().dialect.name


_PEOPLE = (
    OFFERS.add_columns(col(Person.id).label("person_id"), col(Person.zone), why_not().label("why"))
    .join(Membership, col(Membership.business_id) == col(Business.id))
    .join(Person, col(Person.id) == col(Membership.person_id))
)
_ANSWERS = (
    select(
        col(CallNotice.person_id), col(CallNotice.call_id), col(CallNotice.product_id), col(CallNotice.answer),
        col(Call.title), col(Call.etalase),
    )
    .join(Call, col(Call.id) == col(CallNotice.call_id))
    .where(ANSWERED, col(CallNotice.answer).in_((INTERESTED, UNRELATED)))
)  # fmt: skip
LAST = Prepared(select(func.max(col(Product.id)).label("id")))
PEOPLE = {name: Prepared(_PEOPLE.where(listed(col(Product.id), name))) for name in LISTED}
OF = {name: Prepared(_PEOPLE.where(listed(col(Person.id), name))) for name in LISTED}
ANSWERS = {name: Prepared(_ANSWERS.where(listed(col(CallNotice.person_id), name))) for name in LISTED}
"""By the name of the database."""


def everybody(session: Session, asking: Asking, product_id: int = 0, said: Answers | None = None) -> list[Judged]:
    """With what everybody answered, where it was read before."""
    rows = _PEOPLE.where(col(Product.etalase).in_(asking.wanted.etalase), col(Product.status).in_(FITTING))
    found = session.execute(rows.where(col(Product.id) == product_id) if product_id else rows).all()
    if said is None:
        said = _answers(session, {row.person_id for row in found}) if product_id else all_answers(session)
    return list(best_of(asking, judged(asking, found, said)).values())


def all_answers(session: Session) -> Answers:
    return _by_person(session.execute(_ANSWERS))


def each_of(session: Session, calls: Sequence[Call], people: Collection[int]) -> Iterator[tuple[Asking, list[Judged]]]:
    """Every product of these people that is of the call's etalase, call after call; what is the same for all calls is read once."""
    last, rows = last_product(session), defaultdict(list)
    for row in OF[engine_of(session)](session, listed=LISTED[engine_of(session)](people)) if people else ():
        if row.status in FITTING:
            rows[row.etalase].append(row)
    answers = _answers(session, people)
    for call in calls:
        asking = ask(call, last)
        found = chain.from_iterable(rows.get(code, ()) for code in asking.wanted.etalase)
        yield asking, list(judged(asking, found, answers))


def owners(session: Session, products: Collection[int]) -> set[int]:
    """Whose these products are."""
    rows = PEOPLE[engine_of(session)](session, listed=LISTED[engine_of(session)](products)) if products else ()
    return {row.person_id for row in rows}


def _answers(session: Session, people: Collection[int]) -> Answers:
    name = engine_of(session)
    return _by_person(ANSWERS[name](session, listed=LISTED[name](people)) if people else ())


def _by_person(rows: Iterable[Any]) -> Answers:
    found: dict[int, list[Answer]] = defaultdict(list)
    for person, call, product, word, title, etalase in rows:
        found[person].append(Answer(call, product or 0, word, title, etalase))
    return found


def judged(asking: Asking, rows: Iterable[Any], answers: Answers, words: Mapping[int, Common] = NONE) -> Iterator[Judged]:
    """`words` are in common with the products of these ids; the others are read for it."""
    known: dict[tuple[str, ...], Parts] = {}
    for row in rows:
        offer, (person, zone, why) = Offer._make(row[:10]), row[10:]
        own = [one for one in answers.get(person, ()) if one.call_id != asking.call.id]
        halves, common = words.get(offer.product_id) or in_common(asking.wanted, offer)
        parts = points(asking.wanted, offer, halves, known)
        parts["taste"] = taste(asking.wanted, own) if own else 0
        yield Judged(offer, person, zone, _why(asking, offer, parts, why, own), sum(parts.values()), parts, common)


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


def best_of(asking: Asking, found: Iterable[Judged]) -> dict[int, Judged]:
    """By person: what may be told before what may not, then what fits better."""
    best: dict[int, tuple[Key, Judged]] = {}
    for one in found:
        key = (AGAINST.get(one.why, 0), -one.points, asking.turn(one.offer.product_id))
        if one.person_id not in best or key < best[one.person_id][0]:
            best[one.person_id] = key, one
    return {person: one for person, (_, one) in best.items()}


def tellable(
    session: Session, asking: Asking, products: Collection[int], besides: Collection[int], words: Mapping[int, Common] = NONE
) -> dict[int, Judged]:
    """Of these products, as they are now, those whose people may be told; `words` as in `judged`."""
    if not products:
        return {}
    rows = PEOPLE[engine_of(session)](session, listed=LISTED[engine_of(session)](products))
    found = [
        row
        for row in rows
        if not row.why and row.person_id not in besides and row.etalase in asking.wanted.etalase and row.status in FITTING
    ]
    answers = _answers(session, {row.person_id for row in found})
    return best_of(asking, (one for one in judged(asking, found, answers, words) if not one.why))
