"""How many would hear of a call, and why others would not: counted while an officer waits, so that it takes no longer with a million
products than with a few hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from pyroaring import BitMap
from sqlmodel import Session

from models.alerts import fits
from models.audience import Tally
from models.call import Call
from models.fit import wanted
from models.judging import best_of, each_of, owners
from models.proposing import candidates, offered
from models.relevance import Match, match, rank
from models.shelf import Shelf, shelf_of

EACH, DRAWN = 1_000, 400
"""Up to so many products that may fit each is looked at; of more so many, drawn by lot: a half of them is then right to a twentieth."""
WEAK = "weak"
"""Why those are not told whose products fit too little."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many would hear of a call: at once, or with their next digest; `tally` by the reason not to tell them, "" for none."""

    soon: int
    later: int
    unchecked: int
    """Of them those whose product an officer still has to check."""
    tally: Tally
    about: bool = False
    """The numbers are reckoned from some of the products."""


def told_of(session: Session, call: Call, now: datetime) -> Told:
    shelf = shelf_of(session)
    if shelf is None:
        matches = rank(session, call)
        return _told(session, call, now, matches, {match.person_id: 1.0 for match in matches}, about=False)
    among = _among(session, shelf, call)
    about = len(among) > EACH
    matches, shares = _drawn(session, call, among, DRAWN if about else len(among))
    return _told(session, call, now, matches, shares, about)


def _among(session: Session, shelf: Shelf, call: Call) -> BitMap:
    """The products of its etalase, of many those that reach its place: so many are too far away then that nobody is helped by knowing."""
    with shelf.lock:
        missed, asked = BitMap(shelf.missed(session)), wanted(call)
        anywhere = offered(shelf.sets, asked) | missed
        return anywhere if len(anywhere) <= EACH else candidates(shelf.sets, asked) | missed


def _drawn(session: Session, call: Call, among: BitMap, many: int) -> tuple[list[Match], Mapping[int, float]]:
    """The people of so many products as they match, each with all of their products, and for how many people each of them stands.

    Who has three of the products is met three times as easily, and stands for a third as many.
    """
    drawn = BitMap(among[at] for at in Random(len(among)).sample(range(len(among)), many))  # the same ones when the card is shown again
    ((asking, judged),) = each_of(session, [call], owners(session, list(drawn)))
    own = Counter(one.person_id for one in judged if one.offer.product_id in among)
    met = Counter(one.person_id for one in judged if one.offer.product_id in drawn)
    shares = {person: met[person] / own[person] * len(among) / many for person in met}
    return [match(asking, one) for person, one in best_of(asking, judged).items() if person in met], shares


def _told(session: Session, call: Call, now: datetime, matches: Sequence[Match], shares: Mapping[int, float], about: bool) -> Told:
    def people(some: Sequence[Match]) -> int:
        return _rounded(sum(shares[one.person_id] for one in some), about)

    found = fits(session, [(call, matches)])
    soon = people([fit.match for fit in found if fit.at_once(now)])
    later = people([fit.match for fit in found if not fit.at_once(now)])
    hear = {fit.match.person_id for fit in found}
    weak = people([one for one in matches if not one.why and one.person_id not in hear])
    tally = {why: people([one for one in matches if one.why == why]) for why in {one.why for one in matches}}
    unchecked = people([fit.match for fit in found if not fit.match.approved])
    return Told(soon, later, unchecked, {**tally, "": soon + later, WEAK: weak}, about)


def _rounded(number: float, about: bool) -> int:
    """To two digits where it is reckoned."""
    whole = round(number)
    return round(whole, 2 - len(str(whole))) if about else whole
