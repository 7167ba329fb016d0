"""All products in memory, as sets of their ids: by etalase, place, size, status, what they can make, and the words they are found by.

It follows the tables and never has the last word: who asks looks at the rows themselves, and at what changed since it followed last.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count, groupby
from typing import Any
from zlib import crc32

from pyroaring import BitMap
from sqlalchemy import Connection, Engine, select
from sqlmodel import Session, col

from models.business import Business, Membership
from models.call import INTERESTED, Call, CallNotice
from models.fit import LIKED, SINGLE, Offer, Wanted, near, place, product_terms, serving, words
from models.product import APPROVED, WAITING, Product
from models.stamp import changed_since, mark_of, news
from models.wording import known, terms

BUCKETS = 4096
"""Other words share as many sets, by their hash: with a set for each, seldom ones would take more than all others together."""
CHUNK = 10_000
LAG = 64
"""So many changed products are looked at row by row before the shelf follows."""
SHELF = "shelf"
"""Where a session keeps it."""
Level = tuple[int, Sequence[BitMap]]
"""Points, and the sets whose products get them."""

OFFERS = (
    select(
        col(Product.id), col(Product.etalase), col(Product.status), col(Product.name), col(Product.details), col(Product.scope),
        col(Product.price), col(Product.capacity), col(Business.region), col(Business.size),
    )
    .join(Business, col(Business.id) == col(Product.business_id))
)  # fmt: skip
FITTING = frozenset((APPROVED, *WAITING))
"""Looked at here: asked for such states and ids, SQLite reads everything of a state."""
LIKINGS = (
    select(col(Product.id), col(Call.etalase), col(Call.title))
    .join(Membership, col(Membership.business_id) == col(Product.business_id))
    .join(CallNotice, col(CallNotice.person_id) == col(Membership.person_id))
    .join(Call, col(Call.id) == col(CallNotice.call_id))
    .where(col(CallNotice.answer) == INTERESTED)
)


def bucket(term: str) -> str | int:
    """A set of its own for what the lexicon knows: a seldom word must not share one with what every tenth product is called."""
    return term if known(term) else crc32(term.encode()) % BUCKETS


class Shelf:
    """`sets` are by family and key, such as ("etalase", "mamin"). Used under `lock`; `mark` as in `models.stamp`."""

    def __init__(self, engine: Engine) -> None:
        """`engine` sees what is committed and nothing else."""
        self.engine = engine
        self.lock = threading.RLock()
        self.filled = threading.Event()
        self.closed = False
        self.mark = 0
        self.sets: dict[str, dict[Any, BitMap]] = defaultdict(dict)

    def build(self) -> None:
        """Reads all tables; meanwhile nobody is kept waiting. Ends early when it is closed."""
        with self.engine.connect() as connection:
            mark = mark_of(connection)
            for rows in connection.execution_options(yield_per=CHUNK).execute(OFFERS).partitions():
                if self.closed:
                    return
                self._take(rows)
                time.sleep(0)  # whoever answers people goes first
            self._like(connection.execute(LIKINGS))
        for keyed in self.sets.values():
            for key, one in keyed.items():
                one.run_optimize()
                keyed[key] = BitMap.deserialize(one.serialize())  # anew: what grew bit by bit lies about in pieces
        self.mark = mark
        self.filled.set()

    def follow(self) -> None:
        """Takes up what was committed since."""
        with self.lock, self.engine.connect() as connection:
            found = news(connection, self.mark)
            changed = BitMap(found.products)
            for one in self._all() if changed else ():
                one -= changed
            for start in range(0, len(changed), CHUNK):
                ids = list(changed[start : start + CHUNK])
                self._take(connection.execute(OFFERS.where(col(Product.id).in_(ids))))
                self._like(connection.execute(LIKINGS.where(col(Product.id).in_(ids))))
            self.mark = found.mark

    def missed(self, connection: Connection) -> list[int]:
        """What this connection sees changed and the shelf has not taken up, its own transaction's changes among them."""
        found = changed_since(connection, self.mark)
        if len(found) <= LAG:
            return found
        self.follow()
        return changed_since(connection, self.mark)

    def close(self) -> None:
        self.closed = True

    def bytes(self) -> int:
        """What the sets hold, without what the allocator adds."""
        return sum(one.get_statistics()["n_bytes_array_containers"] + one.get_statistics()["n_bytes_run_containers"]
                   + one.get_statistics()["n_bytes_bitset_containers"] for one in self._all())  # fmt: skip

    def _all(self) -> Iterator[BitMap]:
        for keyed in self.sets.values():
            yield from keyed.values()

    def _take(self, rows: Iterable[Any]) -> None:
        found: dict[tuple[str, str | int], list[int]] = defaultdict(list)
        for one in map(Offer._make, rows):
            if one.status not in FITTING:
                continue
            for family, (_, key) in SINGLE.items():
                found[family, key(one)].append(one.product_id)
            found["region", one.region].append(one.product_id)
            found["scope", one.scope].append(one.product_id)
            for family, said in zip(("name", "details"), product_terms(one.name, one.details), strict=True):
                for number in {bucket(term) for term in said}:
                    found[family, number].append(one.product_id)
        for (family, at), ids in found.items():
            self._set(family, at).update(ids)

    def _set(self, family: str, key: str | int) -> BitMap:
        """The set of a family's key, which may be new."""
        return self.sets[family].setdefault(key, BitMap())

    def _like(self, rows: Iterable[Any]) -> None:
        for product, etalase, title in rows:
            for code in etalase:
                self._set("likes", code).add(product)
            for number in {bucket(term) for term in terms(title)}:
                self._set("liked", number).add(product)

    # --- asking ---

    def candidates(self, asked: Wanted) -> BitMap:
        """The products of the call's etalase that reach its place and are approved or wait."""
        return self.offered(asked) & (self._near(asked) | self._served(asked))

    def offered(self, asked: Wanted) -> BitMap:
        """The products of the call's etalase, wherever they are. To be read only."""
        return _union(self.sets["category"].get(code) for code in asked.etalase)

    def _near(self, asked: Wanted) -> BitMap:
        return _union(one for region, one in self.sets["region"].items() if near(asked, region))

    def _served(self, asked: Wanted) -> BitMap:
        return _union(self.sets["scope"].get(scope) for scope in serving(asked.places))

    def best(self, asked: Wanted) -> Iterator[tuple[int, BitMap]]:
        """The candidates in groups, those that may have the most points first; none has more than the points of its group."""
        levels = self._levels(asked)
        rest = [sum(one[0][0] for one in levels[depth:]) for depth in range(len(levels) + 1)]
        number = count()
        heap: list[tuple[int, int, int, int, BitMap]] = []

        def push(points: int, depth: int, found: BitMap) -> None:
            if found:
                heappush(heap, (-(points + rest[depth]), next(number), depth, points, found))

        for gained, found in self._by_words(asked, self.candidates(asked)):
            push(gained, 0, found)
        while heap:
            most, group = heap[0][0], BitMap()
            while heap and heap[0][0] == most:
                _, _, depth, points, found = heappop(heap)
                if depth == len(levels):
                    group |= found
                    continue
                for gained, part in _split(found, levels[depth]):
                    push(points + gained, depth + 1, part)
            if group:
                yield -most, group

    def _levels(self, asked: Wanted) -> list[list[Level]]:
        """For each part what its keys are worth, the most first; the last level is of all others."""
        liked = _union(self.sets["likes"].get(code) for code in asked.etalase)
        nearly = [liked & one for term in asked.terms if (one := self.sets["liked"].get(bucket(term)))]
        made: list[list[Level]] = [
            [(place(True, True), [self._near(asked)]), (place(False, True), [])],
            [(LIKED, nearly), (LIKED // 2, [liked]), (0, [])],
        ]
        for family, (part, _) in SINGLE.items():
            keys = sorted(((part(asked, key), key) for key in self.sets[family]), reverse=True)
            made.append([(worth, [self.sets[family][key] for _, key in keyed]) for worth, keyed in groupby(keys, lambda pair: pair[0])])
        return [one for one in made if one]

    def _by_words(self, asked: Wanted, among: BitMap) -> Iterator[tuple[int, BitMap]]:
        """Disjoint sets by the points of the words in common: halves of a term are counted in binary, a set for each digit."""
        digits: list[BitMap] = []
        for term, weight in asked.terms.items():
            for family, halves in (("name", weight), ("details", weight // 2)):
                found = self.sets[family].get(bucket(term))
                if halves and found is not None:
                    _count(digits, among & found, halves - 1)
        counted = _union(digits)
        yield 0, among - counted
        parts = [(0, counted)]
        for at in reversed(range(len(digits))):
            ones = [(halves + (1 << at), part & digits[at]) for halves, part in parts]
            zeros = [(halves, part - digits[at]) for halves, part in parts]
            parts = [one for one in (*ones, *zeros) if one[1]]
        alike = groupby(sorted(parts, key=lambda one: -one[0]), lambda one: words(one[0]))
        yield from ((gained, _union(part for _, part in ones)) for gained, ones in alike)


def _count(digits: list[BitMap], found: BitMap, place: int) -> None:
    """Adds 1 at a binary place to the number of each product found."""
    while found:
        while len(digits) <= place:
            digits.append(BitMap())
        carried = digits[place] & found
        digits[place] ^= found
        found, place = carried, place + 1


def _split(found: BitMap, levels: Sequence[Level]) -> Iterator[tuple[int, BitMap]]:
    for points, sets in levels[:-1]:
        part = _union(found & one for one in sets)
        if part:
            yield points, part
            found = found - part
            if not found:
                return
    yield levels[-1][0], found


def _union(sets: Iterable[BitMap | None]) -> BitMap:
    """To be read only: of a single set it is that set itself."""
    among = [one for one in sets if one]
    return BitMap.union(*among) if len(among) > 1 else among[0] if among else BitMap()


def shelf_of(session: Session) -> Shelf | None:
    """The shelf of this process, when there is one and it has read the tables."""
    found: Shelf | None = session.info.get(SHELF)
    return found if found is not None and found.filled.is_set() else None
