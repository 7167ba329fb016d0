"""Where somebody chooses another etalase than was guessed, the guess learns from it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.said import Facts
from handlers.visit import Visit
from models.etalase import NOTHING, Taught
from models.lessons import OFFICER, VENDOR, learn, said_before


def taught_in(facts: Facts) -> Taught:
    """What was taught so far, as far as the facts know of it."""
    known: Taught = facts["taught"]() if "taught" in facts else NOTHING
    return known


def heed(visit: Visit, text: str, chosen: Sequence[str], guessed: Sequence[Sequence[str]]) -> None:
    """Keeps a choice that is none of what was guessed, and one that takes an earlier choice back."""
    if all(set(chosen) != set(one) for one in guessed) or said_before(visit.session, text, visit.person_id):
        learn(visit.session, text, chosen, OFFICER if visit.offices else VENDOR, visit.person_id, visit.now)
