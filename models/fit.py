"""How well one product fits one call: a score of few named parts, in points of a thousand, so that sums are exact everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from models.call import Call
from models.law import law
from models.places import covers
from models.product import APPROVED
from models.wording import read_terms, terms, touches

WHOLE = 1000
PARTS: Mapping[str, int] = {"category": 250, "words": 350, "place": 150, "value": 100, "chance": 50, "status": 100}
"""What each part is worth at most.

category: the product is of the first etalase of the call, or of a later one. words: what its name and description have in common with
the call's title and detail. place: own kabupaten/kota, or only served from another one. value: what can be made in a month against the
budget. chance: whether a firm of this size is likely to win by this method. status: approved, or waiting for an officer.
"""
LIKED, DISLIKED = 100, -200
"""As far as earlier answers of the person move the score at most. 1 call answered with interest whose words are shared is worth 100."""
ASKED, MORE = 12, 4
"""So many terms of a call, and of a product's description beyond its name, count; one known word is enough for the rest to be guessed."""
MOST = 8
"""Halves of a term in common beyond which more do not count."""
SMALL_ONLY, MEANT_FOR_SMALL = "only", "meant"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call as far as products are compared with it. `terms` maps a term to 2, or to 1 where it stands in the detail only; `titled`
    are the former.
    """

    etalase: tuple[str, ...]
    places: tuple[str, ...]
    terms: Mapping[str, int]
    titled: frozenset[str]
    worth: str
    method: str
    small: str
    """SMALL_ONLY, MEANT_FOR_SMALL by its budget while the source does not say, or ""."""


class Offer(NamedTuple):
    """A product with what of its business counts."""

    product_id: int
    etalase: str
    status: str
    name: str
    details: str
    scope: str
    price: int
    capacity: int | None
    region: str
    size: str


def wanted(call: Call) -> Wanted:
    title = terms(call.title)
    asked = dict.fromkeys(terms(call.detail), 1) | dict.fromkeys(title, 2)
    first = dict(sorted(asked.items(), key=lambda pair: -pair[1])[:ASKED])
    titled = frozenset(term for term, weight in first.items() if weight > 1)
    etalase, places = tuple(dict.fromkeys(call.etalase)), tuple(dict.fromkeys(call.places or [call.region]))
    return Wanted(etalase, places, first, titled, magnitude(call.budget or call.estimate), call.method, _small(call))


def _small(call: Call) -> str:
    if call.small_only is not None:
        return SMALL_ONLY if call.small_only else ""
    ceiling = law("small_firms", (call.opens_at or call.created_at).date())
    return MEANT_FOR_SMALL if ceiling and call.budget and call.budget <= int(ceiling.value) else ""


def magnitude(rupiah: int | None) -> str:
    """The power of four of an amount; "" where it is unknown."""
    return str(rupiah.bit_length() // 2) if rupiah else ""


def worth(offer: Offer) -> str:
    """The magnitude of what can be made in a month."""
    return magnitude(offer.price * offer.capacity) if offer.capacity else ""


# --- the parts: each from one property of the product, so that an index can tell them of many at once ---


def category(asked: Wanted, etalase: str) -> int:
    if etalase not in asked.etalase:
        return 0
    return PARTS["category"] if etalase == asked.etalase[0] else PARTS["category"] * 4 // 5


@cache
def words(halves: int) -> int:
    """For so many halves of a term in common: each further term closes 60% of what is left."""
    left: float = 0.4 ** (min(halves, MOST) / 2)
    return round(PARTS["words"] * (1 - left))


def value(asked: Wanted, made: str) -> int:
    """All where a month's work is of the budget's magnitude or above, half one below or unknown, a fifth for less."""
    if not (asked.worth and made):
        return PARTS["value"] // 2
    short = int(asked.worth) - int(made)
    return PARTS["value"] if short <= 0 else PARTS["value"] // 2 if short == 1 else PARTS["value"] // 5


def chance(asked: Wanted, size: str) -> int:
    """Tenders ask for papers and guarantees that the smallest seldom have; what is meant for small firms is not for the medium ones."""
    if asked.small and size == "menengah":
        return 0
    share = {"mikro": 2, "kecil": 3}.get(size, 5) if asked.method == "tender" else 5
    return PARTS["chance"] * share // 5


def status(asked: Wanted, state: str) -> int:
    """What is bought from the catalogue must stand in it."""
    if state == APPROVED:
        return PARTS["status"]
    return 0 if asked.method == "epurchasing" else PARTS["status"] // 2


def place(near: bool, reached: bool) -> int:
    return PARTS["place"] if near else PARTS["place"] * 3 // 5 if reached else 0


SINGLE: Mapping[str, tuple[Callable[[Wanted, str], int], Callable[[Offer], str]]] = {
    "category": (category, lambda offer: offer.etalase),
    "value": (value, worth),
    "chance": (chance, lambda offer: offer.size),
    "status": (status, lambda offer: offer.status),
}
"""The parts that depend on one property alone, each with how to read it."""


def near(asked: Wanted, region: str) -> bool:
    """Whether a business lies where the work is; as `models.matching.reaches`."""
    return region in asked.places or any("." not in code and covers(code, region) for code in asked.places)


@lru_cache(1_000)
def serving(places: Sequence[str]) -> frozenset[str]:
    """The scopes that reach the work from anywhere."""
    return frozenset({"", "ID"}.union(*({code, code.split(".")[0]} for code in places)))


def product_terms(name: str, details: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the name, and the first few others of the description."""
    named = terms(name)
    return named, _more(named, details)


def _more(named: Sequence[str], details: str) -> tuple[str, ...]:
    return tuple(islice((term for term in read_terms(details) if term not in named), MORE))


Common = tuple[int, list[str]]
"""What a call and a product have in common: halves of a term, and the terms themselves."""


def in_common(asked: Wanted, offer: Offer) -> Common:
    named = terms(offer.name)
    shared = [term for term in named if term in asked.terms]
    described = _more(named, offer.details) if touches(offer.details, asked.titled) else ()
    among = [term for term in described if term in asked.titled]
    return sum(asked.terms[term] for term in shared) + len(among), shared + among


Parts = dict[str, int]
"""Points by the name of the part."""


def points(asked: Wanted, offer: Offer, halves: int, known: dict[tuple[str, ...], Parts]) -> Parts:
    """`known` is kept from one product to the next of a call: most are alike in all but their words."""
    alike = (*(read(offer) for _, read in SINGLE.values()), offer.region, offer.scope)
    if alike not in known:
        known[alike] = _points(asked, offer)
    return {**known[alike], "words": words(halves)}


def _points(asked: Wanted, offer: Offer) -> Parts:
    found = {name: part(asked, read(offer)) for name, (part, read) in SINGLE.items()}
    close = near(asked, offer.region)
    return found | {"place": place(close, close or offer.scope in serving(asked.places))}
