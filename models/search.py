"""Open calls by words, place and time: what somebody looks for, whether or not they sell it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, or_
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from models.call import Call, still_open
from models.etalase import classify
from models.lexicon import grammar, stem_of
from models.tokens import read_tokens
from models.wording import ANYTHING

LOOKED = 500
"""So many are compared by words; of more the ones that close first."""
IN_TITLE, OF_KIND = 2.0, 1.0
"""What a word in the title counts, and the category of what is looked for."""
NEEDED: tuple[Any, ...] = (
    col(Call.title), col(Call.etalase), col(Call.region), col(Call.closes_at), col(Call.budget), col(Call.estimate),
)  # fmt: skip
"""All columns of so many rows take twice as long."""
NAMELESS = frozenset(
    stem_of(word)
    for word in ("peluang", "cari", "minggu", "ini", "buka", "terbuka", "baru", "terbaru", "apa", "saja", "cocok", "saya", "open", "new")
)
"""Words of a search that say nothing of what is looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`stems` are the words that say what is looked for, `codes` the etalase they speak of; nothing of both means everything."""

    stems: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    region: str = ""
    before: datetime | None = None
    """Only what closes before then."""
    since: datetime | None = None
    """And what names no closing, if it was announced from this on."""


def wanted(text: str, region: str = "", before: datetime | None = None, since: datetime | None = None) -> Wanted:
    return Wanted(stems_of(text), tuple(guess.code for guess in classify(text)), region, before, since)


@lru_cache(maxsize=20_000)
def stems_of(text: str) -> frozenset[str]:
    plain = grammar("links") | grammar("purposes") | ANYTHING | NAMELESS
    return frozenset(token.stem for token in read_tokens(text) if len(token.stem) > 1) - plain


def find_calls(session: Session, look: Wanted, now: datetime) -> list[Call]:
    """The open ones, the nearest to what is looked for first, then what closes first."""
    rows = select(Call).where(still_open(now), *_where(look)).order_by(col(Call.closes_at).nulls_last(), col(Call.id)).limit(LOOKED)
    found = list(session.exec(rows.options(load_only(*NEEDED))))
    if not look.stems and not look.codes:
        return found
    worth = {call.id: _worth(call, look) for call in found}
    return sorted((call for call in found if worth[call.id] > 0), key=lambda call: -worth[call.id])


def _where(look: Wanted) -> list[ColumnElement[bool]]:
    about = [func.lower(col(Call.title)).contains(stem, autoescape=True) for stem in sorted(look.stems)]
    about += [cast(col(Call.etalase), String).contains(f'"{code}"', autoescape=True) for code in look.codes]
    where = [or_(*about)] if about else []
    if look.region:
        where.append(col(Call.region).in_((look.region, look.region.split(".")[0])))
    if look.before:
        where.append(or_(col(Call.closes_at) < look.before, *_announced(look.since, look.before)))
    return where


def _announced(since: datetime | None, before: datetime) -> list[ColumnElement[bool]]:
    """What its source says of when, else when it was met first."""
    when = func.coalesce(col(Call.opens_at), col(Call.created_at))
    return [and_(col(Call.closes_at).is_(None), when >= since, when < before)] if since else []


def _worth(call: Call, look: Wanted) -> float:
    """The first of several etalase says more than the last."""
    named = len(look.stems & stems_of(call.title))
    kinds = [OF_KIND / (place + 1) for place, code in enumerate(look.codes) if code in call.etalase]
    return IN_TITLE * named + max(kinds, default=0.0)


def best_for(calls: Sequence[Call], codes: Collection[str], names: Sequence[str]) -> list[Call]:
    """What fits the products somebody has comes first; the rest keeps its order."""
    stems = frozenset().union(*(stems_of(name) for name in names))

    def rank(call: Call) -> tuple[bool, bool]:
        return not stems & stems_of(call.title), not set(call.etalase) & set(codes)

    return sorted(calls, key=rank)
