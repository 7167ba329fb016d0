"""All products in memory, as sets of their ids: by etalase, place, size, status, what they can make, and the words they are found by.

It follows the tables and never has the last word: who asks looks at the rows themselves, and at what changed since it followed last.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

from pyroaring import BitMap
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from models.business import Business, Membership
from models.call import INTERESTED, Call, CallNotice
from models.fit import SINGLE, Offer, product_terms
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
Sets = dict[str, dict[Any, BitMap]]
"""By family and key, such as ("category", "mamin")."""

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
    """Used under `lock`; `mark` as in `models.stamp`."""

    def __init__(self, engine: Engine) -> None:
        """`engine` sees what is committed and nothing else."""
        self.engine = engine
        self.lock = threading.RLock()
        self.filled = threading.Event()
        self.closed = False
        self.mark = 0
        self.sets: Sets = defaultdict(dict)

    def build(self) -> None:
        """Reads all tables; meanwhile nobody is kept waiting. Ends early when it is closed."""
        with Session(self.engine) as session:
            mark = mark_of(session)
            for rows in session.execute(OFFERS, execution_options={"yield_per": CHUNK}).partitions():
                if self.closed:
                    return
                self._take(rows)
                time.sleep(0)  # whoever answers people goes first
            self._like(session.execute(LIKINGS))
        for keyed in self.sets.values():
            for key, one in keyed.items():
                one.run_optimize()
                keyed[key] = BitMap.deserialize(one.serialize())  # anew: what grew bit by bit lies about in pieces
        self.mark = mark
        self.filled.set()

    def follow(self) -> None:
        """Takes up what was committed since."""
        with self.lock, Session(self.engine) as session:
            found = news(session, self.mark)
            changed = BitMap(found.products)
            for one in self._all() if changed else ():
                one -= changed
            for start in range(0, len(changed), CHUNK):
                ids = list(changed[start : start + CHUNK])
                self._take(session.execute(OFFERS.where(col(Product.id).in_(ids))))
                self._like(session.execute(LIKINGS.where(col(Product.id).in_(ids))))
            self.mark = found.mark

    def missed(self, session: Session) -> list[int]:
        """What this session sees changed and the shelf has not taken up, its own transaction's changes among them."""
        found = changed_since(session, self.mark)
        if len(found) <= LAG:
            return found
        self.follow()
        return changed_since(session, self.mark)

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


def shelf_of(session: Session) -> Shelf | None:
    """The shelf of this process, when there is one and it has read the tables."""
    found: Shelf | None = session.info.get(SHELF)
    return found if found is not None and found.filled.is_set() else None
