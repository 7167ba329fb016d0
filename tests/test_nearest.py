"""What comes nearest for those who heard of nothing: the three that ranking everybody, call by call, would give."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.store import open_engine
from handlers.calls.nearest import SHOWN, Silent, nearest
from models.call import Call
from models.contact import Person
from models.matching import FAR
from models.relevance import rank
from tests.databases import patient
from tests.market import add_call, open_market
from tests.world import MORNING

Told = list[tuple[int, float, list[str]]]


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = patient(open_engine(database))
    with Session(engine, expire_on_commit=False) as made:
        yield made
    engine.dispose()


def by_ranking(session: Session, people: set[int]) -> dict[int, Told]:
    """The call, the score, and the reasons of each."""
    found: dict[int, Told] = defaultdict(list)
    for call in session.exec(select(Call)):
        for match in rank(session, call):
            if match.person_id in people and match.why in ("", FAR):
                far = [FAR] if match.why == FAR else []
                score = match.score / 2 if far else match.score
                found[match.person_id].append((call.id or 0, score, [*far, *(reason.key for reason in match.reasons)]))
    return {person: sorted(told, key=lambda one: (-one[1], -one[0]))[:SHOWN] for person, told in found.items()}


@pytest.mark.parametrize("seed", range(2))
def test_it_is_what_ranking_everybody_gives(session: Session, seed: int) -> None:
    draw = random.Random(seed)
    open_market(session, draw)
    for number in range(12):
        add_call(session, draw, f"new{number}").closes_at = MORNING + timedelta(days=9)
    session.flush()
    ids = [id or 0 for id in session.exec(select(Person.id).order_by(col(Person.id)))][::2]
    people = {id: Silent(id, "", "Kue", 1, "") for id in ids}
    found = nearest(session, people, MORNING)
    fitting = {id: [(near.call.id or 0, near.score, [reason["key"] for reason in near.reasons]) for near in nears if near.score]
               for id, nears in found.items()}  # fmt: skip
    assert {id: told for id, told in fitting.items() if told} == by_ranking(session, set(people))
    assert sum(map(len, fitting.values())) > 10
