"""What the shelf proposes for a call: its candidates, those first that may fit best, and the words that they have in common with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count, groupby

from pyroaring import BitMap

from models.fit import LIKED, SINGLE, Common, Wanted, near, place, serving, words
from models.shelf import Sets, bucket
from models.wording import known

Level = tuple[int, Sequence[BitMap]]
"""Points, and the sets whose products get them."""


def candidates(sets: Sets, asked: Wanted) -> BitMap:
    """The products of the call's etalase that reach its place and are approved or wait."""
    return offered(sets, asked) & (_near(sets, asked) | _served(sets, asked))


def offered(sets: Sets, asked: Wanted) -> BitMap:
    """The products of the call's etalase, wherever they are. To be read only."""
    return _union(sets["category"].get(code) for code in asked.etalase)


def _near(sets: Sets, asked: Wanted) -> BitMap:
    return _union(one for region, one in sets["region"].items() if near(asked, region))


def _served(sets: Sets, asked: Wanted) -> BitMap:
    return _union(sets["scope"].get(scope) for scope in serving(asked.places))


def _said(sets: Sets, asked: Wanted) -> Iterator[tuple[str, int, BitMap]]:
    """Each term of the call with the products that have it, and how many halves it is worth to them."""
    for term, weight in asked.terms.items():
        for family, halves in (("name", weight), ("details", weight // 2)):
            found = sets[family].get(bucket(term))
            if halves and found:
                yield term, halves, found


def in_common(sets: Sets, asked: Wanted, products: Collection[int]) -> dict[int, Common]:
    """As `models.fit.in_common` reads it, by product; without those that may have one of the words that share a set with others."""
    among, unsure = BitMap(products), BitMap()
    found: dict[int, Common] = {id: (0, []) for id in among}
    for term, halves, having in _said(sets, asked):
        here = among & having
        if not known(term):
            unsure |= here
            continue
        for id in here:
            so_far, common = found[id]
            found[id] = so_far + halves, [*common, term]
    for id in unsure:
        del found[id]
    return found


def propose(sets: Sets, asked: Wanted) -> Iterator[tuple[int, BitMap]]:
    """The candidates in groups, those that may have the most points first; none has more than the points of its group."""
    levels = _levels(sets, asked)
    rest = [sum(one[0][0] for one in levels[depth:]) for depth in range(len(levels) + 1)]
    number = count()
    heap: list[tuple[int, int, int, int, BitMap]] = []

    def push(points: int, depth: int, found: BitMap) -> None:
        if found:
            heappush(heap, (-(points + rest[depth]), next(number), depth, points, found))

    for gained, found in _by_words(sets, asked, candidates(sets, asked)):
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


def _levels(sets: Sets, asked: Wanted) -> list[list[Level]]:
    """For each part what its keys are worth, the most first; the last level is of all others."""
    liked = _union(sets["likes"].get(code) for code in asked.etalase)
    nearly = [liked & one for term in asked.terms if (one := sets["liked"].get(bucket(term)))]
    made: list[list[Level]] = [
        [(place(True, True), [_near(sets, asked)]), (place(False, True), [])],
        [(LIKED, nearly), (LIKED // 2, [liked]), (0, [])],
    ]
    for family, (part, _) in SINGLE.items():
        keys = sorted(((part(asked, key), key) for key in sets[family]), reverse=True)
        made.append([(worth, [sets[family][key] for _, key in keyed]) for worth, keyed in groupby(keys, lambda pair: pair[0])])
    return [one for one in made if one]


def _by_words(sets: Sets, asked: Wanted, among: BitMap) -> Iterator[tuple[int, BitMap]]:
    """Disjoint sets by the points of the words in common: halves of a term are counted in binary, a set for each digit."""
    digits: list[BitMap] = []
    for _, halves, having in _said(sets, asked):
        _count(digits, among & having, halves - 1)
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
