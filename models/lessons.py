"""What people's corrections teach: words that nobody knew, and whole names that were understood otherwise than they were meant."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from models.etalase import Taught, etalases
from models.prepared import Prepared
from models.taste import Lesson
from models.tokens import read_tokens, words_of

OFFICER, VENDOR = "officer", "vendor"
VOTES: Mapping[str, float] = {OFFICER: 3.0, VENDOR: 1.0}
MOST, HALF = 4.5, 5.0
"""What all of them together can add at most, and the votes that add half of it: one vendor 0.75, one officer 1.7, a firm word 3."""
COUNTED = re.compile(r"[ivx]+")
"""Quarters, stages and ranks: "Triwulan II" of one package says nothing of the next."""
NEWEST = 5_000
"""Older lessons are no longer listened to."""


class Said(NamedTuple):
    text: str
    codes: tuple[str, ...]
    by: str
    who: int


def teach(said: Iterable[Said]) -> Taught:
    """Each person counts once for a word however often they say it, and only what they said last of a name."""
    latest = {(one.who, one.text.casefold()): one for one in said}
    voices: dict[frozenset[str], dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for one in latest.values():
        keys = _keys(one.text)
        for key in keys:
            for code in one.codes:
                heard = voices[key][code]
                heard[one.who] = max(heard.get(one.who, 0.0), VOTES[one.by] / len(keys))
    return Taught({key: _weights({code: sum(heard.values()) for code, heard in codes.items()}) for key, codes in voices.items()})


def _weights(votes: Mapping[str, float]) -> dict[str, float]:
    """Where people disagree each side counts for its share only."""
    total = sum(votes.values())
    shares = {code: count * count / total for code, count in votes.items()}
    return {code: MOST * share / (share + HALF) for code, share in shares.items()}


@lru_cache(2 * NEWEST)
def _keys(text: str) -> tuple[frozenset[str], ...]:
    """The words nobody knows; where all are known, the name as a whole, so that no known word comes to mean something else."""
    words = words_of(read_tokens(text))
    return tuple(frozenset({word}) for word in words.unknown if not COUNTED.fullmatch(word)) or ((words.all,) if words.all else ())


def learn(session: Session, text: str, codes: Sequence[str], by: str, person_id: int, now: datetime) -> None:
    """Keeps what somebody said a text is of; in the transaction in which they said it."""
    session.add(Lesson(text=text[:200], etalase=list(codes), by=by, person_id=person_id, at=now))
    session.flush()


def said_before(session: Session, text: str, person_id: int) -> bool:
    rows = select(col(Lesson.id)).where(col(Lesson.person_id) == person_id, col(Lesson.text) == text[:200])
    return session.execute(rows.limit(1)).first() is not None


LAST = Prepared(select(col(Lesson.id), col(Lesson.at)).order_by(col(Lesson.id).desc()).limit(8))
"""Asked in most turns of a registration. Several: one whose number is smaller may be committed later."""
_KEPT: WeakKeyDictionary[Engine, tuple[object, Taught]] = WeakKeyDictionary()


def taught_of(session: Session) -> Taught:
    """What all lessons teach; made anew when there are other last lessons."""
    last = tuple((row.id, row.at) for row in LAST(session))
    engine = session.get_bind().engine
    kept = _KEPT.get(engine)
    if kept is None or kept[0] != last:
        kept = _KEPT[engine] = last, teach(_lessons(session))
    return kept[1]


def _lessons(session: Session) -> list[Said]:
    columns = (col(Lesson.text), col(Lesson.etalase), col(Lesson.by), col(Lesson.person_id))
    rows = session.execute(select(*columns).order_by(col(Lesson.id).desc()).limit(NEWEST)).all()
    said = (Said(text, tuple(code for code in codes if code in etalases()), by, who or 0) for text, codes, by, who in reversed(rows))
    return [one for one in said if one.by in VOTES]
